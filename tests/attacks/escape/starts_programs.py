# /// attack
# says = "ran to its end"
# ///
"""Start a program by Python, by IPython and by the kernel's own calls."""

import ctypes
import multiprocessing
import os
import subprocess
import sys

libc = ctypes.CDLL(None, use_errno=True)
shell = get_ipython()
own = os.path.join(os.getcwd(), "program")
with open(own, "w") as file:
    file.write("#!/bin/sh\necho started")
os.chmod(own, 0o755)
words = (ctypes.c_char_p * 2)(b"true", None)
tries = {
    "system": lambda: os.system("true") == 0 or None,
    "subprocess": lambda: subprocess.run([sys.executable, "-c", "1"]),
    "own program": lambda: subprocess.run([own]),
    "spawn": lambda: os.posix_spawn("/usr/bin/env", ["env"], {}),
    "fork and exec": lambda: os.spawnv(os.P_NOWAIT, "/usr/bin/env", ["env"]),
    "pool": lambda: multiprocessing.get_context("fork").Process(target=print).start(),
    "forkserver": lambda: multiprocessing.get_context("forkserver").Process(target=print).start(),
    "bang": lambda: shell.run_cell("!true").error_in_exec is None or None,
    "bash": lambda: shell.run_cell_magic("bash", "", "true"),
    "python": lambda: shell.run_cell_magic("python3", "", "1"),
    "popen": lambda: os.popen("echo x").read() or None,
    "execve": lambda: libc.execve(b"/bin/true", words, None) == 0 or None,
    "execveat": lambda: libc.syscall(322, -100, b"/bin/true", words, None, 0) == 0 or None,
    "pip": lambda: shell.run_cell("%pip list").error_in_exec is None or None,
}
for name, act in tries.items():
    try:
        if act() is not None:
            print("WON: started by", name)
    except (Exception, SystemExit) as error:
        print(name, "refused", type(error).__name__)
raise RuntimeError("the attack ran to its end")
