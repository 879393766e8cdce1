# ModelGate. `make demo` and `make test` do all the set-up themselves.
SWIFT ?= swift
DEMO = $(SWIFT) build --disable-default-traits --traits CLI --product modelgate --scratch-path .build-demo
DEMO_BIN = .build-demo/debug/modelgate

.PHONY: help demo test policy-tests release fuzz lint format bench cel-conformance golden clean toolchain

help:
	@echo "make demo             build the command line and decide real requests (about a minute)"
	@echo "make test             run all tests"
	@echo "make policy-tests     test the shipped policies, with coverage and mutants"
	@echo "make release          one static, stripped binary: .build-release/modelgate"
	@echo "make lint             check formatting"
	@echo "make format           format all sources"
	@echo "make bench            measure the engine (release build)"
	@echo "make cel-conformance  run the CEL conformance suite (MODELGATE_CEL_DATA=folder; VERBOSE=1 lists failures)"
	@echo "make fuzz             fuzz the language, the regular expressions and rule files, a minute each (SECONDS_EACH=60)"
	@echo "make golden           rewrite the golden files of the tests"

toolchain:
	@command -v $(SWIFT) >/dev/null 2>&1 || { \
	  echo "make: there is no \`$(SWIFT)\` here. Install Swift 6.3 or later (swift.org/install), or name it: make SWIFT=/path/to/swift"; exit 1; }

demo: toolchain
	@echo "Building modelgate (about a minute the first time) ..."
	@$(DEMO) 2>&1 | { grep -E "error:|Compiling|Build complete" || true; } | tail -1
	@test -x $(DEMO_BIN) || { echo "make: the build failed; run: $(DEMO)"; exit 1; }
	@sh examples/demo.sh $(DEMO_BIN)

test: toolchain
	$(SWIFT) test

policy-tests: toolchain
	$(SWIFT) build -c release --product modelgate
	.build/release/modelgate test --coverage-threshold 100 --mutation-threshold 95

# Everything is inside, the C library too: it runs on any Linux of its architecture. TRAITS="CLI …" adds what the command line alone leaves out.
TRAITS ?= CLI
RELEASE = $(SWIFT) build -c release --product modelgate --disable-default-traits --traits "$(TRAITS)" --scratch-path .build-release \
  --static-swift-stdlib -Xswiftc -static-executable -Xlinker -s

release: toolchain
	$(RELEASE)
	cp "$$($(RELEASE) --show-bin-path)/modelgate" .build-release/modelgate
	@ls -l .build-release/modelgate

lint: toolchain
	$(SWIFT) format lint --strict -r -p Package.swift Sources Tests

format: toolchain
	$(SWIFT) format -i -r -p Package.swift Sources Tests

bench: toolchain
	$(SWIFT) build -c release --product bench
	.build/release/bench

cel-conformance: toolchain
	@$(SWIFT) build -c release --product cel-conformance 2>&1 | tail -1
	@.build/release/cel-conformance $(if $(VERBOSE),--verbose)

golden: toolchain
	UPDATE_GOLDEN=1 $(SWIFT) test

fuzz: toolchain
	bash Tests/Fuzz/run.sh $(or $(SECONDS_EACH),60)

clean:
	rm -rf .build .build-* Tests/Fuzz/.build examples/90-embed/.build
