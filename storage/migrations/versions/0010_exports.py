"""Runs sql/0010_exports.sql."""

from alembic import op

from storage.migrations.migrate import run_sql

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Apply the SQL file in one transaction."""
    run_sql(op.get_bind(), "0010_exports.sql")
