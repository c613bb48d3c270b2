import os
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path

import pytest

from autograder.errors import SubmissionError
from autograder.submission.intake import find_notebook, read_bytes, read_submission
from autograder.submission.notebook import MAX_CELLS, read_notebook

MOMENT = datetime(2026, 3, 1, tzinfo=UTC)
LIMIT = 10 << 20
CELL = b'{"cell_type": "code", "metadata": {}, "source": "x = 1", "outputs": []}'
NOTEBOOK = b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [' + CELL + b"]}"


@pytest.fixture
def handed(tmp_path: Path) -> Path:
    path = tmp_path / "assignment.ipynb"
    path.write_bytes(NOTEBOOK)
    return path


def read(path: Path, learner: str = "ada", unit: str = "01_small", max_bytes: int = LIMIT):
    return read_submission(
        path, learner=learner, unit=unit, submitted_at=MOMENT, received_at=MOMENT, max_bytes=max_bytes
    )


def test_keeps_the_bytes_and_their_hash(handed):
    """A submission holds the file byte for byte and its SHA-256."""
    submission = read(handed)

    assert submission.notebook == NOTEBOOK
    assert len(submission.sha256) == 64


@pytest.mark.parametrize("learner", ["", "..", "a/b", "a\0b", "x" * 65, "ada\n"])
def test_refuses_a_learner_that_could_leave_the_folder(handed, learner):
    """A learner's name that could become another path is refused."""
    with pytest.raises(SubmissionError, match="learner"):
        read(handed, learner=learner)


@pytest.mark.parametrize("unit", ["", "..", "a/b", ".hidden"])
def test_refuses_a_unit_that_could_leave_the_folder(handed, unit):
    """A unit's name that could become another path is refused."""
    with pytest.raises(SubmissionError, match="unit"):
        read(handed, unit=unit)


def test_refuses_a_symbolic_link(handed, tmp_path):
    """A link is not followed, wherever it leads."""
    link = tmp_path / "link.ipynb"
    link.symlink_to(handed)

    with pytest.raises(SubmissionError, match="no link"):
        read_bytes(link, max_bytes=LIMIT)


def test_refuses_a_folder_that_is_a_link_beneath_the_trusted_one(handed, tmp_path):
    """Beneath the trusted folder no part of the path may be a link."""
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "elsewhere").symlink_to(tmp_path)

    with pytest.raises(SubmissionError, match="cannot be opened"):
        read_bytes(inside / "elsewhere" / handed.name, max_bytes=LIMIT, beneath=inside)


def test_reads_beneath_a_trusted_folder(handed, tmp_path):
    """An ordinary file in an ordinary folder is read."""
    assert read_bytes(handed, max_bytes=LIMIT, beneath=tmp_path.parent) == NOTEBOOK


def test_refuses_a_path_outside_the_trusted_folder(handed, tmp_path):
    """A file that is not beneath the trusted folder is refused."""
    with pytest.raises(SubmissionError, match="not beneath"):
        read_bytes(handed, max_bytes=LIMIT, beneath=tmp_path / "other")


def test_refuses_a_second_hard_link(handed, tmp_path):
    """A file with two names may be somebody else's."""
    os.link(handed, tmp_path / "second.ipynb")

    with pytest.raises(SubmissionError, match="2 links"):
        read(handed)


def test_refuses_a_pipe_without_waiting(tmp_path):
    """A named pipe is refused at once instead of waiting for a writer."""
    pipe = tmp_path / "assignment.ipynb"
    os.mkfifo(pipe)

    with pytest.raises(SubmissionError, match="not a regular file"):
        read(pipe)


@pytest.mark.parametrize("path", ["/dev/zero", "/"])
def test_refuses_what_is_no_file(path):
    """Devices and folders are refused."""
    with pytest.raises(SubmissionError, match="not a regular file"):
        read_bytes(Path(path), max_bytes=LIMIT)


@pytest.mark.parametrize("name", ["../assignment.ipynb", "a\0.ipynb"])
def test_refuses_tricks_in_the_path(tmp_path, name):
    """A path with '..' or NUL is refused before it is opened."""
    with pytest.raises(SubmissionError, match="refused"):
        read_bytes(tmp_path / name, max_bytes=LIMIT)


def test_refuses_fifty_megabytes_unread(tmp_path):
    """A file over the limit costs no memory and says how to make it smaller."""
    path = tmp_path / "assignment.ipynb"
    with path.open("wb") as file:
        file.truncate(50 << 20)
    tracemalloc.start()
    try:
        with pytest.raises(SubmissionError, match="clear the outputs"):
            read(path)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert peak < 1 << 20


def test_says_that_a_file_is_missing(tmp_path):
    """A missing file is the learner's matter, with a reason."""
    with pytest.raises(SubmissionError, match="no such file"):
        read(tmp_path / "assignment.ipynb")


def test_takes_a_renamed_notebook_with_a_note(tmp_path):
    """The only notebook of a folder is taken under any name, and the learner is told."""
    (tmp_path / "assignment (1).ipynb").write_bytes(NOTEBOOK)

    path, note = find_notebook(tmp_path)

    assert (path.name, "assignment (1).ipynb" in (note or "")) == ("assignment (1).ipynb", True)


def test_prefers_the_released_name(tmp_path):
    """A notebook under its right name needs no note, whatever lies beside it."""
    (tmp_path / "a.ipynb").write_bytes(NOTEBOOK)
    (tmp_path / "assignment.ipynb").write_bytes(NOTEBOOK)

    assert (tmp_path / "assignment.ipynb", None) == find_notebook(tmp_path)


def test_does_not_guess_between_two_renamed_notebooks(tmp_path):
    """Two notebooks under other names are refused: the learner must say which one."""
    (tmp_path / "a.ipynb").write_bytes(NOTEBOOK)
    (tmp_path / "b.ipynb").write_bytes(NOTEBOOK)

    with pytest.raises(SubmissionError, match="rename the one you mean"):
        find_notebook(tmp_path)


def with_cells(cells: bytes) -> bytes:
    return b'{"nbformat": 4, "metadata": {}, "cells": [' + cells + b"]}"


BROKEN = {
    "empty": (b"", "broken JSON"),
    "cut off": (NOTEBOOK[:-5], "broken JSON"),
    "not text": (b"\xff\xfe\x00", "not UTF-8"),
    "a list": (b"[]", "a list, not a notebook"),
    "a number": (b"7", "a number, not a notebook"),
    "no version": (b'{"cells": []}', "nbformat"),
    "version 2": (b'{"nbformat": 2, "cells": []}', "nbformat 2"),
    "version 5": (b'{"nbformat": 5, "cells": []}', "nbformat 5"),
    "version true": (b'{"nbformat": true, "cells": []}', "nbformat"),
    "no cells": (b'{"nbformat": 4}', "no list of cells"),
    "cells are an object": (b'{"nbformat": 4, "cells": {}}', "no list of cells"),
    "cell is a text": (with_cells(b'"x"'), "cell 1 is a text"),
    "cell without type": (with_cells(b'{"source": "x"}'), "cell 1 does not say"),
    "cell without text": (with_cells(b'{"cell_type": "code"}'), "text of cell 1 is nothing"),
    "text of numbers": (with_cells(b'{"cell_type": "code", "source": [1]}'), "text of cell 1 is a list"),
    "NUL in a cell": (with_cells(b'{"cell_type": "code", "source": "a\\u0000b"}'), "NUL"),
    "NaN": (b'{"nbformat": 4, "cells": [], "x": NaN}', "NaN is no JSON number"),
    "infinity": (b'{"nbformat": 4, "cells": [], "x": -Infinity}', "no JSON number"),
    "number beyond range": (b'{"nbformat": 4, "cells": [], "x": 1e999}', "out of range"),
    "5,000 digits": (b'{"nbformat": 4, "cells": [], "x": ' + b"9" * 5000 + b"}", "5000 digits"),
    "5,000 decimals": (b'{"nbformat": 4, "cells": [], "x": 0.' + b"9" * 5000 + b"}", "out of range"),
    "name twice": (b'{"nbformat": 4, "nbformat": 4, "cells": []}', "stands twice"),
    "half a character": (with_cells(b'{"cell_type": "code", "source": "\\ud83d"}'), "half of a character"),
    "half a character in a name": (b'{"nbformat": 4, "cells": [], "\\ud83d": 1}', "half of a character"),
    "deep lists": (b'{"nbformat": 4, "cells": ' + b"[" * 5000 + b"]" * 5000 + b"}", "deep in each other"),
    "deep objects": (b'{"a":' * 5000 + b"1" + b"}" * 5000, "deep in each other"),
    "too many cells": (with_cells(b",".join([CELL] * (MAX_CELLS + 1))), "at most 2,000"),
    "a long cell": (with_cells(b'{"cell_type": "code", "source": "' + b"x" * 500_001 + b'"}'), "shorten it"),
    "many strings": (b'["' + b'","' * 1_100_000 + b'"]', "values|strings"),
    "only quotes": (b'"' * 3_000_000, "strings"),
    "closing brackets": (b"]" * 3_000_000, "broken JSON"),
}


@pytest.mark.parametrize(("data", "reason"), BROKEN.values(), ids=BROKEN.keys())
def test_broken_notebooks_are_refused_with_a_reason(data, reason):
    """What is no notebook is refused with the place and the reason."""
    with pytest.raises(SubmissionError, match=reason):
        read_notebook(data)


@pytest.mark.parametrize("piece", [b"[],", b"{},", b'{"a":1},', b"1,", b'"",', b"[[]],", b'"\\"",'])
def test_ten_megabytes_of_nothing_cost_little_memory(piece):
    """10 MB of small values are refused before they become objects."""
    data = b"[" + piece * (LIMIT // len(piece)) + b"0]"
    tracemalloc.start()
    try:
        with pytest.raises(SubmissionError):
            read_notebook(data)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert peak < 60 << 20


def test_values_just_below_the_limit_stay_small():
    """The densest notebook that is read stays under 120 MB."""
    data = with_cells(b"")[:-1] + b', "x": [' + b"{}," * 249_000 + b"0]}"
    tracemalloc.start()
    try:
        read_notebook(data)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert peak < 120 << 20


def test_brackets_in_strings_do_not_count():
    """A text full of brackets, quotes and commas is a text."""
    text = b"[[[" * 1000 + b'\\"{{,' * 1000 + b"\\\\"
    notebook = read_notebook(with_cells(b'{"cell_type": "code", "source": "' + text + b'"}'))

    assert notebook.cells[0].source.endswith('"{{,\\')


def test_reads_lines_and_windows_line_ends():
    """A text may come as a list of lines and with any line ends."""
    notebook = read_notebook(with_cells(b'{"cell_type": "code", "source": ["a\\r\\n", "b\\r", "c"]}'))

    assert notebook.cells[0].source == "a\nb\nc"


def test_reads_the_old_format_3_with_a_note():
    """A notebook of format 3 is read, and the learner is told."""
    data = b'{"nbformat": 3, "metadata": {}, "worksheets": [{"cells": [{"cell_type": "code", "input": "x = 1"}]}]}'
    notebook = read_notebook(data)

    assert (notebook.cells[0].source, "format 3" in notebook.notes[0]) == ("x = 1", True)


def test_believes_no_metadata_of_another_type():
    """Metadata of an impossible type counts as missing."""
    data = with_cells(b'{"cell_type": 5, "metadata": 7, "source": ""}').replace(b"5", b'"code"')
    cell = read_notebook(data.replace(b'"metadata": {}', b'"metadata": [1]')).cells[0]

    assert (cell.grade_id, cell.marks, cell.tags) == (None, {}, ())


def test_a_mark_at_the_start_of_the_file_is_read_over():
    """A byte-order mark, as some editors write it, does no harm."""
    assert read_notebook(b"\xef\xbb\xbf" + NOTEBOOK).cells[0].source == "x = 1"
