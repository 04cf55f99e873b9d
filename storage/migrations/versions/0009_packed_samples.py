"""Runs sql/0009_packed_samples.sql."""

from alembic import op

from storage.migrations.migrate import run_sql

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Apply the SQL file in one transaction."""
    run_sql(op.get_bind(), "0009_packed_samples.sql")
