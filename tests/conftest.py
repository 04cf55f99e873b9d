"""Fixtures that every suite shares; kept small on purpose."""

from pathlib import Path

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Options of this suite."""
    parser.addoption(
        "--reports",
        type=Path,
        default=None,
        metavar="DIR",
        help="also read every report in DIR and check it against itself",
    )
