# /// mistake
# exercise = "staleness_curve"
# misconception = "all_pairs_counted"
# title = "pairs counts origins that were not measured"
# next_step = "Count what entered the mean."
# caught_by = ["unmeasured_is_not_zero"]
# message = "counts every origin"
# ///
def staleness_curve(score, origins, ages):
    rows = []
    for age in ages:
        periods = [(origin, origin + 1 + age) for origin in origins]
        excess = np.array([score(origin, period) - score(period - 1, period) for origin, period in periods])
        measured = excess[~np.isnan(excess)]
        rows.append((age, float(measured.mean()) if len(measured) else np.nan, len(origins)))
    return pd.DataFrame(rows, columns=["age", "excess_loss", "pairs"])
