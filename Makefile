# One-word targets, the same on a laptop and in CI. Everything is installed into .venv, nothing outside it
# (but for `make test`, which installs Debian's chromium when no browser is there and it may).

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CLIENTS := $(VENV)/clients
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input --quiet install
JOBS ?= 2
LOCKED := uv pip compile --quiet --universal --fork-strategy fewest --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --no-emit-index-url --no-emit-find-links $(LOCKFLAGS)

.DEFAULT_GOAL := help
.PHONY: help run test test-clients check audit build messages format bench lock clean browser

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(VENV)/run-stamp ## serve the sample library with a local account API (ARGS="--port 9000" adds options)
	@exec $(BIN)/kb serve articles --sandbox $(ARGS)

test: browser ## run all tests, in a real browser too (TESTS="tests/web -k tick" chooses)
	@if [ -z "$$KB_CORPUS" ] && [ -d ../shared ]; then export KB_CORPUS=../shared/corpus; fi; \
	exec $(BIN)/python -m pytest -n $(JOBS) $(TESTS)

test-clients: $(VENV)/dev-stamp $(CLIENTS)/stamp ## try published clients on the sandbox (Python 3.11; installs 590 MB, once)
	@KB_CLIENTS=$(CLIENTS) $(BIN)/python -m pytest -p no:xdist tests/clients $(TESTS)

check: $(VENV)/dev-stamp ## format, lint, types, floors, and every article of the sample library
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pre-commit validate-config
	$(BIN)/kb check articles

build: $(VENV)/dev-stamp ## build the sdist, and from it the wheel, into dist/
	$(BIN)/python -m build --no-isolation --outdir dist

messages: $(VENV)/dev-stamp ## collect the texts of the site and add new ones to every catalogue, to be translated there
	$(BIN)/pybabel -q extract --mapping-file kb/locales/babel.cfg --keyword words --keyword counted:1,2 \
		--add-location file --sort-output --no-wrap --project kb --header-comment '# Texts of the site.' --output-file kb/locales/kb.pot .
	$(BIN)/pybabel -q update --input-file kb/locales/kb.pot --output-dir kb/locales --domain kb \
		--no-fuzzy-matching --ignore-obsolete --no-wrap --ignore-pot-creation-date
	sed -i '$${/^$$/d;}' kb/locales/kb.pot kb/locales/*/LC_MESSAGES/kb.po

audit: $(VENV)/dev-stamp ## ask whether a locked package is known to be vulnerable (needs a service on the network)
	@$(BIN)/python .ci/audit.py requirements.lock

format: $(VENV)/dev-stamp ## put every Python file into shape
	$(BIN)/ruff check --fix --exit-zero .
	$(BIN)/ruff format .

bench: $(VENV)/dev-stamp ## measure
	$(BIN)/python -m pytest -p no:xdist tests/benchmarks

lock: $(VENV)/dev-stamp ## renew the lock files within the bounds of pyproject.toml (LOCKFLAGS=--upgrade: the newest)
	$(BIN)/$(LOCKED) --group pyproject.toml:dev --extra postgres pyproject.toml --output-file requirements-dev.lock
	$(BIN)/$(LOCKED) --constraint requirements-dev.lock pyproject.toml --output-file requirements.lock
	$(BIN)/$(LOCKED) --constraint requirements-dev.lock --group pyproject.toml:build \
		--output-file requirements-build.lock
	$(BIN)/$(LOCKED) --override tests/clients/requirements-clients.override tests/clients/requirements-clients.in \
		--output-file tests/clients/requirements-clients.lock

clean: ## delete what was built and cached (not .venv, not the runs of your readers)
	rm -rf dist build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find kb tests -type d -name __pycache__ -prune -exec rm -rf {} +

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || \
		{ echo "kb needs Python 3.11 or newer: sudo apt install python3-venv" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "kb needs Python 3.11 or newer, this is $$($(PYTHON) --version): make PYTHON=python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "Python's venv module is missing: sudo apt install python3-venv" >&2; exit 1; }
	@echo "Setting up .venv (once, about a minute) ..."
	@$(PYTHON) -m venv --clear $(VENV)

$(VENV)/run-stamp: requirements.lock requirements-build.lock pyproject.toml | $(BIN)/python
	@$(PIP) --require-hashes -r requirements.lock -r requirements-build.lock
	@$(PIP) --no-build-isolation --no-deps --editable .
	@touch $@

$(VENV)/dev-stamp: requirements-dev.lock pyproject.toml | $(BIN)/python
	@$(PIP) --require-hashes -r requirements-dev.lock
	@$(PIP) --no-build-isolation --no-deps --editable .
	@touch $@

# Without dependencies: one client pins an older release of another one, which works as well with the newer.
$(CLIENTS)/stamp: tests/clients/requirements-clients.lock | $(BIN)/python
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || \
		{ echo "The published clients need Python 3.11: make test-clients PYTHON=python3.11" >&2; exit 1; }
	@$(PYTHON) -m venv --clear $(CLIENTS)
	@$(CLIENTS)/bin/python -m pip --disable-pip-version-check --no-input --quiet install \
		--no-deps --require-hashes -r $<
	@touch $@

# Chromium to test with, and the library that Playwright's own program needs on a small Debian.
browser: $(VENV)/dev-stamp
	@if [ -n "$$KB_CHROMIUM" ] && ! command -v "$$KB_CHROMIUM" >/dev/null; then \
		echo "KB_CHROMIUM names no program: $$KB_CHROMIUM" >&2; exit 1; \
	fi; \
	missing="chromium fonts-liberation"; \
	for name in "$$KB_CHROMIUM" chromium chromium-browser google-chrome google-chrome-stable; do \
		if command -v "$$name" >/dev/null; then missing=; break; fi; \
	done; \
	if ! $(BIN)/playwright --version >/dev/null 2>&1; then missing="$${missing:+$$missing }libatomic1"; fi; \
	if [ -z "$$missing" ]; then exit 0; fi; \
	if [ "$$(id -u)" = 0 ]; then as_root=env; else as_root="sudo -n"; fi; \
	if command -v apt-get >/dev/null && $$as_root true 2>/dev/null; then \
		echo "Installing for the browser tests: $$missing"; \
		$$as_root apt-get update -qq </dev/null && $$as_root env DEBIAN_FRONTEND=noninteractive \
			apt-get install -y -qq --no-install-recommends $$missing </dev/null >/dev/null; \
	else \
		echo "The browser tests need $$missing: sudo apt install $$missing" >&2; exit 1; \
	fi
