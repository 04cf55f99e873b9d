"""What staff does by hand against the real server: forms, buttons, products."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from attrs import evolve

from actors.mt5.simulator.broker import SimulatedBroker
from tests.stage import SharedStage
from tests.wordpress.conftest import point_at
from tests.wordpress.fault_server import Reply, answering
from tests.wordpress.shop import (
    PLAN,
    SERVER,
    Order,
    fresh_login,
    make_customer,
    make_order,
    open_account,
)
from tests.wordpress.site import Site
from tests.wordpress.visitor import LIST, Visitor

PASSWORD = "staff-Pa55"


@pytest.fixture(scope="module")
def staff(site: Site) -> Iterator[Visitor]:
    """A logged-in shop manager."""
    make_customer(site, "manager", "shop_manager")
    with Visitor(site, "manager") as visitor:
        yield visitor


def sold(site: Site, stage: SharedStage) -> Order:
    """A paid order with credentials of an account at the broker."""
    login = fresh_login()
    open_account(stage, login, PASSWORD)
    fields = {"login": login, "server": SERVER, "password": PASSWORD}
    order = make_order(site, make_customer(site, f"c{login}"), fields)
    order.status("processing")
    return order


@pytest.fixture(scope="module")
def order(site: Site, stage: SharedStage) -> Order:
    """A connected account."""
    made = sold(site, stage)
    site.run_queue()
    site.run_queue(90 * 60)
    assert made.meta()["state"] == "connected", made.notes()
    return made


def told(site: Site, account_id: str) -> dict[str, Any]:
    """The account as the server tells it to the shop."""
    found: dict[str, Any] = site.run(
        "$c = new OneFunders_Api_Client(new OneFunders_Settings(), new OneFunders_Link(),"
        " new OneFunders_Log('__return_null'));"
        f" return $c->get('/api/s2s/accounts/{account_id}')->data;"
    )
    return found


def act(staff: Visitor, verb: str, account_id: str, **fields: str) -> str:
    """Fill the form of an action and send it; the page that follows."""
    page = staff.page(f"{LIST}&form={verb}&account={account_id}")
    form = next(one for one in staff.forms(page) if one.get("verb") == verb)
    answer = staff.http.post("/wp-admin/admin-post.php", data=form | fields)
    assert answer.status_code == 200
    return answer.text


def test_try_again_on_the_order(site: Site, stage: SharedStage, staff: Visitor) -> None:
    """After a failure that staff has mended, the order's button sends the sealed password again."""
    order = sold(site, stage)
    with answering(Reply(302, headers={"Location": "https://elsewhere.example/"})) as server:
        site.run(f"update_option('onefunders_api_url', '{server.url}', false); return null;")
        site.run_queue()
    assert order.meta()["state"] == "failed"
    point_at(site, stage.stage.url, stage.stage.key("s2s-primary").decode())
    screen = site.run(f"return wc_get_order({order.order_id})->get_edit_order_url();")
    html = staff.page(screen)
    assert "Check the API address" not in html.split("OneFunders accounts")[0]
    answer = staff.http.get(staff.link(html, "action=onefunders_try_again"))
    assert "Queued; look again in a minute." in answer.text
    site.run_queue()
    site.run_queue(90 * 60)
    assert order.meta()["state"] == "connected"
    after = staff.page(screen)
    assert "action=onefunders_try_again" not in after
    history = re.findall(r"<li>[^<]*?(Failed|Waiting to connect|Connected)[^<]*</li>", after)
    assert history[0] == "Connected"
    assert "Failed" in history


def test_a_new_password(site: Site, stage: SharedStage, staff: Visitor, order: Order) -> None:
    """A wrong one is refused in words, the right one is taken, and neither is kept."""
    account_id, login = order.meta()["account_id"], order.meta()["login"]
    html = act(staff, "credentials", account_id, investor_pass="no-Pa55", reason="rotation")
    assert "The broker refused login or password" in html

    def change(broker: SimulatedBroker) -> None:
        account = broker.account(login)
        account.recipe = evolve(account.recipe, investor_password="newer-Pa55")

    stage.do_at_broker(change)
    html = act(staff, "credentials", account_id, investor_pass="newer-Pa55", reason="rotation")
    assert "Done." in html, unescape(html)[:3000]
    kept = site.server.dump(site.database) + site.written("wc.log") + site.written("debug.log")
    assert "newer-Pa55" not in kept
    assert "no-Pa55" not in kept


def test_the_initial_balance(site: Site, staff: Visitor, order: Order) -> None:
    """An amount goes out digit by digit; one that is none changes nothing and is told."""
    account_id = order.meta()["account_id"]
    html = act(staff, "initial-balance", account_id, initial_balance="1e5", reason="typo")
    assert "Nothing was changed: a field is missing or not valid." in html
    html = act(staff, "initial-balance", account_id, initial_balance="123456.50", reason="order")
    assert "Done." in html
    assert told(site, account_id)["summary"]["initial_balance"] == 123456.5


def test_a_reset(site: Site, staff: Visitor, order: Order) -> None:
    """A reset begins a new life; an unknown plan is refused in words."""
    account_id = order.meta()["account_id"]
    before = told(site, account_id)["instance_id"]
    html = act(staff, "reset", account_id, plan="no-such-plan", phase="", reason="test")
    assert "This plan is not known to the analysis server" in html
    assert told(site, account_id)["instance_id"] == before
    html = act(staff, "reset", account_id, plan="", phase="", reason="bought a reset")
    assert "Done." in html
    assert told(site, account_id)["instance_id"] != before


def test_sorting_is_the_servers(site: Site, stage: SharedStage, staff: Visitor) -> None:
    """Columns sort over all pages, both ways, and a page holds as many rows as were chosen."""
    for _ in range(2):
        sold(site, stage)
    site.run_queue()
    orders: dict[str, list[str]] = {}
    for way in ("asc", "desc"):
        rows: list[str] = []
        for page in (1, 2, 3):
            html = staff.page(f"{LIST}&orderby=login&order={way}&paged={page}")
            rows += re.findall(r'name="account\[\]" value="([^"]+)"', html)
        orders[way] = [told(site, one)["login"] for one in dict.fromkeys(rows)]
    assert len(orders["asc"]) >= 3
    # As numbers; the shared server may hold erased accounts too, which have a word for a login.
    assert orders["asc"] == sorted(orders["asc"], key=lambda one: (len(one), one))
    assert orders["desc"] == orders["asc"][::-1]


def test_products_and_variations(site: Site, staff: Visitor) -> None:
    """Plan, server and balance are set on a product and on variations, which inherit the rest."""
    parent, small, big = site.run(
        "$p = wp_insert_post(['post_type' => 'product', 'post_status' => 'publish',"
        " 'post_title' => 'Challenge']); wp_set_object_terms($p, 'variable', 'product_type');"
        "$v = []; foreach (['Small', 'Big'] as $n) { $v[] = wp_insert_post(['post_type' =>"
        " 'product_variation', 'post_parent' => $p, 'post_status' => 'publish', 'post_title'"
        " => $n]); } return [$p, $v[0], $v[1]];"
    )
    html = staff.page(f"/wp-admin/post.php?post={parent}&action=edit")
    form = next(one for one in staff.forms(html) if "onefunders_product" in one)
    assert f"onefunders_account[{big}][plan]" in form
    kept = ("_wpnonce", "onefunders")
    sent = {name: form[name] for name in form if name.startswith(kept)} | {
        "action": "editpost",
        "post_ID": str(parent),
        "post_type": "product",
        "post_title": "Challenge",
        f"onefunders_account[{parent}][plan]": PLAN,
        f"onefunders_account[{parent}][server]": SERVER,
        f"onefunders_account[{small}][initial_balance]": "100,000",
        f"onefunders_account[{big}][plan]": "big-plan",
        f"onefunders_account[{big}][initial_balance]": "200000.50",
    }
    staff.http.post("/wp-admin/post.php", data=sent | {"onefunders_product": "0"})
    assert not site.run(f"return get_post_meta({parent}, '_onefunders_plan', true);")
    answer = staff.http.post("/wp-admin/post.php", data=sent)
    assert answer.status_code == 200, answer.text[-600:]
    assert "not saved, because not valid: 100,000." in unescape(answer.text)
    made = site.run(
        f"$o = new WC_Order(); $o->set_customer_id({make_customer(site, 'variable')});"
        f" foreach ([{small}, {big}] as $id) {{ $o->add_product(wc_get_product($id)); }}"
        " $o->save(); return [$o->get_id(), array_keys($o->get_items())];"
    )
    orders = [Order(site, made[0], item) for item in made[1]]
    orders[0].status("processing")
    fields = [
        {k: one.meta().get(k) for k in ("plan", "server", "initial_balance")} for one in orders
    ]
    assert fields == [
        {"plan": PLAN, "server": SERVER, "initial_balance": None},
        {"plan": "big-plan", "server": SERVER, "initial_balance": "200000.50"},
    ]
