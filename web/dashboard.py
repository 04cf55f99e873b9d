"""The built dashboard: its files, read once at start, and what a browser may do with its page.

Only names that were there at start are served, so that no path leads anywhere else. Packed
siblings (``.br``, ``.gz``) are sent to whom takes them.
"""

import base64
import hashlib
from collections.abc import Collection, Mapping, Sequence
from html.parser import HTMLParser
from pathlib import Path

from attrs import field, frozen

_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}
_PACKED = {"br": ".br", "gzip": ".gz"}
"""Content codings in the order of preference, and the ending of their files."""
_INDEX = "index.html"


@frozen
class Sent:
    """A file as one client gets it; ``encoding`` None = as it is."""

    body: bytes
    encoding: str | None
    etag: str


@frozen
class BuiltFile:
    """One file of the build. ``packed`` holds its bytes by content coding."""

    content_type: str
    raw: bytes = field(repr=False)
    packed: Mapping[str, bytes] = field(factory=dict, repr=False)

    def sent_to(self, accept_encoding: str) -> Sent:
        """The smallest form that the client takes, under an entity tag of its own."""
        digest = hashlib.sha256(self.raw).hexdigest()[:32]
        taken = accepted(accept_encoding)
        for encoding, body in self.packed.items():
            if encoding in taken:
                return Sent(body, encoding, f'"{digest}-{encoding}"')
        return Sent(self.raw, None, f'"{digest}"')


@frozen
class Dashboard:
    """What was built, by path; nothing when nobody has built it.

    ``script_hashes`` are the page's inline scripts, as a policy names them.
    """

    files: Mapping[str, BuiltFile] = field(factory=dict)
    script_hashes: tuple[str, ...] = ()

    @property
    def page(self) -> BuiltFile | None:
        """The page, None when the dashboard is not built."""
        return self.files.get(_INDEX)


def load_dashboard(folder: Path) -> Dashboard:
    """Read the build in ``folder``. Without its page it is as if there were none."""
    if not (folder / _INDEX).is_file():
        return Dashboard()
    files = {
        path.relative_to(folder).as_posix(): BuiltFile(
            _TYPES[path.suffix], path.read_bytes(), _packed(path)
        )
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix in _TYPES
    }
    return Dashboard(files, script_hashes(files[_INDEX].raw.decode()))


def _packed(path: Path) -> dict[str, bytes]:
    found = {coding: path.with_name(path.name + ending) for coding, ending in _PACKED.items()}
    return {coding: packed.read_bytes() for coding, packed in found.items() if packed.is_file()}


def accepted(accept_encoding: str) -> frozenset[str]:
    """The content codings of an Accept-Encoding header that are not refused by ``q=0``."""
    taken = set()
    for part in accept_encoding.lower().split(","):
        coding, _, weight = part.partition(";")
        if weight.replace(" ", "").rstrip("0") not in ("q=", "q=0."):
            taken.add(coding.strip())
    return frozenset(taken)


def script_hashes(page: str) -> tuple[str, ...]:
    """``sha256-…`` of each inline script of a page (CSP level 2)."""
    reader = _InlineScripts()
    reader.feed(page)
    reader.close()
    digests = [hashlib.sha256(text.encode()).digest() for text in reader.scripts]
    return tuple(f"sha256-{base64.b64encode(digest).decode()}" for digest in digests)


class _InlineScripts(HTMLParser):
    """Collects the texts of scripts that have no address."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.scripts: list[str] = []
        self._is_inline = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._is_inline = tag == "script" and "src" not in dict(attrs)
        if self._is_inline:
            self.scripts.append("")

    def handle_data(self, data: str) -> None:
        if self._is_inline:
            self.scripts[-1] += data

    def handle_endtag(self, tag: str) -> None:
        self._is_inline = self._is_inline and tag != "script"


def page_policy(
    hashes: Sequence[str], origins: Collection[str], frame_ancestors: Sequence[str]
) -> str:
    """The page's Content-Security-Policy: its own files, its inline scripts by hash, its API.

    ``origins`` are this server's own: older browsers do not count a socket as ``'self'``.
    """
    sockets = sorted(origin.replace("http", "ws", 1) for origin in origins)
    scripts = " ".join(["'self'", *(f"'{one}'" for one in hashes)])
    reached = " ".join(["'self'", *sockets])
    ancestors = " ".join(frame_ancestors) or "'none'"
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {scripts}",
            "style-src 'self'",
            "img-src 'self'",
            "font-src 'self'",
            f"connect-src {reached}",
            "base-uri 'none'",
            "form-action 'self'",
            f"frame-ancestors {ancestors}",
        )
    )
