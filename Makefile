# The index of commands. `make` alone lists them.
#
# Needs Python 3.11 or newer, git and make; everything else goes into .venv and instance/.
# Variables: PORT=8000, PYTHON=python3.12, BROWSER=none, PYTEST_ARGS='-m privacy', TEST_PROCESSES=4, TORCH_ARGS='…'

PYTHON ?= python3
PORT ?= 8000
BROWSER ?=
PYTEST_ARGS ?=
# How many tests at once: one more than there are cores, since a process waits for files, sockets and
# servers for a quarter of its time. A file stays in one process, so that what its tests share is
# made once.
TEST_PROCESSES ?= $(shell getconf _NPROCESSORS_ONLN 2>/dev/null | awk '{ print ($$1 < 8 ? $$1 : 7) + 1 } END { if (!NR) print 2 }')
# More arguments of pip for PyTorch alone, such as an index of CPU builds. Its builds for
# different processors share one version number, so it is the one package without locked hashes.
TORCH_ARGS ?=

VENV := .venv
BIN := $(VENV)/bin
TORCH := $(shell sed -n 's/.*"\(torch==[^"]*\)".*/\1/p' pyproject.toml)
CATALOGUE := app/translations/zh_Hans_CN/LC_MESSAGES/messages.po
# Runs a command that talks too much, and lets it talk only when it fails.
QUIETLY = log=$(VENV)/$(notdir $@).log; { $(1); } >$$log 2>&1 || { cat $$log >&2; exit 1; }

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

.PHONY: help
help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

# ---- set-up ------------------------------------------------------------------------------------

# What was installed is written down last, so an interrupted set-up is noticed and done afresh.
.PHONY: environment
environment:
	@set -eu; exec >&2; \
	quietly() { "$$@" >$(VENV)/$@.log 2>&1 || { cat $(VENV)/$@.log; exit 1; }; }; \
	wanted="$(CURDIR) $$(git hash-object requirements.lock pyproject.toml | git hash-object --stdin)"; \
	installed=$$(cat $(VENV)/installed 2>/dev/null || true); \
	if [ "$$installed" = "$$wanted" ] && [ -x $(BIN)/python ]; then exit 0; fi; \
	case "$$installed" in "$(CURDIR) "*) [ -x $(BIN)/python ] || installed= ;; *) installed= ;; esac; \
	rm -f $(VENV)/installed; \
	if [ -z "$$installed" ]; then \
		$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
			echo "Yinqiao needs Python 3.11 or newer, and $(PYTHON) is not:" \
				"$$($(PYTHON) --version 2>&1 || true)"; \
			echo "Name another one: make PYTHON=/path/to/python3.11 …"; exit 1; }; \
		echo "Making the environment in $(VENV)"; \
		$(PYTHON) -m venv --clear $(VENV) || { \
			echo "This Python cannot make environments. On Debian and Ubuntu:" \
				"apt-get install python3-venv"; exit 1; }; \
	fi; \
	echo "Installing the locked packages (some minutes the first time)"; \
	quietly $(BIN)/python -m pip install -q --no-deps --require-hashes -r requirements.lock; \
	quietly $(BIN)/python -m pip install -q $(TORCH_ARGS) $(TORCH); \
	quietly $(BIN)/python -m pip install -q --no-deps --no-build-isolation -e .; \
	printf '%s\n' "$$wanted" >$(VENV)/installed

%.mo: %.po | environment
	@$(call QUIETLY,$(BIN)/pybabel compile -i $< -o $@)

.PHONY: setup
setup: environment $(patsubst %.po,%.mo,$(wildcard $(CATALOGUE))) ## environment, dependencies, translations, encoder
	@$(BIN)/yinqiao encoder prepare >&2

# ---- every day ---------------------------------------------------------------------------------

# The demonstration has its own log-in hints and addresses; a real installation calls `yinqiao`.
.PHONY: run
run: export YINQIAO_DEMONSTRATION ?= yes
run: export YINQIAO_PUBLIC_URL ?= http://127.0.0.1:$(PORT)
run: setup ## serve the application with demonstration data on http://127.0.0.1:8000
	@$(BIN)/yinqiao db upgrade
	@$(BIN)/yinqiao encoder apply
	@$(BIN)/yinqiao demo load
	@$(BIN)/yinqiao demo accounts
	@echo "Yinqiao: http://127.0.0.1:$(PORT) (Ctrl-C stops it)"
	@exec $(BIN)/yinqiao serve --port $(PORT)

# Whoever asks for a debugger or for one process of their own says TEST_PROCESSES=0.
PYTEST := $(BIN)/python -m pytest -q -n $(TEST_PROCESSES) --dist loadfile --no-loadscope-reorder --durations=20

# Each process of a test run, and each program that a test starts, would compile every module anew.
test: export PYTHONDONTWRITEBYTECODE :=

.PHONY: test
test: setup ## every test, on SQLite and PostgreSQL and in a browser (BROWSER=none leaves that out)
ifeq ($(BROWSER),none)
	@echo "BROWSER=none: the tests marked 'browser' are left out."
	@$(PYTEST) -m "not browser" $(PYTEST_ARGS)
else
	@browser=$$($(BIN)/python -m tests.browser_setup $(BROWSER)) && \
		YINQIAO_TEST_BROWSER="$$browser" $(PYTEST) $(PYTEST_ARGS)
endif

.PHONY: bench
bench: setup ## measure; one JSON object a line
	@$(BIN)/python -m tests.bench

.PHONY: screenshots
screenshots: setup ## renew the pictures in docs/screenshots
	@browser=$$($(BIN)/python -m tests.browser_setup $(BROWSER)) && \
		YINQIAO_TEST_BROWSER="$$browser" $(BIN)/python -m tests.journeys.screenshots docs/screenshots

# ---- checks ------------------------------------------------------------------------------------

.PHONY: check
check: check-format check-lint check-types check-imports check-translations check-migrations ## format, lint, types, imports, translations, migrations

.PHONY: check-format check-lint check-types check-imports check-translations check-migrations
check-format: environment
	@$(BIN)/ruff format --check --quiet . || { echo "To mend it: make format"; exit 1; }
check-lint: environment
	@$(BIN)/ruff check --quiet .
check-types: environment
	@$(BIN)/mypy
check-imports: environment
	@$(call QUIETLY,$(BIN)/lint-imports)
check-translations: environment
	@$(BIN)/python -m tests.rules.translations
check-migrations: environment
	@$(BIN)/python -m tests.rules.migrations

.PHONY: format
format: environment ## format the code and mend what the linter can
	@$(BIN)/ruff format --quiet .
	@$(BIN)/ruff check --quiet --fix .

# ---- now and then ------------------------------------------------------------------------------

.PHONY: translations
translations: environment ## collect the texts to translate into the catalogues, and compile them
	@$(call QUIETLY,$(BIN)/pybabel extract -F babel.cfg -k lazy_gettext -k _l \
		--add-location=file --sort-by-file --project=Yinqiao -o $(VENV)/messages.pot .)
	@$(call QUIETLY,$(BIN)/pybabel update --init-missing --no-fuzzy-matching --ignore-obsolete \
		--ignore-pot-creation-date -l zh_Hans_CN -i $(VENV)/messages.pot -o $(CATALOGUE))
	@$(call QUIETLY,$(BIN)/pybabel compile -i $(CATALOGUE) -o $(CATALOGUE:.po=.mo))
	@$(BIN)/python -m tests.rules.translations

# PyTorch and what its builds for graphics cards bring are left out: see TORCH_ARGS above.
.PHONY: lock
lock: environment ## resolve pyproject.toml into requirements.lock (UPGRADE=1 takes newer versions)
	@set -eu; draft=$$(mktemp); trap 'rm -f "$$draft"' EXIT; cp requirements.lock "$$draft"; \
	$(BIN)/pip-compile -q --no-config --extra dev --allow-unsafe --strip-extras --generate-hashes \
		--no-header --no-emit-options --annotation-style line --newline lf \
		$(if $(UPGRADE),--upgrade) -o "$$draft" pyproject.toml 2>$(VENV)/lock.log || { cat $(VENV)/lock.log >&2; exit 1; }; \
	{ echo "# Written by 'make lock'. PyTorch, which has other hashes for each processor, is pinned in pyproject.toml."; \
		awk '/^[A-Za-z0-9]/ { left_out = ($$0 ~ /^(torch|triton)==|^(nvidia|cuda)-/) } !left_out && !/^#/' "$$draft"; \
	} >requirements.lock

# Both ask the network, so no check waits for them: the code is read by bandit, and packages are
# looked up in the data base of known holes. bandit reads what ruff's rules of the same names read,
# and some more; what is not a hole says why beside its line.
.PHONY: audit
audit: environment ## read the code for holes, and look packages up among those that have known ones
	@$(BIN)/bandit -q -r app matching models migrations wsgi.py
	@$(BIN)/pip-audit --strict --require-hashes --disable-pip -r requirements.lock

.PHONY: bill
bill: environment ## print the bill of materials (CycloneDX 1.6)
	@$(BIN)/python -m tests.rules.bill_of_materials

.PHONY: load
load: setup ## 200 people at once on PostgreSQL for ten minutes; one JSON object
	@$(BIN)/python -m tests.load

.PHONY: licences
licences: environment ## write docs/licences.md from what the installed packages say
	@$(BIN)/python -m tests.rules.licences

.PHONY: api
api: environment ## write docs/api/openapi.json from the code
	@$(BIN)/python -m tests.rules.api_document

.PHONY: clean
clean: ## remove what these commands made, except instance/, which holds your data
	@rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis \
		.import_linter_cache app/translations/*/LC_MESSAGES/*.mo
	@find app matching models migrations tests -name __pycache__ -type d -prune -exec rm -rf {} +
