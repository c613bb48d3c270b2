# /// attack
# answer = "prequential"
# says = "must return a list of BatchScore"
# ///
"""Hold every member, have every length, and be every array."""


class Chameleon:
    def __len__(self):
        return 3

    def __contains__(self, item):
        return True

    def __iter__(self):
        return iter([self] * 3)

    def __getitem__(self, key):
        return self

    def __array__(self, *_, **__):
        return np.zeros(3)

    def __float__(self):
        return 0.0

    __index__ = __len__


def prequential(make_model, batches, *, label_delay=0, classes=(0, 1)):
    return Chameleon()
