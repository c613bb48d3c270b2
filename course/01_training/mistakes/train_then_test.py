# /// mistake
# exercise = "prequential"
# misconception = "train_then_test"
# title = "The batch was learned before it was scored"
# next_step = "Draw the queue: which labels exist when batch k arrives?"
# caught_by = ["scores_before_learning", "labels_arrive_late", "rows_weigh_the_same", "one_class_and_empty_batches"]
# message = "the model had already seen the answers"
# ///
def prequential(make_model, batches, *, label_delay=0, classes=(0, 1)):
    model, scores = make_model(), []
    labels_seen, total, scored_rows = 0, 0.0, 0
    for k, (X, y) in enumerate(batches):
        if len(y):
            model.partial_fit(X, y, classes=classes)
            labels_seen += len(y)
        loss = None
        if labels_seen and len(y):
            losses = log_losses(y, model.predict_proba(X)[:, 1])
            loss = float(losses.mean())
            total, scored_rows = total + float(losses.sum()), scored_rows + len(y)
        running_loss = total / scored_rows if scored_rows else None
        scores.append(BatchScore(batch=k, rows=len(y), loss=loss, running_loss=running_loss, labels_seen=labels_seen))
    return scores
