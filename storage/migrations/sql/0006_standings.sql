-- Every rule's standing at the last commit (JSON), so that any node answers for an account that
-- runs elsewhere or no longer.
ALTER TABLE account_instances ADD COLUMN standings BYTEA;
