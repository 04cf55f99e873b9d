# Two commands do everything on a fresh machine: `make demo` and `make test`.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do command -v $$p >/dev/null 2>&1 && $$p -c 'import sys,venv; sys.exit(not (3,11) <= sys.version_info[:2] < (3,14))' 2>/dev/null && { command -v $$p; break; }; done)
VENV := .venv
PY := $(VENV)/bin/python
STAMP := $(VENV)/.installed
DOMAIN := tests/unit/actors/domain

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

$(STAMP): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11, 3.12 or 3.13 with venv is needed: apt-get install python3 python3-venv"; exit 2; }
	@test -x $(PY) || $(PYTHON) -m venv $(VENV) || { echo "the venv module is missing: apt-get install python3-venv"; exit 2; }
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

setup: $(STAMP) ## install everything into .venv

demo: $(STAMP) frontend ## start the whole product with simulated accounts (REPORT=file replays a report)
	@$(PY) -m supervisor demo $(if $(REPORT),--report "$(REPORT)")

test: $(STAMP) frontend-test plugin-unit plugin-setup e2e ## every test that a commit must pass
	@$(PY) -m pytest -q

coverage: $(STAMP) ## every branch of actors/domain by its examples (property tests reach some by luck)
	@$(PY) -m coverage run -m pytest -q -m "not hypothesis" $(DOMAIN)
	@$(PY) -m coverage report

lint: $(STAMP) frontend-lint plugin-lint ## ruff, mypy strict, import rules, tsc, eslint
	@$(PY) -m ruff format --check .
	@$(PY) -m ruff check .
	@$(PY) -m mypy
	@$(VENV)/bin/lint-imports --no-cache

check: lint frontend-test plugin-unit plugin-setup coverage e2e ## what .ci/run runs
	@$(PY) -m pytest -q -m hypothesis $(DOMAIN)
	@$(PY) -m pytest -q --ignore $(DOMAIN)

check-all: $(STAMP) ## check, and PostgreSQL 15 and Python 3.13 where they are here
	@.ci/check-all

test-faults: $(STAMP) ## long fault runs: 100 and more kills, bigger storms
	@$(PY) -m pytest -q -m "slow or not slow" tests/integration --faults

test-wine: $(STAMP) ## the real MetaTrader5 package under Wine (skipped where Wine is missing)
	@$(PY) -m tests.wine

simulate: $(STAMP) ## 300 accounts for a month against the oracle; print the verdict table
	@$(PY) -m tests.simulation $(SEED)

bench: $(STAMP) ## print performance figures and the machine (BENCH="--minutes 2 --json")
	@$(PY) -m tests.bench $(BENCH)

bench-backtest: $(STAMP) ## print the rule backtest's speed over 2,000 accounts and a year
	@$(PY) -m tests.bench.backtest

openapi: $(STAMP) ## write web/openapi.json and the dashboard's types anew
	@$(PY) -m web.openapi
	@$(MAKE) --no-print-directory frontend-types

lock: $(STAMP) ## resolve requirements.lock anew (needs uv)
	uv pip compile --universal --generate-hashes --no-header --no-annotate pyproject.toml --extra node --group dev -o requirements.lock

include frontend/frontend.mk
include wp-plugin/plugin.mk

.PHONY: help setup demo test coverage lint check check-all test-faults test-wine simulate bench bench-backtest openapi lock
