-- Accounts, their instances and lives, the plans they are pinned to, and who may write them.
-- Money is NUMERIC without a scale (never rounded by the store); instants are timestamptz.

CREATE TABLE plans (
    content_hash TEXT PRIMARY KEY CHECK (content_hash ~ '^[0-9a-f]{64}$'),
    name TEXT NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0),
    document TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    UNIQUE (name, version)
);

-- A positive wp_user_id is a WordPress user of the site, a negative one an erased user's pseudonym.
-- login_key is the casefolded server, a unit separator and the login: one active owner each.
CREATE TABLE accounts (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    site_id TEXT NOT NULL,
    wp_user_id BIGINT NOT NULL CHECK (wp_user_id <> 0),
    login TEXT NOT NULL,
    server TEXT NOT NULL,
    login_key TEXT NOT NULL,
    account_type TEXT NOT NULL,
    order_id TEXT,
    is_active BOOLEAN NOT NULL DEFAULT true,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    updated_at TIMESTAMPTZ NOT NULL DEFAULT now()
);

CREATE INDEX idx_accounts_owner ON accounts (site_id, wp_user_id);
CREATE INDEX idx_accounts_login_server ON accounts (login, server);
CREATE INDEX idx_accounts_created_at ON accounts (site_id, created_at DESC, id);
CREATE UNIQUE INDEX idx_accounts_one_active_owner ON accounts (login_key) WHERE is_active;

-- One row per life: its committed sync_seq (with instance and fence: the idempotency key of a
-- sync) and the document that its rule engine starts from.
CREATE TABLE rule_state (
    life_id UUID PRIMARY KEY,
    account_id UUID NOT NULL REFERENCES accounts (id) ON DELETE RESTRICT,
    sync_seq BIGINT NOT NULL DEFAULT 0 CHECK (sync_seq >= 0),
    instance_key INTEGER,
    fence BIGINT,
    document BYTEA,
    updated_at TIMESTAMPTZ NOT NULL DEFAULT now()
) WITH (fillfactor = 70);

CREATE INDEX idx_rule_state_account ON rule_state (account_id);

CREATE TABLE account_instances (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    instance_key INTEGER GENERATED ALWAYS AS IDENTITY UNIQUE,
    account_id UUID NOT NULL REFERENCES accounts (id) ON DELETE RESTRICT,
    life_id UUID NOT NULL REFERENCES rule_state (life_id) ON DELETE RESTRICT,
    hash_id TEXT UNIQUE NOT NULL,
    encrypted_investor_pass TEXT,
    fingerprint BYTEA,
    status TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'deactivated', 'error')),
    reason TEXT NOT NULL CHECK (reason IN ('connect', 'credentials', 'reset', 'phase')),
    predecessor_id UUID REFERENCES account_instances (id) ON DELETE RESTRICT,
    plan_name TEXT NOT NULL,
    plan_hash TEXT NOT NULL REFERENCES plans (content_hash) ON DELETE RESTRICT,
    phase INTEGER NOT NULL DEFAULT 0 CHECK (phase >= 0),
    started_at TIMESTAMPTZ NOT NULL,
    opening_balance NUMERIC,
    ordered_initial_balance NUMERIC,
    ordered_currency TEXT,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    deactivated_at TIMESTAMPTZ,
    connection_state TEXT NOT NULL DEFAULT 'connecting' CHECK (connection_state IN (
        'connecting', 'ready', 'history_loading', 'unreconciled', 'backoff',
        'credentials_rejected', 'needs_operator', 'paused', 'quarantined')),
    outcome TEXT NOT NULL DEFAULT 'running' CHECK (outcome IN ('running', 'passed', 'breached')),
    tier TEXT NOT NULL DEFAULT 'active' CHECK (tier IN ('breach_risk', 'active', 'idle')),
    last_error_code TEXT,
    currency TEXT,
    currency_digits SMALLINT CHECK (currency_digits BETWEEN 0 AND 8),
    sync_seq BIGINT NOT NULL DEFAULT 0,
    last_sync_at TIMESTAMPTZ,
    next_sync_at TIMESTAMPTZ,
    summary BYTEA,
    UNIQUE (account_id, hash_id),
    CHECK (status = 'deactivated' OR deactivated_at IS NULL),
    CHECK (status <> 'deactivated' OR encrypted_investor_pass IS NULL)
) WITH (fillfactor = 70);

CREATE INDEX idx_account_instances_account_id ON account_instances (account_id, created_at DESC);
CREATE INDEX idx_account_instances_life ON account_instances (life_id);
CREATE INDEX idx_account_instances_status ON account_instances (status);
CREATE UNIQUE INDEX idx_account_instances_one_live ON account_instances (account_id)
    WHERE status <> 'deactivated';

CREATE TABLE initial_balances (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    account_id UUID NOT NULL REFERENCES accounts (id) ON DELETE RESTRICT,
    account_instance_id UUID NOT NULL REFERENCES account_instances (id) ON DELETE RESTRICT,
    life_id UUID NOT NULL REFERENCES rule_state (life_id) ON DELETE RESTRICT,
    version INTEGER NOT NULL CHECK (version > 0),
    initial_balance_value NUMERIC NOT NULL,
    initial_balance_source TEXT NOT NULL CHECK (
        initial_balance_source IN ('order_meta', 'mt5_deposits', 'manual', 'window_start')),
    initial_balance_set_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    initial_at TIMESTAMPTZ,
    source_metadata JSONB,
    UNIQUE (life_id, version)
);

CREATE INDEX idx_initial_balances_account_id ON initial_balances (account_id);

-- Ownership. Every write of an account joins on (instance_id, fence), so that an old owner's
-- writes are refused by the database that stores the data.
CREATE TABLE nodes (
    node_id TEXT PRIMARY KEY,
    epoch BIGINT NOT NULL CHECK (epoch > 0),
    started_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    heartbeat_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    draining BOOLEAN NOT NULL DEFAULT false
);

CREATE TABLE account_leases (
    instance_id UUID PRIMARY KEY REFERENCES account_instances (id) ON DELETE RESTRICT,
    node_id TEXT REFERENCES nodes (node_id) ON DELETE RESTRICT,
    node_epoch BIGINT,
    fence BIGINT NOT NULL DEFAULT 0,
    expires_at TIMESTAMPTZ,
    CHECK ((node_id IS NULL) = (expires_at IS NULL))
) WITH (fillfactor = 70);

CREATE INDEX idx_account_leases_node ON account_leases (node_id);
