# /// mistake
# exercise = "staleness_curve"
# misconception = "unmeasured_age_passes"
# title = "An unmeasured age passes"
# next_step = "Ask \"is it permitted?\", not \"is it forbidden?\": for NaN both answers are no."
# caught_by = ["breach_edges"]
# message = "NaN > tolerance is False"
# ///
# %% answer:max_age
def max_age(curve, tolerance):
    allowed = None
    for age, excess_loss in zip(curve["age"], curve["excess_loss"]):
        if excess_loss > tolerance:
            break
        allowed = int(age)
    return allowed
