# Two commands matter: `make run` and `make test`. The others are their parts.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# What `make run` needs, and what everything else needs on top.
READY := $(VENV)/.edgewise-ready
STAMP := $(VENV)/.edgewise-installed
EXTRAS := ".[default,test,check]"
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input -qq
# Two workers fit the smallest machine this is built on; `make test WORKERS=8` on a larger one.
WORKERS ?= 2
# Each worker begins with one half in order, so that a folder's browser or server starts once.
PYTEST := $(BIN)/python -m pytest -q -n $(WORKERS) --dist worksteal --durations=15 --durations-min=2
TIMES := build/test-times
# $(call timed,NAME,COMMAND): the command after a heading; its seconds are kept for the end.
timed = echo "== $(1)"; mkdir -p build; begun=$$(date +%s); $(2); ended=$$?; \
	printf '  %5d s  %s\n' $$(($$(date +%s) - begun)) '$(1)' >> $(TIMES); exit $$ended

# Hundreds of tests start an interpreter; each would compile the whole package anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help venv run test check fix bench bench-cloud bench-devices bench-route bench-step3 bench-voice judges fast slow docs clean train-understand train-nano

help:  ## this list
	@echo "Edgewise:"
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## */\1\t/' \
		| awk -F '\t' '{ printf "  make %-16s %s\n", $$1, $$2 }'

venv: $(STAMP)  ## make the environment in .venv, with what run and test need (torch among it)

run: $(READY)  ## start the device on this machine and open its cockpit
	@$(BIN)/edgewise run

test:  ## everything CI runs: check, then the slow, browser and safety tests
	@rm -f $(TIMES)
	@$(MAKE) --no-print-directory check slow; ended=$$?; \
		echo "== time of each part"; cat $(TIMES); exit $$ended

check: $(STAMP)  ## ruff, pyright strict, import-linter, generated docs, fast tests
	@$(call timed,ruff,$(BIN)/ruff check . && $(BIN)/ruff format --check .)
	@$(call timed,pyright (strict),$(BIN)/basedpyright)
	@$(call timed,import-linter,$(BIN)/lint-imports --no-logo --no-cache)
	@$(MAKE) --no-print-directory docs
	@$(MAKE) --no-print-directory fast

docs: $(STAMP)
	@$(call timed,generated docs,$(BIN)/python scripts/docs.py --check)

fast: $(STAMP)  ## the fast tests alone, under a minute
	@$(call timed,fast tests,$(PYTEST) -m "not slow and not browser")

slow: $(STAMP)  ## the slow and browser tests alone
	@$(call timed,slow and browser tests,$(PYTEST) -m "slow or browser")

fix: $(STAMP)  ## format, and repair what ruff can
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: $(STAMP)  ## every benchmark on one core; figures into docs/figures
	@$(BIN)/python -m benchmarks.run

# One server on one core, the load on another; LiteLLM is installed below build/ the first time.
bench-cloud: $(STAMP)  ## the open platform beside LiteLLM, then 200,000 requests; 15 minutes
	@$(BIN)/python -m benchmarks.run cloud

# Device, platform and upstream are processes; more than two cores make it no quicker.
bench-route: $(STAMP)  ## a device and a platform over a spoiled link, 15,000 turns; 15 minutes
	@$(BIN)/python -m benchmarks.run route

# Recognition and voice are processes of their own beside the device; they share the cores.
bench-devices: $(STAMP)  ## voice devices on the platform: how soon, how silent, how flat; 15 minutes
	@$(BIN)/python -m benchmarks.run devices

bench-step3: $(STAMP)  ## decoding by MFA, GQA and MLA beside what the planner predicts; 6 minutes
	@$(BIN)/python -m benchmarks.run step3

bench-voice: $(STAMP)  ## a conversation by sound: how soon it answers, acts, falls silent; by a satellite; 10 minutes
	@$(BIN)/python -m benchmarks.run voice satellite

judges: $(STAMP)  ## clients and suites of others against the platform; takes minutes, and npm
	@$(BIN)/python -m judges.run $(JUDGE); found=$$?; $(BIN)/python scripts/docs.py; exit $$found

THREADS ?= 2
# DATA is a folder of the public sets; without it the model learns our own sentences alone.
train-understand: $(STAMP)  ## train the command model anew (under two hours; DATA=folder of sets)
	@$(PIP) install -c constraints.txt -e '.[train]'
	@$(BIN)/edgewise models install all-minilm-l6-v2
	@$(BIN)/python -m scripts.understand.train $(if $(DATA),--data $(DATA)) --threads $(THREADS) \
		--out build/understand

train-nano: $(STAMP)  ## train the small Step-3 from nothing (a quarter of an hour of one core)
	@$(PIP) install -c constraints.txt -e '.[step3,understand]'
	@$(BIN)/python -m scripts.step3.train --save --out build/step3-nano

clean:  ## remove the environment and what tools left
	rm -rf $(VENV) build dist .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(READY): pyproject.toml constraints.txt models.toml src/edgewise/engine/install.py
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Edgewise needs Python 3.11 or newer; '$(PYTHON)' is: $$($(PYTHON) --version 2>&1)." >&2; \
		echo "Name another one: make venv PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "$(PYTHON) cannot make environments: its venv module is missing." >&2; \
		echo "On Debian and Ubuntu: sudo apt-get install python3-venv" >&2; exit 1; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || { echo "== making the environment in $(VENV)"; $(PYTHON) -m venv $(VENV); }
	@echo "== about 2 GB on disk, a minute or more the first time"
	@$(call timed,installing Edgewise,$(PIP) install -c constraints.txt -e '.[default]')
	@$(call timed,models (models.toml),$(BIN)/edgewise models install)
	@touch $@
	@echo "== the environment is ready"

$(STAMP): $(READY)
	@echo "== what the tests need, another GB"
	@$(call timed,installing what the tests need,$(PIP) install -c constraints.txt -e $(EXTRAS))
	@touch $@
