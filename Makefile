# make demo    a living demo mall on http://127.0.0.1:8000   (ARGS="--port 8080 --speed 4")
# make test    everything the tests need, the checks, the whole suite   (PYTEST_ARGS="-k kiosk -x")
# make check   lint, types, layers, JavaScript too        make fmt       format, and fix what can be fixed
# make messages  the texts of code and templates into the catalogues of translations
# make fuzz    longer random histories for the fast paths, more random requests (MPP_FUZZ_EXAMPLES=500)
# make mutants plant faults one by one into the rules of survey and reports, and count those that tests find
# make bench   measure against the floors  make migrate   bring the database of MPP_DATABASE_URL up to date
# make failover  three processes behind haproxy while things break (ARGS="--malls 20")
# make soak    an hour of steady load: does memory stand still?   (ARGS="--minutes 10")
# make forecast  how well told waits hold: a seeded hall, or a file of calls (ARGS="--calls FILE --json")
# make walk    a made-up year of the demo's mall, and a manager and a citizen walking through it
# make pictures  take the README's pictures again
# make setup   all of the above's set-up   make wheel     dist/mpp-….whl          make clean

PYTHON ?=
# One more than two cores have: while one waits for a screen's time-out, another works. Each holds up to forty
# connections to PostgreSQL.
PYTEST_WORKERS ?= 3
PYTEST_ARGS ?=
ARGS ?=

BIN := .venv/bin
PIP := $(BIN)/python -m pip install --disable-pip-version-check -c requirements.lock

MPP_FUZZ_EXAMPLES ?= 500

.PHONY: demo test check fmt messages fuzz mutants bench forecast failover soak walk pictures migrate setup wheel clean run dev front system
.DEFAULT_GOAL := setup

demo: run front
	exec $(BIN)/mpp demo $(ARGS)

test: setup check
	$(BIN)/python setup/with_postgres.py $(BIN)/python -m pytest -n $(PYTEST_WORKERS) --dist worksteal $(PYTEST_ARGS)

check: dev
	$(BIN)/python setup/vendor.py --dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python setup/check_js.py

fmt: dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

messages: dev
	$(BIN)/python setup/messages.py

fuzz: dev
	MPP_FUZZ_EXAMPLES=$(MPP_FUZZ_EXAMPLES) $(BIN)/python setup/with_postgres.py $(BIN)/python -m pytest -q tests/queue/test_fast_path_histories.py tests/resilience/test_api_contract.py

mutants: dev $(BIN)/.mutants
	$(BIN)/mutmut run $(ARGS)
	$(BIN)/mutmut results

soak: dev front $(BIN)/.bench
	$(BIN)/python -m benchmarks.soak $(ARGS)

bench: dev front $(BIN)/.bench
	$(BIN)/python setup/with_postgres.py --durable $(BIN)/python -m benchmarks $(ARGS)

failover: dev
	$(BIN)/python -m benchmarks.failover $(ARGS)

forecast: run
	$(BIN)/python -m benchmarks.forecast $(ARGS)

walk: setup
	MPP_DATA_DIR=var/walk $(BIN)/mpp migrate
	MPP_DATA_DIR=var/walk $(BIN)/mpp load mpp/demo/mall.toml
	MPP_DATA_DIR=var/walk $(BIN)/mpp simulate --days 365
	MPP_WALK_DATA=var/walk MPP_PICTURES=var/pictures $(BIN)/python -m pytest -q tests/browser/test_a_year_looked_back_on.py

pictures: setup
	MPP_PICTURES=var/pictures $(BIN)/python -m pytest -q -m browser tests/browser
	for each in kiosk ticket display desk phone overview period skm; do cp var/pictures/$$each.png docs/images/; done

migrate: run
	$(BIN)/mpp migrate $(ARGS)

wheel: dev front
	$(BIN)/python -m build --wheel

clean:
	rm -rf .venv node_modules mpp/static/vendor dist build .mypy_cache .pytest_cache .ruff_cache .import_linter_cache

# ------------------------------------------------------------------------------------------- set-up
setup: dev system
	$(BIN)/python setup/vendor.py --dev

run: $(BIN)/.run
dev: $(BIN)/.dev
front: run
	$(BIN)/python setup/vendor.py
system: run
	sh setup/system.sh $(BIN)/python

$(BIN)/python:
	python=$$(PYTHON='$(PYTHON)' sh setup/python.sh) && "$$python" -m venv .venv

$(BIN)/.run: pyproject.toml requirements.lock | $(BIN)/python
	$(PIP) -e .
	touch $@

$(BIN)/.dev: $(BIN)/.run
	$(PIP) -e '.[dev]'
	touch $@

$(BIN)/.bench: $(BIN)/.dev
	$(PIP) -e '.[bench]'
	touch $@

$(BIN)/.mutants: $(BIN)/.dev
	$(PIP) -e '.[mutants]'
	touch $@
