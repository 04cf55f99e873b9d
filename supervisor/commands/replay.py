"""``onefunders replay``: compute a violation's verdict again from its evidence alone."""

from pathlib import Path
from typing import Any
from uuid import UUID

import click
import msgspec
import psycopg
import trio

from actors.domain.history import ViolationRow
from actors.ports import StoreUnavailable
from storage.violations import Violations
from supervisor.check_evidence import UNREADABLE, NoEvidence, check, recompute
from supervisor.child_process import EmbeddedError
from supervisor.commands.asking import ask
from supervisor.commands.check_config import read_or_fail
from supervisor.commands.exits import (
    FOUND,
    UNAVAILABLE,
    as_json,
    config_option,
    fail,
    json_option,
)
from supervisor.commands.serve import database_as_it_is

_KEY_BYTES = 32


def bundle_of(row: ViolationRow) -> dict[str, Any]:
    """The bundle that the API answers for the violation, as far as a replay needs it."""
    seal = row.seal
    signature = seal and {
        "algorithm": "Ed25519",
        "public_key": seal.public_key.hex(),
        "value": seal.signature.hex(),
    }
    return {"evidence": row.evidence, "signature": signature}


def read_bundle(subject: str, config: str | None) -> dict[str, Any]:
    """The bundle of a file, or of a stored violation; leaves with 2 or 3 when there is none."""
    if Path(subject).is_file():
        try:
            return msgspec.json.decode(Path(subject).read_bytes(), type=dict[str, Any])
        except msgspec.MsgspecError as error:
            fail(f"{subject}: no evidence bundle: {error}")
    try:
        violation_id = UUID(subject)
    except ValueError:
        fail(f"{subject}: neither a file nor the id of a violation")
    try:
        with database_as_it_is(read_or_fail(config)) as dsn:
            row = trio.run(ask, dsn, lambda database: Violations(database).any_owners(violation_id))
    except (psycopg.OperationalError, StoreUnavailable) as error:
        fail(f"the database does not answer ({type(error).__name__})", UNAVAILABLE)
    except EmbeddedError as error:
        fail(str(error), UNAVAILABLE)
    if row is None:
        fail(f"no violation {violation_id} is stored")
    return bundle_of(row)


def key_of(text: str) -> bytes:
    """The public key that was given; leaves with exit code 2 when it is none."""
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) != _KEY_BYTES:
        fail("--public-key: allowed: 64 hexadecimal digits")
    return key


@click.command()
@click.argument("subject", metavar="VIOLATION|FILE")
@click.option("--public-key", help="The key that must have signed it, 64 hexadecimal digits.")
@config_option
@json_option
def replay(subject: str, public_key: str | None, config: str | None, as_json_flag: bool) -> None:
    """Compute a verdict again, offline, from its evidence bundle alone.

    Exit code 0 only when the bundle is signed and its facts give the stated floor, value and
    verdict; 1 when they do not.
    """
    key = None if public_key is None else key_of(public_key)
    bundle = read_bundle(subject, config)
    try:
        found = check(bundle, key)
        facts = recompute(bundle["evidence"])
    except NoEvidence as error:
        fail(f"{subject}: cannot be replayed: {error}")
    except UNREADABLE as error:
        fail(f"{subject}: cannot be replayed: the evidence has another shape: {error!r}")
    if as_json_flag:
        as_json({"agrees": not found, "differences": found, "recomputed": facts})
    else:
        for name, value in facts.items():
            click.echo(f"{name:22} {value}")
        for reason in found:
            click.secho(f"DISAGREES  {reason}", fg="red", err=True)
        if not found:
            click.secho("agrees: signed, and the facts give the stated verdict", fg="green")
    if found:
        raise SystemExit(FOUND)
