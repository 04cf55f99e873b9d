"""The server away, redirecting, refusing, or its answer lost: state, notice and way out."""

from collections.abc import Iterator

import pytest

from tests.stage import SharedStage, free_port
from tests.wordpress.conftest import point_at
from tests.wordpress.fault_server import Reply, answering
from tests.wordpress.shop import (
    SERVER,
    Order,
    fresh_login,
    make_customer,
    make_order,
    open_account,
)
from tests.wordpress.site import Site
from tests.wordpress.visitor import LIST, Visitor

SECRET = "lost-Pa55"


@pytest.fixture
def order(site: Site, stage: SharedStage) -> Iterator[Order]:
    """A paid order that waits in the queue; afterwards the shop knows the real server again."""
    login = fresh_login()
    open_account(stage, login, SECRET)
    fields = {"login": login, "server": SERVER, "password": SECRET}
    made = make_order(site, make_customer(site, f"c{login}"), fields)
    made.status("processing")
    yield made
    real(site, stage)
    made.status("cancelled")
    site.run_queue()


def real(site: Site, stage: SharedStage) -> None:
    """Point the shop at the real server."""
    point_at(site, stage.stage.url, stage.stage.key("s2s-primary").decode())


def until_connected(order: Order) -> None:
    """Run jobs as they fall due until the account is connected."""
    for _ in range(4):
        if order.meta()["state"] == "connected":
            return
        order.site.run_queue(90 * 60)
    assert order.meta()["state"] == "connected", order.notes()


def test_an_answer_that_is_lost_makes_no_second_account(
    site: Site, stage: SharedStage, order: Order
) -> None:
    """The server acted, its answer was lost: the retry with the same key finds it done."""
    (site.content / "lose-answer").touch()
    site.run_queue()
    meta = order.meta()
    assert (meta["state"], meta["last_error_code"]) == ("queued", "network")
    assert SECRET not in str(meta)
    until_connected(order)
    found = site.run(
        f"$s = new OneFunders_Settings(); $l = new OneFunders_Log('__return_null');"
        " $c = new OneFunders_Api_Client($s, new OneFunders_Link(), $l);"
        f" return $c->get('/api/s2s/accounts?q={meta['login']}')->data['total'];"
    )
    assert found == 1


def test_a_redirect_is_not_followed(site: Site, order: Order) -> None:
    """A redirect ends the job without sending the password anywhere else; the words say why."""
    with answering(Reply(200)) as elsewhere:
        there = {"Location": f"{elsewhere.url}/api/connect"}
        with answering(Reply(307, headers=there)) as server:
            site.run(f"update_option('onefunders_api_url', '{server.url}', false); return null;")
            site.run_queue()
    meta = order.meta()
    assert (meta["state"], meta["last_error_code"]) == ("failed", "unexpected_answer")
    assert "sealed" in meta
    assert elsewhere.sent == []
    assert "Check the API address" in order.notes()


def test_a_wrong_key_stops_and_the_right_one_resumes(
    site: Site, stage: SharedStage, order: Order
) -> None:
    """A refused signature stops jobs and says so; a good connection test gives them back."""
    point_at(site, stage.stage.url, "0123456789abcdef" * 4)
    site.run_queue()
    assert (order.meta()["state"], order.meta()["last_error_code"]) == ("queued", "unauthorized")
    with Visitor(site, "admin") as staff:
        assert "Check the clock of this machine and the key" in staff.page("/wp-admin/index.php")
        key = stage.stage.key("s2s-primary").decode()
        site.run(f"update_option('onefunders_hmac_secret', '{key}', false); return null;")
        page = staff.page("/wp-admin/admin.php?page=onefunders-settings")
        assert key not in page
        assert f"ends …{key[-4:]}" in page
        test = next(f for f in staff.forms(page) if f.get("action", "").endswith("connection"))
        answer = staff.http.post("/wp-admin/admin-post.php", data=test)
        assert "Connected: server" in answer.text, answer.text[-3000:]
        assert "accounts are not connected" not in staff.page("/wp-admin/index.php")
    until_connected(order)


def test_the_list_of_a_server_that_is_away(site: Site, order: Order) -> None:
    """Without the server the list shows what the shop knows, with a notice, never a blank page."""
    site.run(
        f"update_option('onefunders_api_url', 'http://127.0.0.1:{free_port()}', false);"
        "(new OneFunders_Accounts_Source(new OneFunders_Api_Client(new OneFunders_Settings(),"
        " new OneFunders_Link(), new OneFunders_Log('__return_null')), new OneFunders_Woo_Orders("
        "new OneFunders_Settings())))->forget(); return null;"
    )
    with Visitor(site, "admin") as staff:
        html = staff.page(LIST)
        assert "The analysis server does not answer" in html
        assert f"#{order.order_id}</a>" in html
        assert "Waiting to connect" in html
    with Visitor(site, f"c{order.meta()['login']}") as customer:
        assert customer.token(customer.nonce()).status_code == 503
