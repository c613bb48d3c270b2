# /// attack
# answer = "check_parity"
# says = "a list that contains itself cannot cross"
# ///
"""Let threads change list, frame and records without pause while the answer is read and the arguments are compared."""

import sys
import threading

sys.setswitchinterval(1e-6)


def check_parity(predict_one, predict_batch, rows, atol):
    found = []
    found.append(found)  # it stays last, whenever somebody looks

    def change():
        for number in range(2_000):
            found[:-1] = [Mismatch(row=number, one=None, batch=None, variant="repeat"), {}, set(), [number] * 99]
            object.__setattr__(found[0], "row", found) if type(found[0]) is Mismatch else None
            try:
                rows["hour"] = number
                rows[f"column {number % 7}"] = [found] * len(rows)
            except Exception:
                pass

    for _ in range(3):
        threading.Thread(target=change, daemon=True).start()
    return found
