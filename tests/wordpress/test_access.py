"""Who may do what: every role, every action, with a right, a wrong and no nonce."""

from collections.abc import Iterator
from uuid import uuid4

import pytest

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

ROLES = {"reader": "subscriber", "buyer": "customer", "manager": "shop_manager", "admin": ""}
STAFF = {"manager", "admin"}
ACCOUNT = str(uuid4())
POST = "/wp-admin/admin-post.php"
VERBS: dict[str, dict[str, str]] = {
    "reconnect": {},
    "deactivate": {},
    "credentials": {"investor_pass": "role-Pa55", "reason": "r"},
    "reset": {"plan": "two-step-classic", "reason": "r"},
    "initial-balance": {"initial_balance": "100000", "reason": "r"},
}
ACTIONS = {
    **{
        verb: (POST, {"action": "onefunders_account", "verb": verb, "account": ACCOUNT} | fields)
        for verb, fields in VERBS.items()
    },
    "bulk": (LIST, {"action": "reconnect", "account[]": ACCOUNT}),
    "settings": (POST, {"action": "onefunders_save_settings", "onefunders_sweep_days": "9"}),
    "test": (POST, {"action": "onefunders_test_connection"}),
    "again": (f"{POST}?action=onefunders_try_again&order_id=1&item_id=1", {}),
}
NONCES = {
    **{verb: f"onefunders_{verb}_{ACCOUNT}" for verb in VERBS},
    "bulk": "bulk-accounts",
    "settings": "onefunders_save_settings",
    "test": "onefunders_test_connection",
    "again": "onefunders_try_again_1_1",
}
ADMIN_ONLY = {"settings", "test"}


@pytest.fixture(scope="module")
def visitors(site: Site) -> Iterator[dict[str, Visitor]]:
    """One logged-in visitor of each role, and a stranger."""
    for name, role in ROLES.items():
        if role:
            make_customer(site, name, role)
    made = {name: Visitor(site, name).__enter__() for name in ROLES}
    made["stranger"] = Visitor(site, None).__enter__()
    yield made
    for visitor in made.values():
        visitor.http.close()


def traces(site: Site, action: str) -> tuple[str, str]:
    """What an action leaves behind: calls of the server, and the setting that is saved."""
    days = "return (string) get_option('onefunders_sweep_days');"
    return site.written("wc.log"), site.run(days) if action == "settings" else ""


@pytest.mark.parametrize("action", ACTIONS)
def test_only_staff_with_its_nonce_acts(
    site: Site, visitors: dict[str, Visitor], action: str
) -> None:
    """An action is carried out for staff with the right nonce, and for nobody else."""
    path, data = ACTIONS[action]
    for name, visitor in visitors.items():
        answer = visitor.http.get(
            f"/wp-admin/admin-ajax.php?action=watch_nonce&of={NONCES[action]}"
        )
        right = answer.json() if name != "stranger" else "0123456789"
        for nonce in (right, "0123456789", None):
            before = traces(site, action)
            sent = data | ({} if nonce is None else {"_wpnonce": nonce})
            if "?" in path and path.startswith(POST):
                got = visitor.http.get(f"{path}&_wpnonce={nonce or ''}", follow_redirects=False)
            else:
                got = visitor.http.post(path, data=sent, follow_redirects=False)
            allowed = name == "admin" or (name in STAFF and action not in ADMIN_ONLY)
            if allowed and nonce == right:
                assert got.status_code == 302, (name, action, nonce, got.text[:300])
                assert "page=onefunders" in got.headers["location"] or action == "again"
            else:
                assert before == traces(site, action), (name, action, nonce)
                refused = got.status_code in (400, 403) or "wp-login" in got.headers.get(
                    "location", ""
                )
                assert refused, (name, action, nonce, got.status_code, got.headers)


def test_only_staff_sees_the_list(visitors: dict[str, Visitor]) -> None:
    """The page of accounts is shown to staff alone."""
    for name, visitor in visitors.items():
        answer = visitor.http.get(LIST)
        assert ("OneFunders accounts</h1>" in answer.text) == (name in STAFF), name


def test_a_token_is_only_for_oneself(
    site: Site, stage: SharedStage, visitors: dict[str, Visitor]
) -> None:
    """The token's user is the session's, whatever the request says; visitors get none."""
    nonce = visitors["buyer"].nonce()
    for other in ("1", "2"):
        told = visitors["buyer"].token(nonce, wp_user_id=other, user=other, user_id=other).json()
        assert told == {"success": True, "data": {"no_accounts": True}}
    assert visitors["buyer"].token("0123456789").status_code == 403
    assert visitors["stranger"].token(nonce).status_code == 400
    assert visitors["reader"].token(nonce).status_code == 403


def test_a_customers_form_is_for_the_own_order(
    site: Site, stage: SharedStage, visitors: dict[str, Visitor]
) -> None:
    """Nobody enters credentials on the order of another customer, nor on an unpaid one."""
    login, owner = fresh_login(), make_customer(site, "owner")
    open_account(stage, login, "owner-Pa55")
    order: Order = make_order(site, owner, {})
    order.status("processing")
    field = f"onefunders_credentials_{order.order_id}_{order.item_id}"
    sent = {
        "order_id": str(order.order_id),
        "item_id": str(order.item_id),
        "login": login,
        "server": SERVER,
        "investor_pass": "owner-Pa55",
    }
    before = order.meta()
    for name in ("buyer", "manager"):
        got = visitors[name].http.get(f"/wp-admin/admin-ajax.php?action=watch_nonce&of={field}")
        answer = visitors[name].http.post("/", data=sent | {"onefunders_credentials": got.json()})
        assert answer.status_code == 403
        assert order.order_id not in orders_shown(visitors[name])
    assert order.meta() == before


def orders_shown(visitor: Visitor) -> list[int]:
    """The orders whose forms a customer's page shows."""
    forms = visitor.forms(visitor.page("/my-account/onefunders-dashboard/"))
    return [int(form["order_id"]) for form in forms if "order_id" in form]


def test_no_hook_is_for_visitors(site: Site) -> None:
    """No action of ours is registered for people who are not logged in."""
    hooks = site.run(
        "global $wp_filter; return array_values(array_filter(array_keys($wp_filter),"
        " fn ($h) => false !== strpos($h, 'nopriv') && false !== strpos($h, 'onefunders')));",
        admin=True,
    )
    assert hooks == []


def test_declared_features(site: Site) -> None:
    """Order tables and checkout blocks are declared, and nothing else."""
    file = "onefunders-analyze/onefunders-analyze.php"
    features = r"\Automattic\WooCommerce\Utilities\FeaturesUtil"
    told = site.run(f"return {features}::get_compatible_features_for_plugin('{file}');")
    assert sorted(told["compatible"]) == ["cart_checkout_blocks", "custom_order_tables"]
    assert told["incompatible"] == []
