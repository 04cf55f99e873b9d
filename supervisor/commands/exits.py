"""Exit codes and the one way in which a command ends badly."""

import json
import sys
from collections.abc import Callable
from typing import Any, NoReturn

import click

OK = 0
FOUND = 1
BAD_INPUT = 2
UNAVAILABLE = 3


def fail(message: str, code: int = BAD_INPUT) -> NoReturn:
    """Print ``message`` to stderr and leave with ``code`` (2 bad input, 3 unavailable)."""
    click.secho(f"error: {message}", fg="red", err=True, color=None)
    sys.exit(code)


def as_json(value: Any) -> None:
    """Print one JSON document to stdout."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def json_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """The ``--json`` flag that every reading command has."""
    return click.option("--json", "as_json_flag", is_flag=True, help="Print JSON.")(command)


def config_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """The ``--config`` option: which TOML file to read."""
    return click.option(
        "--config",
        "config",
        type=click.Path(dir_okay=False, path_type=str),
        default=None,
        help="Settings file (TOML). Environment variables override it.",
    )(command)
