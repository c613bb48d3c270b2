# Two commands are all that most people need: `make start` opens the course, `make test` runs every test.

PYTHON ?= python3
COURSE_ARGS ?=
BIN := .venv/bin
LOCKS := requirements.lock requirements-test.lock

export PYTHON
# a machine may forbid bytecode; imports are then twice as slow
unexport PYTHONDONTWRITEBYTECODE

.PHONY: start test demo build check check-all bench bench-dashboard fresh lock

start: .venv/.ready  ## set up everything, then open the course
	@sh setup/packages.sh bwrap=bubblewrap || echo "setup: going on without a sandbox; grading other people's work will be refused"
	@$(BIN)/course start $(COURSE_ARGS)

test: .venv/.ready-for-tests  ## set up everything, then run every test
	$(BIN)/pytest

demo: .venv/.ready  ## grade a made-up class of 200, show how it did, open the dashboard
	@sh setup/packages.sh bwrap=bubblewrap || true
	$(BIN)/course demo $(COURSE_ARGS)

build: .venv/.ready  ## course/ -> notebooks/, source/, exercises/content/
	$(BIN)/course build

check: .venv/.ready-for-tests  ## style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

check-all: .venv/.ready-for-tests check  ## every test, with the deep runs that make test only samples
	$(BIN)/pytest -m "deep or not deep"

bench: .venv/.ready-for-tests  ## side-by-side measurements; prints a table and one line per goal
	@for benchmark in benchmarks/bench_*.py; do echo "== $$benchmark"; $(BIN)/python $$benchmark; done

bench-dashboard: .venv/.ready-for-tests  ## time every page of the dashboard and of formgrader, for 2,000 and 10,000 learners
	$(BIN)/python benchmarks/bench_dashboard.py

fresh:  ## as root: both commands of the README in a new Debian bookworm
	sh setup/fresh.sh

lock: .venv/.ready-for-tests  ## renew both lock files and environment.yml from pyproject.toml
	$(BIN)/python setup/lock.py

.venv/.ready: requirements.lock pyproject.toml setup/venv.sh
	@sh setup/venv.sh requirements.lock
	@touch $@

.venv/.ready-for-tests: $(LOCKS) pyproject.toml setup/venv.sh
	@sh setup/packages.sh chromium=chromium git=git '/usr/lib/*/libatomic.so.1=libatomic1' \
		'/usr/share/fonts/truetype/*/*.ttf=fonts-dejavu-core' node=nodejs npm=npm
	@sh setup/venv.sh requirements-test.lock
	@touch .venv/.ready $@
