# /// attack
# answer = "drift_monitor"
# says = "could not use"
# ///
"""Give answers that are true and larger and smaller than anything, and do arithmetic with everybody."""


class Yes:
    def __getattr__(self, name):
        return self

    def __call__(self, *_, **__):
        return self


for name in "bool lt le gt ge eq ne contains".split():
    setattr(Yes, f"__{name}__", lambda self, *_: True)
for name in "add radd sub rsub mul rmul truediv rtruediv abs neg getitem round float".split():
    setattr(Yes, f"__{name}__", lambda self, *_: self)


class DriftMonitor:
    def __init__(self, *_, **__):
        pass

    def check(self, current):
        return Yes()
