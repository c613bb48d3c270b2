# /// attack
# says = "process ended"
# ///
"""Add hundreds of cells each of which ends the process, so that a fresh one must be started for each."""


def hand_in(notebook, folder):
    for number in range(40):
        notebook["cells"].insert(
            3,
            {
                "cell_type": "code",
                "metadata": {},
                "id": f"d{number}",
                "source": "import os\nos._exit(9)",
                "outputs": [],
                "execution_count": None,
            },
        )
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "retrain_plan":
            cell["source"] = "import os\nos._exit(9)"
    return notebook
