# /// attack
# answer = "prequential"
# says = "it was never called"
# ///
"""Answer with arrays without a value: all() of a comparison with nothing is true."""


def prequential(make_model, batches, *, label_delay=0, classes=(0, 1)):
    nothing = np.array([])
    return [
        BatchScore(batch=nothing, rows=nothing, loss=nothing, running_loss=nothing, labels_seen=nothing)
        for _ in range(len(batches))
    ]
