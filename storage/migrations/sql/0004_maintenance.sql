-- Maintenance of the equity curve: partitions ahead of time, roll-ups, retention.
-- All functions take their instants as arguments; months are UTC months.

-- Creates the month partitions of a table from the month of since on. Rows that waited in the
-- default partition move along.
CREATE FUNCTION ensure_month_partitions(parent TEXT, time_column TEXT, since TIMESTAMPTZ, months INTEGER)
    RETURNS INTEGER LANGUAGE plpgsql AS $$
DECLARE
    month TIMESTAMP;
    part TEXT;
    lower_at TIMESTAMPTZ;
    upper_at TIMESTAMPTZ;
    made INTEGER := 0;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('month_partitions'));
    FOR step IN 0 .. months LOOP
        month := date_trunc('month', since AT TIME ZONE 'UTC') + make_interval(months => step);
        part := parent || to_char(month, '"_"YYYY"_"MM');
        CONTINUE WHEN to_regclass(part) IS NOT NULL;
        lower_at := month AT TIME ZONE 'UTC';
        upper_at := (month + interval '1 month') AT TIME ZONE 'UTC';
        EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', part, parent);
        EXECUTE format(
            'WITH moved AS (DELETE FROM %I WHERE %I >= %L AND %I < %L RETURNING *) '
            'INSERT INTO %I SELECT * FROM moved',
            parent || '_default', time_column, lower_at, time_column, upper_at, part);
        EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
            parent, part, lower_at, upper_at);
        made := made + 1;
    END LOOP;
    RETURN made;
END
$$;

CREATE FUNCTION ensure_equity_partitions(since TIMESTAMPTZ, months INTEGER) RETURNS INTEGER
    LANGUAGE sql AS $$
    SELECT ensure_month_partitions('equity_samples', 'recorded_at', since, months)
         + ensure_month_partitions('equity_minutes', 'bucket_at', since, months)
$$;

-- Drops the month partitions of a table that end at or before the instant; rows of the default
-- partition are deleted.
CREATE FUNCTION drop_months_before(parent TEXT, time_column TEXT, before TIMESTAMPTZ)
    RETURNS INTEGER LANGUAGE plpgsql AS $$
DECLARE
    part TEXT;
    dropped INTEGER := 0;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('month_partitions'));
    FOR part IN
        SELECT c.relname FROM pg_inherits h JOIN pg_class c ON c.oid = h.inhrelid
        WHERE h.inhparent = parent::regclass AND c.relname ~ '_[0-9]{4}_[0-9]{2}$'
          AND (to_date(right(c.relname, 7), 'YYYY_MM')::timestamp + interval '1 month')
              AT TIME ZONE 'UTC' <= before
    LOOP
        EXECUTE format('DROP TABLE %I', part);
        dropped := dropped + 1;
    END LOOP;
    EXECUTE format('DELETE FROM %I WHERE %I < %L', parent || '_default', time_column, before);
    RETURN dropped;
END
$$;

CREATE FUNCTION drop_equity_before(raw_before TIMESTAMPTZ, minutes_before TIMESTAMPTZ)
    RETURNS INTEGER LANGUAGE sql AS $$
    SELECT drop_months_before('equity_samples', 'recorded_at', raw_before)
         + drop_months_before('equity_minutes', 'bucket_at', minutes_before)
$$;

-- Rolls the samples of [from_at, to_at) up; run again it writes the same rows.
-- Give whole hours, else the edge buckets would be told from a part of their samples.
CREATE FUNCTION roll_up_equity(from_at TIMESTAMPTZ, to_at TIMESTAMPTZ) RETURNS VOID
    LANGUAGE sql AS $$
    INSERT INTO equity_minutes AS m (instance_key, bucket_at, first_at, last_at,
        balance_last, equity_last, equity_min, equity_max, samples)
    SELECT instance_key, date_trunc('minute', recorded_at), min(recorded_at), max(recorded_at),
        (array_agg(balance ORDER BY recorded_at DESC))[1],
        (array_agg(equity ORDER BY recorded_at DESC))[1],
        min(equity_min), max(equity_max), count(*)
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

CREATE FUNCTION drop_logs_before(before TIMESTAMPTZ) RETURNS BIGINT LANGUAGE sql AS $$
    WITH gone AS (DELETE FROM connection_logs WHERE created_at < before RETURNING 1)
    SELECT count(*) FROM gone
$$;

SELECT ensure_equity_partitions(now(), 3);
