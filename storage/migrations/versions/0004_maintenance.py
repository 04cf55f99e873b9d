"""Runs sql/0004_maintenance.sql."""

from alembic import op

from storage.migrations.migrate import run_sql

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Apply the SQL file in one transaction."""
    run_sql(op.get_bind(), "0004_maintenance.sql")
