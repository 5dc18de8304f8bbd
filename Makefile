# Two commands: `make demo` and `make test`. Each sets up all it needs: .venv, the build, everything.
PYTHON ?= python3
SECONDS ?= 20
BIN := .venv/bin
PARTS := aeron engine journal marketdata schemas sequencer simulator tools
SOURCES := pyproject.toml constraints.txt CMakeLists.txt Cargo.toml Cargo.lock \
           $(shell find aeron engine marketdata native schemas sequencer simulator -name '*.rs' -o -name '*.h' -o -name 'Cargo.*' -o -name 'build_cffi.py')

WORKERS ?= 2
STEPS ?= 1000000
SEED ?= 1

.PHONY: demo test lint setup soak
demo: setup
	$(BIN)/seriatim demo --seconds $(SECONDS)

# Two workers share all but the tests that measure time, which follow with nothing beside them.
test: setup
	$(BIN)/pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder -m 'not alone'
	$(BIN)/pytest -m alone

# Random sessions on the engine and on the plain one that judges it, until STEPS or the first difference.
soak: setup
	$(BIN)/python -m tests.engine.soak --steps $(STEPS) --seed $(SEED)

# pyright sees neither through an editable install nor through linked folders; it gets a tree of links to files in which
# each part stands where it is installed.
lint: setup
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	rm -rf build/typing && mkdir -p build/typing
	cp -rs $(CURDIR)/src/seriatim $(foreach part,$(PARTS),$(CURDIR)/$(part)) build/typing/
	mv $(foreach part,$(PARTS),build/typing/$(part)) build/typing/seriatim/
	$(BIN)/pyright
	cargo fmt --check --package seriatim-engine --package seriatim-prefetch --package seriatim-sequencer --package seriatim-marketdata --package seriatim-native --package seriatim-simulator
	cargo clippy --locked --all-targets --package seriatim-engine --package seriatim-prefetch --package seriatim-sequencer --package seriatim-marketdata --package seriatim-native --package seriatim-simulator -- -D warnings

setup: .venv/installed

.venv/installed: $(SOURCES)
	@test -x $(BIN)/python || { echo 'Making .venv'; $(PYTHON) -m venv .venv; }
	@echo "Building the native parts (Rust, and Aeron's C) and installing them in .venv; usually one to three minutes ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@
	@echo 'Built.'
