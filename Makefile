# The Makefile is the authoritative interface: CI calls only these targets.
PYTHON ?= python3
# The branch coverage that CI insists on.
COVERED := 100
RUN := .run
# How often somebody wants a time in `make soak`.
ATTEMPTS ?= 200000
# A private environment for each job, made from a hash-pinned lock and remade when the lock changes. The lock is whole:
# pip must not resolve anything again (it would take newer releases than pinned ones), only say whether something is missing.
DEMO := $(RUN)/demo/bin/python
APP := $(RUN)/app/bin/python
CHECK := $(RUN)/check/bin/python
BENCH := $(RUN)/bench/bin/python
export PYTHONPATH := src
export PYTHONDONTWRITEBYTECODE := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export NO_MKDOCS_2_WARNING := 1

.PHONY: demo app screenshots test check lint types coverage docs dateutil simulate machines privacy soak fuzz mutate bench aio api wheel lock clean

demo: $(RUN)/demo/ready  ## Bookable slots and a booking for an example practice
	@$(DEMO) -m oasys_sched demo

app: $(RUN)/app/ready  ## The example clinic on http://127.0.0.1:8000
	@PYTHONPATH=src:. $(APP) -m examples.clinic

screenshots: $(RUN)/check/ready  ## The pictures of the example clinic in docs/images, anew
	OASYS_SCREENSHOTS=1 $(CHECK) -m pytest -q tests/examples/test_browser.py

test: $(RUN)/check/ready  ## The tests, with branch coverage recorded
	$(CHECK) -m pytest -q -n auto --maxprocesses 4 --cov --cov-report= tests
	@# One process: each block of a page goes on from the one before.
	$(CHECK) -m pytest -q --cov --cov-append --cov-report= docs

check: test lint types coverage docs  ## What every change has to pass; CI adds simulate and privacy

lint: $(RUN)/check/ready
	$(CHECK) -m ruff check .
	$(CHECK) -m ruff format --check .

types: $(RUN)/check/ready
	$(CHECK) -m mypy

coverage: $(RUN)/check/ready  ## What the last `make test` left untested
	$(CHECK) -m coverage report --fail-under=$(COVERED)

docs: $(RUN)/check/ready  ## The site, into site/
	$(CHECK) -m mkdocs build -q --strict

dateutil: $(RUN)/check/ready $(RUN)/demo/ready  ## The series' tests held to dateutil 4; `make test` holds them to 2.9
	@mkdir -p $(RUN)/dateutil4
	@ln -sfn "$$($(DEMO) -c 'import dateutil, pathlib; print(pathlib.Path(dateutil.__file__).resolve().parent)')" $(RUN)/dateutil4/dateutil
	PYTHONPATH=src:$(RUN)/dateutil4 $(CHECK) -c 'import dateutil; print("dateutil", dateutil.__version__)'
	PYTHONPATH=src:$(RUN)/dateutil4 $(CHECK) -m pytest -q tests/recurrence

simulate: $(RUN)/check/ready  ## A million simulated operations with faults, every invariant after each
	$(CHECK) -m oasys_sched.testing.simulation --operations 1000000

machines: $(RUN)/check/ready  ## 50,000 random steps at the desk and 50,000 in sessions, every invariant after each
	OASYS_PROFILE=long $(CHECK) -m pytest -q -rP -n auto --maxprocesses 4 --dist worksteal tests/desk/test_machine.py tests/sessions/test_machine.py

privacy: $(RUN)/check/ready  ## 5,000 pairs of practices in which a client must read the same
	$(CHECK) -m oasys_sched.testing.noninterference --pairs 5000

soak: $(RUN)/check/ready  ## 32 threads after the same times of a PostgreSQL, 50 million simulated operations: 40 minutes
	OASYS_CONTENTION=$(ATTEMPTS) $(CHECK) -m pytest -q tests/storage/test_contention.py -k postgresql_gives
	$(CHECK) -m oasys_sched.testing.simulation --operations 50000000 --seed 2000

fuzz: $(RUN)/check/ready  ## Every property with its long profile, a minute for each reader of foreign text
	OASYS_PROFILE=long $(CHECK) -m pytest -q tests/availability tests/recurrence tests/adapters tests/sessions tests/desk/test_machine.py

mutate: $(RUN)/mutate/ready  ## Change the code a little everywhere, see whether tests notice; AREAS="fees access" for some
	$(RUN)/mutate/bin/python tools/mutate.py $(AREAS)

bench: $(RUN)/bench/ready  ## Ratios against a naive baseline, peers and the floor, in one run
	$(BENCH) -m benchmarks

aio: $(RUN)/check/ready  ## The async desk, written anew from the sync one
	$(CHECK) tools/aio.py

api: $(RUN)/check/ready  ## What of the public API broke since the last tag
	$(CHECK) -m griffe check oasys_sched --search src --against "$$(git describe --tags --abbrev=0)"

wheel: $(RUN)/check/ready  ## Wheel and sdist into dist/, and the wheel tried out in an environment of its own
	rm -rf dist $(RUN)/wheel
	$(CHECK) -m build -q
	$(PYTHON) -m venv $(RUN)/wheel
	$(RUN)/wheel/bin/python -m pip install -q dist/*.whl
	cd $(RUN)/wheel && env -u PYTHONPATH bin/oasys-sched demo >/dev/null
	cd $(RUN)/wheel && env -u PYTHONPATH bin/python -c "import oasys_sched as s; [getattr(s, name) for name in s.__all__]"

lock:  ## Renew requirements/*.txt (needs uv)
	./requirements/lock

clean:
	rm -rf $(RUN) .mypy_cache .ruff_cache .coverage* site dist

$(RUN)/%/ready: requirements/%.txt
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed: make PYTHON=python3.12 ..." if sys.version_info < (3, 11) else 0)'
	@echo "setting up $(RUN)/$* (once) ..."
	@rm -rf $(RUN)/$* && $(PYTHON) -m venv $(RUN)/$*
	@$(RUN)/$*/bin/python -m pip install -q --no-deps --require-hashes -r $<
	@found=$$($(RUN)/$*/bin/python -m pip check) || { echo "$$found"; exit 1; }
	@touch $@
