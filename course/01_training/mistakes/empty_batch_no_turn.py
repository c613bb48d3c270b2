# /// mistake
# exercise = "prequential"
# misconception = "empty_batch_no_turn"
# title = "The delay counts only batches with flights"
# next_step = "Let every batch pass through the queue, also an empty one; just do not learn it."
# caught_by = ["one_class_and_empty_batches"]
# message = "still counts as a step"
# ///
def prequential(make_model, batches, *, label_delay=0, classes=(0, 1)):
    model, scores, queue = make_model(), [], []
    labels_seen, total, scored_rows = 0, 0.0, 0
    for k, (X, y) in enumerate(batches):
        if len(queue) > label_delay:
            old_X, old_y = queue.pop(0)
            model.partial_fit(old_X, old_y, classes=classes)
            labels_seen += len(old_y)
        loss = None
        if labels_seen and len(y):
            losses = log_losses(y, model.predict_proba(X)[:, 1])
            loss = float(losses.mean())
            total, scored_rows = total + float(losses.sum()), scored_rows + len(y)
        if len(y):  # nothing to learn from an empty batch
            queue.append((X, y))
        running_loss = total / scored_rows if scored_rows else None
        scores.append(BatchScore(batch=k, rows=len(y), loss=loss, running_loss=running_loss, labels_seen=labels_seen))
    return scores
