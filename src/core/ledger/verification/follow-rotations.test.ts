/** Changes of key: followed from any key of the chain, and refused when forged, half signed or played again. */
import { expect, test } from 'vitest';
import { rotationNote, vkeyOf } from '../../../../test/support/ledger-export.ts';
import {
  checks,
  hasher,
  logSigner,
  signerOf,
  trusted,
} from '../../../../test/support/ledger-world.ts';
import { signNote } from '../signed-note.ts';
import { followRotations, type RotationClaim } from './follow-rotations.ts';
import { parseVerifierKey } from './open-note.ts';

const [a, b, c] = [logSigner, signerOf(logSigner.name, 'b'), signerOf(logSigner.name, 'c')];
const root = new Uint8Array(32).fill(7);
const keyOf = (signer = a) => parseVerifierKey(hasher, vkeyOf(signer))!;
const follow = (rotations: readonly RotationClaim[], signer = a) =>
  followRotations(checks, rotations, [keyOf(signer)]);
const reasonOf = async (rotations: readonly RotationClaim[], signer = a) => {
  const followed = await follow(rotations, signer);
  return 'reason' in followed ? followed.reason : undefined;
};
const ab = { seq: 11, note: await rotationNote(root, 10, a, b) };
const bc = { seq: 21, note: await rotationNote(root, 20, b, c) };

test('each key of the chain leads to all, with the sizes that each may sign', async () => {
  for (const signer of [a, b, c]) {
    expect(await follow([bc, ab], signer)).toMatchObject({
      keys: [
        { key: keyOf(a), sizeMin: 0, sizeMax: 10 },
        { key: keyOf(b), sizeMin: 11, sizeMax: 20 },
        { key: keyOf(c), sizeMin: 21, sizeMax: Number.MAX_SAFE_INTEGER },
      ],
      heads: [{ size: 10 }, { size: 20 }],
    });
  }
  expect(await reasonOf([ab], c)).toContain('no trusted key is among those');
  expect(trusted.log).toEqual([vkeyOf(a)]);
});

test('a change that only one of the two keys signed is refused', async () => {
  const text = ab.note.slice(0, ab.note.lastIndexOf('\n\n') + 1);
  for (const signer of [a, b]) {
    const note = await signNote(hasher, text, [signer]);
    expect(await reasonOf([{ seq: 11, note }])).toContain('is not signed by both keys');
  }
});

test('a forged change is refused: by a stranger, with changed text, for another log', async () => {
  const stranger = signerOf(logSigner.name, 'stranger');
  const text = ab.note.slice(0, ab.note.lastIndexOf('\n\n') + 1);
  expect(
    await reasonOf([{ seq: 11, note: await signNote(hasher, text, [stranger, b]) }]),
  ).toContain('is not signed by both keys');
  const toStranger = { seq: 11, note: ab.note.replace(vkeyOf(b), vkeyOf(stranger)) };
  expect(await reasonOf([toStranger])).toContain('has a wrong signature');
  expect(await reasonOf([{ seq: 11, note: ab.note.replace('\n10\n', '\n9\n') }])).toContain(
    'has a wrong signature',
  );
  const other = signerOf('ledger.example/other');
  const elsewhere = await rotationNote(root, 10, other, signerOf(other.name, 'next'));
  expect(await reasonOf([{ seq: 11, note: elsewhere }])).toContain('no trusted key');
  expect(await reasonOf([{ seq: 11, note: 'sluice/key-rotation/v1\n' }])).toContain('another form');
});

test('a change that is played again, or brings a key back, is refused', async () => {
  expect(await reasonOf([ab, { ...ab, seq: 15 }])).toContain(
    'does not follow on the key before it',
  );
  const back = { seq: 31, note: await rotationNote(root, 30, b, a) };
  expect(await reasonOf([ab, back])).toContain('brings back a key that went');
  expect(await reasonOf([ab, bc, { ...ab, seq: 40 }])).toContain('does not follow');
  expect(await reasonOf([{ ...ab, seq: 10 }])).toContain('was made over 10 entries');
});
