# /// mistake
# exercise = "staleness_curve"
# misconception = "breach_age_returned"
# title = "The age of the first breach is returned"
# next_step = "The last permitted age is the one before the breach."
# caught_by = ["first_breach", "breach_edges"]
# message = "the last age before it"
# ///
# %% answer:max_age
def max_age(curve, tolerance):
    for age, excess_loss in zip(curve["age"], curve["excess_loss"]):
        if not excess_loss <= tolerance:
            return int(age) or None
    return int(curve["age"].iloc[-1]) if len(curve) else None
