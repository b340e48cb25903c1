# Every command we run. `make` alone lists them.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help setup run test property check bench bench-link bench-gates bench-pages bench-reports status clean lock

PYTHON ?= python3
SCALE  ?= district
SEED   ?= 1
WAIT   ?= yes
REGISTRIES ?= no
ERRORS ?= default
JSON   ?= no
PORT   ?= 8080
WORLDS ?= 10000
ROWS   ?= 10000000
export PYTHONPATH := $(CURDIR)

VENV  := .venv
READY := $(VENV)/ready

help: ## list the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo "  options      SCALE=district|republic|<children>  SEED=<n>  WAIT=no  FAULTS=demo  REGISTRIES=yes  PORT=<n>  WORLDS=<n>  KONTINGENT_WAREHOUSE_URL=postgresql://…"

setup: $(READY) ## make the virtual environment from the locked, hashed packages

$(READY): requirements.lock requirements-installer.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "make: Python 3.11 or newer is needed; set PYTHON=…" >&2; exit 2; }
	@echo "setting up the environment (once)"
	@$(PYTHON) -m venv $(VENV)
	@$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-installer.lock
	@env -u PYTHONDONTWRITEBYTECODE $(VENV)/bin/uv pip sync --quiet --require-hashes --compile-bytecode --python $(VENV)/bin/python requirements.lock
	@ln -sf ../../kontingent $(VENV)/bin/kontingent
	@touch $@

run: $(READY) ## run the pipeline of one synthetic district; again = the next day
	@./kontingent run --scale $(SCALE) --seed $(SEED) --port $(PORT) $(if $(FAULTS),--faults $(FAULTS),) $(if $(filter no,$(WAIT)),--no-wait,)

test: $(READY) ## run all tests (a real PostgreSQL is started for them)
	@$(VENV)/bin/python -m pytest -n 2 --dist loadgroup tests

property: $(READY) ## 10,000 drawn worlds of records through the linkage, day by day (WORLDS=n)
	@KONTINGENT_PROPERTY_WORLDS=$(WORLDS) $(VENV)/bin/python -m pytest -n 2 --maxfail 3 tests/transforms/linkage/test_identity_properties.py

check: $(READY) ## style, types, import rules
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/mypy
	@$(VENV)/bin/lint-imports --no-cache

bench: $(READY) ## measure every step: seconds, rows/s, peak memory (REGISTRIES=yes: without journals and universities)
	@./kontingent bench --scale $(SCALE) --seed $(SEED) $(if $(filter yes,$(REGISTRIES)),--registries,)

bench-pages: $(READY) ## build the pages on checks of 400 runs and 40 sources: seconds, files, bytes
	@./kontingent bench-pages

bench-reports: $(READY) ## build marts and reports of a drawn republic: seconds, peak memory, analysts' queries
	@./kontingent bench-reports

bench-link: $(READY) ## link the same records with the engine and with Splink alone (ERRORS=held_out, JSON=yes keeps the figures, REGISTRY=no)
	@./kontingent bench-link --scale $(SCALE) --seed $(SEED) --errors $(ERRORS) $(if $(filter yes,$(JSON)),--json,) $(if $(filter no,$(REGISTRY)),--no-registry,)

bench-gates: $(READY) ## pass marks through every record gate: rows a minute, peak memory (ROWS=10000000)
	@./kontingent bench-gates --rows $(ROWS)

status: $(READY) ## print the ledger totals
	@./kontingent status

lock: ## resolve the packages anew (hashes, no package host)
	@$(VENV)/bin/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header --upgrade --quiet -o requirements.lock requirements.in

clean: ## stop what runs here and forget all data of this folder (the environment stays)
	@test ! -d "$${KONTINGENT_VAR:-var}" || ./kontingent down >/dev/null 2>&1 || true
	@rm -rf "$${KONTINGENT_VAR:-var}"
