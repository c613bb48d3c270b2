"""
The quiz of a lesson: a question, its options, and feedback for every option once one is chosen.

Decides how a question is asked and answered. The text alone suffices; buttons stand below it only where a live Jupyter
page with widgets looks on, so that a static page never needs anything from another host. It gives no points.
"""

from __future__ import annotations

import difflib
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from exercises import content, environment, journal
from exercises.cards import Card, show, show_refusal
from exercises.content import Question
from exercises.errors import ContentError, NotShownError


def quiz(question: str, choice: str | None = None) -> None:
    """
    Ask a question, or answer it.

    Args:
        question: Its name, for example "01.predict_july".
        choice: The letter of an option; None to read the question.
    """
    try:
        ask(question, choice)
    except NotShownError as error:
        show_refusal(error)


def ask(question: str, choice: str | None = None) -> None:
    """
    Ask a question, or answer it, as `quiz` does.

    Raises:
        NotShownError: If there is no such question or option.
    """
    if environment.grading():
        return
    try:
        found = content.find_question(question, content.load(), environment.unit_name())
    except (LookupError, ContentError) as error:
        raise NotShownError(str(error.args[0]), label="Quiz") from error
    if choice is not None:
        _answer(found, choice)
        return
    show(question_card(found))
    if widgets_usable():
        _show_buttons(found)


def question_card(question: Question) -> Card:
    """Draw the question with all options in words."""
    keys = [option.key for option in question.options]
    if environment.shell() is None:  # in a terminal
        foot = f"Answer with `course quiz {question.id} {keys[0]}`; letters: {', '.join(keys)}"
    else:
        letters = [f'"{key}"' for key in keys]
        foot = f'Answer with `quiz("{question.id}", {letters[0]})`; letters: {", ".join(letters)}'
    return Card(
        kind="calm",
        head=question.text,
        items=tuple(f"{option.key}) {option.text}" for option in question.options),
        foot=foot,
        label=f"Question {question.id}",
    )


def feedback_card(question: Question, choice: str, attempt: int | None) -> Card:
    """Draw what there is to say to each option, the chosen one first."""
    chosen = next(option for option in question.options if option.key == choice)
    items = tuple(
        f"{option.key}) {option.text}{' (this one fits)' if option.right else ''}: {option.feedback}"
        for option in question.options
        if option.key != choice
    )
    count = "" if attempt is None else f"Answer {attempt} to this question. "
    return Card(
        kind="passed" if chosen.right else "not_yet",
        head="Yes" if chosen.right else "Not quite",
        text=f"{chosen.key}) {chosen.text}",
        lines=(chosen.feedback, "To the other answers:"),
        items=items,
        foot=f"{count}Answers are for you alone and earn no points.",
        label=f"Answer to {question.id}",
        record={"question": question.id, "choice": choice, "right": chosen.right},
    )


def widgets_usable() -> bool:
    """Tell whether buttons would come alive: a Jupyter server started this kernel and serves the widgets itself."""
    return environment.in_jupyter() and bool(find_spec("ipywidgets")) and bool(find_spec("jupyterlab_widgets"))


def _answer(question: Question, choice: str) -> None:
    key = choice.strip().lower().rstrip(")")
    keys = [option.key for option in question.options]
    if key not in keys:
        near = difflib.get_close_matches(key, keys, n=1)
        text = f"{choice!r} is no answer to {question.id}; choose one of {', '.join(near or keys)}."
        raise NotShownError(text, head="No such option", label=f"Question {question.id}")
    right = next(option.right for option in question.options if option.key == key)
    attempt = journal.note(
        lambda progress: progress.record_quiz(unit=question.unit, question=question.name, choice=key, right=right)
    )
    show(feedback_card(question, key, attempt))


def _show_buttons(question: Question) -> None:
    widgets: Any = import_module("ipywidgets")
    answer = widgets.Output()

    def choose(button: Any) -> None:
        answer.clear_output()
        with answer:
            _answer(question, button.description)

    buttons = [
        widgets.Button(description=option.key, tooltip=f"Answer {option.key}: {option.text}")
        for option in question.options
    ]
    for button in buttons:
        button.layout.width = "4em"
        button.on_click(choose)
    row = widgets.HBox([widgets.Label("Your answer:"), *buttons])
    shell = environment.shell()
    if shell is not None:
        data, metadata = shell.display_formatter.format(widgets.VBox([row, answer]))
        shell.display_pub.publish(data=data, metadata=metadata)
