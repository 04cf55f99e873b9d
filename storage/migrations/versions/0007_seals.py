"""Runs sql/0007_seals.sql."""

from alembic import op

from storage.migrations.migrate import run_sql

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Apply the SQL file in one transaction."""
    run_sql(op.get_bind(), "0007_seals.sql")
