# Two commands are enough: `make run` and `make test`. Each sets up what it needs; a second time that takes no time.
# PROMPT="warm bass"   make run renders this prompt instead of opening the window
# COUNT=10000          how many sounds make corpus renders
# PYTHON, TORCH_INDEX  see packaging/setup.sh

SHELL := /bin/bash
PROMPT ?=
COUNT ?= 10000
SHOWN := glassy plucked bell with a long airy tail, in F\#4
export PROMPT SHOWN PYTHON TORCH_INDEX

.PHONY: help setup setup-test run render test lint corpus corpus-sources gpu-bundle lock clean

help:
	@echo 'make run               set up and open the window; without a display, render a sound and its picture'
	@echo 'make run PROMPT="..."  set up and render that prompt to renders/'
	@echo 'make test              set up, check and test everything'
	@echo 'make lint              ruff, mypy, import-linter'
	@echo 'make corpus            render COUNT training sounds to corpus/ (make corpus-sources gets the soundfonts)'
	@echo 'make gpu-bundle        what has to travel to a machine with a GPU'

setup:
	@packaging/setup.sh system run
	@packaging/setup.sh python

setup-test: setup
	@packaging/setup.sh system test

run: setup
	@if [[ -n "$$PROMPT" || ( "$$(uname)" == Linux && -z "$${DISPLAY:-}$${WAYLAND_DISPLAY:-}" ) ]]; then \
	  $(MAKE) --no-print-directory render; \
	else \
	  exec .venv/bin/latente; \
	fi

render:
	@set -euo pipefail; \
	prompt="$${PROMPT:-$$SHOWN}"; \
	echo "Rendering “$$prompt” …"; \
	wav=$$(.venv/bin/latente render -o renders/ -- "$$prompt"); \
	png="$${wav%.wav}.png"; \
	.venv/bin/python -m engine.analysis.picture "$$wav" "$$png"; \
	echo "The sound:   $$wav"; \
	echo "Its picture: $$png"; \
	echo "To open the window, type “make run” on a machine with a screen, or .venv/bin/latente"

lint:
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports --no-logo --no-cache

# What computes, two files at a time; then what is heard and seen, which wants the machine to itself.
test: setup-test lint
	OMP_NUM_THREADS=1 .venv/bin/python -m pytest -n 2 --dist loadfile tests/engine --ignore tests/engine/audio
	.venv/bin/python -m pytest tests/engine/audio tests/gui tests/test_*.py

corpus: setup corpus-sources
	.venv/bin/latente corpus render --out corpus --count $(COUNT)

corpus-sources:
	@packaging/setup.sh system corpus

gpu-bundle: setup
	.venv/bin/python -m engine.training.bundle

lock:
	@head -3 requirements.lock > requirements.new
	@.venv/bin/python -m pip freeze --all --exclude-editable --exclude pip | sed 's/+cpu$$//' | tr A-Z_ a-z- | sort >> requirements.new
	@mv requirements.new requirements.lock

clean:
	rm -rf build dist renders .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
