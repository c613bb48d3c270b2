# /// attack
# says = "retrain_plan must return a list of TrainSpec"
# ///
"""Replace the locked set-up cell, which the judge's own server runs, by a cell of its own."""


def hand_in(notebook, folder):
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id", "").startswith("setup"):
            cell["source"] = (
                "import builtins\nbuiltins.AssertionError = type('Never', (BaseException,), {})\nprint('WON: set up')"
            )
    return notebook
