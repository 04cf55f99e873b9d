"""The schema: alembic revisions that each run one plain SQL file, and the way to apply them."""
