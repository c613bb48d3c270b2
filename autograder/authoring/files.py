"""Writing a file wholly or not at all. Decides nothing about its content."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

MODE = 0o644  # readable by all, like nbgrader's


def write_atomically(path: Path, text: str) -> None:
    """Write *text* as UTF-8 with Unix line ends; a reader sees the old file or the new one, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
        Path(name).chmod(MODE)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
