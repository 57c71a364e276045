/** The SQL migrations of the SQLite store, frozen: data folders exist that were made by exactly these texts. */
import { expect, test } from 'vitest';
import { readMigrations } from '../../src/adapters/sqlite/migrate-store.ts';

/** Once released a line is never changed; a change of the tables is a file and a line of its own. */
const checksums = {
  '0001-first-tables.sql': '84a24e4016805fa096fae520afc1a8698f6ec47e3f49b57ceb7d0a7250d66f63',
};

test('the migrations of the SQLite store are those that were released', () => {
  const found = readMigrations().map(({ name, checksum }) => [name, checksum]);
  expect(Object.fromEntries(found)).toEqual(checksums);
});
