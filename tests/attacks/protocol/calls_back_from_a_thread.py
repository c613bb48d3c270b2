# /// attack
# answer = "prequential"
# says = ["The check did not finish", "make_model() was called"]
# endless = true
# ///
"""Call the test from many threads at once, over its own line."""

import threading

from autograder.protocol import worker


def prequential(make_model, batches, *, label_delay=0, classes=(0, 1)):
    worker.threading.get_ident = lambda: 0
    import gc

    next(thing for thing in gc.get_objects() if type(thing) is worker.Worker)._thread = 0

    def run():
        for _ in range(200):
            make_model()

    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return []
