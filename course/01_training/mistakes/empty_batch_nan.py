# /// mistake
# exercise = "prequential"
# misconception = "empty_batch_nan"
# title = "The loss of an empty batch is NaN"
# next_step = "The mean of nothing is unknown: None."
# caught_by = ["one_class_and_empty_batches"]
# message = "the mean of nothing"
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
        if labels_seen:
            losses = log_losses(y, model.predict_proba(X)[:, 1]) if len(y) else np.array([])
            loss = float(losses.sum()) / len(y) if len(y) else float("nan")
            total, scored_rows = total + float(losses.sum()), scored_rows + len(y)
        running_loss = total / scored_rows if scored_rows else None
        scores.append(BatchScore(batch=k, rows=len(y), loss=loss, running_loss=running_loss, labels_seen=labels_seen))
    return scores
