"""Runs sql/0012_server_clocks.sql."""

from alembic import op

from storage.migrations.migrate import run_sql

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Apply the SQL file in one transaction."""
    run_sql(op.get_bind(), "0012_server_clocks.sql")
