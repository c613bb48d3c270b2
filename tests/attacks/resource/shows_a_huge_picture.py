# /// attack
# says = "it printed more than the limit"
# ///
"""Show one output of many megabytes."""

from IPython.display import display

display({"image/png": b"\x89PNG\r\n\x1a\n" + b"0" * (64 << 20), "text/html": "<b>" * (8 << 20)}, raw=True)
