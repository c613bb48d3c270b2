"""What the protocol may import, and what it knows of `exercises`."""

import ast
import subprocess
import sys
from pathlib import Path

import autograder.protocol
from autograder.protocol.records import Registry
from exercises import errors, records

ALLOWED = {"numpy", "pandas", "pyarrow", "exercises"}


def test_the_protocol_imports_nothing_else():
    """It alone is bound into the sandbox."""
    found = set()
    for path in Path(autograder.protocol.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                found.add(node.module or "")
    outside = {name for name in found if name.partition(".")[0] not in ALLOWED | set(sys.stdlib_module_names)}

    assert all(f"{name}.".startswith("autograder.protocol.") for name in outside)


def test_importing_the_worker_loads_no_grader():
    """The learner's process holds nothing of the grader but the protocol."""
    code = (
        "import sys, autograder.protocol.worker; print(*sorted(m for m in sys.modules if m.startswith('autograder')))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=300).stdout

    assert all(name == "autograder" or name.startswith("autograder.protocol") for name in said.split())


def test_the_records_and_errors_of_the_exercises_are_known():
    """Every frozen record and every error, found by itself."""
    registry = Registry.of()

    assert registry.records["TrainSpec"] is records.TrainSpec
    assert registry.exceptions["DataError"] is errors.DataError
    assert not any(name in registry.exceptions for name in ("StopIteration", "SystemExit", "KeyboardInterrupt"))


def test_an_exception_is_known_by_its_nearest_class():
    """A learner's own class is not; one that only has a known name is not either."""

    class Own(errors.DataError):
        pass

    class KeyError(Exception):
        pass

    registry = Registry.of()

    assert registry.name_of(Own()) == "DataError"
    assert registry.name_of(KeyError()) == "Exception"
    assert registry.name_of(SystemExit()) == "RuntimeError"
