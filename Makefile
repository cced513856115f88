# Habits. Everything works without make too; each line says what it runs.
python := .venv/bin/python

.PHONY: help run test lint types laws night contract bare bench mutation translations assets lock clean

help: ## these lines
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: ## set up what is missing and serve the portal, with its demonstration
	./portal run

test: ## every check and test
	./portal test

lint: ## house style, and import contracts
	$(python) -m ruff check . && $(python) -m ruff format --check . && .venv/bin/lint-imports

types: ## mypy --strict
	$(python) -m mypy

laws: ## try the laws on fresh random examples, round after round, until one fails or you have enough (Ctrl-C)
	set -e; while :; do $(python) -m pytest -m hypothesis --hypothesis-profile=laws; done

night: ## the lifecycle under random hands for thousands of steps, a thousand races of two approvers, on both databases; every page in every size; every case on PostgreSQL
	$(python) -m pytest -m night --hypothesis-profile=night

contract: ## openapi.json against what is answered, by hundreds of invented questions to each address, on both databases
	$(python) -m pytest -m night --hypothesis-profile=night tests/public/test_contract.py

bare: ## prove both commands on a minimal Debian 12 with python3 alone (as root; says what it needs)
	python3 -m tests.bare

bench: ## measure against the references and print every ratio
	./portal bench

mutation: ## how many small mistakes in scoring, lifecycle, awarding and permissions the tests notice
	$(python) -m tests.mutation

translations: ## bring the Khmer catalogue in step with code and templates, and compile it
	$(python) -m translations.catalogues

assets: ## rebuild static/ from scss/, js/ and the npm packages (needs Node; what it builds is committed)
	npm ci --silent && npm run --silent build
	$(python) -m certificates letters static/fonts

lock: ## pin requirements/*.in again, by hash (needs uv)
	uv pip compile -q --generate-hashes --no-header --no-annotate --python-version 3.11 requirements/run.in -o requirements/run.lock
	cd requirements && uv pip compile -q --generate-hashes --no-header --no-annotate --python-version 3.11 -c run.lock s3.in -o s3.lock
	cd requirements && uv pip compile -q --generate-hashes --no-header --no-annotate --python-version 3.11 -c run.lock test.in -o test.lock
	cd requirements && uv pip compile -q --generate-hashes --no-header --no-annotate --python-version 3.11 -c run.lock bench.in -o bench.lock

clean: ## remove what tools leave behind; the data in var/ stays
	rm -rf .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage* node_modules
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
