# /// mistake
# exercise = "prequential"
# misconception = "frame_to_array"
# title = "The frame is turned into an array"
# next_step = "Hand X and y on untouched; a pipeline finds its columns by name."
# caught_by = ["hands_off"]
# message = "Column names are lost"
# ///
def prequential(make_model, batches, *, label_delay=0, classes=(0, 1)):
    model, scores = make_model(), []
    labels_seen, total, scored_rows = 0, 0.0, 0
    for k, (X, y) in enumerate(batches):
        due = k - 1 - label_delay  # exactly one batch leaves the queue at each step
        if due >= 0 and len(batches[due][1]):
            old_X, old_y = batches[due]
            model.partial_fit(old_X.to_numpy(), np.asarray(old_y), classes=classes)
            labels_seen += len(batches[due][1])
        loss = None
        if labels_seen and len(y):
            losses = log_losses(y, model.predict_proba(X.to_numpy())[:, 1])
            loss = float(losses.mean())
            total, scored_rows = total + float(losses.sum()), scored_rows + len(y)
        running_loss = total / scored_rows if scored_rows else None
        scores.append(BatchScore(batch=k, rows=len(y), loss=loss, running_loss=running_loss, labels_seen=labels_seen))
    return scores
