-- Entries are sealed as they are written: the header as it was hashed, the salt of the commitment to
-- the payload, and the hash of the leaf. The leaves are the lowest tiles of the tree; `tiles` holds
-- those of the levels above, rewritten while they grow. Null only until an older entry is sealed.
ALTER TABLE entries ADD COLUMN header BLOB;
ALTER TABLE entries ADD COLUMN salt BLOB;
ALTER TABLE entries ADD COLUMN leaf BLOB;

CREATE TABLE tiles (
  level INTEGER NOT NULL,
  place INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  PRIMARY KEY (level, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE checkpoints (
  place INTEGER PRIMARY KEY,
  size INTEGER NOT NULL,
  at INTEGER NOT NULL,
  note TEXT NOT NULL
) STRICT;
