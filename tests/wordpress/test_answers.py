"""Every answer of the server over real HTTP: the state it leads to, the words, the way on."""

import json
from collections.abc import Iterator
from email.utils import formatdate
from time import time
from uuid import uuid4

import pytest
from attrs import frozen

from tests.stage import free_port
from tests.wordpress.conftest import point_at
from tests.wordpress.fault_server import FaultServer, Reply, answering
from tests.wordpress.shop import SERVER, Order, fresh_login, make_customer, make_order
from tests.wordpress.site import Site
from tests.wordpress.visitor import DASHBOARD, LIST, Visitor

SECRET = 'Answer#Pa55"\\ &'
KEY = "k" * 40
ACCOUNT = str(uuid4())
ACCEPTED = {"success": True, "account_id": ACCOUNT, "code": "connecting"}


@frozen
class Led:
    """Where an answer leads: state, code, whether the password is kept, seconds to the retry."""

    state: str
    code: str
    keeps: bool
    words: str
    retry: int | None = None
    halts: bool = False


def refused(status: int, code: str) -> Reply:
    """The server's refusal with a code."""
    return Reply(status, {"success": False, "code": code, "message": "no"})


ANSWERS = {
    "late": (Reply(200, late=True), Led("queued", "network", True, "did not answer", 60)),
    "408": (Reply(408), Led("queued", "http_408", True, "http_408", 60)),
    "409": (
        refused(409, "owned_by_other"),
        Led("needs_attention", "owned_by_other", True, "Clear it up with both customers"),
    ),
    "422 credentials": (
        refused(422, "bad_credentials"),
        Led("needs_attention", "bad_credentials", False, "right investor password"),
    ),
    "422 master": (
        refused(422, "master_password"),
        Led("needs_attention", "master_password", False, "investor (read-only) password"),
    ),
    "422 plan": (
        refused(422, "unknown_plan"),
        Led("needs_attention", "unknown_plan", True, "Correct the plan of the product"),
    ),
    "422 server": (
        refused(422, "unknown_server"),
        Led("needs_attention", "unknown_server", True, "Check its spelling"),
    ),
    "423": (refused(423, "locked"), Led("failed", "locked", True, "Try again later")),
    "429": (
        Reply(429, {"code": "rate_limited"}, {"Retry-After": "1800"}),
        Led("queued", "rate_limited", True, "tried again by itself", 1800),
    ),
    "500": (Reply(500, "<html>"), Led("queued", "http_500", True, "http_500", 60)),
    "502": (Reply(502, "<html>"), Led("queued", "http_502", True, "http_502", 60)),
    "503": (
        Reply(503, {"code": "unavailable"}, {"Retry-After": formatdate(time() + 7200)}),
        Led("queued", "unavailable", True, "tried again by itself", 7000),
    ),
    "302": (
        Reply(302, "", {"Location": "https://elsewhere.example/"}),
        Led("failed", "unexpected_answer", True, "Check the API address"),
    ),
    "a page": (
        Reply(200, "<html>hello</html>"),
        Led("failed", "unexpected_answer", True, "Check the API address"),
    ),
    "another agreement": (
        Reply(200, {"success": True, "account_id": "me"}),
        Led("failed", "http_200", True, "http_200"),
    ),
    "404": (Reply(404), Led("failed", "unexpected_answer", True, "Check the API address")),
    "401": (
        refused(401, "unauthorized"),
        Led("queued", "unauthorized", True, "Check the clock", halts=True),
    ),
    "403": (
        refused(403, "forbidden"),
        Led("queued", "forbidden", True, "Use a key with the scopes", halts=True),
    ),
}


@pytest.fixture(scope="module")
def staff(site: Site) -> Iterator[Visitor]:
    """A logged-in administrator."""
    with Visitor(site, "admin") as visitor:
        yield visitor


@pytest.fixture
def order(site: Site) -> Order:
    """A paid order whose job waits."""
    login = fresh_login()
    fields = {"login": login, "server": SERVER, "password": SECRET}
    made = make_order(site, make_customer(site, f"c{login}"), fields)
    made.status("processing")
    return made


def send(site: Site, server: FaultServer) -> None:
    """Let the queue meet this server."""
    point_at(site, server.url, KEY)
    (site.content / "impatient").touch()
    site.run_queue()


def waits(order: Order) -> list[int]:
    """Seconds until each pending job of the order's item."""
    ids = f"[{order.order_id},{order.item_id},"
    told = order.site.run(
        "global $wpdb; return $wpdb->get_col(\"SELECT CONCAT(args, ' ',"
        " TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(), scheduled_date_gmt)) FROM"
        " {$wpdb->prefix}actionscheduler_actions WHERE hook = 'onefunders_connect' AND"
        " status = 'pending'\");"
    )
    return [int(row.split()[-1]) for row in told if row.startswith(ids)]


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer(site: Site, staff: Visitor, order: Order, name: str) -> None:
    """It leads to its state, the password is kept or wiped, the words say what to do."""
    reply, led = ANSWERS[name]
    with answering(reply) as server:
        send(site, server)
        assert len(server.sent) == 1
        assert json.loads(server.sent[0])["investor_pass"] == SECRET
    meta = order.meta()
    assert (meta["state"], meta["last_error_code"]) == (led.state, led.code)
    assert ("sealed" in meta) == led.keeps
    assert led.words in order.notes()
    if led.retry is None:
        assert waits(order) == []
    else:
        (seconds,) = waits(order)
        assert led.retry - 30 <= seconds <= led.retry * 1.2 + 30
    front = staff.page("/wp-admin/index.php")
    assert ("accounts are not connected at present" in front) == led.halts
    if led.halts:
        assert led.words in front
    assert led.words in staff.page(LIST), "the list without the server tells the last error"
    order.status("cancelled")
    site.run_queue(8 * 3600)


def test_a_server_that_is_away(site: Site, order: Order) -> None:
    """Nobody listens: the job is retried, the password stays sealed."""
    point_at(site, f"http://127.0.0.1:{free_port()}", KEY)
    site.run_queue()
    meta = order.meta()
    assert (meta["state"], meta["last_error_code"], "sealed" in meta) == ("queued", "network", True)
    assert len(waits(order)) == 1
    order.status("cancelled")


@pytest.mark.parametrize("status", [200, 401])
def test_a_clock_that_is_wrong(site: Site, staff: Visitor, status: int) -> None:
    """By the Date of any answer staff is told how far off the clock is, with 401 as the cause."""
    late = {"Date": formatdate(time() - 600, usegmt=True)}
    with answering(Reply(404), Reply(status, {"code": "unauthorized"}, late)) as server:
        point_at(site, server.url, KEY)
        staff.page(LIST)
        front = staff.page("/wp-admin/index.php")
    assert "the clock of this machine is off by" in front
    assert "Set it right (NTP)" in front
    assert ("accounts are not connected at present" in front) == (status == 401)


def test_an_account_that_needs_the_operator(site: Site, order: Order) -> None:
    """202, then needs_operator: staff is told what is the matter, and the password is wiped."""
    told = {
        "account_id": ACCOUNT,
        "last_error_code": "account_disabled",
        "summary": {"connection_state": "needs_operator"},
    }
    with answering(Reply(202, ACCEPTED), Reply(200, told)) as server:
        send(site, server)
        assert order.meta()["state"] == "connecting"
        assert "sealed" not in order.meta()
        site.run_queue(120)
    meta = order.meta()
    assert (meta["state"], meta["last_error_code"]) == ("needs_attention", "account_disabled")
    assert "The broker has disabled this account" in order.notes()
    with Visitor(site, f"c{meta['login']}") as customer:
        page = customer.page(DASHBOARD)
    assert "Needs attention" in page


def test_no_body_was_logged(site: Site) -> None:
    """After all these answers neither a log nor the scheduler holds a password or a body."""
    logs = "".join(map(site.written, ("debug.log", "wc.log", "mail.log")))
    php = (site.folder / "php.log").read_text("utf-8", "replace")
    queue = site.run(
        "global $wpdb; $rows = []; foreach (['actions', 'logs'] as $n) { $rows[] ="
        ' $wpdb->get_results("SELECT * FROM {$wpdb->prefix}actionscheduler_$n"); } return $rows;'
    )
    everywhere = logs + php + json.dumps(queue)
    assert "POST /api/connect: 429 rate_limited" in logs
    for trace in ("investor_pass", "Answer#Pa55", "Answer%23Pa55", SECRET):
        assert trace not in everywhere
