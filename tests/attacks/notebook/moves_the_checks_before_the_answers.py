# /// attack
# says = "retrain_plan must return a list of TrainSpec"
# ///
"""Turn the notebook around."""


def hand_in(notebook, folder):
    notebook["cells"].reverse()
    return notebook
