"""The whole way of an account through a shop, from the paid order to the refund."""

import httpx

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
from tests.wordpress.visitor import LIST, Visitor

CANARY = "Canary#Pa55 &<x>"


def connected_by_form(site: Site, stage: SharedStage, name: str) -> tuple[Order, str]:
    """A customer's paid order, connected with credentials typed in My Account; and the login."""
    login, user = fresh_login(), make_customer(site, name)
    open_account(stage, login, CANARY)
    order = make_order(site, user, {})
    order.status("processing")
    assert order.meta()["last_error_code"] == "credentials_missing"
    with Visitor(site, name) as customer:
        page = customer.credentials(
            order.order_id, login=login, server=SERVER, investor_pass=CANARY
        )
        assert "being connected" in page
    site.run_queue()
    for _ in range(5):
        if order.meta()["state"] != "connecting":
            break
        site.run_queue(90 * 60)
    return order, login


def walk(site: Site, stage: SharedStage, name: str) -> None:
    """Walk it with a new customer of this name and look at every step."""
    order, login = connected_by_form(site, stage, name)
    meta = order.meta()
    assert meta["state"] == "connected", (meta, order.notes(), site.written("wc.log"))
    assert "sealed" not in meta
    assert meta["credentials_wiped_at"]

    rest = site.run(
        "wp_set_current_user(1); return rest_do_request(new WP_REST_Request('GET',"
        f" '/wc/v3/orders/{order.order_id}'))->get_data();"
    )
    hook = site.run(f"return double_webhook_payload({order.order_id});")
    everywhere = "\n".join(
        [
            site.server.dump(site.database),
            *map(site.written, ("mail.log", "wc.log", "debug.log")),
            (site.folder / "php.log").read_text("utf-8", "replace"),
            str(rest),
            str(hook),
            stage.stage.log_text(),
        ]
    )
    assert login in everywhere
    for spelling in (CANARY, "Canary#Pa55", "Canary%23Pa55"):
        assert spelling not in everywhere

    with Visitor(site, "admin") as staff:
        html = staff.page(LIST)
        assert f"{login[:2]}••••{login[-2:]}" in html
        assert login not in html
        assert f"#{order.order_id}</a>" in html
        answer = staff.http.get(staff.link(html, f"verb=reconnect&account={meta['account_id']}"))
        assert "Done." in answer.text
        assert "OneFunders accounts" in staff.page(
            site.run(f"return wc_get_order({order.order_id})->get_edit_order_url();")
        )

    with Visitor(site, name) as customer:
        told = customer.token(customer.nonce()).json()
    assert told["success"], told
    bearer = {"Authorization": f"Bearer {told['data']['token']}"}
    accounts = httpx.get(f"{stage.stage.url}/api/accounts", headers=bearer).json()["accounts"]
    assert [account["login"] for account in accounts] == [login]

    order.status("refunded")
    site.run_queue()
    assert order.meta()["state"] == "none"
    with Visitor(site, "admin") as staff:
        assert meta["account_id"] not in staff.page(LIST + "&status=active")
        assert meta["account_id"] in staff.page(LIST + "&status=deactivated")
