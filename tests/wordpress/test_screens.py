"""The list of accounts and My Account in a real browser, in English and Persian."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.stage import SharedStage
from tests.wordpress.shop import SERVER, fresh_login, make_customer, make_order, open_account
from tests.wordpress.site import Site
from tests.wordpress.visitor import DASHBOARD, LIST

FRONTEND = Path(__file__).resolve().parents[2] / "frontend"
PLAYWRIGHT = FRONTEND / "node_modules/playwright-core"
CHROMIUM = shutil.which("chromium")
DIRECTION = 'msgctxt "text direction"\nmsgid "ltr"\nmsgstr "rtl"\n'

pytestmark = pytest.mark.skipif(
    CHROMIUM is None or not PLAYWRIGHT.is_dir() or not (FRONTEND / "dist").is_dir(),
    reason="needs chromium on PATH and a built dashboard (make frontend)",
)


def look(site: Site, user: str, *pages: dict[str, Any]) -> list[dict[str, Any]]:
    """What a user's browser shows of each page."""
    task = {
        "playwright": str(PLAYWRIGHT),
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
        timeout=180,
    )
    assert ran.returncode == 0, ran.stderr[-3000:]
    seen: list[dict[str, Any]] = json.loads(ran.stdout)
    return seen


def speak_persian(site: Site) -> None:
    """Give the site the Persian language, with its direction, as a language pack would."""
    folder = site.content / "languages"
    folder.mkdir(exist_ok=True)
    subprocess.run(["msgfmt", "-", "-o", folder / "fa_IR.mo"], input=DIRECTION.encode(), check=True)
    site.run("update_option('WPLANG', 'fa_IR'); return null;")


def test_staff_and_customer_see_the_account(site: Site, stage: SharedStage, tmp_path: Path) -> None:
    """List and dashboard show the account, in both languages, without a fault or a foreign host."""
    login, user = fresh_login(), make_customer(site, "viewer")
    open_account(stage, login, "view-Pa55")
    order = make_order(site, user, {"login": login, "server": SERVER, "password": "view-Pa55"})
    order.status("completed")
    site.run_queue()
    site.run_queue(90 * 60)
    assert order.meta()["state"] == "connected"
    ready = "#onefunders-root svg"
    masked = f"{login[:2]}••••{login[-2:]}"
    for language, words in {
        "en": ("Reconnect", "Trading dashboard"),
        "fa": ("اتصال دوباره", "داشبورد معاملات"),
    }.items():
        if language == "fa":
            speak_persian(site)
        (listed,) = look(
            site,
            "admin",
            {
                "path": LIST,
                "wait": ".onefunders-state",
                "picture": str(tmp_path / f"list-{language}.png"),
            },
        )
        wide, narrow = look(
            site,
            "viewer",
            {"path": DASHBOARD, "wait": ready, "picture": str(tmp_path / f"my-{language}.png")},
            {
                "path": DASHBOARD,
                "wait": ready,
                "width": 360,
                "picture": str(tmp_path / f"small-{language}.png"),
            },
        )
        for page in (listed, wide, narrow):
            assert page["missing"] is None, page
            assert page["faults"] == []
            assert page["outside"] == []
            assert page["dir"] == ("rtl" if language == "fa" else page["dir"])
            assert "eyJ" not in page["stored"]
        assert masked in listed["text"]
        assert login not in listed["text"]
        assert login in wide["text"]
        assert words[0] in listed["text"]
        assert words[1] in wide["text"]
