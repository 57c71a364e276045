/**
 * The bytes of the ledger, for ever: headers, commitments, root, checkpoint and signature. The literals
 * were computed by another program from the description in docs/internals/ledger.md.
 */
import { expect, test } from 'vitest';
import { formatVerifierKey } from '../../src/core/ledger/index.ts';
import { hasher, logSigner, writeLedger } from '../support/ledger-world.ts';

const headers = [
  '{"actor":"p-1","at":1700000000001,"commitments":{"personal":"2+oUBVlp9R8tnG4PFVavxp5jRWwoVfxLMj2KLIZIjHg=","rest":"V9Bqw0eVrPYaJyq4JAHL6CzoXkwwVqy9lvGL6qzWFKM="},"seq":1,"stream":"execution:e1","subjects":[],"tenant":"main","type":"task-ended"}',
  '{"actor":"p-2","at":1700000000002,"commitments":{"personal":"LuYijKyS+aIoLO1s3HhdgkPcg83v7U1T4qDHWzs2IFo=","rest":"NaqG//q0+MR5zJdclaEeTBRAzx9I/65ICtJMaxziHns="},"seq":2,"stream":"execution:e2","subjects":["s-2"],"tenant":"main","type":"task-ended"}',
  '{"actor":"p-3","at":1700000000003,"commitments":{"personal":"+/8SRfC13IBJjHUxC0OL/18Qf0AgMEtaHEKzOcx+Xkw=","rest":"h1ytP9uzaPT0F+ZJTraGg5vlMdQIhPM7fiXjUwFh4lk="},"seq":3,"stream":"execution:e0","subjects":[],"tenant":"main","type":"task-ended"}',
];

test('headers and commitments have the bytes they always had', () => {
  const { entries } = writeLedger(3);
  expect(entries.map(({ headerBytes }) => Buffer.from(headerBytes).toString('utf8'))).toEqual(
    headers,
  );
});

test('three entries have the checkpoint and the key the name they always had', async () => {
  const note = await writeLedger(3).checkpoint(3);
  expect(note.split('\n').slice(0, 4)).toEqual([
    'ledger.example/shop',
    '3',
    'MJ/UkoXf75hnTYM8kuGeaaCcXMXmslPV6IK+Km1E0Q8=',
    '',
  ]);
  expect(note.split('\n')[4]).toBe(
    '— ledger.example/shop BH6EDxv1glE8tN1Tizx6eE0kOs9avvfNwRpUPxBCrd3x8/msI+J3CvwJBgpRt09nTJ8blEcSoTilTKHLXoh2PVFPEQc=',
  );
  expect(formatVerifierKey(hasher, logSigner.name, logSigner.publicKey)).toBe(
    'ledger.example/shop+047e840f+AeoipBlt0r+aF32Y4KgzDVpXKdpD+2pbzkJxGhdPaycK',
  );
});
