"""Read course.toml and the environment into one frozen Settings. Unknown names are errors."""

from __future__ import annotations

import difflib
import getpass
import os
import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import platformdirs

from autograder.errors import SettingsError
from autograder.model import PASS_SHARE

COURSE_FILE = "course.toml"
ASSIGNMENT_FILE = "assignment.ipynb"  # nbgrader's name for the notebook of a unit, whoever's folder it stands in
TIMESTAMP_FILE = "timestamp.txt"  # nbgrader's: beside it, when it was handed in
SANDBOXES = ("M1", "M2", "M3")  # strongest first; docs/threat-model.md says what each keeps out
MAX_ISSUER = 100  # characters of the name that a badge shows
ADDRESS = re.compile(r"https://[a-z0-9.-]+(?::[0-9]{1,5})?(?:/[A-Za-z0-9._~-]+)*")
LEARNER_NAME = re.compile(r"[A-Za-z0-9_.@-]{1,64}")
TOP_NAMES = frozenset(
    {"title", "mode", "pass_share", "learner", "units", "due", "extensions", "grading", "db_url", "badge"}
    | {"exchange", "course_id"}
)


@dataclass(frozen=True, kw_only=True)
class UnitSetting:
    """One line of the table [units]."""

    name: str
    required: bool = True  # for the badge


@dataclass(frozen=True, kw_only=True)
class GradingLimits:
    """Ceilings for the grading of one submission."""

    cell_seconds: int = 30  # real time of one cell
    max_notebook_bytes: int = 10 << 20  # a larger submission is refused unread
    jobs: int = 2  # submissions graded side by side
    sandbox: str = "M2"  # the weakest sandbox in which other people's work is graded


@dataclass(frozen=True, kw_only=True)
class BadgeSettings:
    """Who signs badges, and where they are published."""

    issuer: str = ""  # shown as the issuer's name; empty: the course's title
    address: str = ""  # https address of the published folder; empty: badges need no hosting


@dataclass(frozen=True, kw_only=True)
class Settings:
    """All that may differ between two installations of the course."""

    root: Path
    title: str = "Production ML systems"
    mode: Literal["self-study", "class"] = "self-study"
    pass_share: float = PASS_SHARE
    learner: str = "learner"
    units: tuple[UnitSetting, ...] = ()
    due: Mapping[str, datetime] = field(default_factory=dict)
    extensions: Mapping[str, datetime] = field(default_factory=dict)  # key "learner/unit"
    grading: GradingLimits = GradingLimits()
    db_url: str = ""
    secret: str = field(default="", repr=False)  # hidden inputs are drawn from it; empty in self-study hides nothing
    var_folder: Path | None = None  # another place than root/var
    exchange: str = ""  # folder of nbgrader's exchange, in a class; empty: submissions stay under var/submitted
    course_id: str = "production-ml"  # the course's name in that exchange
    badge: BadgeSettings = BadgeSettings()
    keys_folder: Path | None = None  # of the issuer's keys, outside any work tree; None: the user's data folder

    def is_own_work(self, learners: Collection[str] | None) -> bool:
        """Tell whether grading *learners*, or everybody if None, runs nobody's answers but the owner's."""
        return self.mode == "self-study" and learners is not None and set(learners) == {self.learner}

    @property
    def inputs_are_public(self) -> bool:
        """Tell whether a class is graded with hidden inputs that anybody can draw, for want of a secret."""
        return self.mode == "class" and not self.secret

    @property
    def var(self) -> Path:
        """Everything that a command writes."""
        return self.var_folder or self.root / "var"

    @property
    def course(self) -> Path:
        """What people write; missing in a learner's bundle."""
        return self.root / "course"

    @property
    def notebooks(self) -> Path:
        """Built lessons."""
        return self.root / "notebooks"

    @property
    def source(self) -> Path:
        """Built instructor assignments."""
        return self.root / "source"

    @property
    def work(self) -> Path:
        """The learner's own copies: JupyterLab's root."""
        return self.var / "work"

    @property
    def release(self) -> Path:
        """Released assignments."""
        return self.var / "release"

    @property
    def submitted(self) -> Path:
        """What was handed in: submitted/LEARNER/UNIT/assignment.ipynb."""
        return self.var / "submitted"

    @property
    def autograded(self) -> Path:
        """Notebooks that ran, in nbgrader's layout."""
        return self.var / "autograded"

    @property
    def feedback(self) -> Path:
        """Feedback pages, in nbgrader's layout."""
        return self.var / "feedback"

    @property
    def keys(self) -> Path:
        """The issuer's private keys."""
        if self.keys_folder is not None:
            return self.keys_folder
        named = os.environ.get("COURSE_KEYS")
        return Path(named).absolute() if named else platformdirs.user_data_path("production-ml-course") / "keys"

    def unit_name(self, text: str) -> str:
        """
        Find the one unit that *text* names: "01", "1" or "01_training".

        Raises:
            SettingsError: If no unit of course.toml fits.
        """
        names = [unit.name for unit in self.units]
        number = text.lstrip("0").zfill(2) if text.isdigit() else text
        fitting = [name for name in names if name == text or name.split("_", 1)[0] == number]
        if len(fitting) != 1:
            raise SettingsError(f"no unit {text!r}; course.toml lists {', '.join(names) or 'none'}")
        return fitting[0]


def find_root(start: Path) -> Path:
    """Find the nearest folder at or above *start* that holds course.toml."""
    for folder in (start, *start.parents):
        if (folder / COURSE_FILE).is_file():
            return folder
    raise SettingsError(f"no {COURSE_FILE} in {start} or above it; run the command inside the course's folder")


def load_settings(root: Path | None = None, environ: Mapping[str, str] | None = None) -> Settings:
    """
    Read course.toml and the environment.

    Args:
        root: Folder of course.toml; COURSE_ROOT or the nearest one above the working folder if None.
        environ: Environment to read; the process's own if None.

    Raises:
        SettingsError: If a name is unknown, a value impossible, or the file missing.
    """
    env = os.environ if environ is None else environ
    folder = root or (Path(env["COURSE_ROOT"]) if env.get("COURSE_ROOT") else find_root(Path.cwd()))
    path = folder / COURSE_FILE
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read ({error.strerror}); is this the course's folder?") from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path}: not valid TOML: {error}") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path}: byte {error.start} is not UTF-8 text; save the file as UTF-8") from error
    _refuse_unknown(path, table, TOP_NAMES)
    units = tuple(_unit(path, name, value) for name, value in _table(path, table, "units").items())
    names = {unit.name for unit in units}
    due = {name: _moment(path, "due", name, value) for name, value in _table(path, table, "due").items()}
    for name in due:
        _refuse_unknown_unit(path, "due", name, names, name)
    extensions = {
        key: _moment(path, "extensions", key, value) for key, value in _table(path, table, "extensions").items()
    }
    for key in extensions:
        _refuse_unknown_unit(path, "extensions", key, names, key.partition("/")[2])
    root_folder = folder.resolve()
    var = Path(env["COURSE_VAR"]).resolve() if env.get("COURSE_VAR") else root_folder / "var"
    db_url = env.get("COURSE_DB_URL") or _typed(path, table, "db_url", str, "")
    return Settings(
        root=root_folder,
        var_folder=var,
        title=_typed(path, table, "title", str, "Production ML systems"),
        mode=_mode(path, table.get("mode", "self-study")),
        pass_share=_share(path, table.get("pass_share", PASS_SHARE)),
        learner=_learner(path, env.get("COURSE_LEARNER") or table.get("learner") or _account(path)),
        units=units,
        due=due,
        extensions=extensions,
        grading=_grading(path, _table(path, table, "grading")),
        badge=_badge(path, _table(path, table, "badge")),
        keys_folder=Path(env["COURSE_KEYS"]).absolute() if env.get("COURSE_KEYS") else None,
        secret=env.get("COURSE_SECRET", ""),
        exchange=_typed(path, table, "exchange", str, ""),
        course_id=_typed(path, table, "course_id", str, "production-ml"),
        db_url=db_url or f"sqlite:///{var / 'gradebook.db'}",
    )


def _table(path: Path, table: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = table.get(name, {})
    if not isinstance(value, dict):
        raise SettingsError(f"{path}: {name} = {value!r} is no table; write it below a line [{name}]")
    return value


def _refuse_unknown(path: Path, table: Mapping[str, Any], known: Collection[str], where: str = "") -> None:
    for name in table:
        if name not in known:
            close = difflib.get_close_matches(name, known, n=1)
            advice = f"; did you mean {close[0]!r}?" if close else f"; known are {', '.join(sorted(known))}"
            raise SettingsError(f"{path}: unknown setting {where + name!r}{advice}")


def _refuse_unknown_unit(path: Path, table: str, key: str, known: set[str], unit: str) -> None:
    if unit not in known:
        raise SettingsError(f"{path}: [{table}] {key!r} names the unit {unit!r}, which [units] does not list")


def _typed(path: Path, table: Mapping[str, Any], name: str, kind: type, default: Any) -> Any:
    value = table.get(name, default)
    if type(value) is not kind:
        raise SettingsError(f"{path}: {name} = {value!r} is not of type {kind.__name__}")
    return value


def _unit(path: Path, name: str, value: Any) -> UnitSetting:
    if not re.fullmatch(r"\d\d_[a-z0-9_]+", name):
        raise SettingsError(f"{path}: [units] {name!r}: a unit is named NN_name, for example 01_training")
    if not isinstance(value, dict):
        raise SettingsError(f"{path}: [units] {name!r} must be a table such as {{ required = true }}")
    _refuse_unknown(path, value, {"required"}, f"units.{name}.")
    return UnitSetting(name=name, required=_typed(path, value, "required", bool, True))


def _mode(path: Path, value: Any) -> Literal["self-study", "class"]:
    if value == "self-study":
        return "self-study"
    if value == "class":
        return "class"
    raise SettingsError(f"{path}: mode = {value!r}; it is 'self-study' or 'class'")


def _share(path: Path, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 1:
        raise SettingsError(f"{path}: pass_share = {value!r}; it is a share above 0 and at most 1")
    return float(value)


def _learner(path: Path, value: Any) -> str:
    if not isinstance(value, str) or not LEARNER_NAME.fullmatch(value) or value in {".", ".."}:
        raise SettingsError(f"{path}: learner = {value!r}; use 1 to 64 letters, digits and . _ - @")
    return value


def _account(path: Path) -> str:
    """Name the account; a container may run as a user whom its system does not know."""
    try:
        return getpass.getuser()
    except (KeyError, OSError) as error:
        raise SettingsError(f"{path}: this account has no name; set learner there, or COURSE_LEARNER") from error


def _moment(path: Path, table: str, key: str, value: Any) -> datetime:
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise SettingsError(f"{path}: [{table}] {key} = {value!r} needs a date, a time and a zone")
    return value


def _grading(path: Path, table: Mapping[str, Any]) -> GradingLimits:
    numbers = ("cell_seconds", "max_notebook_bytes", "jobs")
    _refuse_unknown(path, table, {*numbers, "sandbox"}, "grading.")
    defaults = GradingLimits()
    values = {name: _typed(path, table, name, int, getattr(defaults, name)) for name in numbers}
    for name, value in values.items():
        if value < 1:
            raise SettingsError(f"{path}: grading.{name} = {value}; it is at least 1")
    sandbox = table.get("sandbox", defaults.sandbox)
    if sandbox not in SANDBOXES:
        raise SettingsError(f"{path}: grading.sandbox = {sandbox!r}; it is one of {', '.join(SANDBOXES)}")
    return GradingLimits(**values, sandbox=sandbox)


def _badge(path: Path, table: Mapping[str, Any]) -> BadgeSettings:
    _refuse_unknown(path, table, {"issuer", "address"}, "badge.")
    issuer = _typed(path, table, "issuer", str, "")
    if len(issuer) > MAX_ISSUER or any(mark in issuer for mark in "{}<>") or not issuer.isprintable():
        raise SettingsError(f"{path}: badge.issuer = {issuer!r}; use at most {MAX_ISSUER} characters, none of {{}}<>")
    address = _typed(path, table, "address", str, "").rstrip("/")
    if address and not ADDRESS.fullmatch(address):
        raise SettingsError(f"{path}: badge.address = {address!r}; it is https://HOST/FOLDER, or empty")
    return BadgeSettings(issuer=issuer, address=address)
