.DEFAULT_GOAL := help
.PHONY: help demo test generate check lint bench fuzz clean

help: ## show this
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-9s %s\n", $$1, $$2}'

demo: ## serve demo data on a temporary database
	go run ./server demo

test: ## run all tests, on SQLite and PostgreSQL
	go test -timeout 30m ./...

generate: ## make generated code anew: ent, then gqlgen
	go generate ./...

check: ## what CI checks: formatting, vet, linters, fresh code, migrations, race
	bash .ci/run

lint: ## run the linters alone
	go vet ./...
	go tool -modfile=tools/go.mod staticcheck $$(go list ./... | grep -vE '/ent/db|/graph/exec')

bench: ## measure against hand-written SQL and JSON, on both databases
	go test -run '^$$' -bench . ./rubric ./funnel ./calibration
	go test -run '^$$' -bench . -benchtime 2s -timeout 60m ./bench

# An import takes milliseconds and never runs quite the same twice: looking for the
# shortest input of each kind would take all the time.
fuzz: ## fuzz what parses input, a minute each
	go test -run '^$$' -fuzz FuzzParse -fuzztime 60s ./internal/gid
	go test -run '^$$' -fuzz FuzzCoerceVariables -fuzztime 60s ./internal/gqlhttp
	go test -run '^$$' -fuzz FuzzExport -fuzztime 60s ./internal/reports
	go test -run '^$$' -fuzz FuzzDecode -fuzztime 60s ./rubric
	go test -run '^$$' -fuzz FuzzCSV -fuzztime 60s ./interchange
	go test -run '^$$' -fuzz FuzzPlan -fuzztime 60s ./interchange/greenhouse
	go test -run '^$$' -fuzz FuzzImport -fuzztime 60s -fuzzminimizetime 1x ./interchange/greenhouse
	go test -run '^$$' -fuzz FuzzPlan -fuzztime 60s ./interchange/eventlog
	go test -run '^$$' -fuzz FuzzImport -fuzztime 60s -fuzzminimizetime 1x ./interchange/eventlog

clean: ## remove what building leaves
	go clean ./...
