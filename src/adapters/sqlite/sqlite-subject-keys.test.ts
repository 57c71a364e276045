/** The keys of subjects in SQLite keep the contract, last, and leave nothing of a destroyed key behind. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, expect, test } from 'vitest';
import { testSubjectKeys } from '../../../test/contract/subject-keys.contract.ts';
import { createKeyFileCipher } from '../system/key-file-cipher.ts';
import { createSqliteSubjectKeys } from './sqlite-subject-keys.ts';

const folder = mkdtempSync(join(tmpdir(), 'sluice-subject-keys-'));
afterAll(() => rmSync(folder, { recursive: true }));
let count = 0;
const freshPath = (): string => join(folder, `${(count += 1)}`, 'subjects.db');
const open = (path = freshPath()) =>
  createSqliteSubjectKeys(path, createKeyFileCipher(`${path}.key`));

testSubjectKeys('keys in SQLite', open);

test('a key lasts, wrapped, and another process destroys it for all', () => {
  const path = freshPath();
  const [one, other] = [open(path), open(path)];
  one.create('a');
  const key = other.find('a') ?? '';
  expect(key).toBe(one.find('a'));
  expect(readFileSync(path).includes(key)).toBe(false);
  expect(other.destroy('a')).toBe(true);
  expect(one.find('a')).toBeUndefined();
  one.close();
  other.close();
});

test('nothing of a destroyed key stays in the bytes of its file', () => {
  const path = freshPath();
  const keys = open(path);
  for (let at = 0; at < 200; at += 1) keys.create(`subject-${at}`);
  const db = new DatabaseSync(path);
  const { wrapped } = db
    .prepare("SELECT wrapped FROM subject_keys WHERE subject = 'subject-77'")
    .get() as { wrapped: string };
  db.close();
  const holds = (): boolean =>
    readdirSync(join(path, '..')).some((name) =>
      readFileSync(join(path, '..', name)).includes(wrapped.slice(0, 24)),
    );
  expect(holds()).toBe(true);
  keys.destroy('subject-77');
  expect(holds()).toBe(false);
  keys.close();
});

test('a key that was wrapped for another subject opens nothing', () => {
  const path = freshPath();
  const keys = open(path);
  keys.create('a');
  keys.create('b');
  const db = new DatabaseSync(path);
  db.exec(
    "UPDATE subject_keys SET wrapped = (SELECT wrapped FROM subject_keys WHERE subject = 'a')",
  );
  db.close();
  expect(keys.find('a')).toBeDefined();
  expect(() => keys.find('b')).toThrow('cannot be decrypted');
  keys.close();
});
