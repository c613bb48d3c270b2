# /// mistake
# exercise = "prequential"
# misconception = "inputs_changed"
# title = "The caller's batches are changed"
# next_step = "Work on a copy, or do not write into X, y and batches at all."
# caught_by = ["hands_off"]
# message = "The caller's"
# ///
def prequential(make_model, batches, *, label_delay=0, classes=(0, 1)):
    model, scores = make_model(), []
    labels_seen, total, scored_rows = 0, 0.0, 0
    for k, (X, y) in enumerate(batches):
        due = k - 1 - label_delay  # exactly one batch leaves the queue at each step
        if due >= 0 and len(batches[due][1]):
            model.partial_fit(*batches[due], classes=classes)
            labels_seen += len(batches[due][1])
        loss = None
        if labels_seen and len(y):
            X["probability"] = model.predict_proba(X)[:, 1]
            losses = log_losses(y, X["probability"])
            loss = float(losses.mean())
            total, scored_rows = total + float(losses.sum()), scored_rows + len(y)
        running_loss = total / scored_rows if scored_rows else None
        scores.append(BatchScore(batch=k, rows=len(y), loss=loss, running_loss=running_loss, labels_seen=labels_seen))
    return scores
