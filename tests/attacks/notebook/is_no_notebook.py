# /// attack
# refused = "not a notebook"
# ///
"""Be something else under the name of a notebook."""


def hand_in(notebook, folder):
    return b"PK\x03\x04" + bytes(1000)
