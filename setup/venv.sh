#!/bin/sh
# Bring .venv in step with a lock file: setup/venv.sh requirements.lock
# Every package is checked against its hash and compiled to bytecode; the course itself is installed in place.
set -eu

lock=$1
python=${PYTHON:-python3}
"$python" - <<'PYTHON' || exit 1
import sys
if sys.version_info < (3, 11):
    sys.exit(f"setup: Python {sys.version.split()[0]} is too old; the course needs 3.11 or newer "
             "(name another one with: make start PYTHON=/path/to/python3.12)")
PYTHON

if ! .venv/bin/python -c '' 2>/dev/null; then
    if ! "$python" -c 'import ensurepip' 2>/dev/null; then
        sh setup/packages.sh "no-such-command=python3-venv"
    fi
    "$python" -m venv .venv
fi
uv_version=$(sed -n 's/^uv==\([^ ]*\).*/\1/p' requirements-test.lock)
if [ "$(.venv/bin/uv --version 2>/dev/null | cut -d' ' -f2)" != "$uv_version" ]; then
    .venv/bin/python -m pip install --quiet --disable-pip-version-check "uv==$uv_version"
fi
export UV_COMPILE_BYTECODE=1 UV_PYTHON="$PWD/.venv/bin/python"
.venv/bin/uv pip install --quiet --require-hashes -r "$lock"
.venv/bin/uv pip install --quiet --no-deps --editable .
