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

test-woocommerce: $(STAMP) frontend plugin-setup ## the plugin on a real WooCommerce 9 (WOOCOMMERCE=its folder)
	@test -f "$(WOOCOMMERCE)/woocommerce.php" || { echo "skipped: name the folder of an unpacked WooCommerce 9 (no package registry has one): make test-woocommerce WOOCOMMERCE=/path/woocommerce"; }
	@test ! -f "$(WOOCOMMERCE)/woocommerce.php" || WOOCOMMERCE="$(abspath $(WOOCOMMERCE))" $(PY) -m pytest -q tests/wordpress

.PHONY: test-woocommerce plugin plugin-check plugin-setup plugin-lint plugin-unit
