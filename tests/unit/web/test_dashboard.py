"""The built dashboard: which files are served in which form, and the page's policy."""

import base64
import hashlib
from pathlib import Path

import pytest

from web.dashboard import accepted, load_dashboard, page_policy, script_hashes

PAGE = """<!doctype html><html><head><script>var a = "<b>&amp;";</script>
<script type="module" src="/assets/index-abc.js"></script></head>
<body><p>not a script</p><script>b()</script></body></html>"""


def build(folder: Path) -> Path:
    """A small build: a page, one asset in three forms, and files that are nobody's business."""
    assets = folder / "assets"
    assets.mkdir()
    (folder / "index.html").write_text(PAGE, "utf-8")
    (assets / "index-abc.js").write_bytes(b"plain")
    (assets / "index-abc.js.br").write_bytes(b"brotli")
    (assets / "index-abc.js.gz").write_bytes(b"gzip")
    (assets / "notes").write_bytes(b"no type")
    return folder


def test_without_a_page_there_is_no_dashboard(tmp_path: Path) -> None:
    """A folder that is not there, or is half built, is as if nobody had built it."""
    assert load_dashboard(tmp_path / "nowhere").page is None
    (tmp_path / "favicon.svg").write_bytes(b"")
    assert load_dashboard(tmp_path).files == {}


def test_only_files_of_known_types_are_served(tmp_path: Path) -> None:
    """Packed siblings are forms of their file, not files of their own."""
    built = load_dashboard(build(tmp_path))
    assert set(built.files) == {"index.html", "assets/index-abc.js"}
    assert built.files["assets/index-abc.js"].content_type == "text/javascript; charset=utf-8"


@pytest.mark.parametrize(
    ("accept", "body", "encoding"),
    [
        ("gzip, deflate, br", b"brotli", "br"),
        ("gzip;q=1.0, br;q=0", b"gzip", "gzip"),
        ("GZIP", b"gzip", "gzip"),
        ("br;q=0.000, gzip; q=0", b"plain", None),
        ("", b"plain", None),
        ("zstd", b"plain", None),
    ],
)
def test_a_client_gets_the_smallest_form_that_it_takes(
    tmp_path: Path, accept: str, body: bytes, encoding: str | None
) -> None:
    """Brotli before gzip before the file itself; a refused coding is not used."""
    sent = load_dashboard(build(tmp_path)).files["assets/index-abc.js"].sent_to(accept)
    assert (sent.body, sent.encoding) == (body, encoding)


def test_forms_of_a_file_have_entity_tags_of_their_own(tmp_path: Path) -> None:
    """A cache cannot mistake packed bytes for plain ones."""
    built = load_dashboard(build(tmp_path)).files["assets/index-abc.js"]
    assert len({built.sent_to(accept).etag for accept in ("br", "gzip", "")}) == 3


def test_weights_above_nothing_are_accepted() -> None:
    """Only q=0 refuses."""
    assert accepted("br;q=0.001, gzip;q=1") == {"br", "gzip"}
    assert accepted("br;q=0., gzip;q=0.0") == frozenset()


def test_each_inline_script_is_hashed_as_it_stands() -> None:
    """Byte for byte, without unfolding references; scripts with an address are not inline."""
    expected = [hashlib.sha256(text).digest() for text in (b'var a = "<b>&amp;";', b"b()")]
    assert list(script_hashes(PAGE)) == [
        f"sha256-{base64.b64encode(digest).decode()}" for digest in expected
    ]


def test_the_policy_lets_nothing_in_but_our_own() -> None:
    """Scripts by file or hash, the API and its socket; framed by whom the settings name."""
    origins = ("https://a.example", "http://127.0.0.1:8000")
    policy = page_policy(("sha256-x=",), origins, ())
    assert policy.split("; ") == [
        "default-src 'none'",
        "script-src 'self' 'sha256-x='",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self' ws://127.0.0.1:8000 wss://a.example",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
    framed = page_policy((), origins, ("https://shop.example", "https://b.example"))
    assert framed.endswith("frame-ancestors https://shop.example https://b.example")
