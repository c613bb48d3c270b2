"""What a job cannot see, touch or leave behind."""

import os
from pathlib import Path

import pytest
from sandbox_cases import STAYS, ask, attack, is_dead, parent

from autograder.sandbox import plan

REPOSITORY = plan.code_folder()


def test_a_job_holds_its_channel_and_nothing_else(keeper):
    """No descriptor of the server or the keeper is inherited."""
    answer, _ = attack(
        keeper,
        "import os\nresult = []\nfor n in range(1024):\n    try: os.fstat(n); result.append(n)\n"
        "    except OSError: pass\nresult = [n for n in result if n != channel]",
    )

    assert answer["result"] == [0, 1, 2]


def test_a_job_knows_nothing_of_the_environment(keeper):
    """What the grader's own environment holds never reaches a job."""
    os.environ["COURSE_TEST_MARK"] = "secret"
    try:
        answer, _ = attack(keeper, "import os; result = sorted(os.environ)")
    finally:
        del os.environ["COURSE_TEST_MARK"]

    assert not [name for name in answer["result"] if name.startswith(("COURSE", "PYTEST", "HOSTNAME", "VIRTUAL"))]


@pytest.mark.parametrize(
    "path",
    ["source", "course", "course.toml", "tests", ".git/HEAD", "autograder/judge/scoring.py", "var"],
)
def test_the_repository_is_not_there(keeper, path):
    """Neither answers nor tests nor the judge can be read."""
    place = REPOSITORY / path
    answer, _ = attack(
        keeper,
        f"import os\nplace = {str(place)!r}\nresult = os.listdir(place) if os.path.isdir(place) else open(place)",
    )

    assert answer["error"].split(":")[0] in {"FileNotFoundError", "PermissionError"}


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "/proc/self/environ", "/proc/1/status", "/sys/kernel", "/root", "/home"]
)
def test_the_host_is_not_there(keeper, path):
    """Of the host's files a job sees Python and the libraries."""
    answer, _ = attack(
        keeper, f"import os\nresult = os.listdir({path!r}) if os.path.isdir({path!r}) else open({path!r}).read()"
    )

    assert answer.get("error", "").split(":")[0] in {"FileNotFoundError", "PermissionError"} or path == "/root"
    assert set(answer.get("result") or []) <= {".pyenv"}  # the way to an interpreter that lies there


@pytest.mark.parametrize("path", ["/", "/tmp/..", "/dev", "/dev/shm", "/course", "/course/code", "/usr/lib", "/mnt"])
def test_nothing_can_be_written_outside(keeper, path):
    """The one writable place is the job's own."""
    answer, _ = attack(keeper, f"open({path!r} + '/x', 'w')")

    assert answer["error"].split(":")[0] in {"FileNotFoundError", "PermissionError", "OSError"}


def test_a_package_can_be_imported_but_not_changed(keeper):
    """Neither on the disk nor for the next job."""
    first, _ = attack(keeper, "import numpy\nnumpy.mean = lambda *_: 42.0\nresult = numpy.mean([1.0])")
    second, _ = attack(keeper, "import numpy; result = numpy.mean([1.0])")

    assert (first["result"], second["result"]) == (42.0, 1.0)


def test_two_jobs_do_not_see_each_others_files(keeper):
    """A path that one job tells leads nowhere in another."""
    with keeper.job() as one, keeper.job() as other:
        told = ask(one, STAYS.format("import os\nopen('secret', 'w').write('x'); result = os.path.abspath('secret')"))
        found = ask(
            other,
            f"import os\nplace = {told['result']!r}\nresult = []\n"
            "for act in (lambda: open(place).read(), lambda: open(place, 'w'), lambda: os.remove(place)):\n"
            "    try: act(); result.append('done')\n    except OSError as error: result.append(type(error).__name__)",
        )

    if keeper.mode == "M1":  # the same path leads to the job's own place
        assert found["result"] == ["FileNotFoundError", "done", "done"]
    else:
        assert found["result"] == ["PermissionError"] * 3


@pytest.mark.parametrize("path", ["/dev/null", "__numpy__", "work"])
def test_no_file_can_be_locked(keeper, path):
    """A lock on what two jobs share would carry messages; none is granted, seen or waited for."""
    answer, _ = attack(
        keeper,
        f"import fcntl, numpy, os\npath = {path!r}\n"
        "if path == 'work': open(path, 'w').close()\n"
        "files = [0, 1] + [os.open(numpy.__file__ if path == '__numpy__' else path, os.O_RDONLY)]\n"
        "acts = [lambda f: fcntl.lockf(f, fcntl.LOCK_EX | fcntl.LOCK_NB), lambda f: fcntl.flock(f, fcntl.LOCK_SH),\n"
        "        lambda f: fcntl.lockf(f, fcntl.LOCK_SH | fcntl.LOCK_NB),\n"
        "        lambda f: fcntl.fcntl(f, 1024, 0), lambda f: fcntl.fcntl(f, 37, bytes(32))]\n"
        "result = 0\nfor file in files:\n    for act in acts:\n"
        "        try: act(file)\n        except OSError: result += 1",
    )

    assert answer["result"] == 15


def test_nobody_can_be_signalled(keeper):
    """Neither the server, nor another job, nor everybody."""
    with keeper.job() as other:
        answer, _ = attack(
            keeper,
            "import os\nresult = []\nfor pid in [os.getppid() or 2, 2, 3, -1, 0, *range(4, 300)]:\n"
            "    if pid == os.getpid(): continue\n"
            "    try: os.kill(pid, 9); result.append(pid)\n    except OSError: pass",
        )

        assert (answer["result"], other.alive(), keeper.gone) == ([], True, False)


def test_a_job_is_not_root_and_cannot_become_anything(keeper):
    """No capability, no other user, no new program that could have some."""
    answer, _ = attack(
        keeper,
        "import ctypes, os\nlibc = ctypes.CDLL(None)\n"
        "result = [os.getuid() != 0, libc.setuid(0), libc.setresuid(0, 0, 0), libc.chroot(b'/'), libc.capset(0, 0)]",
    )

    assert answer["result"] == [True, -1, -1, -1, -1]


def test_a_job_runs_alone(keeper):
    """One thread, so that nothing of the server's goes on in it."""
    with keeper.job() as job:
        tasks = len(list(Path(f"/proc/{job.pid}/task").iterdir()))

    assert tasks == 1


def test_nothing_survives_a_job(keeper):
    """Processes, threads and files end with it."""
    job = keeper.job()
    answer = ask(
        job,
        "import os, threading, time\nopen('left', 'w').write('x')\nos.mkdir('a'); os.mkdir('a/b'); os.chmod('a', 0)\n"
        "try: threading.Thread(target=time.sleep, args=(10**6,)).start()\n"
        "except RuntimeError: pass  # in M3 a busy machine may refuse it\n"
        "result = os.getcwd()",
    )
    pid = job.pid
    job.end()

    assert is_dead(pid)
    with keeper.job() as another:
        root = "" if keeper.mode == "M3" else f"/proc/{parent(another.pid)}/root"
        assert not Path(f"{root}{answer['result']}/left").exists()


def test_a_folder_too_deep_to_be_named_is_removed(keeper):
    """Cleaning up after a job cannot end the server."""
    attack(
        keeper,
        "import os\nfor n in range(90):\n    os.mkdir('x' * 200); os.chdir('x' * 200)\nresult = 1",
    )
    answer, _ = attack(keeper, "result = 1")

    assert (answer["result"], keeper.gone) == (1, False)
