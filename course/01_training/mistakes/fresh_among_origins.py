# /// mistake
# exercise = "staleness_curve"
# misconception = "fresh_among_origins"
# title = "Fresh models are looked for among the origins only"
# next_step = "score answers for every origin; ask it for the model of period - 1."
# caught_by = ["excess_over_fresh", "unmeasured_is_not_zero"]
# message = "need not be among origins"
# ///
def staleness_curve(score, origins, ages):
    rows = []
    for age in ages:
        excess = []
        for origin in origins:
            period = origin + 1 + age
            fresh = score(period - 1, period) if period - 1 in origins else np.nan
            excess.append(score(origin, period) - fresh)
        excess = np.array(excess)
        measured = excess[~np.isnan(excess)]
        rows.append((age, float(measured.mean()) if len(measured) else np.nan, len(measured)))
    return pd.DataFrame(rows, columns=["age", "excess_loss", "pairs"])
