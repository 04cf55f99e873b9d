"""The ways in which a secret can stand in a line of text, besides as it is."""

import base64
import json
from urllib.parse import quote, quote_plus

_SHORTEST_PACKED = 8


def spellings(raw: bytes) -> tuple[str, ...]:
    """Each spelling of ``raw`` that a log line could carry, the longest first.

    Plain, as Python and JSON literals (also inside one another), percent-encoded, hex, and
    base64 at each alignment that a longer packed text can give it.
    """
    found = {repr(raw)[2:-1], *_percent(raw), raw.hex(), raw.hex().upper(), *_packed(raw)}
    try:
        text = raw.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        text = None
    if text is not None:
        found |= {text, repr(text)[1:-1], ascii(text)[1:-1], json.dumps(text)[1:-1]}
    for _ in range(2):  # a document inside an event, and the event's own line
        found |= {json.dumps(each, ensure_ascii=False)[1:-1] for each in found}
    return tuple(sorted(found - {""}, key=lambda each: (-len(each), each)))


def _percent(raw: bytes) -> set[str]:
    return {quote(raw, safe=""), quote(raw), quote_plus(raw)}


def _packed(raw: bytes) -> set[str]:
    """The whole groups in the middle, which are the same whatever comes before and after."""
    found = set()
    for lead in range(3):
        whole = (lead + len(raw)) // 3 * 3
        packed = base64.b64encode((bytes(lead) + raw)[:whole])[4 if lead else 0 :].decode()
        found |= {packed, packed.translate(str.maketrans("+/", "-_"))}
    return {each for each in found if len(each) >= _SHORTEST_PACKED}
