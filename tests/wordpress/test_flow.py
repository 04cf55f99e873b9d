"""The whole way on a real WordPress against the real server: paid, connected, gone, ended."""

from tests.stage import SharedStage
from tests.wordpress.shop import SERVER, fresh_login, make_customer, make_order, open_account
from tests.wordpress.site import Site


def test_a_paid_order_is_connected_once(site: Site, stage: SharedStage) -> None:
    """Paying an order connects its account, and the password is wiped."""
    login, user = fresh_login(), make_customer(site, "buyer")
    open_account(stage, login, "canary-Pa55")
    order = make_order(site, user, {"login": login, "server": SERVER, "password": "canary-Pa55"})
    order.status("processing")
    assert order.meta()["state"] == "queued"
    site.run_queue()
    meta = order.meta()
    assert meta["state"] == "connected", (meta, order.notes(), site.written("wc.log"))
    assert "sealed" not in meta
    assert "password" not in meta
