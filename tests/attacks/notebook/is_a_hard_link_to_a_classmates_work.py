# /// attack
# refused = "links"
# ///
"""Be a second name of a file that is not one's own."""

import json


def hand_in(notebook, folder):
    own = folder.parent / "kept.ipynb"
    own.write_text(json.dumps(notebook))
    (folder / "assignment.ipynb").hardlink_to(own)
