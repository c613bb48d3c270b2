# /// mistake
# exercise = "prequential"
# misconception = "batches_weigh_the_same"
# title = "Small and large batches weigh the same in the running loss"
# next_step = "Keep the sum of all row losses and the number of scored rows; divide at the end."
# caught_by = ["rows_weigh_the_same"]
# message = "weigh the same in your running_loss"
# ///
def prequential(make_model, batches, *, label_delay=0, classes=(0, 1)):
    model, scores = make_model(), []
    labels_seen, known = 0, []
    for k, (X, y) in enumerate(batches):
        due = k - 1 - label_delay  # exactly one batch leaves the queue at each step
        if due >= 0 and len(batches[due][1]):
            model.partial_fit(*batches[due], classes=classes)
            labels_seen += len(batches[due][1])
        loss = None
        if labels_seen and len(y):
            losses = log_losses(y, model.predict_proba(X)[:, 1])
            loss = float(losses.mean())
            known.append(loss)
        running_loss = sum(known) / len(known) if known else None
        scores.append(BatchScore(batch=k, rows=len(y), loss=loss, running_loss=running_loss, labels_seen=labels_seen))
    return scores
