# /// attack
# says = "retrain_plan must return a list of TrainSpec"
# ///
"""Call every check an answer or ungraded, unlock everything, and empty it."""


def hand_in(notebook, folder):
    for cell in notebook["cells"]:
        marks = cell["metadata"].get("nbgrader", {})
        if marks.get("grade"):
            marks |= {"grade": False, "solution": True, "locked": False, "checksum": "0"}
            cell["source"] = "pass"
    return notebook
