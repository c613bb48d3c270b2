# /// attack
# answer = "prequential"
# says = "a RangeIndex of 49000000 rows"
# ///
"""Return many long indexes that cost no bytes on the way: a test that makes lists of them takes all memory."""


def prequential(make_model, batches, *, label_delay=0, classes=(0, 1)):
    model = make_model() and make_model()
    for k, (X, y) in enumerate(batches):
        if k:
            model.predict_proba(X.to_numpy())
        if k < len(batches) - 1:
            model.partial_fit(X, y, classes=classes)
    loss = [pd.RangeIndex(49_000_000)] * 1000
    return [
        BatchScore(batch=k, rows=len(y), loss=loss if k else None, running_loss=loss if k else None, labels_seen=0)
        for k, (X, y) in enumerate(batches)
    ]
