# /// mistake
# exercise = "prequential"
# misconception = "delay_off_by_one"
# title = "Each batch is learned one step too early or too late"
# next_step = "Put k = 2 and label_delay = 1 into j <= k - 1 - label_delay: which j is the newest?"
# caught_by = ["labels_arrive_late"]
# message = "one step too early or too late"
# ///
def prequential(make_model, batches, *, label_delay=0, classes=(0, 1)):
    model, scores = make_model(), []
    labels_seen, total, scored_rows = 0, 0.0, 0
    for k, (X, y) in enumerate(batches):
        due = k - max(label_delay, 1)  # a delay of 1: labels of the batch before
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
