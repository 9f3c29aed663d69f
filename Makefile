# Each target works as the first command in a fresh clone; it needs Python 3.10 or later with
# its venv module, and nothing else.
.POSIX:

PYTHON = python3
VENV = .venv
BIN = $(VENV)/bin
DEMO = build/demo
SLOW = terraform or node or network or server
PYTEST = $(BIN)/python -m pytest
PYTEST_QUICK = $(PYTEST) -m 'not ($(SLOW))' -n auto

.PHONY: help demo dev test quick lint golden bench docs clean

help:
	@echo 'make demo    scan a flawed example and write its reports to $(DEMO), then a sample account'
	@echo 'make test    lint, type-check and test everything'
	@echo 'make quick   the tests that need no other program, in less than two minutes'
	@echo 'make dev     install for development and set up the git hook'
	@echo 'make lint    ruff and mypy alone'
	@echo 'make golden  rewrite the golden files of the tests'
	@echo 'make bench   time auditkit against checkov; for live AWS see docs/benchmarks.md'
	@echo 'make docs    rewrite the generated parts of docs/'

demo: $(VENV)/.demo
	@mkdir -p $(DEMO)
	@echo
	@echo '$$ auditkit scan examples/flawed -f text -f sarif=$(DEMO)/report.sarif -f json=$(DEMO)/report.json'
	@echo
	@code=0; $(BIN)/auditkit scan examples/flawed \
	    -f text -f sarif=$(DEMO)/report.sarif -f json=$(DEMO)/report.json || code=$$?; \
	echo; \
	if [ $$code -ne 1 ]; then \
	    echo "expected exit code 1 (findings), got $$code" >&2; exit 1; \
	fi; \
	echo 'The scan ended with exit code 1 because the example has flaws, as it should.'; \
	echo 'Reports: $(DEMO)/report.sarif (GitHub code scanning), $(DEMO)/report.json'; \
	echo 'Next:    $(BIN)/auditkit explain s3-public-access-block'
	@echo
	@echo '$$ auditkit demo'
	@echo
	@$(BIN)/auditkit demo

test: $(VENV)/.test node_modules/.auditkit
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/auditkit rules lint
	$(PYTEST_QUICK)
	$(PYTEST) -m '$(SLOW)'

quick: $(VENV)/.test
	$(PYTEST_QUICK)

dev: $(VENV)/.test
	$(BIN)/pre-commit install

lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

golden: $(VENV)/.test
	$(PYTEST) --update-golden

bench: $(VENV)/.auditkit
	$(BIN)/python -m benchmarks

docs: $(VENV)/.test
	$(BIN)/python -m scripts.document
	$(BIN)/python -m scripts.rule_index
	$(BIN)/python -m scripts.rule_language
	$(BIN)/python -m scripts.live_types

clean:
	rm -rf build dist node_modules $(VENV) *.egg-info

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.auditkit: $(VENV)/bin/python setup.cfg
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.demo: $(VENV)/.auditkit
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[demo]'
	@touch $@

$(VENV)/.test: $(VENV)/.auditkit
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	@touch $@

# The SARIF validator is a test dependency from npm; without npm its tests are skipped.
node_modules/.auditkit: package.json
	@mkdir -p node_modules
	@if command -v npm >/dev/null; then npm install --no-audit --no-fund --loglevel=error; \
	else echo 'npm is missing: the tests that need node are skipped' >&2; fi
	@if command -v npm >/dev/null; then touch $@; fi
