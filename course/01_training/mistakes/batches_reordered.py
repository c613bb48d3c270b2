# /// mistake
# exercise = "prequential"
# misconception = "batches_reordered"
# title = "The caller's list is sorted"
# next_step = "The list is in the order of time already; read it, and leave it as it is."
# caught_by = ["hands_off"]
# message = "has another order than before"
# ///
def prequential(make_model, batches, *, label_delay=0, classes=(0, 1)):
    batches.sort(key=lambda batch: batch[0].index.min())
    model, scores = make_model(), []
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
