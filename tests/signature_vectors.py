"""Writes the signing vectors that Python and PHP share: ``python -m tests.signature_vectors``.

Each vector is a request as sent, the server's time and origins, the text under the signature, the
right signature, and whether the server accepts it. Bodies are base64. The key is the text itself.
"""

import base64
import hashlib
import hmac
import json
from pathlib import Path
from typing import Any

TARGET = Path(__file__).parent / "vectors" / "signature.json"
KEYS = {
    "primary": "6b1f8a3c0d9e4f7a2b5c8d1e0f3a6b9c7d4e1f8a5b2c9d6e3f0a7b4c1d8e5f2a",
    "second": "0f9e8d7c6b5a493827160594837261504f3e2d1c0b9a8877665544332211ffee",
}
ORIGIN = "https://analyze.example"
NOW = 1_790_000_000
NONCE = "n-0123456789abcdef"
BODIES = {
    "empty": b"",
    "plain": b'{"wp_user_id":7}',
    "decimals": b'{"initial_balance":100000.10}',
    "persian": '{"login":"۱۲۳۴۵"}'.encode(),
    "escaped": b'{"server":"A\\/B","x":"\\u0041"}',
    "binary": bytes(range(256)),
    "newlines": b"a\nb\r\n",
}
TARGETS = (
    "/api/connect",
    "/api/s2s/accounts?status=active&page=2",
    "/api/s2s/accounts?q=a%2Fb",
    "/api//connect",
    "/api/connect?",
    "/api/s2s/accounts?q=%D8%A7",
)


def vector(name: str, *, accepted: bool, why: str = "", **given: Any) -> dict[str, Any]:
    """One vector; ``given`` replaces what is sent after signing (``sent_…``) or before."""
    key_id = given.get("key_id", "primary")
    method, target = given.get("method", "POST"), given.get("target", "/api/connect")
    origin, timestamp = given.get("origin", ORIGIN), given.get("timestamp", str(NOW))
    nonce, body = given.get("nonce", NONCE), given.get("body", BODIES["plain"])
    lines = [
        "v1",
        key_id,
        origin,
        method,
        target,
        timestamp,
        nonce,
        hashlib.sha256(body).hexdigest(),
    ]
    text = "".join(f"{line}\n" for line in lines)
    secret = given.get("secret", KEYS.get(key_id, KEYS["primary"]))
    signature = hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()
    return {
        "name": name,
        "accepted": accepted,
        "why": why,
        "now": given.get("now", NOW),
        "origins": [ORIGIN],
        "key_id": key_id,
        "method": given.get("sent_method", method),
        "target": given.get("sent_target", target),
        "timestamp": given.get("sent_timestamp", timestamp),
        "nonce": given.get("sent_nonce", nonce),
        "body_base64": base64.b64encode(given.get("sent_body", body)).decode(),
        "signed_text": text,
        "signature": signature,
        "sent_signature": given.get("sent_signature", f"v1={signature}"),
    }


def accepted_vectors() -> list[dict[str, Any]]:
    """Requests that must pass."""
    made = [vector(f"body {name}", accepted=True, body=body) for name, body in BODIES.items()]
    made += [vector(f"target {target}", accepted=True, target=target) for target in TARGETS]
    made += [vector(f"method {name}", accepted=True, method=name) for name in ("GET", "PUT")]
    made.append(vector("second key", accepted=True, key_id="second"))
    made += [
        vector(f"skew {skew}", accepted=True, timestamp=str(NOW + skew)) for skew in (-300, 300, 1)
    ]
    made += [vector(f"nonce of {n}", accepted=True, nonce="a" * n) for n in (16, 64)]
    right = vector("two signatures, one right", accepted=True)
    right["sent_signature"] = f"v1={'0' * 64},v1={right['signature']}"
    return [*made, right]


def refused_vectors() -> list[dict[str, Any]]:
    """Requests that must not pass, each for one reason."""
    digest = vector("x", accepted=True)["signature"]
    forms = {
        "no scheme": digest,
        "scheme v0": f"v0={digest}",
        "upper case": f"v1={digest.upper()}",
        "cut": f"v1={digest[:-1]}",
        "empty": "",
        "three": ",".join([f"v1={digest}"] * 3),
        "zeros": f"v1={'0' * 64}",
        "space": f"v1= {digest}",
    }
    made = [
        vector(f"signature {name}", accepted=False, why="form", sent_signature=sent)
        for name, sent in forms.items()
    ]
    stamps = ["179000000", "17900000000", "+179000000", "1790000.00", "179000000a", "۱۷۹۰۰۰۰۰۰۰"]
    made += [
        vector(f"timestamp {text}", accepted=False, why="form", timestamp=text) for text in stamps
    ]
    made += [
        vector(f"skew {skew}", accepted=False, why="time", timestamp=str(NOW + skew))
        for skew in (-301, 301)
    ]
    made += [
        vector(f"nonce {name}", accepted=False, why="form", nonce=nonce)
        for name, nonce in {"short": "a" * 15, "long": "a" * 65, "spaced": "a b" * 8}.items()
    ]
    changed = {
        "sent_body": b'{"wp_user_id":8}',
        "sent_target": "/api/auth/exchange",
        "sent_method": "PUT",
        "sent_nonce": "n-0123456789abcdeF",
        "sent_timestamp": str(NOW + 1),
    }
    made += [
        vector(f"changed {name}", accepted=False, why="signature", **{name: value})
        for name, value in changed.items()
    ]
    made.append(
        vector("other origin", accepted=False, why="signature", origin="https://test.example")
    )
    made.append(vector("other port", accepted=False, why="signature", origin=f"{ORIGIN}:8443"))
    made.append(vector("unknown key", accepted=False, why="key", key_id="third"))
    made.append(vector("key of another id", accepted=False, why="signature", secret=KEYS["second"]))
    return made


def document() -> str:
    """The whole file."""
    vectors = [*accepted_vectors(), *refused_vectors()]
    return json.dumps({"keys": KEYS, "vectors": vectors}, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    TARGET.write_text(document(), encoding="utf-8")
