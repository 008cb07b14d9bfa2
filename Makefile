# Every command of the project; `make` alone lists them.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.PHONY: demo pictures guide-pictures test coverage test-fast test-long test-postgresql lint bench services messages lock install help

HOST ?= 127.0.0.1
PORT ?= 8000
# The Python that makes .venv. Everything else runs with the one inside it.
PYTHON ?= python3
WORKERS ?= auto

VENV_PYTHON := .venv/bin/python
PYTEST := $(VENV_PYTHON) -m pytest -p no:cacheprovider --numprocesses $(WORKERS) --dist loadscope

demo: ## Serve the demonstration at http://HOST:PORT (default 127.0.0.1:8000); nothing but Python needed
	@command -v $(PYTHON) >/dev/null || { \
		echo "✗ Thiếu Python 3. Cài bằng: sudo apt install python3 python3-venv"; \
		echo "✗ Python 3 is missing. Install it: sudo apt install python3 python3-venv"; exit 1; }
	@exec $(PYTHON) -m config.quickstart demo --host $(HOST) --port $(PORT)

install:
	@$(PYTHON) -m config.quickstart install --dev

test: install ## Run the whole suite: imports, SQLite, then PostgreSQL (REQUIRE_ALL=1: skip nothing)
	.venv/bin/lint-imports
	$(PYTEST) -m "not long" -rs
	$(MAKE) --no-print-directory test-postgresql

coverage: install ## Run the suite on SQLite and say which lines no test reaches (takes twice as long)
	$(PYTEST) -m "not long" --cov --cov-report=term

test-postgresql: install ## Run all but the browser tests and the matrix of rules on PostgreSQL, at TEST_DATABASE_URL
	@address="$$($(VENV_PYTHON) -m tests.machine postgresql)"; \
	if [ -n "$$address" ]; then \
		DATABASE_URL="$$address" $(PYTEST) -m "not browser and not long and not rules" -rs; \
	fi

test-fast: install ## Run the suite without browser, on SQLite, stopping at the first failure
	$(PYTEST) -m "not browser and not long" -x -q

test-long: install ## Run the tests too slow for every run
	$(VENV_PYTHON) -m pytest -p no:cacheprovider -m long -rs

lint: install ## Check style, imports, types, templates, migrations and the catalogue
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/lint-imports
	.venv/bin/mypy
	.venv/bin/djlint templates --check --lint --quiet
	$(VENV_PYTHON) manage.py makemigrations --check --dry-run
	$(VENV_PYTHON) -m config.catalogue check

bench: install ## Run every benchmark; each prints a ratio against a baseline run beside it
	@missed=""; for benchmark in bench/[a-z]*.py; do \
		name="$${benchmark#bench/}"; echo "== $$name"; \
		$(VENV_PYTHON) -m "bench.$${name%.py}" || missed="$$missed $${name%.py}"; \
	done; \
	if [ -n "$$missed" ]; then echo "✗ A floor was missed in:$$missed"; exit 1; fi

pictures: install ## Photograph the main pages of the portal running at HOST:PORT into test-results/pictures
	$(VENV_PYTHON) -m tests.browser.contact_sheet --base http://$(HOST):$(PORT) --out test-results/pictures

guide-pictures: install ## Take the pictures of docs/huong-dan anew (GUIDE_PASSWORD: of quantri, at HOST:PORT)
	$(VENV_PYTHON) -m tests.browser.guide_pictures --base http://$(HOST):$(PORT)

services: install ## Say which of Chromium, PostgreSQL and Redis the tests find here
	@$(VENV_PYTHON) -m tests.machine

messages: install ## Bring locale/vi up to date with the code, and compile it (needs gettext)
	$(VENV_PYTHON) -m config.catalogue update

lock: ## Write requirements.txt and requirements-dev.txt anew from pyproject.toml (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-header pyproject.toml --output-file requirements.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-header --extra dev --constraint requirements.txt pyproject.toml \
		--output-file requirements-dev.txt

help: ## List the commands
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  make \1\t\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 24
