"""Tokens: a corpus of bad ones, of which none passes."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.domain.account import Owner
from web.auth.tokens import TokenRefused, Tokens
from web.ports import Principal

NOW = 1_790_000_000
KEYS = {"k1": b"0123456789abcdef0123456789ABCDEF", "k2": b"fedcba9876543210FEDCBA9876543210"}
ISSUER, AUDIENCE = "onefunders-analyze", "https://analyze.example"


class Fixed:
    """A clock that stands still."""

    def now(self) -> datetime:
        """Always the same instant."""
        return datetime.fromtimestamp(NOW, UTC)

    def monotonic(self) -> float:
        """Not used."""
        return 0.0


TOKENS = Tokens(KEYS, "k1", ISSUER, AUDIENCE, Fixed())
HEADER: dict[str, Any] = {"alg": "HS256", "typ": "JWT", "kid": "k1"}


def claims(**changes: Any) -> dict[str, Any]:
    """Good claims; a change to None takes the claim out."""
    good = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "7",
        "site": "shop",
        "epoch": 0,
        "iat": NOW,
        "nbf": NOW,
        "exp": NOW + 900,
        "jti": str(uuid4()),
        "scope": "dashboard",
    } | changes
    return {name: value for name, value in good.items() if value is not None}


def part(raw: bytes) -> str:
    """One segment."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def signed(payload: Any, header: dict[str, Any] = HEADER, key: bytes = KEYS["k1"]) -> str:
    """A token of any payload (text as it is) with a right HS256 signature."""
    raw = payload if isinstance(payload, str) else json.dumps(payload)
    head = f"{part(json.dumps(header).encode())}.{part(raw.encode())}"
    return f"{head}.{part(hmac.new(key, head.encode(), hashlib.sha256).digest())}"


def with_header(**changes: Any) -> str:
    """A token with good claims under a changed header."""
    header = {k: v for k, v in (HEADER | changes).items() if v is not None}
    return signed(claims(), header)


GOOD = signed(claims())
HEAD, BODY, SIGNATURE = GOOD.split(".")
BAD = {
    "empty": "",
    "one segment": HEAD,
    "two segments": f"{HEAD}.{BODY}",
    "four segments": f"{GOOD}.{BODY}",
    "stripped signature": f"{HEAD}.{BODY}.",
    "cut signature": GOOD[:-2],
    "padded": f"{GOOD}=",
    "newline": f"{GOOD}\n",
    "space": f" {GOOD}",
    "other key": signed(claims(), key=KEYS["k2"]),
    "unknown kid": with_header(kid="k9"),
    "path kid": with_header(kid="../../dev/null"),
    "sql kid": with_header(kid="k1' or '1'='1"),
    "int kid": with_header(kid=1),
    "no kid": with_header(kid=None),
    "no alg": with_header(alg=None),
    **{f"alg {name}": with_header(alg=name) for name in ("none", "None", "nOnE", "hs256")},
    **{f"alg {name}": with_header(alg=name) for name in ("HS384", "HS512", "RS256", "")},
    "alg list": with_header(alg=["HS256"]),
    "other typ": with_header(typ="at+jwt"),
    **{
        f"header {name}": with_header(**{name: "https://evil.example"})
        for name in ("jku", "x5u", "jwk", "crit", "zip", "b64")
    },
    "expired": signed(claims(iat=NOW - 1000, nbf=NOW - 1000, exp=NOW - 100)),
    "ends now": signed(claims(iat=NOW - 900, nbf=NOW - 900, exp=NOW)),
    "not yet": signed(claims(iat=NOW + 60, nbf=NOW + 60, exp=NOW + 900)),
    "nbf later": signed(claims(nbf=NOW + 60)),
    "too long": signed(claims(exp=NOW + 901)),
    "exp text": signed(claims(exp=str(NOW + 900))),
    "exp float": signed(claims(exp=NOW + 0.5)),
    "exp huge": signed(claims(exp=10**30)),
    "exp true": signed(claims(exp=True)),
    "exp nan": signed(json.dumps(claims()).replace(str(NOW + 900), "NaN")),
    "exp inf": signed(json.dumps(claims()).replace(str(NOW + 900), "1e400")),
    **{
        f"without {name}": signed(claims(**{name: None}))
        for name in ("iss", "aud", "sub", "site", "epoch", "iat", "nbf", "exp", "jti", "scope")
    },
    "other issuer": signed(claims(iss="other")),
    "issuer list": signed(claims(iss=[ISSUER])),
    "other audience": signed(claims(aud="https://test.example")),
    "audience list": signed(claims(aud=[AUDIENCE])),
    **{f"sub {sub!r}": signed(claims(sub=sub)) for sub in (7, "", "07", "-1", "1e3", ["7"], "۷")},
    "sub too big": signed(claims(sub=str(2**53))),
    "epoch text": signed(claims(epoch="0")),
    "epoch negative": signed(claims(epoch=-1)),
    "scope other": signed(claims(scope="admin")),
    "act with owner's scope": signed(claims(act="s-1")),
    "read scope without act": signed(claims(scope="dashboard:read")),
    "accounts text": signed(claims(accounts="all")),
    "accounts no uuid": signed(claims(accounts=["x"])),
    "unknown claim": signed(claims(admin=True)),
    "doubled claim": signed(json.dumps(claims())[:-1] + ', "sub": "8"}'),
    "list payload": signed([1]),
    "text payload": signed('"x"'),
    "deep payload": signed("[" * 600),
    "not json": signed("{"),
    "huge": signed(claims(site="s" * 3000)),
}


def test_the_corpus_is_large() -> None:
    """At least sixty ways to be wrong."""
    assert len(BAD) >= 60


@pytest.mark.parametrize("name", BAD)
def test_bad_token_is_refused(name: str) -> None:
    """None of the corpus passes."""
    with pytest.raises(TokenRefused):
        TOKENS.verify(BAD[name])


def test_good_tokens_pass_under_both_live_keys() -> None:
    """The minted token, a hand-made one, and one under the other live key say what they hold."""
    account = uuid4()
    who = Principal(Owner("shop", 7), frozenset({account}), "", "staff-1")
    token, ends = TOKENS.mint(who, 3)
    told = TOKENS.verify(token)
    assert (told.principal.owner, told.principal.accounts) == (who.owner, who.accounts)
    assert (told.principal.act, told.epoch, ends.timestamp()) == ("staff-1", 3, NOW + 900)
    assert TOKENS.verify(GOOD).principal.owner.wp_user_id == 7
    assert TOKENS.verify(signed(claims(), HEADER | {"kid": "k2"}, KEYS["k2"])).epoch == 0


def test_a_public_key_is_no_secret() -> None:
    """A token signed by another algorithm's library path is refused."""
    with pytest.raises(TokenRefused):
        TOKENS.verify(jwt.encode(claims(), KEYS["k1"] * 2, "HS512", {"kid": "k1"}))


@given(st.binary(max_size=200) | st.text(max_size=200))
def test_noise_is_refused(noise: bytes | str) -> None:
    """Whatever is sent, the answer is a refusal, never another error."""
    text = noise.decode("latin-1") if isinstance(noise, bytes) else noise
    for candidate in (text, f"{HEAD}.{text}.{SIGNATURE}"):
        with pytest.raises(TokenRefused):
            TOKENS.verify(candidate)
