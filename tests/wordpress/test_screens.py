"""The whole way once in a real browser: bought, typed, listed, reconnected, shown, refunded."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.stage import SharedStage, free_port
from tests.wordpress.conftest import point_at
from tests.wordpress.shop import (
    SERVER,
    Order,
    fresh_login,
    make_customer,
    make_order,
    open_account,
)
from tests.wordpress.site import Site
from tests.wordpress.visitor import DASHBOARD, LIST

FRONTEND = Path(__file__).resolve().parents[2] / "frontend"
MODULES = FRONTEND / "node_modules"
CHROMIUM = shutil.which("chromium")
DIRECTION = 'msgctxt "text direction"\nmsgid "ltr"\nmsgstr "rtl"\n'
PASSWORD = "Seen#Pa55 in Chromium"
CARD = "#onefunders-root li:has(h2)"
TO_LATIN = str.maketrans("۰۱۲۳۴۵۶۷۸۹٫", "0123456789.", ",٬\u200e\u200f\u2066\u2069")

pytestmark = pytest.mark.skipif(
    CHROMIUM is None or not MODULES.is_dir() or not (FRONTEND / "dist").is_dir(),
    reason="needs chromium on PATH and a built dashboard (make frontend)",
)


def look(
    site: Site, user: str, *pages: dict[str, Any], allowed: str = "nothing at all"
) -> list[dict[str, Any]]:
    """What a user's browser shows of each page; each is without fault, foreign host or token.

    A fault with the ``allowed`` words in it is no fault.
    """
    task = {
        "playwright": str(MODULES / "playwright-core"),
        "axe": str(MODULES / "axe-core/axe.min.js"),
        "chromium": CHROMIUM,
        "url": site.url,
        "user": user,
        "pages": pages,
    }
    ran = subprocess.run(
        ["node", Path(__file__).with_name("browser.mjs")],
        input=json.dumps(task),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert ran.returncode == 0, ran.stderr[-3000:]
    seen: list[dict[str, Any]] = json.loads(ran.stdout)
    for page in seen:
        assert page["missing"] is None, (page["missing"], page["text"], site.notices())
        assert [fault for fault in page["faults"] if allowed not in fault] == []
        assert not page["violations"], "\n".join(page["violations"])
        assert page["outside"] == []
        assert "eyJ" not in page["stored"]
        assert PASSWORD not in page["text"] + page["stored"]
    return seen


@pytest.fixture(scope="module")
def login() -> str:
    """The login of the account that is sold."""
    return fresh_login()


@pytest.fixture(scope="module")
def order(site: Site, stage: SharedStage, login: str) -> Order:
    """A paid order whose customer has not typed anything yet."""
    open_account(stage, login, PASSWORD)
    made = make_order(site, make_customer(site, "viewer"), {})
    made.status("completed")
    return made


@pytest.fixture(params=["en", "fa"])
def language(request: pytest.FixtureRequest, site: Site) -> str:
    """The site speaks English, or Persian with its direction as a language pack would."""
    if request.param == "fa":
        folder = site.content / "languages"
        folder.mkdir(exist_ok=True)
        source = DIRECTION.encode()
        subprocess.run(["msgfmt", "-", "-o", folder / "fa_IR.mo"], input=source, check=True)
    name = "fa_IR" if request.param == "fa" else ""
    site.run(f"update_option('WPLANG', '{name}'); return null;")
    return str(request.param)


def test_a_customer_connects_the_account(site: Site, order: Order, login: str) -> None:
    """The customer types login, server and password once; then the password is gone."""
    name = f"onefunders-{order.order_id}-{order.item_id}"
    typed = {f"#{name}-login": login, f"#{name}-server": SERVER, f"#{name}-pass": PASSWORD}
    form = {
        "path": DASHBOARD,
        "fill": typed,
        "press": f"details:has(#{name}-pass) button",
        "wait": ".woocommerce-info[role=status]",
        "audit": ["#onefunders-credentials"],
    }
    (page,) = look(site, "viewer", {**form, "fill": {}, "press": None, "wait": f"#{name}-pass"})
    assert "One step is left" in page["text"]
    (page,) = look(site, "viewer", form)
    assert "Your account is being connected" in page["text"]
    site.run_queue()
    site.run_queue(90 * 60)
    assert order.meta()["state"] == "connected", order.notes()
    assert "sealed" not in order.meta()
    assert PASSWORD not in site.server.dump(site.database)


def test_staff_lists_and_reconnects_it(
    site: Site, order: Order, login: str, language: str, tmp_path: Path
) -> None:
    """Staff sees the account in its language and reconnects it by the keyboard."""
    words = {"en": ("Reconnect", "Connected", "Done."), "fa": ("اتصال دوباره", "متصل", "انجام شد")}
    (listed, done) = look(
        site,
        "admin",
        {
            "path": LIST,
            "wait": ".onefunders-state",
            "audit": [".wrap"],
            "picture": str(tmp_path / f"list-{language}.png"),
        },
        {
            "path": LIST,
            "press": f'a[href*="verb=reconnect&account={order.meta()["account_id"]}"]',
            "wait": ".notice-success",
        },
    )
    assert listed["dir"] == ("rtl" if language == "fa" else listed["dir"])
    assert f"{login[:2]}••••{login[-2:]}" in listed["text"]
    assert login not in listed["text"]
    assert words[language][0] in listed["text"]
    assert words[language][1] in listed["text"]
    assert words[language][2] in done["text"]


def test_the_customer_sees_the_dashboard(
    site: Site, order: Order, login: str, language: str, tmp_path: Path
) -> None:
    """The card shows login and equity as the API told them, in the language of the shop."""
    assert order.meta()["state"] == "connected"
    words = {"en": ("Trading dashboard", "Equity"), "fa": ("داشبورد معاملات", "اکوئیتی")}
    pages = [
        {
            "path": DASHBOARD,
            "wait": f'{CARD}:has-text("{words[language][1]}")',
            "grab": CARD,
            "audit": ["#onefunders-credentials", "#onefunders-root"],
            "width": width,
            "picture": str(tmp_path / f"my-{language}-{width}.png"),
        }
        for width in (1280, 360)
    ]
    for page in look(site, "viewer", *pages):
        assert page["dir"] == ("rtl" if language == "fa" else "")
        assert words[language][0] in page["text"]
        card = page["grabbed"].translate(TO_LATIN)
        assert login in card
        shown = {f"{float(equity):.2f}" for equity in page["equities"]}
        assert len(shown) > 0
        assert any(equity in card for equity in shown), (shown, card)
        in_persian = any(digit in page["grabbed"] for digit in "۰۱۲۳۴۵۶۷۸۹")
        assert in_persian == (language == "fa")


def test_a_refund_ends_it(site: Site, order: Order, language: str, tmp_path: Path) -> None:
    """After a refund the account is shown as ended, nothing asks for a password, staff sees it."""
    if order.meta()["state"] != "none":
        order.status("refunded")
        site.run_queue()
    assert order.meta()["state"] == "none"
    ended = {"en": "Deactivated", "fa": "غیرفعال"}[language]
    (mine,) = look(
        site,
        "viewer",
        {
            "path": DASHBOARD,
            "wait": f'{CARD}:has-text("{ended}")',
            "audit": ["#onefunders-root"],
            "picture": str(tmp_path / f"refunded-{language}.png"),
        },
    )
    assert "password" not in mine["text"].lower()
    (listed,) = look(
        site, "admin", {"path": LIST + "&status=deactivated", "wait": ".onefunders-state"}
    )
    assert ended in listed["text"]


def test_the_server_is_away(
    site: Site, stage: SharedStage, order: Order, language: str, tmp_path: Path
) -> None:
    """The customer's page says in words that it is away for a while, and offers another try."""
    words = {"en": ("again", "password"), "fa": ("دوباره", "رمز")}[language]
    point_at(site, f"http://127.0.0.1:{free_port()}", "k" * 40)
    try:
        (page,) = look(
            site,
            "viewer",
            {
                "path": DASHBOARD,
                "wait": f'#onefunders-root :text("{words[0]}")',
                "audit": ["#onefunders-root"],
                "picture": str(tmp_path / f"away-{language}.png"),
            },
            allowed="503 (Service Unavailable)",
        )
    finally:
        point_at(site, stage.stage.url, stage.stage.key("s2s-primary").decode())
    assert words[1] not in page["text"].lower()
