"""The doctor: each finding is honest and says how to mend what is not there."""

import dataclasses
import socket
from importlib import metadata

import pytest

from autograder.learner import doctor


@pytest.fixture
def offered(monkeypatch):
    """Have the machine offer a certain mode at best."""

    def offer(mode):
        monkeypatch.setattr(doctor.modes, "best", lambda: doctor.modes.Offer(mode=mode, works=True))

    return offer


def test_this_machine_is_examined_from_python_to_flights(course):
    """The rows come in the order in which the course needs them."""
    names = [finding.name for finding in doctor.examine(course)]

    assert names == [
        "Python",
        "Packages",
        "Kernel",
        "Course",
        "Write access",
        "Port",
        "Sandbox",
        "Time zones",
        "Flights",
    ]


def test_a_class_has_its_exchange_examined_too(course):
    """Handing in needs the folder that course.toml names."""
    findings = doctor.examine(dataclasses.replace(course, mode="class", exchange="/nowhere/at/all"))

    assert (findings[-1].name, findings[-1].ok) == ("Exchange", False)


def test_a_class_without_an_exchange_is_told_where_hand_ins_go(course):
    """An exchange is one way of several to collect."""
    finding = doctor.check_exchange("")

    assert (finding.ok, "var/submitted" in finding.found) == (True, True)


def test_every_failure_has_a_fix(course):
    """FAIL alone helps nobody."""
    findings = [
        doctor.check_python((3, 9)),
        doctor.check_packages(course.root / "requirements.lock"),
        doctor.check_course(dataclasses.replace(course, root=course.root / "elsewhere")),
        doctor.check_time_zones("Moon/Tranquility"),
        doctor.check_exchange("/nowhere/at/all"),
    ]

    assert [finding.ok for finding in findings if not finding.fix] == []


def test_a_package_in_another_version_fails(tmp_path):
    """The finding names package, version found and version wanted."""
    lock = tmp_path / "requirements.lock"
    lock.write_text("pandas==0.1 \\\n    --hash=sha256:00\n", encoding="utf-8")

    assert f"pandas is {metadata.version('pandas')}, not 0.1" in doctor.check_packages(lock).found


def test_a_missing_package_fails(tmp_path):
    """The finding names it."""
    lock = tmp_path / "requirements.lock"
    lock.write_text("no-such-package-here==1.0\n", encoding="utf-8")

    assert "no-such-package-here 1.0 is not installed" in doctor.check_packages(lock).found


def test_packages_for_other_systems_are_passed_over():
    """A universal lock names packages that this machine must not have."""
    text = 'appnope==1.0 ; sys_platform == "no-such-system"\nattrs==2.0 ; sys_platform != "no-such-system"\n'

    assert list(doctor.locked_packages(text)) == [("attrs", "2.0")]


def test_a_port_in_use_is_passed_over():
    """The course takes the next one, and the doctor says which."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        finding = doctor.check_port(port, "127.0.0.1")

    assert (finding.ok, "is in use" in finding.found) == (True, True)


def test_a_folder_that_takes_no_files_fails(tmp_path):
    """A file in the place of var/ is found before anything is lost."""
    (tmp_path / "var").write_text("", encoding="utf-8")

    assert not doctor.check_writable(tmp_path / "var").ok


def test_the_doctor_leaves_nothing_behind(tmp_path):
    """The trial file is gone."""
    doctor.check_writable(tmp_path / "var")

    assert list((tmp_path / "var").iterdir()) == []


def test_the_kernel_is_this_python():
    """Notebooks run where the course is installed."""
    assert doctor.check_kernel().ok


@pytest.mark.parametrize(("secret", "ok"), [("", False), ("correct horse", True)])
def test_a_class_needs_a_secret(course, secret, ok):
    """Without one the hidden inputs are public, and the row says what to do."""
    findings = doctor.examine(dataclasses.replace(course, mode="class", secret=secret))
    (row,) = [finding for finding in findings if finding.name == "Secret"]

    assert (row.ok, "`course grade --force`" in row.fix, "horse" in row.line) == (ok, not ok, False)


def test_own_work_needs_no_sandbox(course, offered):
    """In self-study the row says that answers run without one, whatever the machine offers."""
    offered("M0")
    finding = doctor.check_sandbox(course)

    assert (finding.ok, "without a sandbox" in finding.found) == (True, True)


@pytest.mark.parametrize(("mode", "ok"), [("M1", True), ("M2", True), ("M3", False), ("M0", False)])
def test_a_class_needs_a_sandbox_that_the_course_accepts(course, offered, mode, ok):
    """The row fails on a machine where `course grade` would refuse to start, and only there."""
    offered(mode)
    finding = doctor.check_sandbox(dataclasses.replace(course, mode="class"))

    assert (finding.ok, bool(finding.fix), "takes M2 or stronger" in finding.found) == (ok, not ok, True)
