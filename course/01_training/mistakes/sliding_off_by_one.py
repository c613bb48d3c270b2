# /// mistake
# exercise = "retrain_plan"
# misconception = "sliding_off_by_one"
# title = "The sliding window has one period too many or too few"
# next_step = "Count the periods of the last window by hand; len(range(a, b)) is b - a."
# caught_by = ["sliding_window"]
# message = "one period too many or too few"
# ///
def retrain_plan(rows_per_period, policy, *, window=None, alarms=(), label_delay=0):
    """
    Say for each served period which model serves it and what that model was trained on.

    Args:
        rows_per_period: Rows in each period, a list of int; its positions are the numbers of the periods.
        policy: "static", "expanding", "sliding" or "triggered".
        window: Longest training range of "sliding", in periods.
        alarms: Numbers of the periods that raised an alarm, in any order; only "triggered" reads them.
        label_delay: Whole periods that pass before the labels of a period exist.

    Returns:
        A list of TrainSpec, one for each served period, in order; empty if nobody can be served.
    """
    plan, train, version = [], range(0), 0
    for serve in range(1 + label_delay, len(rows_per_period)):
        known = serve - label_delay  # labels exist for the periods 0 .. known - 1
        trains = not plan or policy in ("expanding", "sliding") or (policy == "triggered" and known - 1 in alarms)
        if trains:
            train = range(max(0, known - window + 1) if policy == "sliding" else 0, known)
            version += 1
        cost_rows = sum(rows_per_period[period] for period in train) if trains else 0
        plan.append(TrainSpec(serve=serve, train=train, version=version, cost_rows=cost_rows))
    return plan
