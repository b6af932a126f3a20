# The two commands are `make demo` and `make test`; both set up what they need by themselves.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PY := .venv/bin/python
# One process for each core; the tests of a file stay together, since they share what is expensive to start.
PARALLEL := -n logical --dist loadfile

.PHONY: help demo test bench setup setup-test lint generated test-unit test-integration test-keycloak keycloak test-contracts test-forge test-slither test-halmos test-coverage test-mutation test-long test-fuzz test-fuzz-api check-data contract-docs clean

help: ## Show this list
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  make %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: setup ## Set up everything and run the whole chain on real meter data
	@.venv/bin/gettone demo

test: setup-test lint generated test-unit test-integration test-keycloak test-forge test-coverage test-slither test-halmos test-contracts ## Set up everything and run all tests
	@echo "all parts passed"

bench: setup ## Measure speed as ratios to references in the same run; writes bench/results
	@for part in bench/*_bench.py; do $(PY) $$part || exit 1; done

setup: ## Install what the demo needs, inside this folder
	@scripts/setup.sh

setup-test:
	@scripts/setup.sh postgres mosquitto keycloak slither halmos

lint: ## Style, types, and the direction of imports
	@.venv/bin/ruff check . && .venv/bin/ruff format --check .
	@.venv/bin/mypy
	@$(PY) scripts/check_bandit.py

generated: ## Generated files agree with their sources
	@$(PY) scripts/build_contracts.py --check
	@$(PY) scripts/build_refusals.py --check
	@$(PY) scripts/build_verifier.py --check
	@$(PY) scripts/build_takeout_vectors.py --check
	@$(PY) scripts/build_contract_pages.py --check
	@$(PY) scripts/build_contract_tables.py --check
	@$(PY) scripts/build_story_pages.py --check
	@$(PY) scripts/run_long.py --check
	@$(PY) scripts/run_reliability.py --check
	@$(PY) scripts/build_units.py --check
	@$(PY) scripts/build_api_pages.py --check
	@$(PY) scripts/fuzz_api.py --check

test-unit: ## Pure tests
	@$(PY) -m pytest $(PARALLEL) tests/unit

test-integration: ## Local chain, SQLite and PostgreSQL, whole settlements
	@$(PY) -m pytest $(PARALLEL) tests/integration

test-keycloak: ## The flows of identity on a real Keycloak
	@$(PY) -m pytest tests/keycloak

keycloak: setup ## Start Keycloak on this machine with the realm of this project, for trying things
	@scripts/setup.sh keycloak
	@scripts/keycloak.sh start

test-forge: ## Contracts: fuzz, invariants, exact gas
	@scripts/test_forge.sh

test-slither: ## Contracts: static analysis, no finding without a reason
	@scripts/setup.sh slither
	@$(PY) scripts/check_slither.py --check

test-halmos: ## Contracts: symbolic proofs of what must always hold
	@scripts/setup.sh halmos
	@$(PY) scripts/check_halmos.py --check

test-coverage: ## Contracts: at least 95 % of lines and branches of each
	@$(PY) scripts/coverage_contracts.py --check

test-mutation: ## Contracts: planted bugs are found; ARGS="--sample 20 --seed 7" or "--full"
	@$(PY) scripts/mutate_contracts.py $(ARGS)

test-long: ## Contracts: a million invariant calls, all mutants, wider proofs, the build for older networks
	@scripts/setup.sh slither halmos
	@$(PY) scripts/run_long.py

test-fuzz-api: setup ## API: every operation by every role, many times; ARGS=sqlite or postgresql
	@scripts/setup.sh postgres
	@$(PY) scripts/fuzz_api.py $(ARGS)

test-fuzz: setup ## Formats: break payloads of every syntax for ten minutes; ARGS="--minutes 60"
	@$(PY) scripts/fuzz_formats.py $(or $(ARGS),--minutes 10)

check-data: setup ## Import open meter data and compare it with what is known of it; DATA=folder [DATABASE=url]
	@test -n "$(DATA)" || { echo "name the folder with the data: make check-data DATA=..."; exit 2; }
	@$(PY) scripts/check_data.py $(DATA) $(if $(DATABASE),--database $(DATABASE))

contract-docs: ## Write everything under docs/contracts; LONG=1 also runs and writes what takes hours
	@scripts/setup.sh slither halmos
	@$(PY) scripts/build_contract_pages.py
	@$(PY) scripts/build_contract_tables.py
	@$(PY) scripts/build_story_pages.py
	@$(PY) scripts/check_slither.py
	@$(PY) scripts/check_halmos.py
	@$(PY) scripts/coverage_contracts.py
	@test -z "$(LONG)" || $(PY) scripts/run_long.py

test-contracts: ## Contracts: readable unit tests and a state machine in Python
	@scripts/test_contracts.sh

clean: ## Remove everything that was installed or generated here
	rm -rf .venv .cache node_modules build .brownie-home .solcx .gettone .mypy_cache .ruff_cache .pytest_cache .hypothesis
