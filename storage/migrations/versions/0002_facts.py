"""Runs sql/0002_facts.sql."""

from alembic import op

from storage.migrations.migrate import run_sql

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Apply the SQL file in one transaction."""
    run_sql(op.get_bind(), "0002_facts.sql")
