# Everything that one does with a clone.  `make` alone lists it.
# Needs Python 3.11 or newer (`make PYTHON=python3.12 demo` chooses one) and a
# package registry; all else is installed into .venv, at the versions of constraints.txt.

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.DEFAULT_GOAL := help
.PHONY: help setup demo web test quick check format bench bench-long constraints docs clean

help:  ## list what there is to make
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | while IFS="$$(printf '\t')" read -r name deed; do printf '  make %-12s %s\n' "$$name" "$$deed"; done

demo: $(BIN)/.product  ## try it all on a simulated market: no account, key or network
	@$(BIN)/cratewise demo

setup: $(BIN)/.developer  ## install Cratewise and what its developers need into .venv
	@:

web: setup  ## build the web page into src/cratewise/web, where `cratewise serve` finds it
	$(BIN)/python hatch_build.py

test: setup  ## run every test that this machine can run, and say what was left out
	@$(BIN)/python -m pytest -n auto --dist loadgroup

quick: setup  ## run the tests that kill no processes and build no wheels
	@$(BIN)/python -m pytest -n auto --dist loadgroup -m "not crash and not packaging"

check: setup  ## lint, formatting and types, of Python and of the web page
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/python hatch_build.py check

format: setup  ## put the code into its form
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

bench: setup  ## measure what the README promises (minutes)
	@failed=; for file in benchmarks/*.py; do echo; echo "== $$file"; $(BIN)/python $$file || failed="$$failed $$file"; done; \
	if [ -n "$$failed" ]; then echo; echo "Promises broken:$$failed"; exit 1; fi

bench-long: setup  ## ask and damage what the tests do, fifty times as often; load and faults in full (two hours and a half)
	CRATEWISE_REQUESTS=200 $(BIN)/python -m pytest -n auto --dist loadgroup tests/hostile tests/api/test_whole_schema.py tests/people/test_whole_schema.py
	$(BIN)/python benchmarks/load.py --minutes 10
	$(BIN)/python benchmarks/faults.py kill --minutes 15
	$(BIN)/python benchmarks/faults.py database disk clock network --minutes 5

docs: setup  ## write anew the parts of README.md that are generated
	$(BIN)/python -m tests.docs.generated

constraints:  ## pin anew every version, the newest that pyproject.toml allows (use the oldest Python)
	rm -rf .venv-constraints
	$(PYTHON) -m venv .venv-constraints
	.venv-constraints/bin/python -m pip install --quiet --upgrade pip
	.venv-constraints/bin/python -m pip install --quiet --editable . --group dev editables
	.venv-constraints/bin/python -m pip freeze --all --exclude cratewise --exclude setuptools | grep -E '^[A-Za-z0-9_.-]+==' > constraints.txt
	rm -rf .venv-constraints

clean:  ## remove what was installed and built here; your own data stays where it is
	rm -rf .venv .venv-constraints build dist frontend/node_modules src/cratewise/web .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(BIN)/.pip: constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Cratewise needs Python 3.11 or newer; this is " + sys.version.split()[0] + ".  Choose another: make PYTHON=python3.12 demo")'
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "Python lacks venv; on Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@$(BIN)/python -c '' 2>/dev/null || $(PYTHON) -m venv --clear .venv
	@# The pip of Python 3.11 is too old to know dependency groups.
	@$(PIP) install --upgrade --constraint constraints.txt pip
	@touch $@

$(BIN)/.product: $(BIN)/.pip pyproject.toml
	@echo "Installing Cratewise into .venv: half a minute, and only this once ..."
	@$(PIP) install --constraint constraints.txt --build-constraint constraints.txt --editable .
	@touch $@

$(BIN)/.developer: $(BIN)/.product pyproject.toml
	@echo "Installing what developers need into .venv ..."
	@$(PIP) install --constraint constraints.txt --group dev
	@touch $@
