# /// mistake
# exercise = "staleness_curve"
# misconception = "age_off_by_one"
# title = "Age 0 is the training period itself"
# next_step = "A fresh model serves the period right after its origin: origin + 1 + age."
# caught_by = ["excess_over_fresh", "unmeasured_is_not_zero"]
# message = "on its own training period"
# ///
def staleness_curve(score, origins, ages):
    rows = []
    for age in ages:
        periods = [(origin, origin + age) for origin in origins]
        excess = np.array([score(origin, period) - score(period - 1, period) for origin, period in periods])
        measured = excess[~np.isnan(excess)]
        rows.append((age, float(measured.mean()) if len(measured) else np.nan, len(measured)))
    return pd.DataFrame(rows, columns=["age", "excess_loss", "pairs"])
