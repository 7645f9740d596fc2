# `make demo` and `make test` are all a newcomer needs; each creates what it needs in .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PLUGINS := $(wildcard plugins/*)
CLIENT := clients/python
STAMP := $(VENV)/.installed
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
PYTEST := $(BIN)/python -m pytest -q -n auto

.PHONY: install demo test slow test-all check format lint types layers docs bench bench-client bench-matching bench-serve lock clean

install: $(STAMP)

$(STAMP): requirements.txt pyproject.toml $(wildcard plugins/*/pyproject.toml) $(CLIENT)/pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Schakel needs Python 3.11 or newer; name one: make PYTHON=python3.12 …" if sys.version_info < (3, 11) else 0)'
	@echo "Installing into $(VENV) (about a minute the first time)"
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) --require-hashes -r requirements.txt
	@$(PIP) --no-deps --no-build-isolation --editable $(CLIENT) --editable . $(foreach plugin,$(PLUGINS),--editable $(plugin))
	@touch $@

demo: install
	@$(BIN)/hub demo

test: install
	$(PYTEST) -m "not slow and not nightly"

slow: install
	$(PYTEST) -m "slow and not nightly"

test-all: test slow

format: install
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lint: install
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

# The tests of each plugin stand alone, as in a repository of their own.
types: install
	$(BIN)/mypy
	@for plugin in $(PLUGINS) $(CLIENT); do echo "$$plugin/tests"; $(BIN)/mypy "$$plugin/tests" || exit 1; done

docs: install
	$(BIN)/python docs/generate.py

bench: install benchmarks/.venv/.installed
	$(BIN)/python -m benchmarks.run

bench-client: install
	$(BIN)/python -m benchmarks.client

bench-matching: install benchmarks/.venv/.installed
	$(BIN)/python -m benchmarks.matching.run

bench-serve: install
	$(BIN)/python -m benchmarks.serve.run

benchmarks/.venv/.installed: benchmarks/requirements.txt
	@$(PYTHON) -m venv benchmarks/.venv
	@benchmarks/.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r benchmarks/requirements.txt
	@touch $@

layers: install
	$(BIN)/lint-imports

check: lint types layers test

# Pins every dependency with its hashes; the requirements carry no index address.
lock:
	uv pip compile pyproject.toml requirements-dev.in --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --no-emit-package schakel-client --no-header --quiet --output-file requirements.txt

clean:
	rm -rf $(VENV) var build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
