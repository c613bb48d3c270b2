"""The import rules of docs/architecture.md, read from the code itself."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ORDER = (
    "authoring",
    "submission",
    "protocol",
    "sandbox",
    "judge",
    "gradebook",
    "classroom",
    "learner",
    "badge",
    "dashboard",
)
FOUNDATION = {"autograder", "autograder.model", "autograder.errors", "autograder.settings"}


def modules(package: str) -> dict[str, Path]:
    found = {}
    for path in sorted((ROOT / package).rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            folder = ROOT.joinpath(*node.module.split("."))
            inner = {name for name in (alias.name for alias in node.names) if _is_module(folder / name)}
            found |= {f"{node.module}.{name}" for name in inner}
            if len(inner) < len(node.names):
                found.add(node.module)
    return found


def _is_module(place: Path) -> bool:
    return place.with_suffix(".py").is_file() or (place / "__init__.py").is_file()


def stage(module: str) -> str | None:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 and parts[0] == "autograder" and parts[1] in ORDER else None


def test_every_package_of_the_grader_is_a_known_stage():
    """A new package must first find its place in the way of the data."""
    packages = {path.parent.name for path in (ROOT / "autograder").glob("*/__init__.py")}

    assert packages <= set(ORDER)


@pytest.mark.parametrize("module", [name for name in modules("autograder") if stage(name)])
def test_a_stage_imports_only_what_lies_to_its_left(module):
    """The way of the data has one direction."""
    allowed = set(ORDER[: ORDER.index(stage(module)) + 1])
    if stage(module) == "dashboard":
        allowed.add("workflows")
    wrong = {
        other
        for other in imports(modules("autograder")[module])
        if other.split(".")[0] == "autograder" and other not in FOUNDATION and other.split(".")[1] not in allowed
    }

    assert wrong == set()


@pytest.mark.parametrize("module", modules("exercises"))
def test_exercises_never_import_the_grader(module):
    """Learners' notebooks work without the grader."""
    assert not {other for other in imports(modules("exercises")[module]) if other.split(".")[0] == "autograder"}


def test_nothing_imports_the_command_line():
    """The command is the top: only `python -m autograder` starts it."""
    importers = {name for name, path in modules("autograder").items() if "autograder.cli" in imports(path)}

    assert importers <= {"autograder.__main__"}


def test_sql_stands_in_the_gradebook_only():
    """One door to the database."""
    importers = {
        name
        for name, path in modules("autograder").items()
        if stage(name) != "gradebook"
        and any(other.split(".")[0] in {"sqlalchemy", "sqlite3"} for other in imports(path))
    }

    assert importers == set()


def test_settings_alone_read_the_environment():
    """One door to the environment: a setting that nobody can find is a trap."""
    readers = {
        name
        for name, path in modules("autograder").items()
        if name != "autograder.settings" and not name.startswith("autograder.sandbox.inside")  # it makes its own
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "os"
        if node.attr in {"environ", "getenv", "environb"}
    }

    assert readers == set()


def test_no_import_cycle():
    """Two modules that import each other cannot be understood one at a time."""
    graph = {
        name: {other for other in imports(path) if other.split(".")[0] in {"autograder", "exercises"}}
        for package in ("autograder", "exercises")
        for name, path in modules(package).items()
    }
    done: set[str] = set()

    def visit(name: str, path: tuple[str, ...]) -> None:
        assert name not in path, f"import cycle: {' -> '.join((*path, name))}"
        if name in done or name not in graph:
            return
        for other in graph[name] - {name}:
            visit(other, (*path, name))
        done.add(name)

    for name in graph:
        visit(name, ())


@pytest.mark.parametrize("package", ["autograder", "exercises"])
def test_no_module_is_a_drawer_for_everything(package):
    """A module is named for what it decides."""
    assert not [name for name in modules(package) if name.rsplit(".", 1)[-1] in {"utils", "helpers", "misc", "common"}]
