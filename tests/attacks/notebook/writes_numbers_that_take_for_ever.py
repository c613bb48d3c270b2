# /// attack
# refused = "number"
# ///
"""Write a number with a million digits, and one that is none."""

import json


def hand_in(notebook, folder):
    return (json.dumps(notebook)[:-1] + ', "n": ' + "9" * 1_000_000 + ', "m": NaN}').encode()
