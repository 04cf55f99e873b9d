-- Commands for the actor of an account that another node runs. A small new table; nothing is
-- rewritten and no lock is held on others. A row names an instance and what to do there, and never
-- holds a secret: a new password travels inside the instance that it makes. fence is that of the
-- lease under which the command was taken last. Rows are deleted a day after their deadline.
CREATE TABLE account_commands (
    id UUID PRIMARY KEY,
    instance_id UUID NOT NULL REFERENCES account_instances (id) ON DELETE RESTRICT,
    kind TEXT NOT NULL CHECK (kind IN ('sync', 'reconnect', 'restart', 'pause', 'resume')),
    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'taken', 'done')),
    fence BIGINT,
    answer TEXT,
    rev BIGINT,
    asked_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    deadline_at TIMESTAMPTZ NOT NULL,
    ended_at TIMESTAMPTZ,
    CHECK ((state = 'waiting') = (fence IS NULL)),
    CHECK ((state = 'done') = (answer IS NOT NULL)),
    CHECK ((state = 'done') = (ended_at IS NOT NULL))
);

CREATE INDEX idx_account_commands_open ON account_commands (instance_id) WHERE state <> 'done';
CREATE INDEX idx_account_commands_deadline_at ON account_commands (deadline_at);
