# Everything needs only Python 3.11 or newer, make and git; the rest is installed into .venv.

VENV := .venv
BIN := $(VENV)/bin
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
RUN := $(VENV)/installed
DEV := $(VENV)/installed-dev

# 100 % of the lines and branches of what decides and what stores; a lower bar for the edges to Telegram and terminal.
CORE := bot/audience.py,bot/pipeline/*,bot/render/*,bot/schedule.py,storage/*
CORE_FLOOR := 100
REST_FLOOR := 85

.PHONY: help demo install test format trials benchmarks live clean

help:
	@echo "make demo        show all of Homefront on invented posts: no account, no keys"
	@echo "make install     install the command .venv/bin/homefront"
	@echo "make test        check everything that must hold: style, types, imports, tests, coverage"
	@echo "make format      write the code in the one style"
	@echo "make trials      long trials: kills, cuts, hours of load"
	@echo "make benchmarks  measure"
	@echo "make live        try a little against the real Telegram, with your own .env"
	@echo "make clean       remove .venv and all caches; data and settings stay"

demo: $(RUN)
	@$(BIN)/homefront demo

install: $(RUN)
	@echo "Installed. Next: $(BIN)/homefront setup"

test: $(DEV)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -n 3 --dist worksteal --cov --cov-report=
	@$(BIN)/coverage report --include='$(CORE)' --fail-under=$(CORE_FLOOR) --skip-covered --show-missing
	@$(BIN)/coverage report --omit='$(CORE)' --fail-under=$(REST_FLOOR) --format=total >$(VENV)/coverage-rest \
	  || { $(BIN)/coverage report --omit='$(CORE)' --show-missing --skip-covered; exit 1; }
	@echo "Coverage: core $(CORE_FLOOR) % of lines and branches, the rest $$(cat $(VENV)/coverage-rest) % (at least $(REST_FLOOR))"

format: $(DEV)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

trials: $(DEV)
	$(BIN)/pytest -m trial -s

benchmarks: $(DEV)
	$(BIN)/pytest -m benchmark -s

live: $(DEV)
	$(BIN)/pytest -m live -s

clean:
	rm -rf $(VENV) .coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache *.egg-info

$(RUN): pyproject.toml | $(BIN)/pip
	@echo "Installing Homefront into $(VENV) (a minute or two, once) …"
	@$(PIP_INSTALL) --editable .
	@touch $@

$(DEV): pyproject.toml | $(BIN)/pip
	@echo "Installing Homefront and the tools to check it into $(VENV) (a minute or two, once) …"
	@$(PIP_INSTALL) --editable '.[dev]'
	@touch $@ $(RUN)

# pip comes last into a new .venv, so an interrupted one is made again. PYTHON=python3.12 chooses another one.
$(BIN)/pip:
	@sh .ci/make-venv $(VENV) $(PYTHON)
