"""
The command `course badge`: parse, call, print. Decides nothing.

Exit status of `verify`: 0 valid, 1 not valid, 2 unknown issuer, 3 status unknown, 4 nothing was checked, because a file
cannot be read. Of the others: 0 fine, 1 work left (a badge that waits for somebody), 2 used wrongly or stopped by an
error.
"""

from __future__ import annotations

import getpass
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from autograder.errors import GraderError, PlatformError
from autograder.settings import load_settings

NOT_CHECKED = 4  # of `verify`: a status beside those of the verdicts

app = typer.Typer(help="Issue, check, publish and revoke the badge.", no_args_is_help=True)


@contextmanager
def _told(status: int = 2) -> Iterator[None]:
    """Turn an error that was raised on purpose into one clear line and an exit status."""
    try:
        yield
    except GraderError as error:
        typer.echo(f"course: {error}", err=True)
        raise typer.Exit(status) from error


@app.command()
def keygen(
    rotate: Annotated[bool, typer.Option("--rotate", help="A new key signs; old badges stay valid.")] = False,
    withdraw: Annotated[
        bool, typer.Option("--withdraw", help="The old key is in wrong hands: a new one signs, old badges fail.")
    ] = False,
) -> None:
    """Make the issuer's key, outside the course's folder."""
    from autograder.badge.issuing import make_issuer_key
    from autograder.badge.keys import key_path

    with _told():
        settings = load_settings()
        did = make_issuer_key(settings, rotate=rotate, withdraw=withdraw)
    typer.echo(f"{did} signs from now on.")
    typer.echo(f"The key is {key_path(settings.keys, did)}. Keep a copy of it, and of {settings.var / 'badges'}.")


@app.command()
def issue(
    learners: Annotated[list[str] | None, typer.Argument(help="Learners; all who are due if none is named.")] = None,
    email: Annotated[str, typer.Option(help="E-mail of the one learner; only a salted hash is written.")] = "",
    name: Annotated[str, typer.Option(help="Name of the one learner, if they wish it in the badge.")] = "",
) -> None:
    """Issue every badge that is due; each learner gets one, however often this runs."""
    from autograder.badge.issuing import Person, issue_due

    with _told():
        if (email or name) and len(learners or ()) != 1:
            raise PlatformError("--email and --name are about one learner; name exactly one")
        people = {learners[0]: Person(email=email, name=name)} if learners and (email or name) else None
        settings = load_settings()
        report = issue_due(settings, actor=getpass.getuser(), learners=learners, people=people, progress=_progress)
    for badge in (*report.issued, *report.renewed):
        word = "issued" if badge.revision == 1 else "renewed"
        typer.echo(f"{word} {badge.learner}: {badge.id}")
    for stopped in report.stopped:
        typer.echo(f"waits  {stopped.learner}: {stopped.reason}", err=True)
    typer.echo(
        f"{len(report.issued)} issued, {len(report.renewed)} renewed, {report.unchanged} unchanged, "
        f"{len(report.stopped)} wait for you. Files: {settings.var / 'badges' / 'learners'}"
    )
    raise typer.Exit(1 if report.stopped else 0)


def _progress(done: int, total: int) -> None:
    if sys.stderr.isatty():
        typer.echo(f"\r{done} of {total} badges", nl=done == total, err=True)


@app.command()
def verify(
    file: Annotated[str, typer.Argument(help="JSON, PNG or SVG; - reads standard input.")],
    email: Annotated[str, typer.Option(help="The badge must have been issued to this e-mail.")] = "",
    trust: Annotated[list[Path] | None, typer.Option(help="trust.json of an issuer whom you trust.")] = None,
    status_dir: Annotated[Path | None, typer.Option(help="Folder with the issuer's status lists.")] = None,
    online: Annotated[bool, typer.Option("--online", help="Fetch the status list of a trusted issuer.")] = False,
    evidence: Annotated[Path | None, typer.Option(help="This notebook must be one of those that were graded.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the verdict as JSON.")] = False,
) -> None:
    """Check a badge; needs no key, no course and no network."""
    from autograder.badge.checking import check_file
    from autograder.badge.verdicts import verdict_json, verdict_lines

    with _told(NOT_CHECKED):
        data = _read(file)
        checked = check_file(
            data,
            email=email,
            trust=trust or [],
            status_dir=status_dir,
            online=online,
            evidence=_read(str(evidence)) if evidence else None,
        )
    if as_json:
        typer.echo(json.dumps(verdict_json(checked), ensure_ascii=False))
    else:
        for line in verdict_lines(checked):
            typer.echo(line)
    raise typer.Exit(int(checked.verdict))


def _read(name: str) -> bytes:
    from autograder.badge.verify import MAX_FILE_BYTES

    try:
        if name == "-":
            return sys.stdin.buffer.read(MAX_FILE_BYTES + 1)
        with Path(name).open("rb") as file:
            return file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise PlatformError(f"{name}: cannot be read: {error.strerror}; nothing was checked") from error


@app.command()
def revoke(
    badge: Annotated[str, typer.Argument(help="The badge's id, urn:uuid:...")],
    reason: Annotated[str, typer.Option(help="For your private log; never published.")],
) -> None:
    """Revoke a badge for good; publish afterwards, so that verifiers hear of it."""
    from autograder.badge.issuing import revoke as revoke_badge

    with _told():
        settings = load_settings()
        record = revoke_badge(settings, badge, reason=reason, actor=getpass.getuser())
    typer.echo(f"{record.id} of {record.learner} is revoked. Type now: course badge publish")


@app.command()
def publish(
    to: Annotated[Path | None, typer.Option(help="Folder for a static host; var/badges/site if left out.")] = None,
    profile: Annotated[list[str] | None, typer.Option(help="Publish this learner's profile, as they wish.")] = None,
    scores: Annotated[bool, typer.Option("--scores", help="Show the scores on these profiles.")] = False,
    private: Annotated[list[str] | None, typer.Option(help="Take this learner's profile down.")] = None,
) -> None:
    """Write the files that the world may see: trust and status lists, verify page, wished profiles."""
    from autograder.badge.publish import publish_site

    with _told():
        settings = load_settings()
        site = publish_site(settings, to=to, profiles=profile or [], scores=scores, private=private or [])
    for path in site.written:
        typer.echo(str(path))
    typer.echo(f"Copy {site.folder} to any static host. The status lists are good until {site.valid_until:%Y-%m-%d}.")
