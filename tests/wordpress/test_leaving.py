"""Site Health, privacy and uninstalling on a real WordPress."""

from typing import Any

from tests.stage import SharedStage, free_port
from tests.wordpress.conftest import point_at
from tests.wordpress.shop import SERVER, fresh_login, make_customer, make_order, open_account
from tests.wordpress.site import PLUGIN, Site

SECRET = "leaving-Pa55"


def health(site: Site) -> dict[str, Any]:
    """Every test of ours as Site Health runs it: status and words."""
    found: dict[str, Any] = site.run(
        "require_once ABSPATH . 'wp-admin/includes/class-wp-site-health.php';"
        "$t = apply_filters('site_status_tests', ['direct' => [], 'async' => []]);"
        "$r = ['api' => $t['async']['onefunders_api']['async_direct_test']()];"
        "foreach ($t['direct'] as $n => $d) { if (0 === strpos($n, 'onefunders_'))"
        " { $r[substr($n, 11)] = $d['test'](); } } return $r;"
    )
    return found


def test_health_says_what_is_wrong_and_what_is_right(site: Site, stage: SharedStage) -> None:
    """Each test tells its fault with what to do, and is good when that was done."""
    user = make_customer(site, "patient")
    make_order(site, user, {"login": fresh_login(), "server": SERVER, "password": "clear-Pa55"})
    site.run("add_option('onefunders_open_1_1', (string) (time() - 7200), '', false); return null;")
    order = make_order(site, user, {"login": fresh_login(), "server": SERVER, "password": "x-Pa55"})
    order.status("processing")
    site.run(
        f"update_option('onefunders_open_{order.order_id}_{order.item_id}',"
        " (string) (time() - 7200)); return null;"
    )
    point_at(site, stage.stage.url, "0123456789abcdef" * 4)
    sick = health(site)
    key = stage.stage.key("s2s-primary").decode()
    for name, status, words in (
        ("api", "critical", "Check the clock of this machine and the key"),
        ("stuck", "recommended", "1 account waits for more than an hour"),
        ("unsealed", "critical", "1 recent account order holds a password in clear text"),
        ("secret", "recommended", "Define ONEFUNDERS_HMAC_SECRET in wp-config.php"),
        ("credential_key", "critical", "at least 32 random characters"),
    ):
        assert (sick[name]["status"], words in sick[name]["description"]) == (status, True), name
    site.configure(ONEFUNDERS_HMAC_SECRET=key, ONEFUNDERS_CREDENTIAL_KEY="c" * 32)
    well = health(site)
    assert [well[name]["status"] for name in ("api", "secret", "credential_key")] == ["good"] * 3
    site.configure()
    order.status("cancelled")
    site.run("delete_option('onefunders_open_1_1'); return null;")
    site.run(
        "foreach (wc_get_orders(['limit' => 5, 'status' => 'pending']) as $o)"
        " { foreach ($o->get_items() as $i) { $i->delete_meta_data('_onefunders_password'); }"
        " $o->save(); } return null;"
    )
    point_at(site, stage.stage.url, key)


def test_what_the_server_did_not_erase_is_retained(site: Site, stage: SharedStage) -> None:
    """With the server away the eraser keeps nothing in the shop and says what is left."""
    user = make_customer(site, "kept")
    order = make_order(site, user, {"login": fresh_login(), "server": SERVER, "password": SECRET})
    order.status("processing")
    point_at(site, f"http://127.0.0.1:{free_port()}", "k" * 40)
    call = "apply_filters('wp_privacy_personal_data_{0}s', [])['onefunders-analyze']['callback']"
    exported = site.run(f"return {call.format('exporter')}('kept@example.com', 1);")
    assert "The analysis server did not answer" in str(exported)
    erased = site.run(f"return {call.format('eraser')}('kept@example.com', 1);")
    assert (erased["items_retained"], erased["done"]) == (True, True)
    assert "The analysis server could not erase the data" in erased["messages"][0]
    assert not {"sealed", "login", "server"} & order.meta().keys()
    point_at(site, stage.stage.url, stage.stage.key("s2s-primary").decode())


def test_health_export_erase_and_uninstall(site: Site, stage: SharedStage) -> None:
    """Data are exported and erased at shop and server; uninstalling leaves no secret behind."""
    login, user = fresh_login(), make_customer(site, "leaver")
    open_account(stage, login, SECRET)
    order = make_order(site, user, {"login": login, "server": SERVER, "password": SECRET})
    order.status("processing")
    site.run_queue()
    site.run_queue(90 * 60)
    assert order.meta()["state"] == "connected"

    tests = health(site)
    assert {name: one["status"] for name, one in tests.items()} == {
        "api": "good",
        "secret": "recommended",
        "credential_key": "critical",
        "cron": "recommended",
        "stuck": "good",
        "unsealed": "good",
    }
    secret = stage.stage.key("s2s-primary").decode()
    told = site.run("return apply_filters('debug_information', [])['onefunders'];")
    assert secret not in str(told)

    call = "apply_filters('wp_privacy_personal_data_{0}s', [])['onefunders-analyze']['callback']"
    exported = site.run(f"return {call.format('exporter')}('leaver@example.com', 1);")
    assert exported["done"]
    assert login in str(exported)
    assert SECRET not in str(exported)
    erased = site.run(f"return {call.format('eraser')}('leaver@example.com', 1);")
    assert (erased["items_removed"], erased["items_retained"], erased["done"]) == (
        True,
        False,
        True,
    ), erased
    assert "login" not in order.meta()

    waiting = make_order(site, user, {"login": login, "server": SERVER, "password": SECRET})
    waiting.status("processing")
    assert "sealed" in waiting.meta()
    site.run(
        f"deactivate_plugins('{PLUGIN}'); define('WP_UNINSTALL_PLUGIN', '{PLUGIN}');"
        "include WP_PLUGIN_DIR . '/onefunders-analyze/uninstall.php'; return null;"
    )
    dump = site.server.dump(site.database)
    assert secret not in dump
    assert "manage_onefunders_accounts" not in dump
    assert site.run(
        'global $wpdb; return [$wpdb->get_var("SELECT COUNT(*) FROM $wpdb->options WHERE'
        " option_name LIKE '%onefunders%' AND option_name <> 'active_plugins'\"),"
        ' $wpdb->get_var("SELECT COUNT(*) FROM {$wpdb->prefix}actionscheduler_actions WHERE'
        " hook LIKE 'onefunders%'\"),"
        ' $wpdb->get_var("SELECT COUNT(*) FROM {$wpdb->prefix}woocommerce_order_itemmeta WHERE'
        " meta_key = '_onefunders_sealed'\")];"
    ) == ["0", "0", "0"]
    assert waiting.meta()["state"] == "queued"
