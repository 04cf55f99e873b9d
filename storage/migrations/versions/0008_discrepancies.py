"""Runs sql/0008_discrepancies.sql."""

from alembic import op

from storage.migrations.migrate import run_sql

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Apply the SQL file in one transaction."""
    run_sql(op.get_bind(), "0008_discrepancies.sql")
