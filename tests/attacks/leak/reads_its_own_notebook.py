# /// attack
# says = "ran to its end"
# ///
"""Look for the notebook that is being graded: near the cell, in the arguments, in every folder."""

import glob
import os
import sys

for place in (os.getcwd(), os.path.expanduser("~"), "/", "/tmp", *sys.argv):
    for path in glob.glob(f"{place}/**/*.ipynb", recursive=True) if place != "/" else glob.glob("/*/*.ipynb"):
        print("WON: found", path, open(path).read()[:200])
raise RuntimeError("the search ran to its end")
