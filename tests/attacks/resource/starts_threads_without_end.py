# /// attack
# says = "Your cell `retrain_plan`"
# ///
"""Start threads that never end until no more can be started."""

import threading
import time

threading.stack_size(64 << 10)
number = 0
try:
    for number in range(5000):
        threading.Thread(target=time.sleep, args=(3600,), daemon=True).start()
except RuntimeError:
    pass
print("started", number)
if number > 100:
    print("WON: too many threads")
raise RuntimeError("the attack ran to its end")
