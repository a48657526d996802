-- SPDX-License-Identifier: GPL-3.0-or-later
-- Instants are UTC RFC 3339 text of a fixed width (2026-03-02T18:11:09.500Z); money is minor units.
-- Record tables (square_orders, ...) and entity views (orders, ...) are made from the manifests, not here.

-- A key is never used again: records and before-images outlive what they point to.

CREATE TABLE venues (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  name       TEXT NOT NULL UNIQUE,
  timezone   TEXT NOT NULL,
  created_at TEXT NOT NULL
) STRICT;

-- Offsets from UTC by zone, so that plain SQL can tell a venue's local time: SQLite knows no zones.
CREATE TABLE zone_offsets (
  zone    TEXT NOT NULL,
  since   TEXT NOT NULL,
  seconds INTEGER NOT NULL,
  PRIMARY KEY (zone, since)
) STRICT, WITHOUT ROWID;

CREATE TABLE connections (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  venue_id    INTEGER NOT NULL REFERENCES venues (id),
  provider    TEXT NOT NULL,
  name        TEXT NOT NULL,
  environment TEXT NOT NULL CHECK (environment IN ('production', 'sandbox')),
  base_url    TEXT,
  settings    TEXT,
  account     TEXT,
  created_at  TEXT NOT NULL,
  removed_at  TEXT                    -- disconnected; the row stays for the records that were kept
) STRICT;
CREATE UNIQUE INDEX connections_by_name ON connections (name) WHERE removed_at IS NULL;

-- The record tables there are, and what their columns are called in the entity's view.
CREATE TABLE streams (
  provider TEXT NOT NULL,
  stream   TEXT NOT NULL,
  entity   TEXT NOT NULL,
  source   TEXT NOT NULL,             -- the table, or for child rows the view
  columns  TEXT NOT NULL,             -- JSON: [{"name": ..., "type": ...}, ...]
  revision INTEGER NOT NULL DEFAULT 0, -- grows with the columns; mixed into the hash of each row, so that rows
                                      -- written before are told from those that have all of the columns
  PRIMARY KEY (provider, stream)
) STRICT, WITHOUT ROWID;

CREATE TABLE sync_runs (
  id              INTEGER PRIMARY KEY AUTOINCREMENT,
  sync_id         TEXT NOT NULL UNIQUE,
  connection_id   INTEGER NOT NULL REFERENCES connections (id) ON DELETE CASCADE,
  stream          TEXT NOT NULL,
  entity          TEXT NOT NULL,
  mode            TEXT NOT NULL CHECK (mode IN ('full', 'incremental')),
  dry_run         INTEGER NOT NULL DEFAULT 0 CHECK (dry_run IN (0, 1)),
  status          TEXT NOT NULL CHECK (status IN ('pending', 'processing', 'completed', 'failed', 'cancelled', 'interrupted')),
  requested_by    TEXT NOT NULL,
  requested_at    TEXT NOT NULL,
  started_at      TEXT,
  ended_at        TEXT,
  read            INTEGER NOT NULL DEFAULT 0,
  created         INTEGER NOT NULL DEFAULT 0,
  updated         INTEGER NOT NULL DEFAULT 0,
  unchanged       INTEGER NOT NULL DEFAULT 0,
  failed          INTEGER NOT NULL DEFAULT 0,
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
  CHECK (read = created + updated + unchanged + failed + skipped)
) STRICT;
CREATE INDEX sync_runs_by_start ON sync_runs (COALESCE(started_at, requested_at));
CREATE INDEX sync_runs_by_stream ON sync_runs (connection_id, stream);

CREATE TABLE sync_logs (
  id      INTEGER PRIMARY KEY,
  run_id  INTEGER NOT NULL REFERENCES sync_runs (id) ON DELETE CASCADE,
  at      TEXT NOT NULL,
  level   TEXT NOT NULL CHECK (level IN ('debug', 'info', 'warning', 'error')),
  message TEXT NOT NULL
) STRICT;
CREATE INDEX sync_logs_by_run ON sync_logs (run_id);

-- How far each partition of a stream has been read. Written in the transaction of the records it covers.
CREATE TABLE sync_state (
  connection_id INTEGER NOT NULL REFERENCES connections (id) ON DELETE CASCADE,
  stream        TEXT NOT NULL,
  partition     TEXT NOT NULL,
  state         TEXT NOT NULL,        -- JSON: the cursor, see the provider layer
  updated_at    TEXT NOT NULL,
  PRIMARY KEY (connection_id, stream, partition)
) STRICT, WITHOUT ROWID;

-- A full listing that is under way: which rows have been seen, a bit a row, in blocks of 65536 rows.
CREATE TABLE sync_seen (
  connection_id INTEGER NOT NULL REFERENCES connections (id) ON DELETE CASCADE,
  stream        TEXT NOT NULL,
  block         INTEGER NOT NULL,     -- -1: the listing itself, bits = highest key when it began, as text
  bits          BLOB NOT NULL,
  PRIMARY KEY (connection_id, stream, block)
) STRICT;

CREATE TABLE sync_failures (
  id            INTEGER PRIMARY KEY,
  connection_id INTEGER NOT NULL REFERENCES connections (id) ON DELETE CASCADE,
  stream        TEXT NOT NULL,
  record_id     TEXT NOT NULL,        -- the provider's id, or a hash of the payload where it has none
  run_id        INTEGER NOT NULL REFERENCES sync_runs (id) ON DELETE CASCADE,
  reason        TEXT NOT NULL,
  payload       TEXT NOT NULL,
  attempts      INTEGER NOT NULL DEFAULT 1,
  first_seen    TEXT NOT NULL,
  last_seen     TEXT NOT NULL,
  UNIQUE (connection_id, stream, record_id)
) STRICT;
CREATE INDEX sync_failures_by_run ON sync_failures (run_id);

-- The before-image of every update and delete.
CREATE TABLE record_changes (
  id            INTEGER PRIMARY KEY,
  run_id        INTEGER NOT NULL REFERENCES sync_runs (id) ON DELETE CASCADE,
  connection_id INTEGER NOT NULL,
  stream        TEXT NOT NULL,
  record_id     TEXT NOT NULL,
  kind          TEXT NOT NULL CHECK (kind IN ('updated', 'deleted', 'restored')),
  before        TEXT NOT NULL,
  at            TEXT NOT NULL
) STRICT;
CREATE INDEX record_changes_by_run ON record_changes (run_id);
CREATE INDEX record_changes_by_record ON record_changes (connection_id, stream, record_id);

CREATE TABLE sync_schedules (
  id               INTEGER PRIMARY KEY,
  connection_id    INTEGER NOT NULL REFERENCES connections (id) ON DELETE CASCADE,
  stream           TEXT NOT NULL,
  enabled          INTEGER NOT NULL DEFAULT 1 CHECK (enabled IN (0, 1)),
  interval_minutes INTEGER NOT NULL CHECK (interval_minutes BETWEEN 5 AND 180),
  offset_minutes   INTEGER NOT NULL DEFAULT 0 CHECK (offset_minutes BETWEEN 0 AND 180),
  UNIQUE (connection_id, stream)
) STRICT;

CREATE TABLE snapshots (
  id         INTEGER PRIMARY KEY,
  name       TEXT NOT NULL UNIQUE,
  taken_at   TEXT NOT NULL,
  file       TEXT NOT NULL,           -- relative to the workspace folder
  size       INTEGER NOT NULL,
  sha256     TEXT NOT NULL,
  records    INTEGER NOT NULL
) STRICT;
