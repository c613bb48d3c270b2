"""What the jail shows, as data: it follows that a server's memory can hold no test."""

from pathlib import Path

import pytest

from autograder.sandbox import launch, plan


def test_the_jail_shows_no_folder_that_holds_the_repository():
    """A bind above it would show course/ and source/."""
    code = plan.code_folder()
    shown = [Path(bind.source) for bind in plan.layout().binds]

    assert not [place for place in shown if code == place or place in code.parents]


def test_of_the_grader_the_jail_shows_the_protocol_and_the_inner_half():
    """No judge, no gradebook, no submissions, no settings."""
    parts = {bind.target for bind in plan.layout().binds if bind.target.startswith(plan.CODE)}

    assert parts == {
        f"{plan.CODE}/{part}"
        for part in (
            "exercises",
            "autograder/__init__.py",
            "autograder/protocol",
            "autograder/sandbox/__init__.py",
            "autograder/sandbox/inside",
        )
    }


def test_bubblewrap_is_told_everything_that_matters():
    """Every namespace, no session, no orphan, no environment, nothing writable, and where the options end."""
    for nested in (True, False):
        words = plan.bubblewrap(plan.layout(), ["python"], hash_seed=0, tmp_bytes=1, nested=nested)
        options, command = words[: words.index("--")], words[words.index("--") + 1 :]

        assert {"--unshare-all", "--unshare-user", "--new-session", "--die-with-parent", "--clearenv"} <= set(options)
        assert ("--disable-userns" in options) != nested
        assert "--share-net" not in options
        assert "--bind" not in options  # nothing of the host is writable
        assert command == ["python"]


def test_python_takes_nothing_from_where_it_stands():
    """No user site, no site of its own, no working folder, no bytecode."""
    command = plan.python_command("/usr/bin/python3", 7)

    assert {"-s", "-S", "-P", "-B"} <= set(command)


@pytest.mark.parametrize("mode", ["M1", "M2", "M3"])
def test_a_server_is_never_started_as_root(mode, monkeypatch):
    """From root it becomes a user who owns nothing."""
    monkeypatch.setattr(launch.os, "geteuid", lambda: 0)
    design = launch.design(mode, control=5, hash_seed=0, file_bytes=1)

    assert "autograder.sandbox.stage" in design.command
    assert f'"user": {launch.UNPRIVILEGED}' in design.command[-1]


def test_a_path_below_a_closed_folder_is_not_open(tmp_path):
    """Every folder above counts."""
    place = tmp_path / "a" / "file"
    place.parent.mkdir()
    place.write_text("x")
    place.parent.chmod(0o700)

    assert not plan.open_to_all(str(place))
    assert plan.open_to_all("/usr/bin")
