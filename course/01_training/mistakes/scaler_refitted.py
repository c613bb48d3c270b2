# /// mistake
# exercise = "prequential"
# misconception = "scaler_refitted"
# title = "A scaler is fitted on the batch that is being scored"
# next_step = "Hand X on as it came; what must be learned from data belongs inside the model."
# caught_by = ["hands_off"]
# message = "sees the future"
# ///
from sklearn.preprocessing import StandardScaler


def prequential(make_model, batches, *, label_delay=0, classes=(0, 1)):
    model, scores = make_model(), []
    labels_seen, total, scored_rows = 0, 0.0, 0
    for k, (X, y) in enumerate(batches):
        due = k - 1 - label_delay  # exactly one batch leaves the queue at each step
        if due >= 0 and len(batches[due][1]):
            X_due, y_due = batches[due]
            model.partial_fit(StandardScaler().fit_transform(X_due), y_due, classes=classes)
            labels_seen += len(batches[due][1])
        loss = None
        if labels_seen and len(y):
            losses = log_losses(y, model.predict_proba(StandardScaler().fit_transform(X))[:, 1])
            loss = float(losses.mean())
            total, scored_rows = total + float(losses.sum()), scored_rows + len(y)
        running_loss = total / scored_rows if scored_rows else None
        scores.append(BatchScore(batch=k, rows=len(y), loss=loss, running_loss=running_loss, labels_seen=labels_seen))
    return scores
