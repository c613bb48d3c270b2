# /// mistake
# exercise = "staleness_curve"
# misconception = "first_month_subtracted"
# title = "A model is compared with its own first month"
# next_step = "Both scores of a pair have the same period and two origins."
# caught_by = ["excess_over_fresh", "unmeasured_is_not_zero"]
# message = "its own first month"
# ///
def staleness_curve(score, origins, ages):
    rows = []
    for age in ages:
        periods = [(origin, origin + 1 + age) for origin in origins]
        excess = np.array([score(origin, period) - score(origin, origin + 1) for origin, period in periods])
        measured = excess[~np.isnan(excess)]
        rows.append((age, float(measured.mean()) if len(measured) else np.nan, len(measured)))
    return pd.DataFrame(rows, columns=["age", "excess_loss", "pairs"])
