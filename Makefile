# Everything is done by the Python package dev/; this file is its table of contents.

PYTHON ?= python3
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

COMMANDS := run stop reset set-up upgrade test soak lint format bench screenshot worker shell \
	database places serve-production backup restore lock
.PHONY: help $(COMMANDS)

##@ Use
#: run                 Set everything up and serve the site (PORT=8000 for another port)
#: stop                End a run that was started elsewhere
#: places              Fetch and load the official files of postcodes and areas (docs/places.md)
#: reset               Delete the local database and mails, after asking

##@ Develop
#: test                Set everything up and run all checks and tests (ARGS=tests/geo for some)
#: lint                Look at the code: style, types, imports, Welsh
#: format              Lay the code out
#: soak                Run the long versions of the tests, with kills (ARGS=tests/kills for some)
#: bench               Run the benchmarks (ARGS=name for one)
#: screenshot          Take the README's picture from the running site
#: shell               Open a Python shell inside the site
#: worker              Run the worker alone
#: database            Keep the database alone up and show its addresses
#: set-up              Do the set-up that needs no database
#: lock                Compile the lock files in requirements/ anew

##@ Run it for real
#: upgrade             Bring the database up to date with the code
#: serve-production    Serve the site behind a proxy (see docs/deploy.md)
#: backup              Write the whole database to backups/ (BACKUP_FOLDER for another place)
#: restore FILE=...    Replace the database by a backup, after asking

help:
	@awk '/^##@/ { print "\n" substr($$0, 5) ":" } /^#: / { print "  make " substr($$0, 4) }' Makefile

$(COMMANDS):
	@command -v $(PYTHON) >/dev/null || { echo "Moment Map needs Python 3.11 or newer: install it (on Debian or Ubuntu: sudo apt-get install python3 python3-venv)."; exit 1; }
	@$(PYTHON) -m dev $@
