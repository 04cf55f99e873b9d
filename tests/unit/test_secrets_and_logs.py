"""Secrets cannot print themselves, and no log channel lets one pass."""

import base64
import io
import json
import logging
import pickle
import traceback
from collections.abc import Callable, Iterator
from urllib.parse import quote, urlencode

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


AWKWARD = "\"'\\c4nary%s +/?é漢😀\t-7731"
SPELT: dict[str, Callable[[str], str]] = {
    "plain": lambda value: value,
    "repr": repr,
    "ascii": ascii,
    "bytes": lambda value: repr(value.encode()),
    "json": json.dumps,
    "json in json": lambda value: json.dumps(json.dumps({"p": value})),
    "percent": lambda value: quote(value, safe=""),
    "percent of a path": quote,
    "form": lambda value: urlencode({"p": value}),
    "hex": lambda value: value.encode().hex(),
    "HEX": lambda value: value.encode().hex().upper(),
}


@pytest.mark.parametrize("value", [CANARY, AWKWARD, "c4nary-77"])
@pytest.mark.parametrize("name", SPELT)
def test_no_spelling_of_a_secret_passes(lines: io.StringIO, name: str, value: str) -> None:
    """Whatever a library made of a password before it reached the log, it is masked."""
    scrubber = Scrubber()
    scrubber.remember(value)
    configure_logs(scrubber, "debug", lines)
    written: str = SPELT[name](value)
    structlog.get_logger().info("told", note=f"before {written} after", deep=[{"x": written}])
    line = lines.getvalue()
    assert "c4nary" not in line
    assert value.encode().hex() not in line.lower()
    assert line.count("[redacted]") >= 2


@pytest.mark.parametrize("lead", range(3))
@pytest.mark.parametrize("pack", [base64.b64encode, base64.urlsafe_b64encode])
def test_a_packed_secret_does_not_pass(lead: int, pack: Callable[[bytes], bytes]) -> None:
    """Base64 of a text around the password: at most two bytes at each end of it remain."""
    scrubber = Scrubber()
    scrubber.remember(AWKWARD)
    packed = pack(b"u:"[:lead] + AWKWARD.encode() + b":tail").decode()
    masked = scrubber.scrub(packed)
    assert "[redacted]" in masked
    assert len(masked.replace("[redacted]", "")) <= 24


def test_secrets_of_the_process_are_never_forgotten() -> None:
    """However many passwords pass through, its own keys stay masked; old passwords do not."""
    scrubber = Scrubber()
    scrubber.keep(b"\xff\x00own-key-of-the-process")
    scrubber.remember("first-password")
    for number in range(512):
        scrubber.remember(f"password-{number:04}")
    packed = base64.b64encode(b"\xff\x00own-key-of-the-process").decode()
    assert "[redacted]" in scrubber.scrub(packed)
    assert scrubber.scrub("first-password password-0511") == "first-password [redacted]"


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
