# /// mistake
# exercise = "prequential"
# misconception = "model_shared"
# title = "A second run goes on with the model of the first"
# next_step = "Call make_model() inside the function, once a run, and keep the model in a local name."
# caught_by = ["scores_before_learning", "labels_arrive_late", "rows_weigh_the_same", "one_model_keeps_learning", "one_class_and_empty_batches", "hands_off"]
# message = "make_model()"
# ///
shared = {}


def prequential(make_model, batches, *, label_delay=0, classes=(0, 1)):
    model, scores = shared.setdefault("model", None) or make_model(), []
    shared["model"] = model
    labels_seen, total, scored_rows = 0, 0.0, 0
    for k, (X, y) in enumerate(batches):
        due = k - 1 - label_delay  # exactly one batch leaves the queue at each step
        if due >= 0 and len(batches[due][1]):
            model.partial_fit(*batches[due], classes=classes)
            labels_seen += len(batches[due][1])
        loss = None
        if labels_seen and len(y):
            losses = log_losses(y, model.predict_proba(X)[:, 1])
            loss = float(losses.mean())
            total, scored_rows = total + float(losses.sum()), scored_rows + len(y)
        running_loss = total / scored_rows if scored_rows else None
        scores.append(BatchScore(batch=k, rows=len(y), loss=loss, running_loss=running_loss, labels_seen=labels_seen))
    return scores
