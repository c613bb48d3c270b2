"""
Files that are there as a whole or not at all.

Decides how a file gets its name: written beside it under another one, then renamed. Never looks at what it holds.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def atomic_write(path: str | os.PathLike[str]) -> Iterator[Path]:
    """
    Write a file so that nobody ever sees half of it.

        with atomic_write(folder / "plan.txt") as draft:
            draft.write_text("January")

    The block writes to *draft*, a name of its own in the same folder. When the block ends, the draft takes the place of
    *path* in one step. If the block raises, the draft is removed, *path* stays as it was, and the error goes on. A
    machine that dies in between leaves a draft behind, never a broken *path*.
    """
    target = Path(path)
    draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}.draft")
    try:
        yield draft
        if not draft.exists():
            raise FileNotFoundError(f"{target.name}: the block wrote nothing to its draft")
        _to_disk(draft)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


def _to_disk(path: Path) -> None:
    """Wait until the bytes are on the disk: a rename may get there before them."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
