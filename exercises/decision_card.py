"""
The card at the end of each lesson: two sides of one choice in one fixed shape, and a file to take to work.

Decides the shape. The texts and the figures come from the lesson, which measured them.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Side:
    """
    One side of a choice.

    Attributes:
        name: What the side is called.
        definition: One sentence.
        choose: When to choose it.
        avoid: When to avoid it.
        cost: What it cost in this lesson, with figures that were measured.
        noticed: How you notice that you chose wrong.
        elsewhere: A case from another field: clinic, shop, farm, bank.
    """

    name: str
    definition: str
    choose: str
    avoid: str
    cost: str
    noticed: str
    elsewhere: str


ROWS = (
    ("definition", "What it is"),
    ("choose", "Choose it when"),
    ("avoid", "Avoid it when"),
    ("cost", "What it cost here"),
    ("noticed", "How you notice that you chose wrong"),
    ("elsewhere", "Elsewhere"),
)


@dataclass(frozen=True, kw_only=True)
class DecisionCard:
    """A choice with its sides; as the last value of a cell it shows itself as a table."""

    title: str
    sides: tuple[Side, ...]
    ask_first: tuple[str, ...] = ()  # questions to put at work before choosing

    def save(self, path: Path) -> Path:
        """Write the card as Markdown to *path*, over an older one, and return the path."""
        path.write_text(self.markdown(), encoding="utf-8")
        return path

    def markdown(self) -> str:
        """Write the card as Markdown; the column on the right is left for the reader's own system."""
        names = [side.name for side in self.sides]
        lines = [f"# {self.title}", "", f"| | {' | '.join(names)} | My system |", "|---" * (len(names) + 2) + "|"]
        lines += [
            f"| **{label}** | {' | '.join(getattr(side, key).replace('|', '/') for side in self.sides)} | |"
            for key, label in ROWS
        ]
        if self.ask_first:
            lines += ["", "## Ask first", "", *(f"- [ ] {question}" for question in self.ask_first)]
        return "\n".join(lines) + "\n"

    def _repr_html_(self) -> str:
        left = 'style="text-align: left"'
        head = "".join(f'<th scope="col" {left}>{escape(side.name)}</th>' for side in self.sides)
        body = "".join(
            f'<tr><th scope="row" {left}>{label}</th>'
            + "".join(f"<td {left}>{escape(getattr(side, key))}</td>" for side in self.sides)
            + "</tr>"
            for key, label in ROWS
        )
        top = f"<caption>{escape(self.title)}</caption><thead><tr><td></td>{head}</tr></thead>"
        return f"<table>{top}<tbody>{body}</tbody></table>"

    def __repr__(self) -> str:
        return self.markdown()
