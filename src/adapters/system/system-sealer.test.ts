/** Seals: canonical headers, commitments that open, salts that do not recur. */
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { readHeader } from '../../core/ledger/index.ts';
import { createSystemSealer } from './system-sealer.ts';

const entry = {
  seq: 7,
  tenant: 'main',
  at: 1_000,
  stream: 'execution:e1',
  type: 'task-ended',
  actor: 'user:ada',
  payload: '{"text":"é😀"}',
};
const sha256 = (...parts: (string | Uint8Array)[]): Buffer => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

test('a seal says what the entry says and opens its commitment', () => {
  const { header, salt, leaf } = createSystemSealer().seal(entry);
  const { payload, ...columns } = entry;
  const hash = sha256('sluice/commitment/v1\0payload\0', salt, payload);
  const read = readHeader(header)!;
  expect(read).toMatchObject(columns);
  expect(read.commitments).toEqual([{ group: 'payload', hash: Uint8Array.from(hash) }]);
  expect(Buffer.from(leaf)).toEqual(sha256(Uint8Array.of(0), header));
});

test('salts have 32 bytes, do not recur, and stay as they were given', () => {
  const sealer = createSystemSealer();
  const seals = Array.from({ length: 3_000 }, () => sealer.seal(entry));
  const salts = seals.map(({ salt }) => Buffer.from(salt).toString('hex'));
  expect(new Set(salts).size).toBe(3_000);
  expect(salts.every((salt) => salt.length === 64 && !/^0+$/.test(salt))).toBe(true);
});
