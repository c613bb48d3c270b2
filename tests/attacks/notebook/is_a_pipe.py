# /// attack
# refused = "regular file"
# ///
"""Be a pipe that nobody writes to, on which a reader waits for ever."""

import os


def hand_in(notebook, folder):
    os.mkfifo(folder / "assignment.ipynb")
