"""The double has the names, parameters and hooks of the real WooCommerce, as once recorded from it.

On a real WooCommerce the record itself is held against it; ``RECORD=1`` writes it anew.
"""

import json
import os
from base64 import b64encode
from pathlib import Path
from typing import Any

from tests.wordpress.conftest import WOOCOMMERCE
from tests.wordpress.shop import make_customer, make_order
from tests.wordpress.site import DOUBLE, Site

RECORDED = Path(__file__).with_name("woocommerce.json")
FUNCTIONS = (
    "wc_get_order",
    "wc_get_orders",
    "wc_get_order_statuses",
    "wc_get_logger",
    "wc_get_template",
    "wc_get_page_screen_id",
    "wc_get_page_permalink",
    "wc_get_account_endpoint_url",
    "is_wc_endpoint_url",
    "is_account_page",
    "as_enqueue_async_action",
    "as_schedule_single_action",
    "as_has_scheduled_action",
    "as_unschedule_all_actions",
)
METHODS = {
    "WC_Order": (
        "get_id",
        "get_items",
        "get_item",
        "get_customer_id",
        "get_status",
        "get_currency",
        "get_date_created",
        "get_edit_order_url",
        "get_meta",
        "update_meta_data",
        "delete_meta_data",
        "save",
        "add_order_note",
    ),
    "WC_Order_Item_Product": (
        "get_id",
        "get_order_id",
        "get_product",
        "get_meta",
        "update_meta_data",
        "delete_meta_data",
        "save",
    ),
    "WC_Product": ("get_id", "get_meta"),
    r"Automattic\WooCommerce\Utilities\FeaturesUtil": ("declare_compatibility",),
}
HOOKS = (
    "woocommerce_order_status_processing",
    "woocommerce_rest_prepare_shop_order_object",
    "woocommerce_webhook_payload",
    "woocommerce_get_query_vars",
)
REFLECTED = """
$of = function ($f) { return array_map(fn ($p) => [$p->name, $p->isOptional()],
    $f->getParameters()); };
$told = ['functions' => [], 'methods' => [], 'hooks' => []];
foreach ($functions as $name) { $told['functions'][$name] = $of(new ReflectionFunction($name)); }
foreach ($methods as $class => $names) { foreach ($names as $name) {
    $told['methods'][$class][$name] = $of(new ReflectionMethod($class, $name)); } }
foreach ($hooks as $hook) { add_filter($hook, function (...$args) use ($hook, &$told) {
    $told['hooks'][$hook] = array_map('gettype', $args); return $args[0]; }, 1, 9); }
wc_get_order($order)->update_status('processing');
wp_set_current_user(1);
rest_do_request(new WP_REST_Request('GET', "/wc/v3/orders/$order"));
double_webhook_payload($order);
do_shortcode('[woocommerce_my_account]');
ksort($told['hooks']);
return $told;
"""


def told(site: Site) -> dict[str, Any]:
    """What this site's WooCommerce has of all that the plugin calls or listens to."""
    order = make_order(site, make_customer(site, "signer"), {})
    wanted = {"functions": FUNCTIONS, "methods": METHODS, "hooks": HOOKS, "order": order.order_id}
    packed = b64encode(json.dumps(wanted).encode()).decode()
    unpacked = f"extract(json_decode(base64_decode('{packed}'), true));"
    found: dict[str, Any] = site.run(unpacked + REFLECTED, admin=True)
    return found


def test_the_double_is_as_the_real_one(site: Site) -> None:
    """Same parameters in the same order; a hook hands over what the real one does, or less."""
    here = told(site)
    if WOOCOMMERCE != DOUBLE and os.environ.get("RECORD"):
        RECORDED.write_text(json.dumps(here, indent=1) + "\n")
    real = json.loads(RECORDED.read_text())
    assert real["functions"].keys() == here["functions"].keys() == set(FUNCTIONS)
    for kind in ("functions", *METHODS):
        names = here["functions"] if kind == "functions" else here["methods"][kind]
        known = real["functions"] if kind == "functions" else real["methods"][kind]
        for name, parameters in names.items():
            assert parameters == known[name][: len(parameters)], (kind, name)
            assert all(optional for _, optional in known[name][len(parameters) :]), (kind, name)
    assert real["hooks"].keys() == here["hooks"].keys() == set(HOOKS)
    for hook, types in here["hooks"].items():
        assert types == real["hooks"][hook][: len(types)], hook
