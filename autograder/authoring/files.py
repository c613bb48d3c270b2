"""Writing a file wholly or not at all. Decides nothing about its content."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

MODE = 0o644  # readable by all, like nbgrader's


def write_atomically(path: Path, content: str | bytes) -> None:
    """Write bytes, or text as UTF-8 with Unix line ends; a reader sees the old file or the new one, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content.encode() if isinstance(content, str) else content)
        Path(name).chmod(MODE)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
