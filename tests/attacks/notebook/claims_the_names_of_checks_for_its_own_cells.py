# /// attack
# says = "retrain_plan must return a list of TrainSpec"
# ///
"""Put cells of its own, which pass, under the names of the checks, in front of them and behind them."""

import copy


def hand_in(notebook, folder):
    own = []
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade"):
            fake = copy.deepcopy(cell)
            fake["source"] = "passed = True"
            own.append(fake)
    notebook["cells"] = own + notebook["cells"] + own
    return notebook
