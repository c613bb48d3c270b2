# /// attack
# answer = "prequential"
# says = "a range of more than 10,000,000 numbers"
# ///
"""Return ranges in true records: a test that makes a list of one takes all memory."""


def prequential(make_model, batches, *, label_delay=0, classes=(0, 1)):
    model = make_model() and make_model()
    for k, (X, y) in enumerate(batches):
        if k:
            model.predict_proba(X.to_numpy())
        if k < len(batches) - 1:
            model.partial_fit(X, y, classes=classes)
    return [
        BatchScore(
            batch=k,
            rows=len(y),
            loss=range(5 * 10**8) if k else None,
            running_loss=range(5 * 10**8) if k else None,
            labels_seen=0,
        )
        for k, (X, y) in enumerate(batches)
    ]
