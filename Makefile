# Laurel 桂冠. `make` alone says what there is.
.DEFAULT_GOAL := help
SHELL := /bin/bash
VENV := .venv
PY := $(VENV)/bin/python
FLASK := $(PY) -m flask --app app
SYSTEM := libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk
SYSTEM_TEST := $(SYSTEM) chromium poppler-utils qpdf libnss3-tools softhsm2 opensc
DEMO ?= yes
TESTS ?= tests
HALL = $(if $(filter yes,$(TLS)),TLS=yes HOST=$(or $(HOST),0.0.0.0))
export PIP_DISABLE_PIP_VERSION_CHECK := 1

help: ## What the commands do
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1|/' | column -t -s '|'

$(VENV)/bin/python:
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed."; exit 1; }
	python3 -m venv $(VENV) || { echo "Install the venv module: apt-get install python3-venv"; exit 1; }

$(VENV)/.runtime: requirements.txt | $(VENV)/bin/python
	$(PY) -m pip install --quiet --require-hashes -r requirements.txt
	touch $@

$(VENV)/.development: requirements-dev.txt | $(VENV)/bin/python
	$(PY) -m pip install --quiet --require-hashes -r requirements-dev.txt
	touch $@ $(VENV)/.runtime

system: ## Install the system packages printing needs (asks for root)
	@bash scripts/system-packages $(SYSTEM)

run: system $(VENV)/.runtime ## Install what is missing and serve Laurel with a demo (DEMO=no: empty; TLS=yes: HTTPS for the hall)
	@$(HALL) $(FLASK) prepare $(if $(filter yes,$(DEMO)),,--no-demo)
	@$(HALL) $(FLASK) serve

demo: system $(VENV)/.runtime ## Build the demo into the database (STAGE=registration|marking|published|certified SEED=7)
	@$(FLASK) db upgrade && $(FLASK) reference load && $(FLASK) demo --stage $${STAGE:-certified} --seed $${SEED:-7}

test: ## Run every test, on both engines and in a real browser
	@bash scripts/system-packages $(SYSTEM_TEST)
	@$(MAKE) --no-print-directory $(VENV)/.development
	$(PY) -m pytest -n $${WORKERS:-auto} --dist worksteal -q $(TESTS)

check: $(VENV)/.development ## Style, types, contracts, translations, migrations, documents
	@bash scripts/system-packages $(SYSTEM)
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(VENV)/bin/lint-imports
	$(PY) -m bandit -q -c pyproject.toml -r foundation catalogue accounts competitions certification app.py config.py
	$(PY) -m pytest -q tests/architecture

format: $(VENV)/.development ## Put the code into its form
	$(PY) -m ruff check --fix-only .
	$(PY) -m ruff format .

migration: $(VENV)/.development ## Until the first release: write the one migration anew from the models
	rm -f migrations/versions/*.py
	d=$$(mktemp -d) && LAUREL_DATA=$$d DATABASE_URL= $(FLASK) db migrate -m "Ground" --rev-id 0001 >/dev/null 2>&1; rm -rf $$d; test -s migrations/versions/0001_ground.py

documents: $(VENV)/.development ## Write the documents that are made from the code
	$(PY) -m tests.architecture.documents

bench: $(VENV)/.development ## Measure beside a reference; prints one table
	$(PY) -m benchmarks

lock: $(VENV)/.development ## Renew the lock files from pyproject.toml
	$(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header pyproject.toml -o requirements.txt
	$(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --group dev pyproject.toml -o requirements-dev.txt

clean: ## Remove caches (never data)
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis test-artifacts

.PHONY: help system run demo test check format migration documents bench lock clean
