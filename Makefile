# The Makefile is the authoritative interface: CI calls only these targets.
PYTHON ?= python3
RUN := .run
# A private environment for each job, made from a hash-pinned lock and remade when the lock changes.
DEMO := $(RUN)/demo/bin/python
CHECK := $(RUN)/check/bin/python
BENCH := $(RUN)/bench/bin/python
export PYTHONPATH := src
export PYTHONDONTWRITEBYTECODE := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: demo test check lint types docs bench lock clean

demo: $(RUN)/demo/ready  ## Bookable slots and a booking for an example practice
	@$(DEMO) -m oasys_sched demo

test: $(RUN)/check/ready  ## The tests
	$(CHECK) -m pytest -q

check: $(RUN)/check/ready lint types  ## Everything CI asks for
	$(CHECK) -m coverage erase
	$(CHECK) -m coverage run -m pytest -q
	$(CHECK) -m coverage combine -q
	$(CHECK) -m coverage report --fail-under=100

lint: $(RUN)/check/ready
	$(CHECK) -m ruff check .
	$(CHECK) -m ruff format --check .

types: $(RUN)/check/ready
	$(CHECK) -m mypy

bench: $(RUN)/bench/ready  ## Ratios against a naive baseline, peers and the floor, in one run
	$(BENCH) -m benchmarks

lock:  ## Renew requirements/*.txt (needs uv)
	./requirements/lock

clean:
	rm -rf $(RUN) .mypy_cache .ruff_cache .coverage* site dist

$(RUN)/%/ready: requirements/%.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12")'
	@echo "setting up $(RUN)/$* ..."
	@rm -rf $(RUN)/$* && $(PYTHON) -m venv $(RUN)/$*
	@$(RUN)/$*/bin/python -m pip install -q --require-hashes -r $<
	@touch $@
