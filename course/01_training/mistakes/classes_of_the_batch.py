# /// mistake
# exercise = "prequential"
# misconception = "classes_of_the_batch"
# title = "The classes are taken from the batch"
# next_step = "Hand the parameter classes on as it is; a quiet morning holds no late flight."
# caught_by = ["one_model_keeps_learning", "one_class_and_empty_batches"]
# message = "partial_fit got classes"
# ///
def prequential(make_model, batches, *, label_delay=0, classes=(0, 1)):
    model, scores = make_model(), []
    labels_seen, total, scored_rows = 0, 0.0, 0
    for k, (X, y) in enumerate(batches):
        due = k - 1 - label_delay  # exactly one batch leaves the queue at each step
        if due >= 0 and len(batches[due][1]):
            old_X, old_y = batches[due]
            model.partial_fit(old_X, old_y, classes=np.unique(old_y))
            labels_seen += len(batches[due][1])
        loss = None
        if labels_seen and len(y):
            losses = log_losses(y, model.predict_proba(X)[:, 1])
            loss = float(losses.mean())
            total, scored_rows = total + float(losses.sum()), scored_rows + len(y)
        running_loss = total / scored_rows if scored_rows else None
        scores.append(BatchScore(batch=k, rows=len(y), loss=loss, running_loss=running_loss, labels_seen=labels_seen))
    return scores
