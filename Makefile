# Everything a person does with this repository. Needs Python 3.11 or later, make and a network.

SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
READY := $(VENV)/.ready
CHECKS := $(VENV)/deployment-checks
# One more than a small machine has processors: tests wait for timers and for processes that start.
TEST_PROCESSES ?= 3

# The tests start this program a hundred times: what is compiled once need not be compiled each time.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test soak check-deploy bench screenshots up histories fingerprints matrix lock clean

demo: $(READY)
	@$(VENV)/bin/omea demo

up: $(READY)
	@$(VENV)/bin/omea up

# The order is that of the cost of an answer; the closing line of pytest comes last. While the types are checked, which
# takes one processor, another one compiles the tests: in a fresh checkout each of the processes would do so.
test: $(READY)
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	@echo $(VENV)/bin/mypy; \
	  $(VENV)/bin/pytest --collect-only -q >/dev/null 2>&1 & \
	  $(VENV)/bin/mypy; status=$$?; wait; exit $$status
	$(VENV)/bin/lint-imports
	@$(VENV)/bin/pytest -n $(TEST_PROCESSES)

# What takes too long for every day: each part killed at more moments than `make test` has time for.
soak: $(READY)
	@$(VENV)/bin/pytest -m soak

# What is unwise in the files of a deployment, by what others look for.
check-deploy: $(CHECKS)/.ready
	@$(CHECKS)/bin/checkov --config-file deploy/checkov.yaml
	@$(CHECKS)/bin/hadolint --failure-threshold warning deploy/Dockerfile

# Apart: what looks asks for other versions of packages than what runs.
$(CHECKS)/.ready: requirements/deployment-checks.txt $(READY)
	rm -rf $(CHECKS)
	$(VENV)/bin/python -m venv $(CHECKS)
	$(CHECKS)/bin/python -m pip install --quiet --disable-pip-version-check \
	  --require-hashes -r requirements/deployment-checks.txt
	touch $@

# What is promised of the month's end, in figures that people read; some minutes.
bench: $(READY)
	@$(VENV)/bin/python -m tests.bench

# Pictures of every page and mail, for people to look at; some minutes. `make screenshots ONLY=aide` takes those
# whose name begins so.
screenshots: $(READY)
	@$(VENV)/bin/python -m tests.scenes $(ONLY)

# Histories that every later version must still replay: at each release, those that are new, into a folder of its own.
RELEASE ?= $(shell date +%Y-%m-%d)

histories: $(READY)
	$(VENV)/bin/pytest -q --record-histories tests/histories/$(RELEASE) tests/workflows tests/payouts tests/control tests/recover \
	  --ignore tests/workflows/test_recorded_histories.py -k "happy_ticket.py or otherwise or saving_a_card or second_sessions or waiting_for_a or of_invoices \
  or fingerprints or paid_once or refused_transfer or late_gain or another_card_pays or client_confirms or given_up_for_good \
  or goes_back or bank_gives_back or holds_the_gain_until or is_a_loss or nobody_answers_is or inquiry_moves \
  or after_all_is or waits_at_the_provider or told_once_and_its_end or lost_notice_is_found or already_open_is_waited_for \
  or orders_and_the_bank_pays or record_was_lost_pays_once or provider_asks_for \
  or no_mail_goes_out or known_and_looked_at or crash_is_found or gives_the_link_up or nobody_tells_of_is \
  or takes_a_transfer_back or until_the_rest_is \
  or link_is_mailed_though or kept_long_enough_goes or sign_up_is_mailed or each_reminder_goes_out_once \
  or changes_their_mind_stays or settled_is_waited_for or first_hour_that_may or hold_is_told_once \
  or on_from_where_the_database"

# What a ticket's workflow asks for, in order; see tests/workflows/test_command_fingerprints.py.
fingerprints: $(READY)
	$(VENV)/bin/pytest -q --record-fingerprints tests/workflows/test_command_fingerprints.py

# Who may do what, route by route and person by person; see tests/api/matrix/test_permissions.py.
matrix: $(READY)
	$(VENV)/bin/pytest -q --record-matrix tests/api/matrix

# Made anew when the lock changes, so that nothing removed from it lingers.
$(READY): requirements/development.txt
	@set -e; \
	chosen=; \
	for candidate in "$(PYTHON)" python3.13 python3.12 python3.11; do \
	  if "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    chosen=$$candidate; break; \
	  fi; \
	done; \
	if [ -z "$$chosen" ]; then \
	  echo "Python 3.11 or later is needed; '$(PYTHON)' is: $$($(PYTHON) --version 2>&1 || true)." >&2; \
	  echo "Give one with: make PYTHON=/path/to/python3 $(MAKECMDGOALS)" >&2; \
	  exit 1; \
	fi; \
	echo "Installing into $(VENV) with $$($$chosen --version)"; \
	rm -rf $(VENV); \
	"$$chosen" -m venv $(VENV) || { \
	  rm -rf $(VENV); \
	  echo "This Python cannot make virtual environments; on Debian and Ubuntu: apt install python3-venv" >&2; \
	  exit 1; \
	}; \
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check \
	  --require-hashes -r requirements/development.txt; \
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check \
	  --no-deps --no-build-isolation --editable .; \
	touch $@

# The files together name every package, its version and its hashes, for every platform.
lock: $(READY)
	@for name in production build development deployment-checks; do \
	  $(VENV)/bin/uv pip compile --universal --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --no-header --quiet \
	    --output-file requirements/$$name.txt requirements/$$name.in || exit 1; \
	done

clean:
	@if [ -e var/stack.json ]; then \
	  echo "A stack may be running (var/stack.json): stop it first, or remove that file." >&2; exit 1; \
	fi
	rm -rf $(VENV) var build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis \
	  .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
