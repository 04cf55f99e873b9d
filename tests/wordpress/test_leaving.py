"""Privacy and uninstalling on a real WordPress."""

from tests.stage import SharedStage
from tests.wordpress.shop import SERVER, fresh_login, make_customer, make_order, open_account
from tests.wordpress.site import PLUGIN, Site

SECRET = "leaving-Pa55"


def test_health_export_erase_and_uninstall(site: Site, stage: SharedStage) -> None:
    """Data are exported and erased at shop and server; uninstalling leaves no secret behind."""
    login, user = fresh_login(), make_customer(site, "leaver")
    open_account(stage, login, SECRET)
    order = make_order(site, user, {"login": login, "server": SERVER, "password": SECRET})
    order.status("processing")
    site.run_queue()
    site.run_queue(90 * 60)
    assert order.meta()["state"] == "connected"

    tests = site.run(
        "require_once ABSPATH . 'wp-admin/includes/class-wp-site-health.php';"
        "$t = apply_filters('site_status_tests', ['direct' => [], 'async' => []]);"
        "$r = ['api' => $t['async']['onefunders_api']['async_direct_test']()['status']];"
        "foreach ($t['direct'] as $n => $d) { $r[substr($n, 11)] = $d['test']()['status']; }"
        "return $r;"
    )
    assert tests == {
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
