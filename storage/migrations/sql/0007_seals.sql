-- The firm's signature under a violation's evidence; older rows have none.
ALTER TABLE rule_violations
    ADD COLUMN seal_public_key BYTEA CHECK (octet_length(seal_public_key) = 32),
    ADD COLUMN seal_signature BYTEA CHECK (octet_length(seal_signature) = 64),
    ADD CONSTRAINT seal_is_whole CHECK ((seal_public_key IS NULL) = (seal_signature IS NULL));
