# /// attack
# says = "must return a list of TrainSpec"
# ///
"""Leave threads that wait for the end and then write, print and speak."""

import os
import threading
import time


def wait():
    while True:
        time.sleep(0.05)
        try:
            open("late", "a").write("x")
            print("late")
        except BaseException:
            pass


def retrain_plan(rows_per_period, policy, *, window=None, alarms=(), label_delay=0):
    return None


for daemon in (True, False):
    threading.Thread(target=wait, daemon=daemon).start()
