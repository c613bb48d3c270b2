# /// attack
# answer = "prequential"
# says = "process ended"
# ///
"""Ask for objects of the judge by numbers that were never given."""

from autograder.protocol.messages import Op


def prequential(make_model, batches, *, label_delay=0, classes=(0, 1)):
    session = object.__getattribute__(make_model, "_session") if hasattr(type(make_model), "_session") else None
    import gc

    from autograder.protocol.worker import Worker

    worker = next(thing for thing in gc.get_objects() if type(thing) is Worker)
    for number in (1, 2, 3, 50, 10**6, 2**40):
        print(worker.request(Op.CALL, number, (), {}))
