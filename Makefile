# The course's one command surface. `make` alone lists it.
RUN := .venv/bin/python
STEP := @$(RUN) scripts/step.py
# For every platform, and naming no host.
LOCK := .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --no-header \
    --no-annotate --no-emit-index-url
UNIT = $(RUN) -m pytest -q --doctest-modules -n $(WORKERS) --dist worksteal --ignore tests/book \
    --ignore tests/elsewhere --ignore tests/lite --ignore tests/pdf --ignore tests/zh \
    --ignore tests/offline
# What is asked of the pages of both books.
IN_BOTH = $(addprefix tests/book/test_,$(addsuffix .py,pages keyboard lecture doors furniture \
    search weight launch links))
export WORKERS ?= 2

export TF_CPP_MIN_LOG_LEVEL := 1
# Two processes at a time share the cores already: a second thread each would only wait.
export OPENBLAS_NUM_THREADS := 1
export KERAS_BACKEND := tensorflow
# A kernel of the same name elsewhere is not the course's.
export JUPYTER_PREFER_ENV_PATH := 1
unexport PYTHONPATH PYTHONHOME MPLBACKEND JUPYTER_PATH

.DEFAULT_GOAL := help
.PHONY: help book zh test-zh zh-pdf offline test-offline test unit shuffled elsewhere twice lint zh-todo tidy lesson address lab serve lite test-lite bench readers hub-trial lock linkcheck lighthouse report pdf clean environment

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile
	@echo "PYTHON=... names the Python for .venv, WORKERS=... how many lessons or tests run at a time ($(WORKERS))."

book: environment ## run the lessons that changed and build _build/html
	$(STEP) "Building the book" $(RUN) -m scripts.build_book

zh: book ## run the Chinese lessons that changed and build _build/html/zh
	$(STEP) "Building the Chinese book" $(RUN) -m scripts.build_book zh

test-zh: zh ## every page of the Chinese book, under the tests of its English twin and its own
	$(STEP) "Reading the Chinese pages" env CNN_BOOK=zh $(RUN) -m pytest -q -n $(WORKERS) $(IN_BOTH)
	$(STEP) "Reading both languages" $(RUN) -m pytest -q -n $(WORKERS) tests/zh

pdf: book ## print the book into _build/pdf (needs Chromium or Chrome)
	$(STEP) "Printing the book" $(RUN) -m scripts.pdf
	$(STEP) "Reading the print" $(RUN) -m pytest -q tests/pdf

zh-pdf: zh ## print the Chinese book into _build/pdf (needs a Chinese font, too)
	$(STEP) "Printing the Chinese book" $(RUN) -m scripts.pdf zh
	$(STEP) "Reading the Chinese print" env CNN_BOOK=zh $(RUN) -m pytest -q tests/pdf

test: lint unit book ## lint, unit tests, doctests, every lesson, every page of the book
	$(STEP) "Reading lessons and pages" $(RUN) -m pytest -q -n $(WORKERS) tests/book

unit: environment ## unit tests and doctests only
	$(STEP) "Unit tests and doctests" $(UNIT) cnnlib tests

shuffled: environment ## the same in a random order (SEED=... for that of a run before)
	$(STEP) "Unit tests in random order" $(UNIT) -p randomly \
	    $(SEED:%=--randomly-seed=%) cnnlib tests

twice: environment ## run each cell of every lesson twice in a row (make test: up to long training)
	$(STEP) "Running each cell twice" env CNN_EVERY_LESSON=1 $(RUN) -m pytest -q -n $(WORKERS) \
	    tests/book/test_twice.py

elsewhere: environment ## install the course as Binder, Colab and a reader without make do, and try it
	$(STEP) "Trying the course elsewhere" $(RUN) -m pytest -q -n $(WORKERS) --dist loadfile \
	    tests/elsewhere

lint: environment ## style and spelling of code and lessons, types of the library
	$(STEP) "Style" $(RUN) -m ruff check .
	$(STEP) "Format" $(RUN) -m ruff format --check .
	$(STEP) "Spelling" $(RUN) -m codespell_lib .
	$(STEP) "Types" $(RUN) -m mypy

zh-todo: environment ## list what is to be translated anew (CELL=file:id: it is right as it stands)
	@$(RUN) -m scripts.translation $(CELL)

tidy: environment ## format the code, take the outputs out of the lessons
	$(STEP) "Outputs" $(RUN) -m nbconvert --log-level=WARN --clear-output --inplace \
	    chapters/*.ipynb appendix/*.ipynb $(wildcard zh/*/*.ipynb)
	$(STEP) "Style" $(RUN) -m ruff check --fix --exit-zero .
	$(STEP) "Format" $(RUN) -m ruff format .

lesson: environment ## begin a lesson from the template (NAME=18-new-idea)
	@$(RUN) scripts/new_lesson.py "$(NAME)"

address: ## write the course's address on GitHub (REPO=owner/name) where it is needed, or check it
	@python3 scripts/address.py "$(REPO)"

lab: environment ## open the lessons in JupyterLab (BOOK=zh for the Chinese ones)
	@$(RUN) -m jupyterlab --notebook-dir=. $(BOOK:%=%/)chapters/01-convolution.ipynb $(ARGS)

serve: book ## build the book and serve it on http://localhost:8000
	@$(RUN) -m scripts.serve

lite: book ## build the lessons that run in a browser into the book (PYODIDE=folder: no CDN)
	$(STEP) "Building the browser's lessons" $(RUN) -m scripts.build_lite $(PYODIDE)

test-lite: lite ## run them in Chromium, with a Pyodide that PYODIDE_DIST names
	$(STEP) "Running lessons in a browser" $(RUN) -m pytest -q -rs -n $(WORKERS) --dist worksteal \
	    tests/lite

offline: environment $(if $(PYODIDE),pdf zh-pdf) ## pack both books and all that they need into one zip (PYODIDE=folder)
	$(STEP) "Packing the course" $(RUN) -m scripts.offline $(PYODIDE)

test-offline: ## serve and read what is packed, where there is no network
	$(STEP) "Reading without a network" $(RUN) -m pytest -q -rs tests/offline

bench: environment ## measure what the course claims about speed and size
	$(STEP) "Measuring imports" $(RUN) -m scripts.bench_import
	$(STEP) "Measuring convolutions" $(RUN) -m scripts.bench
	$(STEP) "Measuring an epoch of LeNet" $(RUN) -m scripts.bench_training

readers: book ## measure what a class costs, and write it on its page (appendix/for-lecturers)
	$(STEP) "Measuring readers" $(RUN) -m scripts.measure_readers

hub-trial: book ## let twenty readers run lessons on a JupyterHub here, and write how it went (needs npm)
	@$(RUN) -m scripts.hub_trial

lock: ## make the locks and environment.yml anew (ARGS=--upgrade for the newest)
	@sh scripts/environment.sh
	$(STEP) "Locking the course" $(LOCK) pyproject.toml --all-extras -o requirements.lock $(ARGS)
	$(STEP) "Locking the browser's builder" $(LOCK) --group lite -o lite.lock $(ARGS)
	$(STEP) "Locking the hub" $(LOCK) --group hub -c requirements.lock -o hub.lock $(ARGS)
	@mkdir -p _build
	@$(LOCK) pyproject.toml --extra lessons --no-deps -c requirements.lock -o _build/lessons.lock
	@{ sed '/- pip:/q' environment.yml; sed 's/^/      - /' _build/lessons.lock; } > _build/pins
	@mv _build/pins environment.yml

linkcheck: environment ## ask every link to another site whether it is still there
	$(STEP) "Following links" $(RUN) -m scripts.linkcheck

lighthouse: book ## ask Lighthouse how fast and how accessible the pages are (needs node)
	@$(RUN) -m scripts.lighthouse $(ARGS)

report: ## open an issue for each job of the weekly run that failed (on GitHub)
	@python3 scripts/report_failure.py

clean: ## remove what was built (.venv stays)
	rm -rf _build .pytest_cache .ruff_cache .mypy_cache .hypothesis
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +

environment:
	@sh scripts/environment.sh
