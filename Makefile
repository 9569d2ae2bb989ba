# A bare `make` lists what there is. Everything runs in .venv, made from the locked requirements at the first call.
# Without make (Windows): README.md gives the same commands one by one.

VENV := .venv
PY := $(VENV)/bin/python
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$$p"; break; }; done)
PORT ?= 8000
ARGS ?=
PIP := $(PY) -m pip --disable-pip-version-check install --quiet --require-hashes

# What the linters need of the settings; no database is asked.
LINT_ENV := SECRET_KEY=only-for-the-linters-and-longer-than-fifty-characters-0123456789 \
	DATABASE_URL=postgres://lint@127.0.0.1:9/lint DEBUG=false DEMO=false
# The rules side: these are typed to the last argument.
TYPED := kerjasama/domain kerjasama/embedded kerjasama/house.py mobile_service/admin $(filter-out kerjasama/% tests/%, $(wildcard \
	$(foreach room,choices.py access.py lifecycle.py duedates.py terms.py planning services,*/$(room) */*/$(room))))

.DEFAULT_GOAL := help
.PHONY: help demo run worker beat test bench screenshots lint lint-style lint-format lint-floors lint-types lint-django lint-messages format lock messages clean

help: ## List the targets.
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | \
		while IFS='|' read -r target words; do printf '%-18s %s\n' "$$target" "$$words"; done

demo: $(VENV)/.installed ## Start everything with demo data on http://localhost:8000 (PORT= changes it); Ctrl-C stops it.
	@PORT="$(PORT)" exec $(PY) -m kerjasama.embedded demo

run: $(VENV)/.installed ## Serve with gunicorn, production settings from the environment (.env.example names them).
	@$(PY) -m kerjasama.embedded messages
	@$(PY) manage.py check --deploy --fail-level ERROR || \
		{ echo "The settings do not allow a start: .env.example explains each of them."; exit 1; }
	@$(PY) manage.py migrate --check || \
		{ echo "The database lacks migrations: run $(PY) manage.py migrate, then make run again."; exit 1; }
	@$(PY) manage.py createcachetable
	@$(PY) manage.py collectstatic --noinput --verbosity 0
	@exec $(PY) -m gunicorn -c python:kerjasama.gunicorn kerjasama.wsgi

worker: $(VENV)/.installed ## Run the worker of a production installation (beside make run; as many as you like).
	@exec $(PY) -m celery -A kerjasama worker --loglevel=INFO

beat: $(VENV)/.installed ## Run the clock of a production installation (beside make run; one).
	@mkdir -p var && exec $(PY) -m celery -A kerjasama beat --loglevel=INFO --schedule=var/beat

test: $(VENV)/.installed-dev ## Run all tests on a throwaway PostgreSQL and broker (ARGS="tests/loans -k return" runs some).
	@exec $(PY) -m kerjasama.embedded test $(ARGS)

bench: $(VENV)/.installed-dev ## Measure the figures of the README on this machine, in one table.
	@exec $(PY) -m kerjasama.embedded bench $(ARGS)

screenshots: $(VENV)/.installed-dev ## Take the pictures of the README anew from a demo of their own.
	@exec $(PY) -m kerjasama.embedded screenshots $(ARGS)

lint: lint-style lint-format lint-floors lint-types lint-django lint-messages ## Check style, import floors, types, migrations, settings and message catalogues.

lint-style: $(VENV)/.installed-dev
	$(PY) -m ruff check --output-format concise .

lint-format: $(VENV)/.installed-dev
	$(PY) -m ruff format --check .

lint-floors: $(VENV)/.installed-dev
	$(VENV)/bin/lint-imports --no-logo

lint-types: $(VENV)/.installed-dev
	$(LINT_ENV) $(PY) -m mypy $(TYPED)

lint-django: $(VENV)/.installed-dev
	$(LINT_ENV) $(PY) -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	$(LINT_ENV) $(PY) manage.py check --deploy --fail-level WARNING

lint-messages:
	@if command -v msgfmt >/dev/null; then \
		for po in */locale/*/LC_MESSAGES/*.po; do echo "msgfmt --check $$po"; msgfmt --check -o /dev/null "$$po" || exit 1; done; \
	else echo "msgfmt is not installed (Debian: apt-get install gettext), so the catalogues were not checked."; test -z "$$CI"; fi

format: $(VENV)/.installed-dev ## Bring the code into the house style.
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

messages: $(VENV)/.installed-dev ## Collect the sentences to translate into the catalogues, and compile them (needs gettext).
	$(LINT_ENV) $(PY) manage.py makemessages --all --no-wrap --add-location file --extension html,py,txt \
		--ignore '$(VENV)' --ignore var --ignore tests
	$(PY) -m kerjasama.embedded messages

lock: $(VENV)/.installed-dev ## Write requirements.txt and requirements-dev.txt anew from pyproject.toml, with hashes.
	$(LOCK) --output-file requirements.txt
	$(LOCK) --extra dev --constraint requirements.txt --output-file requirements-dev.txt

LOCK := $(PY) -m uv pip compile pyproject.toml --extra embedded --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header --no-config --quiet --fork-strategy fewest --upgrade

clean: ## Remove the environment and what tools left; the demo's data in var/ stays.
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

$(VENV)/.created:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed, and none was found on PATH."; exit 1; }
	@echo "Making $(VENV) with $$($(PYTHON) --version) ..."
	@$(PYTHON) -m venv --clear $(VENV)
	@touch $@

$(VENV)/.installed: requirements.txt | $(VENV)/.created
	@echo "Installing the locked requirements; the first time this takes a minute or two ..."
	@$(PIP) -r requirements.txt
	@touch $@

# The development lock contains the other one.
$(VENV)/.installed-dev: requirements-dev.txt requirements.txt | $(VENV)/.created
	@echo "Installing the locked requirements for development; the first time this takes a minute or two ..."
	@$(PIP) -r requirements-dev.txt
	@touch $@ $(VENV)/.installed
