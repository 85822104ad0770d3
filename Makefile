# make demo and make test are all a newcomer needs; `make` alone lists the rest.
SHELL := /bin/sh
MAKEFLAGS += --no-print-directory
PORT ?= 8000
HOST ?= 127.0.0.1
DATA ?= data
PYTEST_ARGS ?=
PY := .venv/bin/python
export PYTHONUNBUFFERED := 1
export PYTHON

RUNTIME := .venv/.installed-runtime
DEV := .venv/.installed-dev

.PHONY: help
help:
	@echo "make demo         a sample council at http://127.0.0.1:8000 (PORT=9000 for another port)"
	@echo "make test         all tests; STRICT=1 makes a skipped test a failure; PYTEST_ARGS='-k poll' chooses"
	@echo "make run          your own council, its data in ./data (DATA=/srv/council for another folder)"
	@echo "make check        lint, formatting, types and import contracts"
	@echo "make format       what make check can put right by itself"
	@echo "make bench        how fast it is on this machine"
	@echo "make attack       sqlmap and wapiti, where they are installed, against a demo of their own (ATTACK_MINUTES=10 each)"
	@echo "make mutation     are the counting rules' tests sharp enough to notice a changed rule? (takes long)"
	@echo "make long         all eight journeys, then secret polls for hours: 10,000 elections, 100,000 changed archives, fuzzing (ELECTIONS= MUTANTS= FUZZ_SECONDS=)"
	@echo "make screenshots  the pictures in docs/screenshots"
	@echo "make lock         the exact packages with their hashes, from requirements/*.in"
	@echo "make clean        removes .venv and the caches, never the data folder"

$(RUNTIME): requirements/runtime.txt
	@if [ -e $(DEV) ]; then tools/venv.sh requirements/dev.txt; else tools/venv.sh requirements/runtime.txt; fi
	@touch $@

$(DEV): requirements/dev.txt
	@tools/venv.sh requirements/dev.txt
	@touch $(RUNTIME) $@

.PHONY: demo
demo: $(RUNTIME)
	@echo "==> Loading the sample council and starting it on port $(PORT)"
	@$(PY) main.py demo --port $(PORT)

.PHONY: run
run: $(RUNTIME)
	@echo "==> Starting the server on $(HOST):$(PORT), data in $(DATA)"
	@$(PY) main.py serve --host $(HOST) --port $(PORT) --data $(DATA)

.PHONY: system
system:
	@tools/system.sh

.PHONY: test
test: $(DEV) system
	@echo "==> Running the tests"
	@$(PY) -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(PYTEST_ARGS)

# All four are run, so that one fault does not hide the others.
.PHONY: check
check: $(DEV)
	@result=0; \
	echo "==> Lint"; $(PY) -m ruff check --quiet --output-format concise . || result=1; \
	echo "==> Formatting"; $(PY) -m ruff format --quiet --check . || result=1; \
	echo "==> Types"; $(PY) -m mypy || result=1; \
	echo "==> Import contracts"; .venv/bin/lint-imports --no-logo --cache-dir .cache/imports || result=1; \
	exit $$result

.PHONY: format
format: $(DEV)
	@$(PY) -m ruff check --fix --quiet . || true
	@$(PY) -m ruff format .

.PHONY: bench
bench: $(DEV)
	@echo "==> Measuring"
	@$(PY) -m bench

.PHONY: attack
attack: $(DEV)
	@echo "==> Attacking a demo with sqlmap and wapiti"
	@$(PY) -m tools.attack

.PHONY: mutation
mutation: $(DEV)
	@echo "==> Changing the counting rules one place at a time; each change must make a test fail"
	@$(PY) -m tools.mutation

# atheris is no dependency: it is put beside the project for this alone.
.PHONY: long
long: export ELECTIONS ?= 10000
long: export MUTANTS ?= 100000
long: export VOTES_FUZZ ?= 20000
long: FUZZ_SECONDS ?= 3600
long: $(DEV) system
	@echo "==> A matter's journey in every size and language, with and without JavaScript"
	@JOURNEYS=all $(PY) -m pytest tests/stories/test_journey.py
	@echo "==> Elections counted four ways ($(ELECTIONS)), changed archives ($(MUTANTS)), generated input ($(VOTES_FUZZ) of each kind)"
	@$(PY) -m pytest -n 2 --dist worksteal tests/votes/secret -k "many or fuzz" -rP
	@echo "==> Fuzzing the readers of ballots and archives for $(FUZZ_SECONDS) seconds"
	@$(PY) -m pip install --quiet --disable-pip-version-check --upgrade --target .cache/atheris atheris==3.0.0
	@mkdir -p .cache/corpus
	@PYTHONPATH=.cache/atheris $(PY) -m tests.votes.secret.fuzz_atheris .cache/corpus -max_total_time=$(FUZZ_SECONDS) -timeout=5

.PHONY: screenshots
screenshots: $(DEV) system
	@echo "==> Taking the pictures for docs/screenshots"
	@$(PY) -m tools.screenshots

.PHONY: lock
lock: $(DEV)
	@tools/lock.sh

.PHONY: clean
clean:
	@echo "==> Removing .venv, caches and build leftovers (data stays)"
	@rm -rf .venv .cache .hypothesis build dist mutants *.egg-info
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
