"""Grading, gradebook, dashboard, badge and command line. Nothing here runs a learner's code in its own process."""

import sys

# jsonschema (behind nbformat) would read a grammar of international web addresses: a second at every start, and no
# notebook has a use for it
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

__version__ = "0.1.0"
