# Everything a newcomer needs. `make demo` and `make test` set themselves up.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt

.PHONY: demo test lint words talks screenshots clean

demo: $(READY)
	$(BIN)/digihulp demo

test: $(READY)
	$(BIN)/python -m pytest --ignore tests/browser
	$(BIN)/python -m pytest tests/browser

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# After a change of words: collect the sentences, and show translators which are new.
words: $(READY)
	$(BIN)/pybabel -q extract -F babel.cfg -k _ -k ngettext:1,2 --add-location=file --sort-output \
		--project=digihulp --version= -o locales/messages.pot conversations bot/turns.py
	for po in locales/*/LC_MESSAGES/messages.po; do \
		$(BIN)/pybabel -q update -i locales/messages.pot -o $$po -l $$(basename $$(dirname $$(dirname $$po))) \
		--no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date; done

# After a change of words: play the talks again, and read the difference.
talks: $(READY)
	DIGIHULP_REWRITE_TALKS=1 $(BIN)/python -m pytest -q tests/talks -k rewrite

# The pictures in docs/, from a day in the demo.
screenshots: $(READY)
	DIGIHULP_SCREENSHOTS=1 $(BIN)/python -m pytest -q tests/browser/test_day.py tests/browser/test_coordinator.py

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c "import sys, ensurepip; sys.exit(sys.version_info < (3, 11))" 2>/dev/null || { \
		echo "This needs Python 3.11 or newer with venv (Debian: apt install python3-venv)." \
		"Another Python: make PYTHON=python3.12 ..."; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(PIP) --upgrade pip
	$(PIP) --build-constraint constraints.txt --editable . --group dev
	touch $(READY)

clean:
	rm -rf $(VENV) dist build .pytest_cache .mypy_cache .ruff_cache
