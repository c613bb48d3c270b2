"""
Cards: what a learner sees instead of a traceback. A card is text first; its HTML adds shape, never meaning.

Decides how a result looks in a notebook, on a static page and in a terminal. Words and an icon carry the outcome,
never colour alone; no script, nothing from another host; every text from outside is escaped. It never runs a check.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from exercises import environment
from exercises.errors import NotShownError

CardKind = Literal["passed", "not_yet", "not_started", "calm"]

ICONS: Mapping[CardKind, str] = {"passed": "\u2713", "not_yet": "\u2192", "not_started": "\u25cb", "calm": "i"}
# white on each is over 4.5 : 1, and each stands over 3 : 1 on JupyterLab's white and on its two near-blacks
BADGES: Mapping[CardKind, str] = {
    "passed": "#2e7d32",
    "not_yet": "#b0500c",
    "not_started": "#5f6f80",
    "calm": "#3f6fc4",
}
# two classes a rule: JupyterLab's own rules for tables and lists in outputs have one and two
STYLE = """
.course-card{display:flex;gap:.85em;max-width:46em;box-sizing:border-box;margin:.35em 0;padding:.75em 1em;
border:1px solid var(--jp-border-color2,rgba(128,128,128,.45));border-left:4px solid var(--course-badge);
border-radius:6px;background:var(--jp-layout-color1,transparent);
color:var(--jp-content-font-color0,var(--vscode-foreground,inherit));
font:400 var(--jp-content-font-size1,14px)/1.5 var(--jp-content-font-family,system-ui,sans-serif)}
.course-card-badge{flex:none;width:1.65em;height:1.65em;border-radius:50%;background:var(--course-badge);
color:#fff;font-weight:700;line-height:1.65em;text-align:center}
.course-card-body{min-width:0;flex:1}
.course-card .course-card-body p,.course-card .course-card-body ul{margin:0 0 .35em}
.course-card .course-card-body ul{padding-left:.2em;list-style:none}
.course-card .course-card-body li{margin:0 0 .2em;padding-left:1.35em;text-indent:-1.35em}
.course-card-wide{max-width:64em}
.course-card-scroll{overflow-x:auto}
.course-card .course-card-body>:last-child{margin-bottom:0}
.course-card-head{font-size:1.07em}
.course-card-foot,.course-card caption{font-size:.9em;
color:var(--jp-content-font-color1,var(--vscode-foreground,inherit))}
.course-card code,.course-card pre{font-family:var(--jp-code-font-family,monospace);font-size:.92em;
background:rgba(128,128,128,.13);color:inherit;border-radius:3px}
.course-card code{padding:.08em .3em;overflow-wrap:anywhere}
.course-card pre{margin:.4em 0;padding:.6em .8em;overflow-x:auto;white-space:pre}
.course-card pre code{padding:0;background:none}
.course-card summary{cursor:pointer;font-size:.9em}
.course-card .course-card-body table{width:100%;margin:.5em 0;border-collapse:collapse;border:0;
font-size:.95em;table-layout:auto}
.course-card .course-card-body tbody tr{background:none}
.course-card caption{padding:0 0 .3em;text-align:left}
.course-card .course-card-body th,.course-card .course-card-body td{padding:.4em .6em;border:0;
border-bottom:1px solid var(--jp-border-color2,rgba(128,128,128,.45));text-align:left;vertical-align:top;
white-space:normal;background:none;max-width:none;font-weight:400}
.course-card .course-card-body thead th{font-weight:600}
.course-card .course-card-body tbody th{width:30%;min-width:9em}
.course-card .course-card-body td{min-width:4em}
.course-card .course-card-body td.advice{min-width:14em}
.course-card .course-card-body td.result{white-space:nowrap}
.course-card .course-card-body .number{text-align:right;white-space:nowrap}
"""


@dataclass(frozen=True, kw_only=True)
class Table:
    """Rows below a card's text: a name, a result in a word, texts, and last a number that stands right."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, kw_only=True)
class Card:
    """One message: an outcome in words, a sentence or two, and what is folded away."""

    kind: CardKind
    head: str  # "Passed"
    text: str = ""  # beside the head, after a dash
    lines: tuple[str, ...] = ()  # paragraphs; `code` in backticks
    items: tuple[str, ...] = ()  # a list after the paragraphs
    table: Table | None = None
    code: str = ""  # shown as a block of code
    foot: str = ""  # attempt number and the like
    details: str = ""  # folded: the traceback
    label: str = "Course"  # what the card is about, for a screen reader
    record: Mapping[str, Any] = field(default_factory=dict)  # for programs: metadata of the output

    def __repr__(self) -> str:
        """Return the whole card as plain text, for a terminal and for readers of text/plain."""
        first = f"{ICONS[self.kind]} {self.head}" + (f" - {self.text}" if self.text else "")
        parts = [first, *self.lines, *(f"  - {item}" for item in self.items)]
        if self.table is not None:
            parts += _table_text(self.table)
        parts += [text for text in (self.code, self.foot) if text]
        return "\n".join(parts)

    def _repr_html_(self) -> str:
        body = [f'<p class="course-card-head"><strong>{html.escape(self.head)}</strong>{_dash(self.text)}</p>']
        body += [f"<p>{inline(line)}</p>" for line in self.lines]
        if self.items:
            body.append("<ul>" + "".join(f"<li>{inline(item)}</li>" for item in self.items) + "</ul>")
        if self.table is not None:
            body.append(_table_html(self.table))
        if self.code:
            body.append(f'<pre tabindex="0"><code>{html.escape(self.code)}</code></pre>')
        if self.foot:
            body.append(f'<p class="course-card-foot">{inline(self.foot)}</p>')
        if self.details:
            body.append(
                "<details><summary>Show Python's own message</summary>"
                f'<pre tabindex="0"><code>{html.escape(self.details)}</code></pre></details>'
            )
        wide = "" if self.table is None else " course-card-wide"
        return (
            f"<style>{STYLE}</style>"
            f'<div class="course-card{wide}" role="group" aria-label="{html.escape(self.label)}"'
            f' style="--course-badge:{BADGES[self.kind]}">'
            f'<span class="course-card-badge" aria-hidden="true">{ICONS[self.kind]}</span>'
            f'<div class="course-card-body">{"".join(body)}</div></div>'
        )


def inline(text: str) -> str:
    """Escape *text* for HTML and set what stands in backticks as code."""
    return re.sub(r"`([^`\n]+)`", r"<code>\1</code>", html.escape(text)).replace("\n", "<br>")


def show(card: Card) -> None:
    """Show a card: as rich output in a notebook or IPython, as plain text elsewhere."""
    shell = environment.shell()
    if shell is None:
        print(card)
        return
    shell.display_pub.publish(
        data={"text/plain": repr(card), "text/html": card._repr_html_()},
        metadata={"course": dict(card.record)} if card.record else {},
    )


def show_refusal(error: NotShownError) -> None:
    """Show in a calm card why something else is not shown."""
    show(Card(kind="calm", head=error.head, text=str(error), label=error.label))


def _dash(text: str) -> str:
    return f" \u2013 {inline(text)}" if text else ""


def _table_html(table: Table) -> str:
    caption = inline(table.caption)
    *names, last = (inline(name) for name in table.columns)
    head = "".join(f'<th scope="col">{name}</th>' for name in names) + f'<th scope="col" class="number">{last}</th>'
    rows = "".join(f"<tr>{_row_html(row)}</tr>" for row in table.rows)
    return (  # a wide table scrolls in its own box, which the keyboard can reach
        f'<div class="course-card-scroll" role="group" aria-label="{caption}" tabindex="0">'
        f"<table><caption>{caption}</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _row_html(row: Sequence[str]) -> str:
    first, result, *middle, last = (inline(text) for text in row)
    cells = "".join(f'<td class="advice">{text}</td>' for text in middle)
    return f'<th scope="row">{first}</th><td class="result">{result}</td>{cells}<td class="number">{last}</td>'


def _table_text(table: Table) -> list[str]:
    rows = (" | ".join(text.replace("\n", "\n      ") for text in row if text) for row in table.rows)
    return [f"{table.caption}:", *(f"  {row}" for row in rows)]
