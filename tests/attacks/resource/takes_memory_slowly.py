# /// attack
# says = "did not run to its end"
# ///
"""Take memory bit by bit, touch it, and swallow every exception."""

held = []
size = 8 << 20
while True:
    try:
        held.append(np.ones(size // 8))
    except MemoryError:
        size //= 2
        if size < 1 << 10:
            raise
