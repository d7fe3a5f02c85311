# Aparté. `make` lists what there is to make.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LDFLAGS := -s -w -X aparte/app.Version=$(VERSION)
WINDOW  := desktop,production,webkit2_41
BIN     := build/bin
TMP     := build/tmp
NEED    := sh build/need.sh
FRONT   := cd frontend &&

UI_SOURCES := $(shell find frontend/src frontend/public frontend/index.html frontend/vite.config.ts frontend/scripts -type f 2>/dev/null)
GO_SOURCES := $(shell find app internal main.go -name '*.go' -o -name '*.sql' -o -path '*/page/*' -type f 2>/dev/null) go.mod

# What runs things side by side, and so runs under the race detector too.
CONCURRENT := ./internal/feed ./internal/intake ./internal/outbox ./internal/accounts ./internal/blob

.PHONY: help run test server desktop package bench crash fuzz long desk lint \
	check-ui check-go check-lint check-race check-postgres check-e2e check-window check-mail openapi

help: ## list these targets
	@grep -hE '^[a-z][a-z-]*:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

run: ## everything missing is installed; the window on the sandbox (without a display: the same on loopback)
	@sh build/run.sh

server: $(BIN)/aparte-server ## build/bin/aparte-server: no window, no cgo
desktop: $(BIN)/aparte ## build/bin/aparte: with the window

frontend/node_modules/.package-lock.json: frontend/package-lock.json
	@sh build/versions.sh node
	$(FRONT) npm ci --no-audit --no-fund --loglevel=error
	@touch $@

frontend/dist/index.html: frontend/node_modules/.package-lock.json frontend/package.json $(UI_SOURCES)
	$(FRONT) npm run --silent build
	@touch $@

$(BIN)/aparte-server: frontend/dist/index.html $(GO_SOURCES)
	@sh build/versions.sh go
	CGO_ENABLED=0 go build -trimpath -ldflags "$(LDFLAGS)" -o $@ .

$(BIN)/aparte: frontend/dist/index.html $(GO_SOURCES)
	@sh build/versions.sh go
	@$(NEED) window
	go build -tags $(WINDOW) -trimpath -ldflags "$(LDFLAGS)" -o $@ .

test: ## every check, as CI runs them
	@sh build/test.sh

check-ui: frontend/node_modules/.package-lock.json
	@mkdir -p $(TMP)
	$(FRONT) npx --no-install openapi-typescript ../docs/openapi.json -o ../$(TMP)/schema.gen.ts >/dev/null
	@cmp -s $(TMP)/schema.gen.ts frontend/src/api/schema.gen.ts || { echo "frontend/src/api/schema.gen.ts is stale; run: make openapi" >&2; exit 1; }
	$(FRONT) npm run --silent lint && npm run --silent typecheck && npm run --silent test

check-go:
	go test ./...

check-lint:
	@test -z "$$(gofmt -l app internal main.go)" || { gofmt -l app internal main.go; echo "run gofmt on these" >&2; exit 1; }
	go vet ./...
	go vet -tags realmail ./app/mailtest
	go vet -tags crash ./app/crashtest
	go run honnef.co/go/tools/cmd/staticcheck@v0.8.2 ./...

check-race:
	@$(NEED) race
	go test -race $(CONCURRENT)

check-postgres:
	@$(NEED) postgres
	sh build/postgres-test.sh

check-e2e: $(BIN)/aparte-server
	@$(NEED) browser
	$(FRONT) APARTE_BIN=../$(BIN)/aparte-server npm run --silent e2e

check-window: $(BIN)/aparte
	@$(NEED) window display
	APARTE_BIN=$(CURDIR)/$(BIN)/aparte sh build/window-test.sh

check-mail: $(BIN)/aparte-server
	@$(NEED) mail
	APARTE_BIN=$(CURDIR)/$(BIN)/aparte-server go test -tags realmail -count=1 ./app/mailtest

crash: $(BIN)/aparte-server ## CRASH_KILLS=15: the program killed in the middle of its work, both worlds compared
	APARTE_BIN=$(CURDIR)/$(BIN)/aparte-server go test -tags crash -count=1 -timeout 90m -v ./app/crashtest

openapi: frontend/node_modules/.package-lock.json ## write docs/openapi.json and the typed client anew
	go test ./internal/httpapi -run '^TestDocumentIsTheOneThatIsKept$$' -update
	$(FRONT) npm run --silent openapi

fuzz: ## FUZZTIME=5s each: everything that reads foreign bytes
	@sh build/fuzz.sh $${FUZZTIME:-5s}

desk: ## SIZE=100000: a believable desk in build/tmp/desk-SIZE
	go run ./internal/sandbox/deskgen/cmd $${SIZE:-1000} $(TMP)/desk-$${SIZE:-1000}

bench: ## figures, with the raw limit beside them
	@sh build/bench.sh

package: $(BIN)/aparte-server $(BIN)/aparte ## archives of both binaries in build/bin, and the Windows ones (built, not run)
	@sh build/package.sh

long: ## the long checks: long fuzzing, 200 kills, the race detector everywhere
	FUZZTIME=60s $(MAKE) fuzz
	CRASH_KILLS=200 $(MAKE) crash
	go test -race ./...
