-- What bridges found of the brokers' clocks, one row for each change: append-only, so that a day's
-- doubt can be explained later. A small new table; nothing is rewritten and no lock is held on
-- others. offset_seconds is null while unknown; configured_seconds is that of the broker table.
CREATE TABLE server_clocks (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    server_key TEXT NOT NULL,
    bridge TEXT NOT NULL,
    source TEXT NOT NULL CHECK (source IN ('configured', 'detected', 'unknown')),
    offset_seconds INTEGER CHECK (offset_seconds BETWEEN -50400 AND 50400),
    configured_seconds INTEGER,
    seen_at TIMESTAMPTZ NOT NULL
);

CREATE INDEX idx_server_clocks_newest ON server_clocks (server_key, bridge, id DESC);
