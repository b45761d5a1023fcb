# cmpbot: what a person types. Needs make, Python 3.11 or later and Python's venv module; the rest is
# installed into .venv from requirements.lock, whose every file is pinned by its hash.

PYTHON ?= python3
ARGS ?=
BIN := .venv/bin
READY := .venv/.ready
# One more than there are cores: some tests wait for servers.
WORKERS ?= $(shell echo $$(($$(getconf _NPROCESSORS_ONLN) + 1)))
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: help install demo test lint check servers forms bench clean
.DEFAULT_GOAL := help

help:
	@echo "make install   set up .venv; the command is .venv/bin/cmpbot"
	@echo "make demo      play a morning at the mailbox and show what came of it (ARGS=--once: then end)"
	@echo "make test      run all tests (a quarter of an hour on two cores)"
	@echo "make lint      format, lint and types"
	@echo "make check     the same, and the fast tests"
	@echo "make servers   install the servers that some tests meet (root, Debian)"
	@echo "make forms     make the blank forms and the guides' tables anew from forms/fields.yaml"
	@echo "make bench     measure mails a second over a real Dovecot"
	@echo "make clean     remove .venv, var/demo and what tools leave behind; never var/cmpbot.sqlite"

install: $(READY)

# Once; and again when the lock or the project's own description changes.
$(READY): requirements.lock pyproject.toml
	@command -v $(PYTHON) >/dev/null 2>&1 || { \
	  echo "There is no $(PYTHON) here. On Debian and Ubuntu: apt install python3 python3-venv make"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "cmpbot needs Python 3.11 or later, and $(PYTHON) is" \
	    "$$($(PYTHON) -c 'import platform; print(platform.python_version())')." \
	    "With a newer one: make PYTHON=python3.12 $(or $(MAKECMDGOALS),install)"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
	  echo "Python's venv module is missing. On Debian and Ubuntu: apt install python3-venv"; exit 1; }
	rm -f $@
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

demo: $(READY)
	$(BIN)/cmpbot demo $(ARGS)

test: $(READY)
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(ARGS)

lint: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

check: lint
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m "not slow and not bench" $(ARGS)

servers:
	@command -v apt-get >/dev/null 2>&1 || { \
	  echo "No apt-get here. Install Dovecot (IMAP and LMTP), PostgreSQL, strace, Chromium, OpenSSL, systemd, dbus and LibreOffice" \
	    "(Writer and Calc) by your own means."; exit 1; }
	@[ "$$(id -u)" = 0 ] || { echo "Only root may install: sudo make servers"; exit 1; }
	apt-get update
	DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
	  dovecot-imapd dovecot-lmtpd postgresql strace chromium openssl libreoffice-writer-nogui libreoffice-calc-nogui \
	  systemd dbus

forms: $(READY)
	$(BIN)/python -m bot.cli.forms
	$(BIN)/python -m bot.cli.guides

bench: $(READY)
	$(BIN)/python -m bench.ingest $(ARGS)

clean:
	rm -rf .venv var/demo build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
