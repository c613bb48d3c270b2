# /// mistake
# exercise = "staleness_curve"
# misconception = "last_good_age"
# title = "The last age under the tolerance is returned"
# next_step = "Walk from age 0 and stop at the first breach."
# caught_by = ["first_breach", "breach_edges"]
# message = "Stop at the first breach"
# ///
# %% answer:max_age
def max_age(curve, tolerance):
    good = curve[curve["excess_loss"] <= tolerance]
    return int(good["age"].max()) if len(good) else None
