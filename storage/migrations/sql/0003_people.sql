-- Staff, users and signatures: audit, epochs, settings, nonces, idempotency, one-time codes.

-- Chained: hash covers seq, prev_hash, the columns and payload_digest; the payload itself may be
-- erased later without breaking the chain.
CREATE TABLE audit_log (
    seq BIGINT PRIMARY KEY CHECK (seq > 0),
    created_at TIMESTAMPTZ NOT NULL,
    action TEXT NOT NULL,
    actor TEXT NOT NULL,
    site_id TEXT,
    subject TEXT NOT NULL,
    payload JSONB,
    payload_digest BYTEA NOT NULL,
    prev_hash BYTEA NOT NULL,
    hash BYTEA NOT NULL UNIQUE
);

CREATE INDEX idx_audit_log_subject ON audit_log (subject, seq);

CREATE TABLE user_epochs (
    site_id TEXT NOT NULL,
    wp_user_id BIGINT NOT NULL CHECK (wp_user_id <> 0),
    epoch BIGINT NOT NULL DEFAULT 0 CHECK (epoch >= 0),
    updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    PRIMARY KEY (site_id, wp_user_id)
);

CREATE TABLE user_settings (
    site_id TEXT NOT NULL,
    wp_user_id BIGINT NOT NULL CHECK (wp_user_id <> 0),
    account_id UUID NOT NULL REFERENCES accounts (id) ON DELETE RESTRICT,
    settings JSONB NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    PRIMARY KEY (site_id, wp_user_id, account_id)
);

CREATE TABLE s2s_nonces (
    key_id TEXT NOT NULL,
    nonce TEXT NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (key_id, nonce)
);

CREATE INDEX idx_s2s_nonces_expires_at ON s2s_nonces (expires_at);

-- scope is the site and key that the idempotency key belongs to.
CREATE TABLE idempotency (
    scope TEXT NOT NULL,
    key TEXT NOT NULL,
    body_digest BYTEA NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('running', 'done')),
    answer JSONB,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    expires_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (scope, key),
    CHECK ((state = 'done') = (answer IS NOT NULL))
);

CREATE INDEX idx_idempotency_expires_at ON idempotency (expires_at);

CREATE TABLE login_codes (
    code_hash BYTEA PRIMARY KEY,
    principal JSONB NOT NULL,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    expires_at TIMESTAMPTZ NOT NULL,
    used_at TIMESTAMPTZ
);

CREATE INDEX idx_login_codes_expires_at ON login_codes (expires_at);

-- Append-only tables. The one change allowed is to erase the named payload column.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    payload TEXT := TG_ARGV[0];
BEGIN
    IF TG_OP = 'UPDATE' AND payload IS NOT NULL
        AND to_jsonb(NEW) -> payload = 'null'::jsonb
        AND to_jsonb(NEW) - payload = to_jsonb(OLD) - payload THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE ON audit_log
    FOR EACH ROW EXECUTE FUNCTION refuse_change('payload');
CREATE TRIGGER audit_log_no_truncate BEFORE TRUNCATE ON audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rule_violations_append_only BEFORE UPDATE OR DELETE ON rule_violations
    FOR EACH ROW EXECUTE FUNCTION refuse_change('metadata');
CREATE TRIGGER rule_violations_no_truncate BEFORE TRUNCATE ON rule_violations
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER violation_overrides_append_only BEFORE UPDATE OR DELETE ON violation_overrides
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER violation_overrides_no_truncate BEFORE TRUNCATE ON violation_overrides
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
