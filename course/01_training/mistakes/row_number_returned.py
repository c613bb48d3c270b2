# /// mistake
# exercise = "staleness_curve"
# misconception = "row_number_returned"
# title = "The number of a row is returned instead of an age"
# next_step = "Ages may be 0, 3, 6: read column age."
# caught_by = ["first_breach"]
# message = "The number of a row"
# ///
# %% answer:max_age
def max_age(curve, tolerance):
    allowed = None
    for row, excess_loss in enumerate(curve["excess_loss"]):
        if not excess_loss <= tolerance:
            break
        allowed = row
    return allowed
