"""``onefunders keys rotate-vault``: move every stored password to the current vault key."""

import sys

import click
import trio

from storage.postgres import Database
from storage.rotation import Rotated, count_by_key, rotate
from supervisor.commands.check_config import read_or_fail
from supervisor.commands.exits import FOUND, as_json, config_option, json_option
from supervisor.commands.serve import database_of
from supervisor.settings import Settings
from supervisor.vault_keys import open_vault


async def move_all(settings: Settings, dsn: str) -> tuple[Rotated, dict[str, int]]:
    """Re-wrap all envelopes under the current key; returns what was done, and counts by key."""
    async with trio.open_nursery() as nursery:
        database = Database(dsn, workers=1)
        await nursery.start(database.run)
        whole = sum((await count_by_key(database)).values())
        with click.progressbar(length=whole, label="rotating", file=sys.stderr) as bar:

            def progress(done: Rotated) -> None:
                bar.update(done.moved + done.kept + len(done.failed) - bar.pos)

            done = await rotate(database, open_vault(settings), settings.vault_key_id, progress)
        counts = await count_by_key(database)
        nursery.cancel_scope.cancel()
    return done, counts


@click.command("rotate-vault")
@config_option
@json_option
def rotate_vault(config: str | None, as_json_flag: bool) -> None:
    """Move every stored password to the key that ``vault.key`` names; safe to repeat.

    The node may run meanwhile. A key may be retired once no password is under it. Exit code 1
    when an envelope does not open; it is left as it is and named.
    """
    settings = read_or_fail(config)
    with database_of(settings) as dsn:
        done, counts = trio.run(move_all, settings, dsn)
    failed = [str(instance_id) for instance_id in done.failed]
    if as_json_flag:
        as_json({"moved": done.moved, "kept": done.kept, "failed": failed, "by_key": counts})
    else:
        click.echo(f"moved {done.moved}, already there {done.kept}, failed {len(failed)}")
        for key_id, number in sorted(counts.items()):
            click.echo(f"  {key_id}: {number}")
        for instance_id in failed:
            click.echo(f"  does not open: instance {instance_id}", err=True)
    if failed:
        raise SystemExit(FOUND)
