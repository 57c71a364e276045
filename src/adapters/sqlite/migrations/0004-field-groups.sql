-- Fields of entries that are about somebody stand apart, so that they can be erased: text encrypted
-- under the keys of their subjects, and the salt of their own commitment. Without a row: erased.
CREATE TABLE entry_groups (
  seq INTEGER NOT NULL,
  name TEXT NOT NULL,
  -- JSON: [{name, subject}, …].
  classes TEXT NOT NULL,
  salt BLOB NOT NULL,
  payload TEXT NOT NULL,
  PRIMARY KEY (seq, name)
) STRICT, WITHOUT ROWID;

-- Where values about a subject lie.
CREATE TABLE subject_traces (
  tenant TEXT NOT NULL,
  subject TEXT NOT NULL,
  place TEXT NOT NULL,
  PRIMARY KEY (tenant, subject, place)
) STRICT, WITHOUT ROWID;
