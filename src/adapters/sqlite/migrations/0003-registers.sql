-- Records of registers (users, tokens, policies, approvals, holds …), and what they are found by.
CREATE TABLE register_records (
  tenant TEXT NOT NULL,
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  version INTEGER NOT NULL,
  keys TEXT NOT NULL,
  document TEXT NOT NULL,
  PRIMARY KEY (tenant, kind, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE register_keys (
  tenant TEXT NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  id TEXT NOT NULL,
  PRIMARY KEY (tenant, kind, name, value, id)
) STRICT, WITHOUT ROWID;
