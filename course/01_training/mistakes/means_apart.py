# /// mistake
# exercise = "staleness_curve"
# misconception = "means_apart"
# title = "Old and fresh models are averaged over different periods"
# next_step = "Subtract pair by pair first, then take the mean."
# caught_by = ["unmeasured_is_not_zero"]
# message = "averaged apart"
# ///
def staleness_curve(score, origins, ages):
    rows = []
    for age in ages:
        old = pd.Series([score(origin, origin + 1 + age) for origin in origins])
        fresh = pd.Series([score(origin + age, origin + 1 + age) for origin in origins])
        rows.append((age, old.mean() - fresh.mean(), int((old - fresh).count())))
    return pd.DataFrame(rows, columns=["age", "excess_loss", "pairs"])
