"""The schema's released files."""

from hashlib import sha256
from pathlib import Path

import psycopg

from storage.migrations.migrate import head, migrate

_SQL = Path(__file__).parents[3] / "storage" / "migrations" / "sql"
_RELEASED = {
    "0001_accounts.sql": "448fc7cac235e21b620ab833c021057865a0b5bad9e5ceb91a5644521c96e540",
    "0002_facts.sql": "e5dd0090dd725659c386b8853d9a3fe988d862b5873a7f8bec1285e9b3378f64",
    "0003_people.sql": "cc815fd71f2b440c930f2a2ceec156a9ddfff337816ecfde01d0b10af5cea95c",
    "0004_maintenance.sql": "5e07775a8175593410fea67fc4a6de06edb84b1b0a230a59d31f3c5b1bd61817",
    "0005_marks.sql": "35e3320f08a36cce2c38950d049c1052b868be1c6f8831be8f4c452d6260b18d",
    "0006_standings.sql": "98a62fe68ed89828ad796169a44ed7db0f1a45f71c3f842024b8702d9ed2aad2",
    "0007_seals.sql": "2b19e66e6ce9c59ec3a4728e7486cbb77ba5fbe6323fb4164c6531dd5d831c78",
    "0008_discrepancies.sql": "3d6ff9a8897272e5ce17600e971723604109c96455d6d8c70352762d353c2ee2",
}


def test_released_files_never_change() -> None:
    """A released SQL file is pinned by its hash: change the schema with a further file."""
    found = {path.name: sha256(path.read_bytes()).hexdigest() for path in _SQL.iterdir()}
    assert found == _RELEASED


def test_migrating_again_changes_nothing(postgres_dsn: str) -> None:
    """The second run finds the newest revision and leaves it."""
    migrate(postgres_dsn)
    with psycopg.connect(postgres_dsn) as connection:
        found = connection.execute("SELECT version_num FROM alembic_version").fetchall()
    assert found == [(head(),)]
