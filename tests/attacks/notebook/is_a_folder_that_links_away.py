# /// attack
# refused = ""
# says = "retrain_plan must return a list of TrainSpec"
# ///
"""Let a renamed notebook and a hostile time stamp stand in the folder."""

import json


def hand_in(notebook, folder):
    (folder / "timestamp.txt").write_bytes(b"9999-99-99\0" + b"9" * 100_000)
    (folder / "..evil.ipynb").write_text(json.dumps(notebook))
