"""Runs sql/0001_accounts.sql."""

from alembic import op

from storage.migrations.migrate import run_sql

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Apply the SQL file in one transaction."""
    run_sql(op.get_bind(), "0001_accounts.sql")
