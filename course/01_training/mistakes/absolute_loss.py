# /// mistake
# exercise = "staleness_curve"
# misconception = "absolute_loss"
# title = "The raw loss is taken for decay"
# next_step = "Ask what a fresh model would lose in the same period, and subtract it."
# caught_by = ["excess_over_fresh", "unmeasured_is_not_zero"]
# message = "a hard month looks like decay"
# ///
def staleness_curve(score, origins, ages):
    rows = []
    for age in ages:
        periods = [(origin, origin + 1 + age) for origin in origins]
        excess = np.array([score(origin, period) for origin, period in periods])
        measured = excess[~np.isnan(excess)]
        rows.append((age, float(measured.mean()) if len(measured) else np.nan, len(measured)))
    return pd.DataFrame(rows, columns=["age", "excess_loss", "pairs"])
