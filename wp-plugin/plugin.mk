# The WordPress plugin. Included by ../Makefile.
PLUGIN := wp-plugin/onefunders-analyze

plugin: frontend ## build the WordPress plugin's installable zip
	@wp-plugin/bin/build

plugin-check: plugin-lint plugin-unit ## the plugin's lint rules and unit tests

plugin-setup: ## install what the plugin's tests need (PHP, MariaDB, WordPress)
	@wp-plugin/bin/setup

plugin-lint:
	@wp-plugin/bin/check

plugin-unit:
	@wp-plugin/bin/setup tools
	@phpunit -c $(PLUGIN)/tests/phpunit.xml

.PHONY: plugin plugin-check plugin-setup plugin-lint plugin-unit
