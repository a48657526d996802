-- SPDX-License-Identifier: GPL-3.0-or-later
-- The orchestrator: runs that outlive the program, requests known by a key, brakes and approvals, events, audit, settings.

-- A run is its own place in the queue: what it takes to go on with it stands in its row, so that the two can never
-- disagree. Its state only goes along the edges that tide_run_status_may_become() knows.
CREATE TABLE new_sync_runs (
  id              INTEGER PRIMARY KEY AUTOINCREMENT,
  sync_id         TEXT NOT NULL UNIQUE,
  connection_id   INTEGER NOT NULL REFERENCES connections (id) ON DELETE CASCADE,
  stream          TEXT NOT NULL,
  entity          TEXT NOT NULL,
  mode            TEXT NOT NULL CHECK (mode IN ('full', 'incremental')),
  dry_run         INTEGER NOT NULL DEFAULT 0 CHECK (dry_run IN (0, 1)),
  ids             TEXT,               -- JSON array: only these records
  filters         TEXT,               -- JSON object, name → value: only what fits
  status          TEXT NOT NULL CHECK (status IN ('pending', 'processing', 'completed', 'failed', 'paused', 'cancelled',
                                                  'awaiting_approval')),
  priority        INTEGER NOT NULL DEFAULT 0,
  rank            INTEGER NOT NULL DEFAULT 0, -- the queue's order, lowest first: microseconds, see the queue
  due_at          TEXT,               -- while it waits: not before this (another try)
  attempts        INTEGER NOT NULL DEFAULT 0, -- how often it was tried since somebody asked for it
  stalled         INTEGER NOT NULL DEFAULT 0, -- so many of the last of them, in a row, brought nothing
  allowed         INTEGER NOT NULL DEFAULT 0, -- brakes that its owner has let go of, as bits
  requested_by    TEXT NOT NULL,
  requested_at    TEXT NOT NULL,
  started_at      TEXT,
  ended_at        TEXT,
  read            INTEGER NOT NULL DEFAULT 0,
  created         INTEGER NOT NULL DEFAULT 0,
  updated         INTEGER NOT NULL DEFAULT 0,
  unchanged       INTEGER NOT NULL DEFAULT 0,
  failed          INTEGER NOT NULL DEFAULT 0,
  conflicted      INTEGER NOT NULL DEFAULT 0,
  skipped         INTEGER NOT NULL DEFAULT 0,
  deleted         INTEGER NOT NULL DEFAULT 0,
  expected        INTEGER NOT NULL DEFAULT -1,
  pages           INTEGER NOT NULL DEFAULT 0,
  bytes           INTEGER NOT NULL DEFAULT 0,
  retries         INTEGER NOT NULL DEFAULT 0,
  waited_ms       INTEGER NOT NULL DEFAULT 0,
  first_key       INTEGER,            -- rows that this run created lie between these keys
  last_key        INTEGER,
  error_code      TEXT,
  error_message   TEXT,
  phases          TEXT,
  CHECK (read = created + updated + unchanged + failed + conflicted + skipped)
) STRICT;

INSERT INTO new_sync_runs (id, sync_id, connection_id, stream, entity, mode, dry_run, status, requested_by, requested_at,
                           started_at, ended_at, read, created, updated, unchanged, failed, skipped, deleted, expected,
                           pages, bytes, retries, waited_ms, first_key, last_key, error_code, error_message, phases)
  SELECT id, sync_id, connection_id, stream, entity, mode, dry_run,
         CASE status WHEN 'interrupted' THEN 'cancelled' ELSE status END, requested_by, requested_at, started_at, ended_at,
         read, created, updated, unchanged, failed, skipped, deleted, expected, pages, bytes, retries, waited_ms, first_key,
         last_key, error_code, error_message, phases
    FROM sync_runs ORDER BY id;
-- A key is never used again, also of runs that are gone.
DELETE FROM sqlite_sequence WHERE name = 'new_sync_runs';
INSERT INTO sqlite_sequence (name, seq) SELECT 'new_sync_runs', seq FROM sqlite_sequence WHERE name = 'sync_runs';
DROP TABLE sync_runs;
ALTER TABLE new_sync_runs RENAME TO sync_runs;

CREATE INDEX sync_runs_by_start ON sync_runs (COALESCE(started_at, requested_at));
CREATE INDEX sync_runs_by_stream ON sync_runs (connection_id, stream);
CREATE INDEX sync_runs_by_status ON sync_runs (status);

-- Pages of runs go by id, the newest first, so an index by what is asked for goes by id next; what stands behind it is
-- there to count by it, without the rows.
CREATE INDEX sync_runs_by_connection ON sync_runs (connection_id, id, status, entity);
CREATE INDEX sync_runs_by_entity ON sync_runs (entity, id, status, connection_id);
CREATE INDEX sync_runs_by_requester ON sync_runs (requested_by);
CREATE INDEX sync_runs_problems ON sync_runs (id, connection_id, entity, requested_by)
  WHERE status IN ('failed', 'awaiting_approval') OR failed > 0;
CREATE INDEX sync_runs_retried ON sync_runs (id, connection_id, entity, requested_by)
  WHERE failed = 0 AND ((status = 'completed' AND (retries > 0 OR attempts > 1))
                        OR (status = 'pending' AND error_code NOTNULL));
CREATE INDEX sync_runs_done ON sync_runs (id, connection_id, entity)
  WHERE status = 'completed' AND failed = 0 AND retries = 0 AND attempts <= 1;
-- The runs that tell how a stream is doing, however many wait.
CREATE INDEX sync_runs_ended ON sync_runs (connection_id, stream, id)
  WHERE status IN ('completed', 'failed', 'cancelled') AND NOT dry_run AND ids IS NULL AND filters IS NULL;
CREATE INDEX sync_runs_waiting ON sync_runs (id) WHERE status IN ('pending', 'processing');
CREATE INDEX sync_runs_live ON sync_runs (rank) WHERE status IN ('pending', 'processing', 'paused', 'awaiting_approval');

CREATE VIEW sync_queue AS
  SELECT id, sync_id, connection_id, stream, entity, mode, dry_run, ids, filters, status AS state, priority, rank, due_at,
         attempts, requested_by, requested_at
    FROM sync_runs WHERE status IN ('pending', 'processing', 'paused', 'awaiting_approval');

-- What was asked for under an idempotency key. Kept for 30 days.
CREATE TABLE sync_requests (
  key          TEXT PRIMARY KEY,
  body         TEXT NOT NULL,         -- hash of what was asked for
  sync_ids     TEXT NOT NULL,         -- JSON array
  requested_by TEXT NOT NULL,
  requested_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sync_requests_by_time ON sync_requests (requested_at);

-- A connection that only a person can mend.
CREATE TABLE connection_blocks (
  connection_id INTEGER PRIMARY KEY REFERENCES connections (id) ON DELETE CASCADE,
  error_code    TEXT NOT NULL,
  error_message TEXT NOT NULL,
  since         TEXT NOT NULL
) STRICT;

-- A failure outlives the run that met it.
CREATE TABLE new_sync_failures (
  id            INTEGER PRIMARY KEY,
  connection_id INTEGER NOT NULL REFERENCES connections (id) ON DELETE CASCADE,
  stream        TEXT NOT NULL,
  record_id     TEXT NOT NULL,        -- the provider's id, or a hash of the payload where it has none
  run_id        INTEGER REFERENCES sync_runs (id) ON DELETE SET NULL,
  reason        TEXT NOT NULL,
  payload       TEXT NOT NULL,
  attempts      INTEGER NOT NULL DEFAULT 1,
  first_seen    TEXT NOT NULL,
  last_seen     TEXT NOT NULL,
  dismissed_at  TEXT,                 -- until the record or the reason is another
  dismissed_by  TEXT,
  UNIQUE (connection_id, stream, record_id)
) STRICT;
INSERT INTO new_sync_failures (id, connection_id, stream, record_id, run_id, reason, payload, attempts, first_seen, last_seen)
  SELECT id, connection_id, stream, record_id, run_id, reason, payload, attempts, first_seen, last_seen FROM sync_failures;
DROP TABLE sync_failures;
ALTER TABLE new_sync_failures RENAME TO sync_failures;
CREATE INDEX sync_failures_by_run ON sync_failures (run_id);
CREATE INDEX sync_failures_open ON sync_failures (last_seen, id) WHERE dismissed_at IS NULL;
CREATE INDEX sync_failures_open_by_stream ON sync_failures (connection_id, stream, last_seen, id)
  WHERE dismissed_at IS NULL;
CREATE INDEX sync_failures_dismissed ON sync_failures (last_seen, id) WHERE dismissed_at IS NOT NULL;

-- What a dry run would have done.
CREATE TABLE rehearsed_changes (
  id        INTEGER PRIMARY KEY,
  run_id    INTEGER NOT NULL REFERENCES sync_runs (id) ON DELETE CASCADE,
  record_id TEXT NOT NULL,
  kind      TEXT NOT NULL CHECK (kind IN ('created', 'updated', 'deleted', 'restored')),
  before    TEXT,
  after     TEXT
) STRICT;
CREATE INDEX rehearsed_changes_by_run ON rehearsed_changes (run_id);

-- Whether a stream's brakes hold; its owner may switch them off.
ALTER TABLE sync_schedules ADD COLUMN brakes INTEGER NOT NULL DEFAULT 1 CHECK (brakes IN (0, 1));

CREATE TABLE approvals (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  kind       TEXT NOT NULL CHECK (kind IN ('deletes', 'changes')),
  run_id     INTEGER NOT NULL REFERENCES sync_runs (id) ON DELETE CASCADE,
  asked_at   TEXT NOT NULL,
  reason     TEXT NOT NULL,
  affected   INTEGER NOT NULL,        -- records
  total      INTEGER NOT NULL,        -- of so many
  state      TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'approved', 'refused')),
  decided_at TEXT,
  decided_by TEXT
) STRICT;
CREATE INDEX approvals_by_run ON approvals (run_id);
CREATE INDEX approvals_open ON approvals (asked_at) WHERE state = 'open';

CREATE TABLE events (
  id   INTEGER PRIMARY KEY,           -- given by the engine; grows, with gaps
  at   TEXT NOT NULL,
  name TEXT NOT NULL,
  data TEXT NOT NULL                  -- JSON object
) STRICT;

-- Who asked, changed, approved. Each row's hash covers the one before, so that none can be changed or taken out unseen.
CREATE TABLE audit_log (
  id       INTEGER PRIMARY KEY AUTOINCREMENT,
  at       TEXT NOT NULL,
  actor    TEXT NOT NULL,
  action   TEXT NOT NULL,
  object   TEXT NOT NULL,
  detail   TEXT NOT NULL,             -- JSON object
  previous TEXT NOT NULL,
  hash     TEXT NOT NULL
) STRICT;
CREATE TRIGGER audit_log_keeps_rows BEFORE DELETE ON audit_log
  BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END;
CREATE TRIGGER audit_log_keeps_text BEFORE UPDATE ON audit_log
  BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END;

CREATE TABLE settings (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
