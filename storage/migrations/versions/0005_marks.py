"""Runs sql/0005_marks.sql."""

from alembic import op

from storage.migrations.migrate import run_sql

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Apply the SQL file in one transaction."""
    run_sql(op.get_bind(), "0005_marks.sql")
