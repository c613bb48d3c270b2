# /// attack
# says = "ran to its end"
# ///
"""Raise the limits that hold it, of itself and of others, and its weight against them."""

import ctypes
import os
import resource

libc = ctypes.CDLL(None, use_errno=True)
for kind in (
    resource.RLIMIT_AS,
    resource.RLIMIT_CPU,
    resource.RLIMIT_NPROC,
    resource.RLIMIT_NOFILE,
    resource.RLIMIT_FSIZE,
    resource.RLIMIT_CORE,
):
    soft, hard = resource.getrlimit(kind)
    print(kind, soft, hard)
    if soft == resource.RLIM_INFINITY:
        print("WON: no limit", kind)
    for words in ((resource.RLIM_INFINITY, resource.RLIM_INFINITY), (hard + 1, hard + 1)):
        try:
            resource.setrlimit(kind, words)
            print("WON: lifted", kind)
        except (OSError, ValueError):
            pass
for pid in ((os.getppid() or 2), 1 if os.getpid() != 1 else 2):
    try:
        resource.prlimit(pid, resource.RLIMIT_CPU, (1, 1))
        print("WON: limits of", pid)
    except OSError:
        pass
for act in (
    lambda: os.nice(-5),
    lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(50)),
    lambda: os.setpriority(os.PRIO_USER, 0, 19),
):
    try:
        act()
        print("WON: priority")
    except OSError:
        pass
raise RuntimeError("the attack ran to its end")
