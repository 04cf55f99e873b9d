"""The shell's commands, by a real WP-CLI where WP_CLI names one, else by a stand-in."""

import os
import subprocess
from uuid import uuid4

import pytest

from tests.stage import SharedStage
from tests.wordpress.conftest import point_at
from tests.wordpress.shop import (
    SERVER,
    Order,
    fresh_login,
    make_customer,
    make_order,
    open_account,
)
from tests.wordpress.site import ROOT, Site

REAL = os.environ.get("WP_CLI", "")
PASSWORD = "shell-Pa55"


def wp(site: Site, *words: str) -> tuple[int, str]:
    """Exit code and output of ``wp onefunders`` with these words."""
    words = ("onefunders", *words)
    if REAL:
        call = ["php", REAL, f"--path={site.folder}", "--allow-root", "--no-color", *words]
    else:
        call = ["php", str(ROOT / "site/run.php"), str(site.folder), "cli", "/", *words]
    ran = subprocess.run(call, capture_output=True, text=True, check=False, timeout=60)
    return ran.returncode, ran.stdout + ran.stderr


@pytest.fixture(scope="module")
def order(site: Site, stage: SharedStage) -> Order:
    """A connected account."""
    login = fresh_login()
    open_account(stage, login, PASSWORD)
    fields = {"login": login, "server": SERVER, "password": PASSWORD}
    made = make_order(site, make_customer(site, f"c{login}"), fields)
    made.status("processing")
    site.run_queue()
    site.run_queue(90 * 60)
    assert made.meta()["state"] == "connected", made.notes()
    return made


def test_status_and_test(site: Site, stage: SharedStage, order: Order) -> None:
    """They tell what is under way and whether the connection works; a wrong key is an error."""
    code, told = wp(site, "status")
    assert (code, "under way: 0" in told, "jobs run" in told) == (0, True, True), told
    code, told = wp(site, "test")
    assert (code, "Success: Connected: server" in told) == (0, True), told
    point_at(site, stage.stage.url, "0123456789abcdef" * 4)
    code, told = wp(site, "test")
    assert (code, "Error: The server refused the signature" in told) == (1, True), told
    assert "jobs are stopped: unauthorized" in wp(site, "status")[1]
    point_at(site, stage.stage.url, stage.stage.key("s2s-primary").decode())
    assert wp(site, "test")[0] == 0


def test_reconnect(site: Site, order: Order) -> None:
    """An account is reconnected by its id; another id, or none, is an error in words."""
    code, told = wp(site, "reconnect", order.meta()["account_id"])
    assert (code, "Success: done" in told) == (0, True), told
    code, told = wp(site, "reconnect", "12")
    assert (code, "an account id is a UUID" in told) == (1, True), told
    code, told = wp(site, "reconnect", str(uuid4()))
    assert (code, "The server does not know this account" in told) == (1, True), told


def test_orders_of_before_are_queued(site: Site, stage: SharedStage) -> None:
    """sync-orders counts paid orders without a state, and queues them unless it is dry."""
    login = fresh_login()
    open_account(stage, login, PASSWORD)
    fields = {"login": login, "server": SERVER, "password": PASSWORD}
    old = make_order(site, make_customer(site, f"c{login}"), fields)
    site.run(
        "remove_all_actions('woocommerce_order_status_processing');"
        f" wc_get_order({old.order_id})->update_status('processing'); return null;"
    )
    assert "state" not in old.meta()
    code, told = wp(site, "sync-orders", "--dry-run")
    assert (code, "1 accounts would be queued" in told) == (0, True), told
    assert "state" not in old.meta()
    code, told = wp(site, "sync-orders", "--days=2")
    assert (code, "1 accounts were queued" in told) == (0, True), told
    assert old.meta()["state"] == "queued"
    assert "password" not in old.meta()


def test_sweep(site: Site) -> None:
    """A password that waited too long is wiped, and the customer is asked for it again."""
    fields = {"login": fresh_login(), "server": SERVER, "password": PASSWORD}
    order = make_order(site, make_customer(site, f"s{fields['login']}"), fields)
    order.status("processing")
    site.run(
        f"$o = wc_get_order({order.order_id}); $i = $o->get_items()[{order.item_id}];"
        " $i->update_meta_data('_onefunders_sealed_at', (string) (time() - 15 * DAY_IN_SECONDS));"
        " $o->save(); return null;"
    )
    code, told = wp(site, "sweep")
    assert (code, "wiped: 1" in told) == (0, True), told
    meta = order.meta()
    assert ("sealed" in meta, meta["last_error_code"]) == (False, "credentials_expired")
    assert "Please enter its investor password again" in order.notes()
