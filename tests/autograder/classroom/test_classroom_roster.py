"""The roster: what a line must hold, and what is said about one that does not."""

import pytest
from classroom_cases import class_settings

from autograder import workflows
from autograder.classroom.roster import read_roster
from autograder.errors import CourseError
from autograder.gradebook.class_queries import ClassQueries
from autograder.gradebook.desk import Person

ADA = Person(learner="ada", first_name="Ada", last_name="Obi, Jr.", email="ada@example.org")


def written(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "class.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize(
    "text",
    [
        'learner,first_name,last_name,email\nada,Ada,"Obi, Jr.",ada@example.org\n',
        'E-Mail,Last Name,ID,First Name,Section\nada@example.org,"Obi, Jr.", ada ,Ada,7\n\n',
        '\ufefflearner,first_name,last_name,email\r\nada,Ada,"Obi, Jr.",ada@example.org\r\n',
    ],
    ids=["plain", "other names and order, more columns", "as a spreadsheet saves it"],
)
def test_a_roster_is_read(tmp_path, text):
    """Columns are found by their names; a mark in front of the file and empty lines are passed over."""
    assert read_roster(written(tmp_path, text)) == (ADA,)


def test_only_the_learner_is_needed(tmp_path):
    """A list of ids is a roster."""
    assert read_roster(written(tmp_path, "learner\nada\nbob\n")) == (Person(learner="ada"), Person(learner="bob"))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "line 1: no column 'learner'"),
        ("name\nada\n", "line 1: no column 'learner'"),
        ("learner\n", "names no learner"),
        ("learner\nada\n../bob\n", r"line 3: learner '../bob': use 1 to 64 letters"),
        ("learner\n.ada\n", "line 2: learner '.ada'"),
        ("learner\nada\nbob\nada\n", "line 4: 'ada' stands in line 2 already"),
        ("learner,email\nada,ada\n", "line 2: email 'ada': is no address"),
        ("learner,first_name\nada,%s\n" % ("x" * 129), "line 2: first_name 'xxx.*use at most 128 characters"),
        ('learner,first_name\nada,"A\tda"\n', "line 2: first_name .*without line ends and tabs"),
        ('learner,first_name\nada,"A\nda"\nb b,\n', "line 4: learner 'b b'"),
    ],
)
def test_a_fault_is_told_with_its_line(tmp_path, text, told):
    """Where to look and what to write."""
    with pytest.raises(CourseError, match=told):
        read_roster(written(tmp_path, text))


def test_many_faults_are_told_in_few_lines(tmp_path):
    """Ten, and how many more."""
    text = "learner\n" + "\n".join(f"a b{number}" for number in range(25))
    with pytest.raises(CourseError) as caught:
        read_roster(written(tmp_path, text))

    assert str(caught.value).splitlines()[-1] == "and 15 more"


@pytest.mark.parametrize(
    ("encoding", "told"), [("utf-16", "is not UTF-8; save the file as CSV UTF-8"), ("latin-1", "byte 9 is not UTF-8")]
)
def test_another_encoding_is_told(tmp_path, encoding, told):
    """No name is spoiled in silence."""
    with pytest.raises(CourseError, match=told):
        read_roster(written(tmp_path, "learner\na\xe9\n", encoding))


def test_a_file_that_is_not_there_is_told(tmp_path):
    """With its path."""
    with pytest.raises(CourseError, match=r"gone.csv: cannot be read \(No such file"):
        read_roster(tmp_path / "gone.csv")


def test_a_class_is_enrolled_before_anything_was_graded(tmp_path):
    """The import makes the gradebook, and a second one changes names only."""
    settings = class_settings(tmp_path)
    first = workflows.import_roster(settings, written(tmp_path, "learner\nada\nbob\n"), actor="eve")
    text = 'learner,first_name,last_name,email\nada,Ada,"Obi, Jr.",ada@example.org\n'
    second = workflows.import_roster(settings, written(tmp_path, text), actor="eve")
    with ClassQueries(settings) as book:
        rows = {row.learner: row.name for row in book.learners().rows}
        notes = [(row.actor, row.reason, row.after["new"]) for row in book.audit_log(action="enrol").rows]

    assert (first, second, rows) == ((2, 2), (1, 0), {"ada": "Ada Obi, Jr.", "bob": "bob"})
    assert notes == [("eve", "roster class.csv", 0), ("eve", "roster class.csv", 2)]
