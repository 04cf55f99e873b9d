"""Secrets cannot print themselves, and no log channel lets one pass."""

import io
import json
import logging
import pickle
import traceback
from collections.abc import Iterator

import pytest
import structlog

from supervisor.logs import Scrubber, configure_logs
from supervisor.secret import Secret, WeakSecret, strong_secret

CANARY = 'c4nary-Pa55word-"quoted"-7731'


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """The log pipeline writing into memory, with the canary remembered as secret."""
    stream = io.StringIO()
    scrubber = Scrubber()
    scrubber.remember(CANARY)
    root = logging.getLogger()
    before = root.handlers[:], root.level
    configure_logs(scrubber, "debug", stream)
    yield stream
    root.handlers[:], root.level = before[0], before[1]
    structlog.reset_defaults()


def test_a_secret_never_shows_in_text() -> None:
    """repr, str, format and containers show a mask."""
    secret = Secret(CANARY.encode())
    texts = [repr(secret), str(secret), f"{secret}", f"{secret:>20}", repr([secret])]
    assert all("c4nary" not in text for text in texts)


def test_a_secret_refuses_pickling() -> None:
    """A pickle would carry the bytes away, so there is none."""
    with pytest.raises(TypeError):
        pickle.dumps(Secret(b"x"))


@pytest.mark.parametrize("weak", [b"", b"short", b"a" * 64, b"change-me-" * 5])
def test_weak_secrets_are_refused_by_name(weak: bytes) -> None:
    """Short, monotonous and placeholder secrets are refused; the message names the setting."""
    with pytest.raises(WeakSecret, match=r"auth\.sites\.primary"):
        strong_secret(weak, "auth.sites.primary")


def test_the_scrubber_takes_the_canary_out_of_every_channel(lines: io.StringIO) -> None:
    """Key, nested value, message, exception text, standard logging: none shows the canary."""
    log = structlog.get_logger()
    log.info("plain", note=CANARY)
    log.info("by key", investor_pass="anything")
    log.info(f"inside {CANARY} text", nested={"deep": [CANARY]}, raw=CANARY.encode())
    try:
        raise ValueError(f"refused {CANARY}")
    except ValueError:
        log.exception("failed")
        logging.getLogger("library").warning("trouble: %s", traceback.format_exc())
    logging.getLogger("library").error("args %r", {"password": CANARY})
    text = lines.getvalue()
    assert "c4nary" not in text
    assert "anything" not in text
    assert text.count("[redacted]") >= 6


def test_every_line_is_one_json_object(lines: io.StringIO) -> None:
    """Line breaks and escape codes inside values cannot forge a second line."""
    structlog.get_logger().info("event", note='a\nb\r\n{"level": "forged"}\x1b[31m')
    out = lines.getvalue().splitlines()
    assert len(out) == 1
    assert json.loads(out[0])["note"].startswith("a\nb")


def test_ordinary_words_survive(lines: io.StringIO) -> None:
    """Values too short to be told from words are not blanked out."""
    scrubber = Scrubber()
    scrubber.remember("abc")
    assert scrubber.scrub("abc is a word") == "abc is a word"
    structlog.get_logger().info("fine", word="hello")
    assert "hello" in lines.getvalue()
