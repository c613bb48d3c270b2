# /// mistake
# exercise = "prequential"
# misconception = "one_class_crash"
# title = "A batch of one class breaks the loss"
# next_step = "Use log_losses: one cost a row, whatever the other rows hold."
# caught_by = ["one_class_and_empty_batches"]
# message = "held one class only"
# ///
from sklearn.metrics import log_loss


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
            loss = float(log_loss(y, model.predict_proba(X)))
            total, scored_rows = total + loss * len(y), scored_rows + len(y)
        running_loss = total / scored_rows if scored_rows else None
        scores.append(BatchScore(batch=k, rows=len(y), loss=loss, running_loss=running_loss, labels_seen=labels_seen))
    return scores
