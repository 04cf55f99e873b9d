"""Runs sql/0011_commands.sql."""

from alembic import op

from storage.migrations.migrate import run_sql

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Apply the SQL file in one transaction."""
    run_sql(op.get_bind(), "0011_commands.sql")
