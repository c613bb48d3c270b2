"""The commands of whoever runs a class, as they are typed."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from autograder import cli

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def course(monkeypatch, tmp_path):
    """Run the command in the real course with a var/ of its own; returns (exit status, lines)."""
    monkeypatch.chdir(ROOT)

    def run(*words):
        done = CliRunner().invoke(cli.app, list(words), env={"COURSE_VAR": str(tmp_path / "var")})
        lines = done.output.replace("│", " ").replace("┃", " ").splitlines()
        return done.exit_code, [" ".join(line.split()) for line in lines]

    return run


def test_the_roster_is_listed_by_name(course, tmp_path):
    """Id, name, address and how far each one is, whoever stands first in the file; brackets are no markup."""
    table = tmp_path / "class.csv"
    table.write_text("learner,first_name,last_name,email\nbo,Bo,Zuse [red],bo@example.org\nada,Ada,Byron,\neve\n")
    course("roster", "import", str(table))
    status, lines = course("roster", "list")

    assert (status, lines[-1]) == (0, "3 learners")
    assert lines[0] == "learner name e-mail handed in passed last handed in"
    assert lines[2:-1] == [
        "eve 0 units 0 units",
        "ada Ada Byron 0 units 0 units",
        "bo Bo Zuse [red] bo@example.org 0 units 0 units",
    ]


def test_an_empty_roster_says_how_to_fill_it(course):
    """Nobody stares at an empty table."""
    assert course("roster", "list") == (0, ["Nobody is on the roster; `course roster import FILE` puts a class on it."])
