-- How far recurring work has come, so that a restart goes on where it stopped.
CREATE TABLE maintenance_marks (
    name TEXT PRIMARY KEY,
    done_to TIMESTAMPTZ NOT NULL
);
