# /// attack
# says = "ran longer than the time limit"
# endless = true
# ///
"""Wait for a lock that it holds itself."""

import threading

lock = threading.Lock()
lock.acquire()
lock.acquire()
