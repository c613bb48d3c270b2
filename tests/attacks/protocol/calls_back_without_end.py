# /// attack
# answer = "prequential"
# says = ["ran longer than the time limit", "process ended"]
# endless = true
# ///
"""Call the test's own object for ever."""


def prequential(make_model, batches, *, label_delay=0, classes=(0, 1)):
    while True:
        make_model()
