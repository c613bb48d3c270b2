# /// mistake
# exercise = "prequential"
# misconception = "unscored_rows_counted"
# title = "Rows without a loss count in the running loss"
# next_step = "Count only rows that were scored."
# caught_by = ["rows_weigh_the_same", "one_class_and_empty_batches"]
# message = "divides by rows that got no loss"
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
            losses = log_losses(y, model.predict_proba(X)[:, 1])
            loss = float(losses.mean())
            total, scored_rows = total + float(losses.sum()), scored_rows
        scored_rows += len(y)
        running_loss = total / scored_rows if total else None
        scores.append(BatchScore(batch=k, rows=len(y), loss=loss, running_loss=running_loss, labels_seen=labels_seen))
    return scores
