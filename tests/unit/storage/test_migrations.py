"""The schema's released files."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import psycopg
import pytest

from storage.migrations.migrate import head, migrate
from supervisor.embedded import EmbeddedPostgres

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
    "0009_packed_samples.sql": "0b512d3d354c4aef496744fe3a083df5e37e2516cee1ee02ea54e31f7d521f2b",
    "0010_exports.sql": "db3bb9aa9c7d5c773894116547d2be8924e26b56186fde2f01b23550630804ae",
    "0011_commands.sql": "671a2524acf3d6e2f68e3b2e8739d414ff0ae8450cb445571a65fa988572e99f",
    "0012_server_clocks.sql": "46cb71d0f9eb83314991877c826219bbea243b61f42ac4a8b75f598f6bfc808e",
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


@pytest.fixture
def empty_dsn(postgres_server: EmbeddedPostgres) -> Iterator[str]:
    """The DSN of a database without any table."""
    with psycopg.connect(postgres_server.dsn, autocommit=True) as admin:
        admin.execute("CREATE DATABASE unmigrated")
        yield postgres_server.dsn_of("unmigrated")
        admin.execute("DROP DATABASE unmigrated WITH (FORCE)")


def test_packing_moves_every_sample_as_it_was(empty_dsn: str) -> None:
    """Credit, source, margins and bounds read the same after 0009, from any partition."""
    migrate(empty_dsn, "0008")
    with psycopg.connect(empty_dsn) as line:
        line.execute("SET session_replication_role = replica")  # one instance is enough here
        line.execute(
            "INSERT INTO account_instances (account_id, life_id, hash_id, reason, plan_name,"
            " plan_hash, started_at, currency_digits) SELECT gen_random_uuid(), gen_random_uuid(),"
            " 'h', 'connect', 'two', 'p', now(), 2"
        )
        line.execute("SELECT ensure_equity_partitions('2031-05-01+00', 0)")
        line.execute(
            "INSERT INTO equity_samples (instance_key, recorded_at, balance, equity, credit,"
            " margin, free_margin, equity_min, equity_max, source) SELECT 1, at, a, b, c, d, e, f,"
            " g, s FROM (VALUES"
            " (timestamptz '2031-05-31 23:59:59.123456+00', 100, 100, 0, 0, 100, 100, 100,"
            " 'observed'), ('2031-05-02+00', 100, 0, 0, 0, 0, -5, 9, 'observed'),"
            " ('2031-05-03+00', 100, -70, 20, 30, -90, -70, -70, 'deal'),"
            " ('2034-01-01+00', 0, 90, 0, 30, 60, 80, 90, 'observed')"
            ") AS v (at, a, b, c, d, e, f, g, s)"
        )
        before = line.execute("SELECT * FROM equity_history ORDER BY recorded_at").fetchall()
        months = line.execute("SELECT count(*) FROM equity_samples_2031_05").fetchall()
    migrate(empty_dsn)
    with psycopg.connect(empty_dsn) as line:
        assert (
            line.execute("SELECT * FROM equity_history ORDER BY recorded_at").fetchall() == before
        )
        assert len(before) == 4
        assert line.execute("SELECT count(*) FROM equity_samples_2031_05").fetchall() == months
        packed = line.execute("SELECT count(unusual), count(equity) FROM equity_samples").fetchone()
        assert packed == (1, 3)
        assert line.execute("SELECT to_regclass('wide_samples')").fetchone() == (None,)
