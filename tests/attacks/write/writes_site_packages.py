# /// attack
# says = "ran to its end"
# ///
"""Change installed packages, the course's own code and what Python runs at its start, seen from outside and inside."""

import os
import sys

import autograder
import exercises

places = [PATHS["packages"], PATHS["code"], *(p for p in sys.path if p)]
places += [os.path.dirname(module.__file__) for module in (np, pd, exercises, autograder, os)]
for place in dict.fromkeys(places):
    for name in ("sitecustomize.py", "evil.pth", "__init__.py", "__pycache__/evil.pyc"):
        for mode in ("a", "x"):
            try:
                with open(os.path.join(place, name), mode) as file:
                    file.write("#")
                print("WON: wrote", place, name)
            except OSError:
                pass
raise RuntimeError("the attack ran to its end")
