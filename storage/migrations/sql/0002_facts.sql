-- Facts: deals, trades, the equity curve, rule days, violations and the connection log.

CREATE TABLE deals (
    life_id UUID NOT NULL REFERENCES rule_state (life_id) ON DELETE RESTRICT,
    ticket BIGINT NOT NULL,
    instance_key INTEGER NOT NULL REFERENCES account_instances (instance_key) ON DELETE RESTRICT,
    position_id BIGINT NOT NULL,
    order_ticket BIGINT NOT NULL,
    type SMALLINT NOT NULL,
    entry SMALLINT NOT NULL,
    reason SMALLINT NOT NULL,
    symbol TEXT NOT NULL,
    volume NUMERIC NOT NULL,
    price NUMERIC NOT NULL,
    profit NUMERIC NOT NULL,
    commission NUMERIC NOT NULL,
    swap NUMERIC NOT NULL,
    fee NUMERIC NOT NULL,
    broker_msc BIGINT NOT NULL,
    occurred_at TIMESTAMPTZ NOT NULL,
    comment TEXT NOT NULL DEFAULT '',
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    revised_at TIMESTAMPTZ,
    PRIMARY KEY (life_id, ticket)
);

CREATE INDEX idx_deals_life_time ON deals (life_id, occurred_at, ticket);

-- A trade is a position. Opening columns are null when the opening deal is outside the history.
CREATE TABLE trades (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    account_instance_id UUID NOT NULL REFERENCES account_instances (id) ON DELETE RESTRICT,
    life_id UUID NOT NULL REFERENCES rule_state (life_id) ON DELETE RESTRICT,
    ticket TEXT NOT NULL,
    position_id BIGINT NOT NULL,
    symbol TEXT NOT NULL,
    type TEXT NOT NULL CHECK (type IN ('BUY', 'SELL')),
    open_time TIMESTAMPTZ,
    close_time TIMESTAMPTZ,
    open_price NUMERIC,
    close_price NUMERIC,
    lots NUMERIC NOT NULL,
    open_lots NUMERIC NOT NULL,
    profit NUMERIC NOT NULL DEFAULT 0,
    commission NUMERIC NOT NULL DEFAULT 0,
    swap NUMERIC NOT NULL DEFAULT 0,
    fee NUMERIC NOT NULL DEFAULT 0,
    net NUMERIC NOT NULL GENERATED ALWAYS AS (profit + commission + swap + fee) STORED,
    deal_tickets BIGINT[] NOT NULL DEFAULT '{}',
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    UNIQUE (life_id, ticket)
);

CREATE INDEX idx_trades_account_instance_id ON trades (account_instance_id);
CREATE INDEX idx_trades_open_time ON trades (life_id, open_time, id);
CREATE INDEX idx_trades_close_time ON trades (life_id, close_time, id);
CREATE INDEX idx_trades_net ON trades (life_id, net, id);

-- Equity samples: minor units under the short instance key. No foreign key: rows are written only
-- joined with account_instances, which are never deleted, and a check per row would cost more
-- than the row.
CREATE TABLE equity_samples (
    recorded_at TIMESTAMPTZ NOT NULL,
    balance BIGINT NOT NULL,
    equity BIGINT NOT NULL,
    credit BIGINT NOT NULL,
    margin BIGINT NOT NULL,
    free_margin BIGINT NOT NULL,
    equity_min BIGINT NOT NULL,
    equity_max BIGINT NOT NULL,
    instance_key INTEGER NOT NULL,
    source TEXT NOT NULL DEFAULT 'observed',
    PRIMARY KEY (instance_key, recorded_at)
) PARTITION BY RANGE (recorded_at);

CREATE INDEX idx_equity_samples_recorded_at ON equity_samples USING brin (recorded_at);
CREATE TABLE equity_samples_default PARTITION OF equity_samples DEFAULT;

-- Roll-ups. samples, first_at and last_at say how well a bucket is covered.
CREATE TABLE equity_minutes (
    bucket_at TIMESTAMPTZ NOT NULL,
    first_at TIMESTAMPTZ NOT NULL,
    last_at TIMESTAMPTZ NOT NULL,
    balance_last BIGINT NOT NULL,
    equity_last BIGINT NOT NULL,
    equity_min BIGINT NOT NULL,
    equity_max BIGINT NOT NULL,
    instance_key INTEGER NOT NULL,
    samples INTEGER NOT NULL CHECK (samples > 0),
    PRIMARY KEY (instance_key, bucket_at)
) PARTITION BY RANGE (bucket_at);

CREATE TABLE equity_minutes_default PARTITION OF equity_minutes DEFAULT;

CREATE TABLE equity_hours (
    bucket_at TIMESTAMPTZ NOT NULL,
    first_at TIMESTAMPTZ NOT NULL,
    last_at TIMESTAMPTZ NOT NULL,
    balance_last BIGINT NOT NULL,
    equity_last BIGINT NOT NULL,
    equity_min BIGINT NOT NULL,
    equity_max BIGINT NOT NULL,
    instance_key INTEGER NOT NULL,
    samples INTEGER NOT NULL CHECK (samples > 0),
    PRIMARY KEY (instance_key, bucket_at)
);

CREATE FUNCTION whole_units(minor BIGINT, digits SMALLINT) RETURNS NUMERIC
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT round(minor / power(10::numeric, digits), digits) $$;

CREATE VIEW equity_history AS
SELECT md5(s.instance_key || '/' || extract(epoch FROM s.recorded_at))::uuid AS id,
       i.id AS account_instance_id,
       whole_units(s.balance, i.currency_digits) AS balance,
       whole_units(s.equity, i.currency_digits) AS equity,
       whole_units(s.margin, i.currency_digits) AS margin,
       whole_units(s.free_margin, i.currency_digits) AS free_margin,
       s.recorded_at,
       s.recorded_at AS created_at,
       whole_units(s.credit, i.currency_digits) AS credit,
       whole_units(s.equity - s.balance - s.credit, i.currency_digits) AS floating,
       whole_units(s.equity_min, i.currency_digits) AS equity_min,
       whole_units(s.equity_max, i.currency_digits) AS equity_max,
       s.source
FROM equity_samples s
JOIN account_instances i USING (instance_key);

CREATE TABLE rule_days (
    life_id UUID NOT NULL REFERENCES rule_state (life_id) ON DELETE RESTRICT,
    rule_id TEXT NOT NULL,
    rule_date DATE NOT NULL,
    revision INTEGER NOT NULL,
    account_instance_id UUID NOT NULL REFERENCES account_instances (id) ON DELETE RESTRICT,
    start_at TIMESTAMPTZ NOT NULL,
    end_at TIMESTAMPTZ NOT NULL,
    anchor NUMERIC,
    anchor_balance NUMERIC,
    anchor_equity NUMERIC,
    anchor_grade TEXT NOT NULL,
    anchor_source TEXT NOT NULL,
    allowance NUMERIC,
    floor NUMERIC,
    worst NUMERIC,
    worst_used NUMERIC,
    worst_at TIMESTAMPTZ,
    level TEXT NOT NULL CHECK (level IN ('ok', 'warning', 'critical', 'breach')),
    flows NUMERIC NOT NULL,
    closed_result NUMERIC NOT NULL,
    opened INTEGER NOT NULL,
    closed INTEGER NOT NULL,
    unproven BOOLEAN NOT NULL,
    flat_seconds DOUBLE PRECISION NOT NULL,
    reconstructed_seconds DOUBLE PRECISION NOT NULL,
    sampled_seconds DOUBLE PRECISION NOT NULL,
    unknown_seconds DOUBLE PRECISION NOT NULL,
    cause TEXT,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    PRIMARY KEY (life_id, rule_id, rule_date, revision)
);

CREATE TABLE rule_violations (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    account_instance_id UUID NOT NULL REFERENCES account_instances (id) ON DELETE RESTRICT,
    life_id UUID NOT NULL REFERENCES rule_state (life_id) ON DELETE RESTRICT,
    rule_id TEXT NOT NULL,
    rule_type TEXT NOT NULL,
    rule_date DATE NOT NULL,
    threshold_value NUMERIC NOT NULL,
    current_value NUMERIC NOT NULL,
    severity TEXT NOT NULL CHECK (severity IN ('warning', 'critical', 'breach')),
    verdict TEXT NOT NULL CHECK (verdict IN ('hard', 'soft', 'possible', 'level')),
    grade TEXT NOT NULL CHECK (grade IN ('observed', 'reconstructed', 'bounded', 'unknown')),
    is_primary BOOLEAN NOT NULL,
    occurred_at TIMESTAMPTZ NOT NULL,
    observed_at TIMESTAMPTZ NOT NULL,
    detected_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    metadata JSONB,
    UNIQUE (life_id, rule_id, rule_date, severity, verdict)
);

CREATE INDEX idx_violations_account_instance_id ON rule_violations (account_instance_id);
CREATE INDEX idx_violations_life ON rule_violations (life_id, detected_at DESC);
CREATE INDEX idx_violations_detected_at ON rule_violations (detected_at DESC);
CREATE INDEX idx_violations_rule_type ON rule_violations (rule_type);
CREATE UNIQUE INDEX idx_violations_hard_once ON rule_violations (life_id, rule_id)
    WHERE verdict = 'hard';

CREATE TABLE violation_overrides (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    violation_id UUID NOT NULL REFERENCES rule_violations (id) ON DELETE RESTRICT,
    decision TEXT NOT NULL,
    reason TEXT NOT NULL,
    actor TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now()
);

CREATE INDEX idx_violation_overrides_violation ON violation_overrides (violation_id, created_at);

CREATE TABLE connection_logs (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    account_instance_id UUID REFERENCES account_instances (id) ON DELETE RESTRICT,
    request_id TEXT NOT NULL,
    action TEXT NOT NULL,
    status TEXT NOT NULL,
    error_code TEXT,
    error_message TEXT,
    error_context JSONB,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now()
);

CREATE INDEX idx_logs_account_instance_id ON connection_logs (account_instance_id, created_at DESC);
CREATE INDEX idx_logs_request_id ON connection_logs (request_id);
CREATE INDEX idx_logs_created_at ON connection_logs (created_at DESC);
