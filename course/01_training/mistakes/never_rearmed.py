# /// mistake
# exercise = "retrain_plan"
# misconception = "never_rearmed"
# title = "The trigger fires once and is never armed again"
# next_step = "Play two alarms through your loop on paper: what is left of the first when the second comes?"
# caught_by = ["triggered_plan"]
# message = "Is the trigger armed again"
# ///
def retrain_plan(rows_per_period, policy, *, window=None, alarms=(), label_delay=0):
    plan, train, version, armed = [], range(0), 0, True
    for serve in range(1 + label_delay, len(rows_per_period)):
        known = serve - label_delay
        trains = not plan or policy in ("expanding", "sliding")
        if policy == "triggered" and armed and known - 1 in alarms and plan:
            trains, armed = True, False
        if trains:
            train = range(max(0, known - window) if policy == "sliding" else 0, known)
            version += 1
        cost_rows = sum(rows_per_period[period] for period in train) if trains else 0
        plan.append(TrainSpec(serve=serve, train=train, version=version, cost_rows=cost_rows))
    return plan
