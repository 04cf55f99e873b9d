-- Ordered exports and the tickets of their downloads. Two small new tables; nothing is rewritten
-- and no lock is held on others. Rows are deleted a day after they expire. A file lies with the
-- node that made it, under the export's id; beat_at says that this node is still at work.
CREATE TABLE exports (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    site_id TEXT NOT NULL,
    wp_user_id BIGINT NOT NULL CHECK (wp_user_id > 0),
    account_id UUID NOT NULL REFERENCES accounts (id) ON DELETE RESTRICT,
    life_id UUID NOT NULL REFERENCES rule_state (life_id) ON DELETE RESTRICT,
    login TEXT NOT NULL,
    currency_digits SMALLINT,
    idempotency_key TEXT NOT NULL,
    body_digest BYTEA NOT NULL,
    wish JSONB NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed')),
    node_id TEXT NOT NULL,
    rows_done BIGINT NOT NULL DEFAULT 0 CHECK (rows_done >= 0),
    rows_total BIGINT NOT NULL CHECK (rows_total >= 0),
    size_bytes BIGINT,
    fault TEXT CHECK (fault IN ('interrupted', 'deadline', 'no_space', 'too_large', 'unavailable',
        'internal')),
    created_at TIMESTAMPTZ NOT NULL,
    beat_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    UNIQUE (site_id, wp_user_id, idempotency_key),
    CHECK ((state = 'failed') = (fault IS NOT NULL))
);

CREATE INDEX idx_exports_expires_at ON exports (expires_at);
CREATE INDEX idx_exports_open ON exports (node_id) WHERE state IN ('queued', 'running');

CREATE TABLE export_tickets (
    ticket_hash BYTEA PRIMARY KEY,
    export_id UUID NOT NULL REFERENCES exports (id) ON DELETE RESTRICT,
    epoch BIGINT NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    used_at TIMESTAMPTZ
);

CREATE INDEX idx_export_tickets_expires_at ON export_tickets (expires_at);
CREATE INDEX idx_export_tickets_export ON export_tickets (export_id);
