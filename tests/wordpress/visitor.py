"""Someone with a browser: logs in, loads pages, sends forms and follows links."""

import re
from html import unescape
from types import TracebackType
from typing import Any, Self

import httpx

from tests.wordpress.site import Site

LIST = "/wp-admin/admin.php?page=onefunders-accounts"
DASHBOARD = "/my-account/onefunders-dashboard/"


class Visitor:
    """Use as ``with Visitor(site, name)``; a name of None stays logged out."""

    def __init__(self, site: Site, name: str | None) -> None:
        self.site = site
        self.name = name
        self.http = httpx.Client(base_url=site.url, timeout=60.0, follow_redirects=True)

    def __enter__(self) -> Self:
        if self.name is not None:
            self.http.cookies.set("wordpress_test_cookie", "WP%20Cookie%20check")
            answer = self.http.post(
                "/wp-login.php",
                data={"log": self.name, "pwd": self.name, "testcookie": "1"},
                follow_redirects=False,
            )
            assert answer.status_code == 302, answer.text[:2000]
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.http.close()

    def page(self, path: str) -> str:
        """A page's HTML."""
        answer = self.http.get(path)
        assert answer.status_code == 200, (path, answer.status_code, answer.text[:500])
        return answer.text

    def link(self, html: str, having: str) -> str:
        """The address of the first link that has this text in it."""
        for address in re.findall(r'href="([^"]+)"', html):
            if having in unescape(address):
                return unescape(address)
        raise AssertionError(f"no link with {having!r}")

    def token(self, nonce: str, **more: str) -> httpx.Response:
        """Ask admin-ajax for a token."""
        data = {"action": "onefunders_token", "nonce": nonce} | more
        return self.http.post("/wp-admin/admin-ajax.php", data=data)

    def forms(self, html: str) -> list[dict[str, str]]:
        """Hidden and text fields of every form on the page, by name."""
        made = []
        for form in re.findall(r"<form.*?</form>", html, re.S):
            fields: dict[str, Any] = {}
            for field in re.findall(r"<(?:input|button)[^>]*>", form):
                name = re.search(r'name="([^"]+)"', field)
                value = re.search(r'value="([^"]*)"', field)
                if name:
                    fields.setdefault(unescape(name[1]), unescape(value[1]) if value else "")
            made.append(fields)
        return made

    def credentials(self, order_id: int, **changes: str) -> str:
        """Send the credentials form of an order; the page that follows."""
        html = self.page(DASHBOARD)
        form = next(f for f in self.forms(html) if f.get("order_id") == str(order_id))
        answer = self.http.post(DASHBOARD, data=form | changes)
        assert answer.status_code == 200, answer.text[:500]
        return answer.text

    def nonce(self) -> str:
        """The nonce of the dashboard on My Account."""
        found = re.search(r'"nonce":"([0-9a-f]+)"', self.page(DASHBOARD))
        assert found is not None
        return found[1]
