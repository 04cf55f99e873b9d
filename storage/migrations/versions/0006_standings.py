"""Runs sql/0006_standings.sql."""

from alembic import op

from storage.migrations.migrate import run_sql

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Apply the SQL file in one transaction."""
    run_sql(op.get_bind(), "0006_standings.sql")
