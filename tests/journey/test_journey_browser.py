"""A learner's way in a browser: course page, lesson, exercises, not yet, passed, submit, grade."""

from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from journey_course import CourseCopy, Loads
from journey_lab import PATIENCE, Lab
from playwright.sync_api import Browser, Page, expect

from autograder.authoring.mistakes import read_mistake
from autograder.authoring.units import load_unit
from autograder.settings import load_settings

pytestmark = pytest.mark.browser

UNIT = "01_training"
MISTAKE = "train_then_test"  # one of the unit's known wrong answers
LOOKS = [("light", 1280), ("dark", 1280), ("light", 375), ("dark", 375)]


@pytest.fixture(scope="module")
def pictures(tmp_path_factory) -> Path:
    """Keep what was seen; the path is printed."""
    folder = tmp_path_factory.mktemp("pictures")
    print(f"\nscreenshots: {folder}")
    return folder


@pytest.fixture
def loads() -> Loads:
    """Note every address that is loaded."""
    return Loads()


@pytest.fixture
def page(chromium: Browser, loads: Loads, pictures: Path) -> Iterator[Page]:
    """Open a window; its last look is kept, also of a journey that broke off."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    loads.watch(context)
    window = context.new_page()
    yield window
    picture(window, pictures, "last")
    context.close()


def picture(page: Page, folder: Path, name: str) -> None:
    page.screenshot(path=folder / f"{name}.png", full_page=True)


def fill(path: Path, answers: dict[str, str]) -> None:
    """Write the answers into a notebook that no page has open."""
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        cell.source = answers.get(name, cell.source)
    nbformat.write(notebook, path)


def submit_cell(path: Path) -> int:
    """Find the cell that offers `submit()`."""
    cells = nbformat.read(path, as_version=4).cells
    return max(index for index, cell in enumerate(cells) if cell.cell_type == "code" and "submit()" in cell.source)


def open_exercises(page: Page, served: CourseCopy) -> Lab:
    page.goto(f"{served.origin}/course/units/{UNIT}")
    page.get_by_role("link", name="Open the exercises").click()
    lab = Lab(page, served.work(UNIT))
    lab.wait()
    return lab


def submit_by_button(page: Page, served: CourseCopy) -> None:
    page.goto(f"{served.origin}/course/units/{UNIT}")
    page.get_by_role("button", name="Submit the exercises").click()
    expect(page.get_by_role("heading", name="Feedback on your last submission")).to_be_visible(timeout=PATIENCE)


def test_a_learner_goes_from_the_course_page_to_a_grade(page: Page, loads: Loads, served: CourseCopy, pictures: Path):
    """Open, read, answer wrongly, see why, answer rightly, submit in both ways, pass; nothing comes from elsewhere."""
    solutions = served.solutions(UNIT)
    open_the_lesson(page, served, pictures)
    solve_the_first_exercise(page, served, solutions, pictures)
    submit_by_button(page, served)
    picture(page, pictures, "feedback-first")
    expect(page.locator(".check-passed").first).to_be_visible()
    expect(page.locator(".check-not-started").first).to_be_visible()

    mistake = read_mistake(served.root / "course" / UNIT / "mistakes" / f"{MISTAKE}.py")
    fill(served.work(UNIT), solutions | mistake.answers)
    submit_by_cell(page, served, pictures)
    page.goto(f"{served.origin}/course/units/{UNIT}")
    picture(page, pictures, "feedback-mistake")
    expect(page.locator(".misconception", has_text=mistake.title).first).to_be_visible()

    fill(served.work(UNIT), solutions)
    submit_by_button(page, served)
    expect(page.locator(".verdict")).to_contain_text("Passed with")
    page.goto(f"{served.origin}/course")
    expect(page.locator(f"#unit-{UNIT} .state")).to_have_text("Passed")
    for scheme, width in LOOKS:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.set_viewport_size({"width": width, "height": 900})
        picture(page, pictures, f"course-passed-{scheme}-{width}")

    assert loads.foreign(served.origin) == []


def open_the_lesson(page: Page, served: CourseCopy, pictures: Path) -> None:
    page.goto(served.address)
    expect(page.get_by_text("Your next step")).to_be_visible()
    picture(page, pictures, "course-fresh")
    page.locator(f"#unit-{UNIT}").get_by_role("link", name="Lesson").click()
    lab = Lab(page, served.work(UNIT).with_name("lesson.ipynb"))
    lab.wait()
    expect(page.locator(".lm-MenuBar-itemLabel", has_text="Nbgrader")).to_have_count(0)
    picture(page, pictures, "lesson")


def solve_the_first_exercise(page: Page, served: CourseCopy, solutions: dict[str, str], pictures: Path) -> None:
    exercise = load_unit(load_settings(served.root, {"USER": "ada"}), UNIT).exercises[0]
    answer, check = exercise.answers[0], next(check.name for check in exercise.checks if check.visible)
    lab = open_exercises(page, served)
    lab.run_above(lab.index(answer))

    lab.write(lab.index(answer), f"def {answer}(*arguments, **options):\n    return []")
    lab.run(lab.index(answer))
    card = lab.run(lab.index(check))
    expect(card).to_contain_text("Not yet", timeout=PATIENCE)
    expect(card).to_contain_text(f'hint("{exercise.name}")')
    picture(page, pictures, "not-yet")

    lab.write(lab.index(answer), solutions[answer])
    lab.run(lab.index(answer))
    card = lab.run(lab.index(check))
    expect(card).to_contain_text("Passed", timeout=PATIENCE)
    picture(page, pictures, "passed")
    lab.save()


def submit_by_cell(page: Page, served: CourseCopy, pictures: Path) -> None:
    lab = open_exercises(page, served)
    cell = submit_cell(served.work(UNIT))
    lab.run_above(cell)
    lab.write(cell, "submit()")
    lab.save()
    receipt = lab.run(cell)
    expect(receipt).to_contain_text("points", timeout=PATIENCE)
    lab.wait()
    picture(page, pictures, "submitted-by-cell")
    lab.save()
