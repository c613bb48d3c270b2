# /// attack
# says = "ran longer than the time limit"
# ///
"""Wait for a lock that it holds itself."""

import threading

lock = threading.Lock()
lock.acquire()
lock.acquire()
