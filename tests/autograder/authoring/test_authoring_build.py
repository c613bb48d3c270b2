"""The build: what it writes, and that it writes the same bytes again."""

import json

import nbformat
import pytest
from nbgrader.nbgraderformat import MetadataValidator

from autograder.authoring.build import build, check_built
from autograder.errors import CourseError

NAME = "07_made_up"


def source(course):
    return nbformat.read(course.source / NAME / "assignment.ipynb", as_version=4)


def test_a_unit_becomes_lesson_assignment_and_content(course):
    """Three files come out of one folder."""
    written = [str(path.relative_to(course.root)) for path in build(course)]

    assert written == [
        "notebooks/07_made_up.ipynb",
        "source/07_made_up/assignment.ipynb",
        "exercises/content/07_made_up.json",
    ]


def test_a_rebuild_is_byte_identical(course):
    """Whoever builds, whenever: the same bytes."""
    first = [path.read_bytes() for path in build(course)]

    assert [path.read_bytes() for path in build(course)] == first


def test_nbgrader_accepts_the_metadata(course):
    """Nbgrader's own validator for schema 3 finds nothing."""
    build(course)

    assert MetadataValidator().validate_nb(source(course)) is None


def test_a_check_says_its_name_points_and_question(course):
    """Name and points stand outside of the hidden region, so that the released cell is not empty."""
    build(course)
    cell = next(cell for cell in source(course).cells if "### BEGIN HIDDEN TESTS" in cell.source)

    assert cell.source.splitlines()[:3] == [
        "# Check at_the_limit (1 point): on which side does the limit lie?",
        "# This check runs when you submit.",
        "### BEGIN HIDDEN TESTS",
    ]


def test_cells_are_named_for_nbgrader(course):
    """Set-up and statement are locked, the answer is a solution, checks are graded."""
    build(course)
    kinds = {
        cell.metadata.nbgrader.grade_id: (
            cell.metadata.course.kind,
            cell.metadata.nbgrader.locked,
            cell.metadata.nbgrader.solution,
            cell.metadata.nbgrader.grade,
        )
        for cell in source(course).cells
        if "nbgrader" in cell.metadata
    }

    assert kinds == {
        "setup-imports": ("setup", True, False, False),
        "late_share-statement": ("statement", True, False, False),
        "late_share": ("answer", False, True, False),
        "late_and_early": ("check", True, False, True),
        "at_the_limit": ("check", True, False, True),
        "no_flight": ("check", True, False, True),
    }


def test_an_inserted_cell_changes_no_other_id(course, folder):
    """A cell's id comes from what it is, not from where it stands."""
    build(course)
    before = [cell.id for cell in source(course).cells]
    path = folder / "assignment.py"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("# %% setup:", "# %% [markdown]\n# One more.\n\n# %% setup:"), encoding="utf-8")
    build(course)
    after = [cell.id for cell in source(course).cells]

    assert [identity for identity in after if identity in before] == before


def test_equal_free_cells_have_different_ids(course, folder):
    """A notebook's ids are unique, even for two equal cells."""
    path = folder / "lesson.py"
    path.write_text(path.read_text(encoding="utf-8") + "\n# %%\n1\n\n# %%\n1\n", encoding="utf-8")
    build(course)
    ids = [cell.id for cell in nbformat.read(course.notebooks / f"{NAME}.ipynb", as_version=4).cells]

    assert len(set(ids)) == len(ids)


def test_content_holds_hints_quiz_and_checks_but_no_solution(course):
    """What learners' tools read tells nothing of the answers."""
    build(course)
    text = (course.root / "exercises" / "content" / f"{NAME}.json").read_text(encoding="utf-8")
    content = json.loads(text)

    assert list(content) == ["unit", "title", "hints", "quiz", "exercises"]
    assert len(content["hints"]["late_share"]) == 3
    assert [option["right"] for option in content["quiz"]["which_share"]["options"]] == [False, True, False]
    assert content["exercises"]["late_share"]["points"] == 3
    assert content["exercises"]["late_share"]["checks"][1] == {
        "name": "at_the_limit",
        "title": "on which side does the limit lie?",
        "points": 1.0,
        "visible": False,
    }
    assert "limit_included" not in text
    assert "BEGIN" not in text


def test_a_unit_of_a_lesson_only_has_no_assignment(course, folder):
    """Unit 00 teaches and asks nothing."""
    for path in [*folder.glob("mistakes/*"), *(folder / name for name in ("assignment.py", "alternative.py"))]:
        path.unlink()
    (folder / "hints.toml").unlink()

    written = [path.name for path in build(course)]

    assert written == ["07_made_up.ipynb", "07_made_up.json"]


def test_check_built_finds_nothing_after_a_build(course):
    """Committed files agree with their sources."""
    build(course)

    assert check_built(course) == []


def test_check_built_names_missing_changed_and_orphaned_files(course):
    """Each way in which the built files can be out of step is told."""
    lesson, assignment, _ = build(course)
    lesson.unlink()
    assignment.write_text("{}", encoding="utf-8")
    (course.notebooks / "03_gone.ipynb").write_text("{}", encoding="utf-8")

    differences = [line.split(";")[0] for line in check_built(course)]

    assert differences == [
        "notebooks/07_made_up.ipynb: is missing",
        "source/07_made_up/assignment.ipynb: differs from its rebuild",
        "notebooks/03_gone.ipynb: has no source in course/",
    ]


def test_nothing_is_written_when_a_unit_is_at_fault(course, folder):
    """A half-built course would be worse than an old one."""
    (folder / "quiz.toml").write_text("[which_share", encoding="utf-8")

    with pytest.raises(CourseError, match="not valid TOML"):
        build(course)

    assert not course.notebooks.exists()


def test_a_folder_that_course_toml_does_not_list_is_told(course):
    """A unit that nobody would ever see is a mistake."""
    (course.course / "08_forgotten").mkdir()

    with pytest.raises(CourseError, match=r"08_forgotten: is not in course\.toml; add it to"):
        build(course)


def test_a_listed_unit_without_a_folder_is_told(course, folder):
    """course.toml promises only what course/ holds."""
    folder.rename(course.course / ".hidden")

    with pytest.raises(CourseError, match=r"course\.toml lists '07_made_up'"):
        build(course)


def test_an_unknown_unit_is_told_with_what_was_meant(course):
    """A slip of the pen is answered by the right name."""
    with pytest.raises(CourseError, match="did you mean '07_made_up'"):
        build(course, ["07_made_upp"])
