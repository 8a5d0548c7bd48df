# Glaneuse: `make demo` shows it, `make test` tries it. Both set up what they need in .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet

.PHONY: help install demo serve test test-served lint format bench soak screenshots eval french model lock clean

help:  ## what can be made
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:[^#]*## /\t/' | expand -t 12

install: $(VENV)/.installed  ## the set-up alone: .venv with the locked dependencies

demo: $(VENV)/.installed  ## collect the sample sites for real, and open the front end
	$(BIN)/python -m demo

serve: $(VENV)/.installed  ## the web front end on ./data
	$(BIN)/glaneuse serve

test: $(VENV)/.developing  ## every test
	$(BIN)/python -m pytest --numprocesses=auto --maxprocesses=4 --dist=loadfile $(TESTS)

test-served: $(VENV)/.developing  ## every test again, on PostgreSQL and Meilisearch
	$(BIN)/python -m pytest --parts=served --numprocesses=auto --maxprocesses=4 --dist=loadfile $(TESTS)

lint: $(VENV)/.developing  ## ruff, mypy, import-linter
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.developing  ## lay the code out
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

bench: $(VENV)/.developing  ## benchmarks, as ratios against the bare libraries
	-$(PIP) reader==3.26  # what collecting is compared with, and nothing else
	$(BIN)/python -m benchmarks $(PAGES)

soak: $(VENV)/.developing  ## some minutes: every part killed, cut and filled in turn; then nothing is lost
	$(BIN)/python -m tests.soak.soak $(ROUNDS)

screenshots: $(VENV)/.developing  ## take the pictures of the guide again
	$(BIN)/python -m pytest tests/web/test_guide_pictures.py --pictures=docs/guide/images

eval: $(VENV)/.developing  ## figures of the themes: cross-validation, calibration, texts written blind
	$(BIN)/python -m benchmarks.learning
	$(BIN)/glaneuse evaluate benchmarks/gold/blind.jsonl
	$(BIN)/glaneuse evaluate benchmarks/gold/third.jsonl

french: $(VENV)/.developing  ## what the command line's library says, compiled from its .po file
	$(BIN)/pybabel compile --domain=messages --directory=glaneuse/locale

model: $(VENV)/.developing  ## learn themes and kinds again from the shipped examples
	$(BIN)/python -m benchmarks.learning taxonomy/model.npz
	$(BIN)/python -m benchmarks.kinds taxonomy/genres-appris.toml

audit: $(VENV)/.auditing  ## known weaknesses of the locked dependencies, where a database can be asked
	.ci/audit $(VENV)/audit/bin/pip-audit requirements.txt

sbom: $(VENV)/.auditing  ## sbom.json: the bill of materials of what is installed (CycloneDX)
	$(VENV)/audit/bin/cyclonedx-py requirements requirements.txt --pyproject pyproject.toml \
		--output-reproducible --of JSON --output-file sbom.json

# Universal (any platform, Python 3.11 and later), with hashes, naming no package host.
lock: $(VENV)/.developing  ## choose the newest versions again
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --custom-compile-command "make lock" --upgrade \
		--group install pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --custom-compile-command "make lock" --constraints requirements.txt \
		--group install --group dev pyproject.toml -o requirements-dev.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --custom-compile-command "make lock" --upgrade \
		--group audit -o requirements-audit.txt

clean:  ## remove what was made, but not your data
	rm -rf $(VENV) sbom.json demo/.data .mypy_cache .ruff_cache .pytest_cache *.egg-info

$(VENV)/.installed: requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Glaneuse needs Python 3.11 or later; try: make PYTHON=python3.12") if sys.version_info < (3, 11) else 0'
	$(PYTHON) -m venv $(VENV)
	$(PIP) --require-hashes -r requirements.txt
	$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.developing: requirements-dev.txt $(VENV)/.installed
	$(PIP) --require-hashes -r requirements-dev.txt
	@touch $@

$(VENV)/.auditing: requirements-audit.txt
	$(PYTHON) -m venv $(VENV)/audit
	$(VENV)/audit/bin/python -m pip --disable-pip-version-check install --quiet --require-hashes \
		-r requirements-audit.txt
	@touch $@
