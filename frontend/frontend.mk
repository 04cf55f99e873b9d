# The dashboard. Included by ../Makefile; each step leaves a stamp, so nothing unchanged is done twice.
FRONT := frontend
NPM := cd $(FRONT) && npm
MODULES := $(FRONT)/node_modules/.installed
CHECKS := $(FRONT)/node_modules/.checks
SCHEMA := $(FRONT)/src/shared/api/schema.ts
FRONT_CONFIG := $(wildcard $(FRONT)/*.js $(FRONT)/*.ts $(FRONT)/*.json $(FRONT)/scripts/*.js) $(FRONT)/index.html
FRONT_FILES := $(shell find $(FRONT)/src $(FRONT)/public -type f 2>/dev/null) $(FRONT_CONFIG) $(wildcard web/words/*.json)
E2E_FILES := $(wildcard $(FRONT)/e2e/*.ts $(FRONT)/e2e/*.json)
CHROMIUM ?= /usr/bin/chromium

frontend: $(FRONT)/dist/manifest.json ## build the dashboard into frontend/dist
frontend-check: frontend-lint frontend-test ## types, eslint, tests, build and budgets of the dashboard
frontend-lint: $(CHECKS)/types $(CHECKS)/lint
frontend-test: $(CHECKS)/test $(CHECKS)/budgets

$(MODULES): $(FRONT)/package-lock.json
	@node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' 2>/dev/null && command -v npm >/dev/null || { \
	  test "$$(id -u)" = 0 && apt-get install -y -qq nodejs npm >/dev/null || { echo "Node.js 20 or newer with npm is needed: apt-get install nodejs npm (Debian 13), or nodejs.org"; exit 2; }; }
	@node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' || { echo "Node.js 20 or newer is needed, this is $$(node --version)"; exit 2; }
	@$(NPM) ci --no-progress --loglevel=error
	@mkdir -p $(CHECKS) && touch $@

$(FRONT)/dist/manifest.json: $(MODULES) $(FRONT_FILES)
	@$(NPM) run --silent build && touch dist/manifest.json

$(CHECKS)/types: $(MODULES) web/openapi.json $(SCHEMA) $(FRONT)/scripts/types.js
	@$(NPM) run --silent types -- --check
	@touch $@

$(CHECKS)/lint: $(MODULES) $(FRONT_FILES) $(E2E_FILES)
	@cd $(FRONT) && npx --no-install tsc && npx --no-install tsc -p e2e
	@$(NPM) run --silent lint
	@touch $@

$(CHECKS)/test: $(MODULES) $(FRONT_FILES)
	@$(NPM) run --silent test -- --reporter=dot
	@touch $@

$(CHECKS)/budgets: $(FRONT)/dist/manifest.json
	@cd $(FRONT) && node scripts/budgets.js
	@touch $@

frontend-types: $(MODULES) ## write the dashboard's API types anew from web/openapi.json
	@$(NPM) run --silent types

e2e: $(STAMP) frontend $(CHROMIUM) ## the dashboard in a real browser against the real server
	@cd $(FRONT) && CHROMIUM=$(CHROMIUM) npx --no-install vitest run --config e2e/vitest.config.ts

$(CHROMIUM):
	@test "$$(id -u)" = 0 || { echo "Chromium is needed: apt-get install chromium, or name it in CHROMIUM"; exit 2; }
	@apt-get update -qq && apt-get install -y -qq chromium >/dev/null
	@test -x $@

.PHONY: e2e frontend frontend-check frontend-lint frontend-test frontend-types
