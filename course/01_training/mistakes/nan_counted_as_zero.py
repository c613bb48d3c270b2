# /// mistake
# exercise = "staleness_curve"
# misconception = "nan_counted_as_zero"
# title = "A missing score is counted as 0"
# next_step = "Leave out each pair of which one score is NaN, before the mean."
# caught_by = ["unmeasured_is_not_zero"]
# message = "entered the mean as 0"
# ///
def staleness_curve(score, origins, ages):
    rows = []
    for age in ages:
        periods = [(origin, origin + 1 + age) for origin in origins]
        excess = np.array([score(origin, period) - score(period - 1, period) for origin, period in periods])
        measured = np.nan_to_num(excess)
        rows.append((age, float(measured.mean()) if len(measured) else np.nan, len(measured)))
    return pd.DataFrame(rows, columns=["age", "excess_loss", "pairs"])
