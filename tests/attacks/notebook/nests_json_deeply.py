# /// attack
# refused = "deep"
# ///
"""Nest lists deeper than a parser can follow."""

import json


def hand_in(notebook, folder):
    text = json.dumps(notebook)
    return (text[:-1] + ', "deep": ' + "[" * 100_000 + "]" * 100_000 + "}").encode()
