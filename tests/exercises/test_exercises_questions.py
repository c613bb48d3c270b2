"""The quiz: asked, answered, with feedback for every option."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell

from exercises import quiz
from exercises.progress import Progress
from exercises.questions import widgets_usable

Shown = Callable[[], list[str]]


def _answers() -> list[tuple[str, bool]]:
    return [(row.choice, row.right) for row in Progress(Path(os.environ["COURSE_PROGRESS"])).quiz_answers()]


def test_question_lists_its_options(shown: Shown):
    """Asking shows every option in words and how to answer, and gives nothing away."""
    quiz("01.predict_july")
    (text,) = shown()

    assert "a) about .31" in text
    assert "b) about .06" in text
    assert 'quiz("01.predict_july", "a")' in text
    assert "for ever" not in text
    assert _answers() == []


@pytest.mark.parametrize(("choice", "head", "right"), [("a", "\u2192 Not quite", False), (" B) ", "\u2713 Yes", True)])
def test_answer_brings_all_feedback(shown: Shown, choice: str, head: str, right: bool):
    """Any answer brings what there is to say about each option, and is recorded."""
    quiz("predict_july", choice)
    (text,) = shown()

    assert text.startswith(head)
    assert "It learned January's meaning." in text
    assert "A line goes on for ever." in text
    assert _answers() == [(choice.strip(" )").lower(), right)]


def test_right_option_is_named_after_another_answer(shown: Shown):
    """After another choice the fitting option is marked in words."""
    quiz("01.predict_july", "a")

    assert "b) about .06 (this one fits)" in shown()[0]


def test_second_answer_is_counted(shown: Shown):
    """The number of the answer is in the text."""
    quiz("01.predict_july", "a")
    quiz("01.predict_july", "a")

    assert "Answer 2 to this question." in shown()[1]


@pytest.mark.parametrize(
    ("question", "choice", "text"),
    [("01.predict_jule", None, "Did you mean '01.predict_july'"), ("01.predict_july", "z", "choose one of a, b")],
)
def test_odd_requests_are_answered_in_words(shown: Shown, question: str, choice: str | None, text: str):
    """Unknown questions and letters get advice and record nothing."""
    quiz(question, choice)

    assert text in shown()[0]
    assert _answers() == []


def test_grader_sees_no_quiz(shown: Shown, monkeypatch: pytest.MonkeyPatch):
    """Under a grader a quiz is silent."""
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    quiz("01.predict_july")

    assert shown() == []


def test_no_buttons_without_a_live_page(bare_shell: InteractiveShell, monkeypatch: pytest.MonkeyPatch):
    """Without a Jupyter server behind the kernel there are none, so that static pages need no other host."""
    assert not widgets_usable()

    monkeypatch.setenv("JPY_SESSION_NAME", "x.ipynb")
    assert not widgets_usable()


@pytest.fixture
def buttons(bare_shell: InteractiveShell, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """Pretend a live page; collect the buttons that are made."""
    import ipywidgets

    made: list[Any] = []
    monkeypatch.setenv("JPY_SESSION_NAME", "x.ipynb")
    monkeypatch.setattr(bare_shell, "kernel", object(), raising=False)
    real = ipywidgets.Button

    def remember(**settings: Any) -> Any:
        made.append(real(**settings))
        return made[-1]

    monkeypatch.setattr(ipywidgets, "Button", remember)
    yield made
    ipywidgets.Widget.close_all()


def test_buttons_answer_too(buttons: list[Any], shown: Shown):
    """On a live page a button a letter, named in full for a screen reader, answers as the call does."""
    quiz("01.predict_july")
    buttons[1].click()

    assert [button.description for button in buttons] == ["a", "b"]
    assert buttons[1].tooltip == "Answer b: about .06"
    assert _answers() == [("b", True)]
