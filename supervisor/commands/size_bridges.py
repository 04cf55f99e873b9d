"""``onefunders size-bridges``: how many terminals and bridges the accounts need."""

from decimal import Decimal, InvalidOperation
from fractions import Fraction

import click

from supervisor.bridging.sizing import IDLE_INTERVAL_SECONDS, VISIT_SECONDS, Sizing
from supervisor.commands.exits import as_json, fail, json_option


class _Seconds(click.ParamType[Fraction]):
    name = "seconds"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> Fraction:
        """An exact number of seconds, such as 30 or 12.5."""
        try:
            return Fraction(Decimal(str(value)))
        except (InvalidOperation, ValueError, OverflowError):
            self.fail(f"{value!r} is not a number of seconds", param, ctx)


@click.command("size-bridges")
@click.option("--sticky", type=click.IntRange(0), required=True, help="Accounts with open risk.")
@click.option("--idle", type=click.IntRange(0), required=True, help="Accounts without positions.")
@click.option(
    "--visit-seconds",
    type=_Seconds(),
    default=str(VISIT_SECONDS),
    show_default=True,
    help="A login and a read; take the logins' p95 of the status.",
)
@click.option(
    "--idle-interval",
    type=_Seconds(),
    default=str(IDLE_INTERVAL_SECONDS),
    show_default=True,
    help="Seconds within which every idle account is visited once.",
)
@click.option(
    "--slots-each", type=click.IntRange(1), default=None, help="Terminals that one bridge has."
)
@click.option(
    "--spare", type=click.IntRange(0), default=1, show_default=True, help="Bridges that may fail."
)
@json_option
def size_bridges(
    sticky: int,
    idle: int,
    visit_seconds: Fraction,
    idle_interval: Fraction,
    slots_each: int | None,
    spare: int,
    as_json_flag: bool,
) -> None:
    """Say how many terminal slots the accounts need, and how many bridges that makes."""
    try:
        sizing = Sizing(sticky, idle, visit_seconds, idle_interval)
    except ValueError as error:
        fail(str(error))
    bridges = None if slots_each is None else sizing.bridges(slots_each, spare)
    if as_json_flag:
        as_json(
            {
                "sticky": sticky,
                "idle": idle,
                "visit_seconds": float(visit_seconds),
                "idle_interval_seconds": float(idle_interval),
                "visiting_slots": sizing.visiting,
                "slots": sizing.slots,
                "slots_each": slots_each,
                "spare_bridges": None if bridges is None else spare,
                "bridges": bridges,
            }
        )
        return
    click.echo(f"{sizing.slots} slots: {sticky} sticky + {sizing.visiting} for visits")
    if bridges is not None:
        click.echo(f"{bridges} bridges of {slots_each} slots, {spare} of them to spare")
