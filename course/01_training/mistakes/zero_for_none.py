# /// mistake
# exercise = "staleness_curve"
# misconception = "zero_for_none"
# title = "0 is returned where no age is permitted"
# next_step = "0 permits age 0; None permits nothing."
# caught_by = ["breach_edges"]
# message = "0 would permit age 0"
# ///
# %% answer:max_age
def max_age(curve, tolerance):
    allowed = 0
    for age, excess_loss in zip(curve["age"], curve["excess_loss"]):
        if not excess_loss <= tolerance:  # also true for NaN
            break
        allowed = int(age)
    return allowed
