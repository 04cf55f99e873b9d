-- Equity samples packed: eight columns, and null where a column would say nothing new. PostgreSQL
-- keeps the null bits of up to eight columns in the row header for free; a ninth costs 8 bytes a
-- row. The samples stored so far move along, source and all.

DROP VIEW equity_history;

-- The old tables step aside, so that the new ones have their names.
ALTER TABLE equity_samples DROP CONSTRAINT equity_samples_pkey;
DROP INDEX idx_equity_samples_recorded_at;
DO $$
DECLARE
    part REGCLASS;
BEGIN
    FOR part IN SELECT relid FROM pg_partition_tree('equity_samples') LOOP
        EXECUTE format('ALTER TABLE %s RENAME TO %I', part, replace(part::text, 'equity_samples', 'wide_samples'));
    END LOOP;
END
$$;

-- No foreign key: see 0002.
--   equity      null: balance
--   margin      null: 0
--   equity_min  null: equity
--   equity_max  null: equity
--   unusual     null: nothing of unusual_facts
CREATE TABLE equity_samples (
    recorded_at TIMESTAMPTZ NOT NULL,
    balance BIGINT NOT NULL,
    equity BIGINT,
    margin BIGINT,
    equity_min BIGINT,
    equity_max BIGINT,
    instance_key INTEGER NOT NULL,
    unusual JSONB,
    PRIMARY KEY (instance_key, recorded_at)
) PARTITION BY RANGE (recorded_at);

CREATE INDEX idx_equity_samples_recorded_at ON equity_samples USING brin (recorded_at);
CREATE TABLE equity_samples_default PARTITION OF equity_samples DEFAULT;

-- What few samples have: a credit, a free margin that is not equity less margin, a source other
-- than observed. Minor units; null when there is none of them.
CREATE FUNCTION unusual_facts(credit BIGINT, free_margin BIGINT, usual_free BIGINT, source TEXT)
    RETURNS JSONB LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    SELECT CASE WHEN credit <> 0 OR free_margin <> usual_free OR source <> 'observed'
        THEN jsonb_strip_nulls(jsonb_build_object(
            'credit', nullif(credit, 0),
            'free_margin', nullif(free_margin, usual_free),
            'source', nullif(source, 'observed')))
        END
    $$;

-- Every month that the old table had; the rest stays in the default partition until it is due.
SELECT ensure_month_partitions('equity_samples', 'recorded_at', month AT TIME ZONE 'UTC', 0)
FROM (
    SELECT to_date(right(c.relname, 7), 'YYYY_MM')::timestamp
    FROM pg_inherits h JOIN pg_class c ON c.oid = h.inhrelid
    WHERE h.inhparent = 'wide_samples'::regclass AND c.relname ~ '_[0-9]{4}_[0-9]{2}$'
) AS months (month);

INSERT INTO equity_samples (recorded_at, balance, equity, margin, equity_min, equity_max,
    instance_key, unusual)
SELECT recorded_at, balance, nullif(equity, balance), nullif(margin, 0), nullif(equity_min, equity),
    nullif(equity_max, equity), instance_key,
    unusual_facts(credit, free_margin, equity - margin, source)
FROM wide_samples ORDER BY recorded_at, instance_key;

DROP TABLE wide_samples;

CREATE VIEW equity_history AS
SELECT md5(s.instance_key || '/' || extract(epoch FROM s.recorded_at))::uuid AS id,
       i.id AS account_instance_id,
       whole_units(s.balance, i.currency_digits) AS balance,
       whole_units(s.equity, i.currency_digits) AS equity,
       whole_units(s.used, i.currency_digits) AS margin,
       whole_units(coalesce((s.unusual ->> 'free_margin')::bigint, s.equity - s.used),
           i.currency_digits) AS free_margin,
       s.recorded_at,
       s.recorded_at AS created_at,
       whole_units(s.credit, i.currency_digits) AS credit,
       whole_units(s.equity - s.balance - s.credit, i.currency_digits) AS floating,
       whole_units(coalesce(s.equity_min, s.equity), i.currency_digits) AS equity_min,
       whole_units(coalesce(s.equity_max, s.equity), i.currency_digits) AS equity_max,
       coalesce(s.unusual ->> 'source', 'observed') AS source
FROM (
    SELECT recorded_at, balance, coalesce(equity, balance) AS equity, coalesce(margin, 0) AS used,
        coalesce((unusual ->> 'credit')::bigint, 0) AS credit, equity_min, equity_max,
        instance_key, unusual
    FROM equity_samples
) s
JOIN account_instances i USING (instance_key);

-- As in 0004, with the nulls read.
CREATE OR REPLACE FUNCTION roll_up_equity(from_at TIMESTAMPTZ, to_at TIMESTAMPTZ) RETURNS VOID
    LANGUAGE sql AS $$
    INSERT INTO equity_minutes AS m (instance_key, bucket_at, first_at, last_at,
        balance_last, equity_last, equity_min, equity_max, samples)
    SELECT instance_key, date_trunc('minute', recorded_at), min(recorded_at), max(recorded_at),
        (array_agg(balance ORDER BY recorded_at DESC))[1],
        (array_agg(coalesce(equity, balance) ORDER BY recorded_at DESC))[1],
        min(coalesce(equity_min, equity, balance)), max(coalesce(equity_max, equity, balance)),
        count(*)
    FROM equity_samples WHERE recorded_at >= from_at AND recorded_at < to_at
    GROUP BY 1, 2
    ON CONFLICT (instance_key, bucket_at) DO UPDATE SET
        first_at = excluded.first_at, last_at = excluded.last_at,
        balance_last = excluded.balance_last, equity_last = excluded.equity_last,
        equity_min = excluded.equity_min, equity_max = excluded.equity_max,
        samples = excluded.samples;
    INSERT INTO equity_hours AS h (instance_key, bucket_at, first_at, last_at,
        balance_last, equity_last, equity_min, equity_max, samples)
    SELECT instance_key, date_trunc('hour', bucket_at AT TIME ZONE 'UTC') AT TIME ZONE 'UTC',
        min(first_at), max(last_at),
        (array_agg(balance_last ORDER BY bucket_at DESC))[1],
        (array_agg(equity_last ORDER BY bucket_at DESC))[1],
        min(equity_min), max(equity_max), sum(samples)
    FROM equity_minutes WHERE bucket_at >= from_at AND bucket_at < to_at
    GROUP BY 1, 2
    ON CONFLICT (instance_key, bucket_at) DO UPDATE SET
        first_at = excluded.first_at, last_at = excluded.last_at,
        balance_last = excluded.balance_last, equity_last = excluded.equity_last,
        equity_min = excluded.equity_min, equity_max = excluded.equity_max,
        samples = excluded.samples;
$$;
