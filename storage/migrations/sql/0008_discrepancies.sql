-- Deals that the terminal's history holds no more keep their row and say since when.
ALTER TABLE deals ADD COLUMN gone_at TIMESTAMPTZ;

-- What late facts contradict, for a human: deals that came late, were changed or are gone (both
-- versions), and verdicts that the facts as they are now would not give, or would. facts is
-- {"before": ..., "after": ...}, amounts in minor units; it is erased with the person.
CREATE TABLE discrepancies (
    life_id UUID NOT NULL REFERENCES rule_state (life_id) ON DELETE RESTRICT,
    sync_seq BIGINT NOT NULL,
    place INTEGER NOT NULL,
    account_instance_id UUID NOT NULL REFERENCES account_instances (id) ON DELETE RESTRICT,
    kind TEXT NOT NULL CHECK (kind IN ('deal_late', 'deal_changed', 'deal_gone',
        'initial_balance', 'verdict_unfounded', 'verdict_missing')),
    subject TEXT NOT NULL,
    rule_date DATE,
    occurred_at TIMESTAMPTZ NOT NULL,
    noticed_at TIMESTAMPTZ NOT NULL,
    facts JSONB,
    PRIMARY KEY (life_id, sync_seq, place)
);

CREATE TRIGGER discrepancies_append_only BEFORE UPDATE OR DELETE ON discrepancies
    FOR EACH ROW EXECUTE FUNCTION refuse_change('facts');
CREATE TRIGGER discrepancies_no_truncate BEFORE TRUNCATE ON discrepancies
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
