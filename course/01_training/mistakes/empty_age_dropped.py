# /// mistake
# exercise = "staleness_curve"
# misconception = "empty_age_dropped"
# title = "An age that nobody measured lost its row"
# next_step = "Keep the row: NaN and 0 pairs say that nothing is known."
# caught_by = ["unmeasured_is_not_zero"]
# message = "lost its row"
# ///
def staleness_curve(score, origins, ages):
    rows = []
    for age in ages:
        periods = [(origin, origin + 1 + age) for origin in origins]
        excess = np.array([score(origin, period) - score(period - 1, period) for origin, period in periods])
        measured = excess[~np.isnan(excess)]
        rows.append((age, float(measured.mean()) if len(measured) else np.nan, len(measured)))
    return pd.DataFrame(rows, columns=["age", "excess_loss", "pairs"]).dropna().reset_index(drop=True)
