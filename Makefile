# The two commands that matter: `make run` starts Respite with a demo, `make test` checks everything.
# They need Python 3.11 or newer (another one: make PYTHON=python3.12 run) and nothing else.

PYTHON ?= python3
VENV = .venv/bin
COMPILE = $(VENV)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header

.PHONY: help run test lint format requirements audit vendor messages bench screenshots clean

help: ## Say what there is
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile

run: ## Start Respite with a demo on 127.0.0.1:8000 (PORT and DATA_DIR change that); Ctrl-C stops it
	@$(PYTHON) scripts/bootstrap.py base
	@$(VENV)/python manage.py serve --demo --stop-with-parent

test: .venv-dev ## Lint, types, import contracts and every test: on SQLite, on PostgreSQL and as a cluster
	@$(VENV)/python -m scripts.test $(ARGS)

lint: .venv-dev ## The checks of `make test` that need no database
	@$(VENV)/python -m scripts.test --only lint

format: .venv-dev ## Put code and templates into the house's form
	@$(VENV)/ruff format .
	@$(VENV)/ruff check --fix --quiet . || true
	@find templates -name '*.html' -exec $(VENV)/djade --target-version 5.2 {} + ; true
	@find templates -name '*.html' -exec $(VENV)/djhtml --tabwidth 2 {} + ; true

requirements: .venv-dev ## Compile requirements/*.in into pinned files with hashes (newer versions: ARGS=--upgrade)
	@$(COMPILE) requirements/installer.in --output-file requirements/installer.txt $(ARGS)
	@$(COMPILE) requirements/base.in --output-file requirements/base.txt $(ARGS)
	@$(COMPILE) requirements/dev.in --output-file requirements/dev.txt $(ARGS)

audit: .venv-dev ## Look the pinned requirements up among known vulnerabilities
	@$(VENV)/pip-audit --disable-pip --require-hashes -r requirements/base.txt

vendor: .venv-dev ## Fetch the third-party files of static/vendor/ again (needs npm)
	@$(VENV)/python scripts/vendor.py

messages: .venv-dev ## Collect the sentences to translate into locale/ (needs gettext)
	@$(VENV)/python manage.py makemessages --all --no-obsolete --ignore '.venv' --ignore 'var' --ignore 'static'

bench: .venv-dev ## Measure, each figure beside its limit in the same run (a look whether it runs: ARGS=--quick)
	@$(VENV)/python -m benchmarks $(ARGS)

screenshots: .venv-dev ## Take a picture of every page and state into screenshots/ (needs Chromium)
	@$(VENV)/python -m scripts.screenshots $(ARGS)

clean: ## Remove what make made, but never var/, which is the data
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage* htmlcov screenshots

.PHONY: .venv-dev
.venv-dev:
	@$(PYTHON) scripts/bootstrap.py base dev
