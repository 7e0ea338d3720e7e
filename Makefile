# Dateline. `make help` lists what can be made here.
SHELL := /usr/bin/env bash
.DEFAULT_GOAL := help
.PHONY: help build demo test test-inside check fmt assets assets-check bench soak acceptance clean

# Static binaries everywhere: what is tested is what is shipped.
export CGO_ENABLED := 0
# The toolchain that is installed, never one fetched in passing.
export GOTOOLCHAIN ?= local

ENV  := tools/testenv
TAGS := e2e,bench,soak,acceptance
BENCHTIME ?= 2s
# Real exports to import; not part of this repository.
export DATELINE_MATERIAL ?= $(abspath ../shared/material)

help: ## list the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: ## bin/dateline, one static file
	go build -trimpath -o bin/dateline ./cmd/dateline

demo: build ## a fictional newsroom on http://localhost:8080
	./bin/dateline demo

test: ## everything, on SQLite, PostgreSQL and Chromium; installs what is missing
	@$(ENV)/install.sh
	@$(ENV)/with.sh $(MAKE) --no-print-directory test-inside

# Expects the servers that with.sh starts.
test-inside:
	@$(MAKE) --no-print-directory fmt
	@$(MAKE) --no-print-directory assets-check
	go vet ./...
	go vet -tags $(TAGS) ./...
	go build -trimpath -o bin/dateline ./cmd/dateline
	go test -timeout 25m ./...
	go test -timeout 45m -tags e2e ./test/...

assets: ## assets/dist anew from assets/desk, the editors' scripts; wants Node's npm
	@$(ENV)/packages.sh assets/desk
	cd assets/desk && node_modules/.bin/tsc --noEmit
	cd tools/assets && go run .

# What is committed is what the sources make, and its types fit.
assets-check:
	@$(ENV)/packages.sh assets/desk
	cd assets/desk && node_modules/.bin/tsc --noEmit
	cd tools/assets && go run . -check

fmt:
	@bad="$$(find . -name '*.go' -not -path '*/node_modules/*' -not -path './.git/*' -print0 | xargs -0 gofmt -l)"; \
	if [ -n "$$bad" ]; then echo "not as gofmt writes it:"; echo "$$bad"; exit 1; fi

check: fmt assets-check ## go vet, gofmt, staticcheck (pinned in tools/lint/go.mod), the desk's bundle
	go vet ./...
	go vet -tags $(TAGS) ./...
	cd tools/lint && go build -o ../../bin/staticcheck honnef.co/go/tools/cmd/staticcheck
	./bin/staticcheck -checks inherit,-ST1013 -tags $(TAGS) ./...

bench: ## import rate, memory, cost of a page; BENCHTIME=2s
	@$(ENV)/with.sh --durable go test -tags bench -run XXX -bench . -benchtime $(BENCHTIME) -timeout 120m ./test/bench/...
	@$(ENV)/with.sh go test -tags e2e,bench -run LighthouseSpeed -v -timeout 30m ./test/e2e/...

soak: ## kill -9 two hundred times, and what else takes long: every page in every language, theme, width and scheme
	@$(ENV)/with.sh --durable go test -tags soak -timeout 60m -v ./test/soak/...
	@DATELINE_LONG=1 $(ENV)/with.sh go test -timeout 120m -tags e2e ./test/e2e/...

acceptance: ## real exports in DATELINE_MATERIAL, into both engines
	@$(ENV)/with.sh go test -tags acceptance -timeout 60m ./...

clean: ## what was built, and the demo's data
	rm -rf bin demo-data
