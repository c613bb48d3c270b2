# /// attack
# says = "retrain_plan must return a list of TrainSpec"
# ///
"""Ask for another kernel and language, with arguments."""


def hand_in(notebook, folder):
    notebook["metadata"] |= {
        "kernelspec": {"name": "../../evil", "display_name": "x", "language": "bash"},
        "language_info": {"name": "bash"},
        "nbgrader": {"assignment": "../.."},
        "celltoolbar": "x",
    }
    return notebook
