"""A network of sites: each has its settings, jobs and accounts; leaving cleans every one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.wordpress.conftest import WOOCOMMERCE
from tests.wordpress.fault_server import Reply, answering
from tests.wordpress.mariadb import MariaDB
from tests.wordpress.shop import fresh_login
from tests.wordpress.site import PLUGIN, Site

SITES = ("/", "/second/")
SOLD = (
    "$u = wp_insert_user(['user_login' => 'c{login}', 'user_pass' => 'x', 'role' => 'customer']);"
    "$p = new WC_Product(); $p->set_name('Challenge');"
    "$p->update_meta_data('_onefunders_plan', 'two-step'); $p->save();"
    "$o = new WC_Order(); $o->set_customer_id($u); $o->add_product($p);"
    "foreach ($o->get_items() as $i) {{ foreach (['login' => '{login}', 'server' => 'S-1',"
    " 'password' => '{password}'] as $k => $v)"
    ' {{ $i->update_meta_data("_onefunders_$k", $v); }} }}'
    "$o->save(); $o->update_status('processing'); return $o->get_id();"
)
STATE = (
    "$i = array_values(wc_get_order({order})->get_items())[0];"
    " return [$i->get_meta('_onefunders_state'), $i->get_meta('_onefunders_login')];"
)
TRACES = (
    'global $wpdb; return [(int) $wpdb->get_var("SELECT COUNT(*) FROM $wpdb->options WHERE'
    " option_name LIKE '%onefunders%' AND option_name NOT LIKE '%active_plugins'\"),"
    ' (int) $wpdb->get_var("SELECT COUNT(*) FROM {$wpdb->prefix}woocommerce_order_itemmeta WHERE'
    " meta_key = '_onefunders_sealed'\"), (int) $wpdb->get_var(\"SELECT COUNT(*) FROM"
    " {$wpdb->prefix}actionscheduler_actions WHERE hook LIKE 'onefunders%'\"),"
    " array_values(array_filter(array_keys(wp_roles()->roles),"
    " fn ($r) => get_role($r)->has_cap('manage_onefunders_accounts')))];"
)


@pytest.fixture(scope="module")
def network(
    mariadb: MariaDB, archive: Path, site_port: int, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """Two sites of one network with both plugins activated for the whole network."""
    folder = tmp_path_factory.mktemp("network") / "network"
    with Site(folder, mariadb, archive, site_port, woocommerce=WOOCOMMERCE) as made:
        made.become_network("second")
        yield made
        assert made.notices() == ""


def test_each_site_is_its_own(network: Site) -> None:
    """Settings, jobs and calls stay on their site; the capability is there on every one."""
    with answering(Reply(422, {"code": "unknown_plan"})) as one:
        with answering(Reply(422, {"code": "unknown_server"})) as two:
            placed = {}
            for path, server in zip(SITES, (one, two), strict=True):
                network.run(
                    f"update_option('onefunders_api_url', '{server.url}', false);"
                    f"update_option('onefunders_hmac_secret', '{'k' * 40}{path}', false);"
                    " return null;",
                    path=path,
                )
                login = fresh_login()
                code = SOLD.format(login=login, password=f"net-Pa55-{login}")
                placed[path] = (network.run(code, path=path), login)
            assert [len(one.sent), len(two.sent)] == [0, 0]
            network.run("return double_run_queue(time());", path="/second/")
            assert [len(one.sent), len(two.sent)] == [0, 1]
            assert placed["/second/"][1].encode() in two.sent[0]
            network.run("return double_run_queue(time());")
            assert [len(one.sent), len(two.sent)] == [1, 1]
    for path, (order, login) in placed.items():
        assert network.run(STATE.format(order=order), path=path) == ["needs_attention", login]
        assert network.run(TRACES, path=path)[3] == ["administrator", "shop_manager"]
    keys = [network.run("return get_option('onefunders_hmac_secret');", path=p) for p in SITES]
    assert keys == [f"{'k' * 40}{path}" for path in SITES]


def test_leaving_cleans_every_site(network: Site) -> None:
    """Uninstalling from the network removes secrets, jobs and the capability on all its sites."""
    for path in SITES:
        code = SOLD.format(login=fresh_login(), password="left-Pa55")
        network.run(code, path=path)
        options, sealed, jobs, roles = network.run(TRACES, path=path)
        assert min(options, sealed, jobs, len(roles)) > 0
    network.run(
        f"deactivate_plugins('{PLUGIN}', false, true); define('WP_UNINSTALL_PLUGIN', '{PLUGIN}');"
        "include WP_PLUGIN_DIR . '/onefunders-analyze/uninstall.php'; return null;"
    )
    for path in SITES:
        assert network.run(TRACES, path=path) == [0, 0, 0, []]
    assert "k" * 40 not in network.server.dump(network.database)
