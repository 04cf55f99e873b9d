"""Runs sql/0003_people.sql."""

from alembic import op

from storage.migrations.migrate import run_sql

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Apply the SQL file in one transaction."""
    run_sql(op.get_bind(), "0003_people.sql")
