"""``onefunders keys``: make the secrets that a deployment needs, and rotate the vault's."""

import os
import secrets
from pathlib import Path

import click

from storage.seals import Sealer
from supervisor.commands.check_config import read_or_fail
from supervisor.commands.exits import as_json, config_option, fail, json_option
from supervisor.commands.rotation import rotate_vault

KEY_NAMES = ("s2s-primary", "s2s-ops", "token-1", "vault-1", "pepper", "evidence", "bridge")


def write_key(file: Path) -> None:
    """Write 32 random bytes as 64 hex digits into a new file that only its owner can read.

    The key is the text itself (its 64 ASCII bytes), so that a shop can paste it as it is.
    FileExistsError when the file is there: a key is never overwritten.
    """
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
    with os.fdopen(descriptor, "w", encoding="ascii") as handle:
        handle.write(secrets.token_hex(32))


def make_keys(folder: Path) -> list[Path]:
    """Write every key of KEY_NAMES that is missing in ``folder``; return the new files."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    made = []
    for name in KEY_NAMES:
        file = folder / f"{name}.key"
        if not file.exists():
            write_key(file)
            made.append(file)
    return made


@click.group()
def keys() -> None:
    """Make and rotate secrets."""


@keys.command()
@click.option("--folder", default="var/keys", show_default=True, type=click.Path(path_type=Path))
@json_option
def generate(folder: Path, as_json_flag: bool) -> None:
    """Write the keys that are missing (one file each, readable by its owner only)."""
    try:
        made = make_keys(folder)
    except OSError as error:
        fail(f"{folder}: {error.strerror}")
    if as_json_flag:
        as_json({"folder": str(folder), "made": [file.name for file in made]})
        return
    for file in made:
        click.echo(f"made {file}")
    if not made:
        click.echo(f"all keys are already in {folder}")


@keys.command()
@config_option
@json_option
def public(config: str | None, as_json_flag: bool) -> None:
    """Print the public key that evidence is signed with, for whoever checks it offline."""
    public_key = Sealer(read_or_fail(config).evidence_key.reveal()).public_key.hex()
    if as_json_flag:
        as_json({"algorithm": "Ed25519", "public_key": public_key})
    else:
        click.echo(public_key)


keys.add_command(rotate_vault)
