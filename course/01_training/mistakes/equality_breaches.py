# /// mistake
# exercise = "staleness_curve"
# misconception = "equality_breaches"
# title = "An excess equal to the tolerance is taken for a breach"
# next_step = "A breach is more than the tolerance."
# caught_by = ["breach_edges"]
# message = "equal to the tolerance"
# ///
# %% answer:max_age
def max_age(curve, tolerance):
    allowed = None
    for age, excess_loss in zip(curve["age"], curve["excess_loss"]):
        if not excess_loss < tolerance:
            break
        allowed = int(age)
    return allowed
