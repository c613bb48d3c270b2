# /// attack
# refused = "clear the outputs"
# ///
"""Be larger than a grader wants to read."""


def hand_in(notebook, folder):
    notebook["cells"][2]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "x" * (50 << 20)}]
    return notebook
