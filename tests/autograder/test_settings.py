"""Settings refuse what they do not know, and say what to do."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from autograder.errors import SettingsError
from autograder.settings import load_settings

MINIMAL = '[units]\n"00_start_here" = { required = false }\n"01_training" = {}\n'


@pytest.fixture
def course(tmp_path):
    def write(text: str = MINIMAL, **environ: str):
        (tmp_path / "course.toml").write_text(text, encoding="utf-8")
        return load_settings(tmp_path, {"COURSE_LEARNER": "ada", **environ})

    return write


def test_a_minimal_file_gives_the_defaults(course, tmp_path):
    """Only the units must be named."""
    settings = course()

    assert (settings.mode, settings.pass_share, settings.learner) == ("self-study", 0.8, "ada")
    assert [(unit.name, unit.required) for unit in settings.units] == [("00_start_here", False), ("01_training", True)]
    assert settings.work == tmp_path.resolve() / "var" / "work"
    assert settings.db_url == f"sqlite:///{tmp_path.resolve() / 'var' / 'gradebook.db'}"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("pas_share = 0.5", ["unknown setting 'pas_share'", "did you mean 'pass_share'"]),
        ("pass_share = 80", ["pass_share = 80", "at most 1"]),
        ("pass_share = true", ["pass_share = True"]),
        ('mode = "exam"', ["'self-study' or 'class'"]),
        ('learner = "../root"', ["learner = '../root'", "letters"]),
        ("title = 3", ["title = 3", "str"]),
        ("[grading]\njobs = 0", ["grading.jobs = 0", "at least 1"]),
        ("[grading]\njob = 2", ["'grading.job'", "did you mean 'jobs'"]),
        ("[units]\ntraining = {}", ["'training'", "NN_name"]),
        ('[units]\n"01_training" = { need = true }', ["units.01_training.need"]),
        ('[units]\n"01_training" = {}\n[due]\n"02_x" = 2026-01-01T00:00:00Z', ["[due]", "'02_x'"]),
        (
            '[units]\n"01_training" = {}\n[due]\n"01_training" = 2026-01-01T00:00:00',
            ["needs a date, a time and a zone"],
        ),
        ('[units]\n"01_training" = {}\n[extensions]\n"ada/09_x" = 2026-01-01T00:00:00Z', ["[extensions]", "ada/09_x"]),
        ("title =", ["not valid TOML"]),
        ("units = 3", ["units = 3", "line [units]"]),
        ("due = 5", ["due = 5", "no table"]),
        ('extensions = "ada"', ["extensions = 'ada'", "no table"]),
        ('grading = ["jobs"]', ["grading = ['jobs']", "no table"]),
        ("badge = 3", ["badge = 3", "no table"]),
        ("db_url = 3", ["db_url = 3", "str"]),
    ],
)
def test_what_is_not_understood_is_an_error_that_says_where(course, tmp_path, text, words):
    """Nobody wonders for an hour why a misspelt setting has no effect."""
    environ = {} if "learner" not in text else {"COURSE_LEARNER": ""}
    with pytest.raises(SettingsError) as caught:
        course(text, **environ)

    assert str(tmp_path / "course.toml") in str(caught.value)
    assert all(word in str(caught.value) for word in words), str(caught.value)


@pytest.mark.parametrize("text", ["1", "01", "01_training"])
def test_a_unit_is_found_by_number_or_name(course, text):
    """People type what is shortest."""
    assert course().unit_name(text) == "01_training"


@pytest.mark.parametrize("text", ["7", "01_train", "", "x", "-1", "²", "1" * 5000])
def test_an_unknown_unit_is_answered_with_the_list(course, text):
    """The error names the units that exist."""
    with pytest.raises(SettingsError, match="00_start_here, 01_training"):
        course().unit_name(text)


def test_a_class_names_its_exchange(course):
    """The folder that `course doctor` asks for, and the course's name in it, can be written to course.toml."""
    settings = course('mode = "class"\nexchange = "/srv/exchange"\ncourse_id = "mlsys"\n')

    assert (settings.exchange, settings.course_id) == ("/srv/exchange", "mlsys")


def test_a_file_that_is_no_utf8_text_is_told_so(tmp_path):
    """An editor that saves Latin-1 leads to a line that names the byte."""
    (tmp_path / "course.toml").write_bytes(b'title = "Caf\xe9"\n')

    with pytest.raises(SettingsError, match="byte 12 is not UTF-8"):
        load_settings(tmp_path, {})


def test_an_account_without_a_name_is_asked_for_one(course, monkeypatch):
    """A container may run as a number that no list of accounts knows."""

    def unknown():
        raise KeyError("getpwuid(): uid not found: 61347")

    monkeypatch.setattr("getpass.getuser", unknown)

    with pytest.raises(SettingsError, match="set learner there, or COURSE_LEARNER"):
        course(COURSE_LEARNER="")


def test_due_times_keep_their_zone(course):
    """A deadline is a moment, not a wall clock."""
    settings = course(MINIMAL + '[due]\n"01_training" = 2026-03-01T23:59:00+01:00\n')

    assert settings.due["01_training"] == datetime(2026, 3, 1, 22, 59, tzinfo=UTC)


def test_the_secret_comes_from_the_environment_and_is_never_shown(course):
    """A secret in a file of the course would be committed one day."""
    settings = course(COURSE_SECRET="correct horse")

    assert settings.secret == "correct horse"
    assert "correct horse" not in repr(settings)


def test_the_course_is_found_from_a_folder_inside_it(course, tmp_path, monkeypatch):
    """The command works wherever the learner stands."""
    course()
    (tmp_path / "var" / "work").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "var" / "work")

    assert load_settings(environ={"COURSE_LEARNER": "ada"}).root == tmp_path.resolve()


def test_outside_a_course_the_error_says_what_to_do(monkeypatch):
    """The filesystem's root holds no course."""
    monkeypatch.chdir("/")

    with pytest.raises(SettingsError, match="inside the course's folder"):
        load_settings(environ={})


def test_all_that_is_written_can_be_sent_elsewhere(course, tmp_path):
    """COURSE_VAR moves working copies, submissions and the gradebook together."""
    settings = course(COURSE_VAR=str(tmp_path / "elsewhere"))

    assert {
        settings.work.parent,
        settings.submitted.parent,
        Path(settings.db_url.removeprefix("sqlite:///")).parent,
    } == {tmp_path / "elsewhere"}
