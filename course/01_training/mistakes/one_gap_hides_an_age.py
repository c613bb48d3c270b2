# /// mistake
# exercise = "staleness_curve"
# misconception = "one_gap_hides_an_age"
# title = "One missing score makes a whole age unknown"
# next_step = "Take the mean over the pairs that were measured."
# caught_by = ["unmeasured_is_not_zero"]
# message = "made a whole age NaN"
# ///
def staleness_curve(score, origins, ages):
    rows = []
    for age in ages:
        periods = [(origin, origin + 1 + age) for origin in origins]
        excess = np.array([score(origin, period) - score(period - 1, period) for origin, period in periods])
        measured = excess[~np.isnan(excess)]
        rows.append((age, float(excess.mean()) if len(measured) else np.nan, len(measured)))
    return pd.DataFrame(rows, columns=["age", "excess_loss", "pairs"])
