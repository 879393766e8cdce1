# ModelGate. `make demo` and `make test` do all the set-up themselves.
SWIFT ?= swift
DEMO = $(SWIFT) build --disable-default-traits --traits CLI --product modelgate --scratch-path .build-demo
DEMO_BIN = .build-demo/debug/modelgate

.PHONY: help demo test test-clients policy-tests server-bench server-soak release fuzz lint format bench store-bench crash-tests store-soak differential soak cel-conformance golden clean toolchain sqlite

help:
	@echo "make demo             build the command line and decide real requests (about a minute)"
	@echo "make test             run all tests"
	@echo "make test-clients     drive a server with the official Python clients (makes their virtual environments)"
	@echo "make policy-tests     test the shipped policies, with coverage and mutants"
	@echo "make release          one static, stripped binary: .build-release/modelgate"
	@echo "make lint             check formatting"
	@echo "make format           format all sources"
	@echo "make bench            measure the engine (release build); the table is also in .build/bench.json"
	@echo "make store-bench      measure the store beside raw SQLite (release build; a million groups)"
	@echo "make server-bench     measure the server beside a bare route (release build; needs wrk)"
	@echo "make server-soak      the server under a mixed load; memory, descriptors and p99 have bounds (SECONDS=600; needs wrk)"
	@echo "make crash-tests      kill, cut the power, fill the disk, and check store and registry after each (a few minutes)"
	@echo "make differential     compare all ways of deciding with each other and the reference, on 100,000 random cases (CASES=100000, SEED=1)"
	@echo "make soak             the same for as long as asked (SECONDS=600, SEED=1)"
	@echo "make store-soak       crash-tests, much longer, and a million operations while policies change (CYCLES=2000, POINTS=10000)"
	@echo "make cel-conformance  run the CEL conformance suite (MODELGATE_CEL_DATA=folder; VERBOSE=1 lists failures)"
	@echo "make fuzz             fuzz the language, the regular expressions and rule files, a minute each (SECONDS_EACH=60)"
	@echo "make golden           rewrite the golden files of the tests"

toolchain:
	@command -v $(SWIFT) >/dev/null 2>&1 || { \
	  echo "make: there is no \`$(SWIFT)\` here. Install Swift 6.3 or later (swift.org/install), or name it: make SWIFT=/path/to/swift"; exit 1; }

# The store needs SQLite's header and library, the server zlib's and libcrypt's. Where this user may install them, they are installed.
sqlite:
	@printf '#include <crypt.h>\n#include <sqlite3.h>\n#include <zlib.h>\nint main(void) { return sqlite3_libversion_number() < 3037000 || !zlibVersion() || !crypt; }\n' > .sqlite-check.c; \
	if clang -o .sqlite-check .sqlite-check.c -lsqlite3 -lz -lcrypt 2>/dev/null || cc -o .sqlite-check .sqlite-check.c -lsqlite3 -lz -lcrypt 2>/dev/null; then found=1; else found=0; fi; \
	rm -f .sqlite-check .sqlite-check.c; \
	if [ $$found = 0 ]; then \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
	    echo "make: installing libsqlite3-dev, zlib1g-dev and libcrypt-dev, which store and server need"; \
	    apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q libsqlite3-dev zlib1g-dev libcrypt-dev; \
	  else \
	    echo "make: store and server need SQLite, zlib and libcrypt. Install them (Debian: sudo apt-get install libsqlite3-dev zlib1g-dev libcrypt-dev), or leave both out: swift build --disable-default-traits --traits CLI"; exit 1; \
	  fi; \
	fi

demo: toolchain
	@echo "Building modelgate (about a minute the first time) ..."
	@$(DEMO) 2>&1 | { grep -E "error:|Compiling|Build complete" || true; } | tail -1
	@test -x $(DEMO_BIN) || { echo "make: the build failed; run: $(DEMO)"; exit 1; }
	@sh examples/demo.sh $(DEMO_BIN)

# The network's tests run by themselves: they wait for clients, who must not wait behind thousands of other tests.
test: toolchain sqlite
	$(SWIFT) test --skip HTTPTransportTests
	$(SWIFT) test --skip-build --filter HTTPTransportTests

test-clients: toolchain sqlite
	$(SWIFT) build --product modelgate
	bash Tests/Clients/run.sh

server-bench: toolchain sqlite
	$(SWIFT) build -c release --product modelgate
	$(SWIFT) build -c release --product bare-server
	bash Tests/ServerBenchmarks/run.sh

server-soak: toolchain sqlite
	$(SWIFT) build -c release --product modelgate
	SECONDS_ALL=$(or $(SECONDS),600) bash Tests/ServerBenchmarks/soak.sh

policy-tests: toolchain
	$(SWIFT) build -c release --product modelgate --disable-default-traits --traits CLI --scratch-path .build-cli
	.build-cli/release/modelgate test --coverage-threshold 100 --mutation-threshold 95

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
	.build/release/bench --json .build/bench.json

# The same build as that of policy-tests, so that the engine is compiled once.
DIFFERENTIAL = $(SWIFT) build -c release --product differential --disable-default-traits --traits CLI --scratch-path .build-cli

differential: toolchain
	$(DIFFERENTIAL)
	.build-cli/release/differential --cases $(or $(CASES),100000) --seed $(or $(SEED),1)

soak: toolchain
	$(DIFFERENTIAL)
	.build-cli/release/differential --seconds $(or $(SECONDS),600) --seed $(or $(SEED),1)

store-bench: toolchain sqlite
	$(SWIFT) build -c release --product store-bench
	.build/release/store-bench

crash-tests: toolchain sqlite
	$(SWIFT) build --product crash-tests
	.build/debug/crash-tests all --cycles 100 --registry-cycles 200 --points 300 --registry-points 100 --migrations 60

store-soak: toolchain sqlite
	$(SWIFT) build -c release --product crash-tests
	.build/release/crash-tests all --cycles $(or $(CYCLES),2000) --registry-cycles $(or $(CYCLES),2000) \
	  --points $(or $(POINTS),10000) --registry-points $(or $(POINTS),10000) --operations 1000000 --migrations 500 --commits 3000

cel-conformance: toolchain
	@$(SWIFT) build -c release --product cel-conformance 2>&1 | tail -1
	@.build/release/cel-conformance $(if $(VERBOSE),--verbose)

golden: toolchain sqlite
	UPDATE_GOLDEN=1 $(SWIFT) test

fuzz: toolchain
	bash Tests/Fuzz/run.sh $(or $(SECONDS_EACH),60)

clean:
	rm -rf .build .build-* Tests/Fuzz/.build examples/90-embed/.build
