"""Renew requirements.lock, requirements-test.lock and environment.yml from pyproject.toml. Needs the package index."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UV = Path(sys.executable).parent / "uv"
COMPILE = ["pip", "compile", "--quiet", "--universal", "--generate-hashes", "--no-emit-index-url"]
COMPILE += ["--python-version", "3.11", "--no-header", "--no-annotate"]


def environment_yml(lock: str) -> str:
    """Write the conda environment that installs exactly what *lock* names, through pip and with its hashes."""
    if "--hash=sha256:" not in lock:
        raise SystemExit("requirements.lock holds no hashes; run make lock")
    return (
        "# Made by `make lock`; conda gives Python, pip gives the versions of requirements.lock.\n"
        "name: production-ml-course\n"
        "channels: [conda-forge]\n"
        "dependencies:\n"
        "  - python=3.11\n"
        "  - pip\n"
        "  - pip:\n"
        "      - --require-hashes\n"
        "      - -r requirements.lock\n"
    )


def main() -> None:
    """Compile both locks, the second within the versions of the first."""
    for arguments in (
        ["pyproject.toml", "-o", "requirements.lock"],
        ["pyproject.toml", "--extra", "test", "-c", "requirements.lock", "-o", "requirements-test.lock"],
    ):
        subprocess.run([UV, *COMPILE, *arguments], cwd=ROOT, check=True)
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    (ROOT / "environment.yml").write_text(environment_yml(lock), encoding="utf-8")


if __name__ == "__main__":
    main()
