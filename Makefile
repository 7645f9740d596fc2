# `make demo` and `make test` are all a newcomer needs; each creates what it needs in .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PLUGINS := $(wildcard plugins/*)
STAMP := $(VENV)/.installed

.PHONY: install demo test test-all check format lint types layers bench lock clean

install: $(STAMP)

$(STAMP): requirements.txt pyproject.toml $(wildcard plugins/*/pyproject.toml)
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation \
	  --editable . $(foreach plugin,$(PLUGINS),--editable $(plugin))
	touch $@

demo: install
	$(BIN)/hub demo

test: install
	$(BIN)/python -m pytest -q -n auto -m "not slow and not nightly"
