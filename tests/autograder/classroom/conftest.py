"""The made-up unit of the gradebook's tests serves the classroom's tests too."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "gradebook"))
