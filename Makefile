# Two commands matter: `make demo` and `make test`. Each sets up what it needs.
.PHONY: help demo demo-bridge run net test network faults upgrade ops security bench audit setup build fmt specs sim scenarios fuzz cli relayer bench-weights

# One target directory for everything, overridable: a cold build takes a third of an hour.
export CARGO_TARGET_DIR ?= $(CURDIR)/target
export WASM_BUILD_WORKSPACE_HINT := $(CURDIR)
# Else the wasm builder takes the newest toolchain it finds, whatever rust-toolchain.toml says.
export WASM_BUILD_TOOLCHAIN := $(shell sed -n 's/^channel = "\(.*\)"/\1/p' rust-toolchain.toml)
NODE := $(CARGO_TARGET_DIR)/release/pensum-node

help:            ## this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST)

demo: build      ## a chain, three solvers, real models, real text; a table and target/demo/report.json
	@scripts/demo

demo-bridge: build relayer ## a Solidity contract buys an answer; a table and target/demo-bridge/report.json
	@scripts/demo-bridge

net: build       ## four validators, two solvers and a bootnode, each with keys of its own; left running
	@scripts/net

run: build       ## the same chain, left running for polkadot.js
	@scripts/demo --keep

test:            ## every check and test: fmt, clippy, docs, unit, property, scenario, end to end
	@scripts/test

network: build   ## whole networks: keys, joining, leaving, zombienet
	@scripts/network

faults: build    ## kills, partitions, full and slow disks, wrong clocks, on machines of their own (root); a quarter of an hour
	@scripts/setup --faults
	@scripts/faults

upgrade: build   ## a busy chain goes from the last release to this tree's runtime
	@scripts/upgrade

ops: build       ## metrics, alarms, units, backup and restore on real nodes
	@scripts/ops

security: build  ## hostile calls against real nodes, and that the threat model's tests exist
	@scripts/security

audit: setup     ## advisories, licences and sources of every dependency
	@scripts/audit

bench: build     ## block import, load, weights and latency, with goals and peers; table and target/bench/report.json
	@scripts/bench

setup:           ## install what building and running need
	@scripts/setup

build: setup     ## the node, release
	cargo build --release --locked --workspace

fmt:             ## format
	cargo fmt --all

cli: setup       ## the pensum command
	cargo build --release --locked --manifest-path client/rust/Cargo.toml -p pensum-cli

relayer: setup   ## pensum-relayer: carries messages between the chain and EVM chains
	cargo build --release --locked --manifest-path client/rust/Cargo.toml -p pensum-relayer

fuzz: build      ## half an hour of hostile calls against the whole runtime
	$(CARGO_TARGET_DIR)/release/pensum-fuzz --seconds 1800 --corpus tests/fuzz/corpus

bench-weights: build ## storage reads, writes and weight of whole task lives; docs/benchmarks/weights.md
	$(CARGO_TARGET_DIR)/release/pensum-bench-weights

sim: build       ## what honest and dishonest solvers earn: table, CSV and plots in target/sim
	$(CARGO_TARGET_DIR)/release/market-sim --out target/sim

scenarios: build ## solvers that lie, copy, withhold and collude on a real chain; table and target/scenarios/report.json
	@scripts/scenarios

specs: build     ## generate chain-specs/ from the node
	scripts/specs $(NODE)
