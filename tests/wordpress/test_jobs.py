"""Jobs of orders on a real WordPress: one for each account, and what a refusal leads to."""

import json

from tests.stage import SharedStage
from tests.wordpress.shop import (
    SERVER,
    Order,
    fresh_login,
    make_customer,
    make_order,
    open_account,
)
from tests.wordpress.site import Site
from tests.wordpress.visitor import Visitor


def test_two_accounts_of_one_order_are_two_jobs(site: Site) -> None:
    """Each line item is an account of its own, although the hooks fire twice."""
    site.run("update_option('double_fire_twice', 1); return null;")
    user = make_customer(site, f"pair-{fresh_login()}")
    order = make_order(site, user, {"login": fresh_login(), "server": SERVER, "password": "x-Pa55"})
    fields = {"login": fresh_login(), "server": SERVER, "password": "y-Pa55"}
    other = site.run(
        f"$o = wc_get_order({order.order_id});"
        "$o->add_product(array_values($o->get_items())[0]->get_product()); $o->save();"
        f"$o = wc_get_order({order.order_id}); $i = array_values($o->get_items())[1];"
        f"foreach (json_decode('{json.dumps(fields)}', true) as $k => $v)"
        " { $i->update_meta_data('_onefunders_' . $k, $v); } $o->save(); return $i->get_id();"
    )
    order.status("completed")
    second = Order(site, order.order_id, other)
    assert (order.meta()["state"], second.meta()["state"]) == ("queued", "queued")
    assert site.run_queue() == 2
    assert {o.meta()["last_error_code"] for o in (order, second)} == {"bad_credentials"}
    assert {"sealed", "password"} & (order.meta().keys() | second.meta().keys()) == set()


def test_a_wrong_password_asks_the_customer(site: Site, stage: SharedStage) -> None:
    """A refused password is wiped, and the customer is asked in words for the right one."""
    login, name = fresh_login(), f"late-{fresh_login()}"
    user = make_customer(site, name)
    open_account(stage, login, "right-Pa55")
    order = make_order(site, user, {"login": login, "server": SERVER, "password": "wrong-Pa55"})
    order.status("processing")
    site.run_queue()
    meta = order.meta()
    assert (meta["state"], meta["last_error_code"]) == ("needs_attention", "bad_credentials")
    assert "sealed" not in meta
    assert "wrong-Pa55" not in order.notes()
    with Visitor(site, name) as customer:
        customer.credentials(order.order_id, login=login, server=SERVER, investor_pass="right-Pa55")
    site.run_queue()
    site.run_queue(90 * 60)
    assert order.meta()["state"] == "connected"
