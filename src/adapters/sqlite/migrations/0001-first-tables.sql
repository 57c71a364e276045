-- The ledger and its projections. Times are epoch milliseconds; documents, labels and tags are JSON text.
-- A name that recurs in many rows (a stream; an execution is the stream `execution:<id>`) is written
-- once and referred to by its key: rows stay short, and what is written together lies together.

CREATE TABLE streams (
  key INTEGER PRIMARY KEY,
  tenant TEXT NOT NULL,
  name TEXT NOT NULL,
  -- The name first: ids of executions are unique over all tenants, and some are looked for by them alone.
  UNIQUE (name, tenant)
) STRICT;

CREATE TABLE entries (
  seq INTEGER PRIMARY KEY,
  tenant TEXT NOT NULL,
  at INTEGER NOT NULL,
  stream INTEGER NOT NULL,
  type TEXT NOT NULL,
  actor TEXT NOT NULL,
  payload TEXT NOT NULL
) STRICT;
-- The row id is the last column of every index, so this one is in the order of `seq`.
CREATE INDEX entries_by_stream ON entries (stream);

CREATE TABLE flows (
  tenant TEXT NOT NULL,
  namespace TEXT NOT NULL,
  id TEXT NOT NULL,
  revision INTEGER NOT NULL,
  is_deleted INTEGER NOT NULL,
  at INTEGER NOT NULL,
  source TEXT NOT NULL,
  PRIMARY KEY (tenant, namespace, id, revision)
) STRICT;

-- `place` grows with each insert: it parts executions that were created in the same millisecond.
CREATE TABLE executions (
  place INTEGER PRIMARY KEY,
  tenant TEXT NOT NULL,
  id TEXT NOT NULL UNIQUE,
  namespace TEXT NOT NULL,
  flow_id TEXT NOT NULL,
  revision INTEGER NOT NULL,
  state TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  started_at INTEGER,
  ended_at INTEGER,
  original_id TEXT NOT NULL,
  parent_id TEXT,
  caused_by TEXT,
  holds_slot INTEGER NOT NULL,
  is_under_way INTEGER NOT NULL,
  labels TEXT NOT NULL,
  document TEXT NOT NULL
) STRICT;
CREATE INDEX executions_by_time ON executions (tenant, created_at);
CREATE INDEX executions_by_flow ON executions (tenant, namespace, flow_id, created_at);
CREATE INDEX executions_by_cause ON executions (caused_by) WHERE caused_by IS NOT NULL;
CREATE INDEX executions_with_slot ON executions (tenant, namespace, flow_id) WHERE holds_slot = 1;
CREATE INDEX executions_queued ON executions (tenant, namespace, flow_id, created_at)
  WHERE state = 'QUEUED';
CREATE INDEX executions_under_way ON executions (tenant, created_at) WHERE is_under_way = 1;

-- Rows are appended in the order of the work, whichever execution they belong to; the index is short.
-- Ids of task runs (here, of parents, in logs and metrics) leave out the id of their execution where
-- they begin with it; others are marked by a `=`.
CREATE TABLE task_runs (
  execution INTEGER NOT NULL,
  id TEXT NOT NULL,
  ordinal INTEGER NOT NULL,
  task_id TEXT NOT NULL,
  parent_id TEXT,
  state TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  ended_at INTEGER,
  document TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX task_runs_by_execution ON task_runs (execution, id);

CREATE TABLE timers (
  execution_id TEXT NOT NULL,
  id TEXT NOT NULL,
  tenant TEXT NOT NULL,
  due_at INTEGER NOT NULL,
  PRIMARY KEY (execution_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX timers_by_time ON timers (due_at);

-- `place` holds the time of a line and its number within that millisecond: the table is in the order of
-- time and needs no index for it.
CREATE TABLE logs (
  place INTEGER PRIMARY KEY,
  tenant TEXT NOT NULL,
  level TEXT NOT NULL,
  namespace TEXT NOT NULL,
  flow_id TEXT NOT NULL,
  execution INTEGER NOT NULL,
  task_run_id TEXT,
  task_id TEXT,
  attempt INTEGER NOT NULL,
  message TEXT NOT NULL
) STRICT;
CREATE INDEX logs_by_execution ON logs (execution);

CREATE TABLE metrics (
  place INTEGER PRIMARY KEY,
  tenant TEXT NOT NULL,
  at INTEGER NOT NULL,
  execution INTEGER NOT NULL,
  task_run_id TEXT NOT NULL,
  task_id TEXT NOT NULL,
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  value REAL NOT NULL,
  tags TEXT NOT NULL
) STRICT;
CREATE INDEX metrics_by_execution ON metrics (execution);

CREATE TABLE key_values (
  tenant TEXT NOT NULL,
  namespace TEXT NOT NULL,
  key TEXT NOT NULL,
  type TEXT NOT NULL,
  description TEXT,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  expires_at INTEGER,
  value TEXT NOT NULL,
  marks TEXT,
  PRIMARY KEY (tenant, namespace, key)
) STRICT;

CREATE TABLE files (
  tenant TEXT NOT NULL,
  uri TEXT NOT NULL,
  owner TEXT NOT NULL,
  size INTEGER NOT NULL,
  at INTEGER NOT NULL,
  provenance TEXT NOT NULL,
  PRIMARY KEY (tenant, uri)
) STRICT;
CREATE INDEX files_by_owner ON files (tenant, owner, uri);
