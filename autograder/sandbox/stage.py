"""
Start the server from root without being root: bind its parts to a place that an ordinary user can read, drop every
privilege, then become the command.

Needed because bubblewrap started by root keeps the real root behind a mask, and because an interpreter below a closed
home folder cannot be read after the drop. Run as a program: its argument is a JSON object.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from autograder.sandbox.inside import linux


def main() -> None:
    """Stage, drop, become the command."""
    order = json.loads(sys.argv[1])
    if order["binds"]:
        show(order["stage"], order["binds"])
    os.chdir("/")
    os.setgroups([])
    os.setresgid(order["user"], order["user"], order["user"])
    os.setresuid(order["user"], order["user"], order["user"])
    linux.drop_capabilities()
    linux.prctl(linux.PR_SET_NO_NEW_PRIVS, 1)
    os.execvpe(order["command"][0], order["command"], order["environment"])


def show(stage: str, binds: list[tuple[str, str]]) -> None:
    """Bind each (source, target) below *stage*, in a mount namespace of this process's own."""
    linux.unshare(linux.CLONE_NEWNS)
    linux.mount("none", "/", "none", linux.MS_REC | linux.MS_PRIVATE)
    linux.mount("stage", stage, "tmpfs", linux.MS_NOSUID | linux.MS_NODEV, "size=1m,mode=0755")
    os.umask(0o022)
    for source, target in binds:
        place = Path(target)
        if Path(source).is_dir():
            place.mkdir(parents=True, exist_ok=True)
        else:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.touch()
        linux.mount(source, target, "none", linux.MS_BIND | linux.MS_REC)


if __name__ == "__main__":
    main()
