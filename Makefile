# `make demo` runs the main job, `make test` the tests. Everything lands in .venv and build/.

VENV := .venv
BIN := $(VENV)/bin
# python3.11 where there is one, else the first Python that is new enough and can make an environment.
PYTHON ?= $(shell for each in python3.11 python3 python3.12 python3.13 python3.14; do \
	$$each -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& { echo $$each; break; }; done)
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
AS_OF := 2026-06-30
# The demonstration has a catalogue, a cache and a history of its own.
CITE := XDG_CACHE_HOME=$(CURDIR)/build/demo/.cache XDG_STATE_HOME=$(CURDIR)/build/demo/.state \
	../../$(BIN)/cite
LIBRARY := --library bib/library.json
ONLINE := --source catalogue --source arxiv --source crossref

.PHONY: help demo test test-slow lint check bench peers docs sbom licences settings citation wheel sdist clean

help:
	@echo 'make demo       set up, then make a library, a .bib file and a bibliography of bib/listing.txt'
	@echo 'make test       set up, then run the tests; make test-slow runs those that take long or need TeX'
	@echo 'make lint       ruff, mypy and the import contracts; make check runs all of these'
	@echo 'make bench      the benchmarks as tables; make peers first installs the tools to compare with'
	@echo 'make docs       build the manual into build/docs, warnings as errors'
	@echo 'make wheel      build dist/*.whl; make sdist the source; make sbom dist/citeworks.cdx.json'
	@echo 'make citation   make CITATION.cff anew; make licences, make settings these pages of the manual'
	@echo 'make clean      remove what make made'

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo 'make: Python 3.11 or newer with venv is needed' >&2; exit 2; }
	@echo "Setting up $(VENV) with $(PYTHON) …"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml | $(BIN)/python
	@echo 'Installing citeworks into $(VENV) …'
	@$(PIP) install --editable .
	@touch $@

$(VENV)/.installed-dev: pyproject.toml | $(BIN)/python
	@echo 'Installing citeworks and its development tools into $(VENV) …'
	@$(PIP) install --editable '.[dev]'
	@touch $(VENV)/.installed $@

demo: $(VENV)/.installed
	@rm -rf build/demo && mkdir -p build/demo
	@cd build/demo && echo '$$ cite add bib/listing.txt --as-of $(AS_OF)' \
		&& $(CITE) add ../../bib/listing.txt --as-of $(AS_OF) $(LIBRARY)
	@cd build/demo && echo '$$ cite catalogue build bib/catalogue.jsonl' \
		&& $(CITE) catalogue build ../../bib/catalogue.jsonl
	@cd build/demo && echo '$$ cite enrich --offline --write --published' \
		&& $(CITE) enrich --offline --write --published $(LIBRARY)
	@cd build/demo && echo '$$ cite enrich $(ONLINE) --write --published' \
		&& { $(CITE) enrich $(ONLINE) --write --published $(LIBRARY) 2> .online && cat .online \
			|| echo 'The network, or some of it, is not there: the library is what the catalogue says.'; }
	@cd build/demo && echo '$$ cite export --format bibtex -o references.bib' \
		&& $(CITE) export --format bibtex -o references.bib $(LIBRARY)
	@cd build/demo && echo '$$ cite export --style apa' && echo && $(CITE) export --style apa $(LIBRARY)
	@echo && echo 'Written:' && find build/demo -type f ! -path '*/.*' | sort | sed 's/^/  /'

test: $(VENV)/.installed-dev
	@$(BIN)/python -m pytest -q -n auto -m 'not slow'

test-slow: $(VENV)/.installed-dev
	@$(BIN)/python -m pytest -q -n auto -m slow

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

check: test test-slow lint

build/peers/.installed:
	@$(PYTHON) -m venv build/peers
	@build/peers/bin/python -m pip --quiet --disable-pip-version-check install papis pybtex citeproc-py pypandoc-binary
	@! command -v npm > /dev/null || npm install --silent --no-fund --no-audit --prefix build/peers citeproc@2 bibtex-tidy@1
	@$(PYTHON) -m venv build/peers/bibtexparser2
	@build/peers/bibtexparser2/bin/python -m pip --quiet --disable-pip-version-check install 'bibtexparser>=2.0.0b1,<3'
	@touch $@

peers: build/peers/.installed

bench: $(VENV)/.installed-dev
	@$(BIN)/python -m benchmarks

wheel: $(VENV)/.installed-dev
	@$(PIP) wheel --no-deps --wheel-dir dist .

sdist: $(VENV)/.installed-dev
	@$(BIN)/python -m hatchling build -t sdist -d dist

docs: $(VENV)/.installed-dev
	@$(BIN)/python -m sphinx -W --keep-going -q -b html -d build/doctrees docs build/docs
	@echo 'The manual is in build/docs/index.html'

sbom: $(VENV)/.installed-dev
	@mkdir -p dist && $(BIN)/python -m tools.dependencies sbom > dist/citeworks.cdx.json
	@echo 'wrote dist/citeworks.cdx.json'

licences: $(VENV)/.installed-dev
	@$(BIN)/python -m tools.dependencies page > docs/dependencies.md

settings: $(VENV)/.installed-dev
	@$(BIN)/python -m tools.settings > docs/settings.md

citation: $(VENV)/.installed-dev
	@$(BIN)/python -m tools.citation | $(BIN)/cite export - --format cff -o CITATION.cff

clean:
	rm -rf build dist .venv .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
