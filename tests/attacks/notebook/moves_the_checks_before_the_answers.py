# /// attack
# says = ""
# ///
"""Turn the notebook around."""


def hand_in(notebook, folder):
    notebook["cells"].reverse()
    return notebook
