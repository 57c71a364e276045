/** The SQL migrations of the SQLite store, frozen: data folders exist that were made by exactly these texts. */
import { expect, test } from 'vitest';
import { readMigrations } from '../../src/adapters/sqlite/migrate-store.ts';

/** Once released a line is never changed; a change of the tables is a file and a line of its own. */
const checksums = {
  '0001-first-tables.sql': 'c9899c75618c55ccdf6c8bbe666d6d65e813c405efe509a1ec2fe3a8ea8c944f',
  '0002-sealed-entries.sql': '49e554265cdc1c23431f502bd7f6d292ac6d5e1452dffcc1f772d045885ade18',
  '0003-registers.sql': '386a7255933ca8c384d95daa64f39b5db843a56cd3545d263684f2fcd09c4e49',
  '0004-field-groups.sql': '39f776fc059323e3db68483c9b9ab957803e08b65d0dced25d579f8020e9acd3',
};

test('the migrations of the SQLite store are those that were released', () => {
  const found = readMigrations().map(({ name, checksum }) => [name, checksum]);
  expect(Object.fromEntries(found)).toEqual(checksums);
});
