/** Changing the key: the old half is gone, the chain holds, and a crash at any step leaves a ledger that verifies. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createKeyFileSigner } from '../../adapters/system/key-file-signer.ts';
import { encodeValue, mapOf } from '../../core/value/index.ts';
import { ledgerSystem } from '../../../test/support/ledger-system.ts';
import { entryOf, writeOf } from '../../../test/support/store-records.ts';
import { makeCheckpoint } from './checkpoints.ts';
import { currentSigner, verifierKeyOf } from './ledger-parts.ts';
import { rotateKey, settleRotation } from './rotate-key.ts';
import { verifyStore } from './verify-store.ts';

test('after three changes everything verifies under each key that ever signed, and private halves are gone', async () => {
  const { parts, add, folder } = ledgerSystem();
  const seeds: string[] = [];
  const keys: string[] = [];
  for (let round = 0; round < 3; round += 1) {
    await add(5);
    await makeCheckpoint(parts);
    seeds.push(readFileSync(join(folder, 'ledger.key'), 'utf8').split(' ')[1]!.trim());
    const { previousKey, verifierKey } = await rotateKey(parts, 'user:ada');
    keys.push(previousKey);
    if (round === 2) keys.push(verifierKey);
  }
  expect(new Set(keys).size).toBe(4);
  for (const key of keys) {
    expect(await verifyStore(parts, { verifierKeys: [key] })).toMatchObject({
      verdict: 'valid',
      size: 18,
      unsealedCount: 0,
    });
  }
  expect(await verifyStore(parts)).toMatchObject({ verdict: 'valid' });
  expect(readdirSync(folder)).toEqual(['ledger.key']);
  const kept = readFileSync(join(folder, 'ledger.key'), 'utf8');
  for (const seed of seeds) expect(kept).not.toContain(seed);
  const stranger = verifierKeyOf(parts, createKeyFileSigner(join(folder, 'stranger.key')));
  expect(await verifyStore(parts, { verifierKeys: [stranger] })).toMatchObject({
    verdict: 'broken',
  });
});

test('another process that holds the key in memory signs with the one that came', async () => {
  const { parts, add, folder } = ledgerSystem();
  const path = join(folder, 'ledger.key');
  const other = createKeyFileSigner(path);
  expect(other.publicKey).toEqual(parts.signer.publicKey);
  await rotateKey(parts, 'user:ada');
  await add(1);
  await makeCheckpoint({ ...parts, signer: other, keys: other });
  expect(await verifyStore(parts)).toMatchObject({ verdict: 'valid', unsealedCount: 0 });
});

describe('a crash in the middle of a change', () => {
  test('before the entry leaves the key that was', async () => {
    const { parts, folder } = ledgerSystem();
    const before = Buffer.from(parts.signer.publicKey);
    parts.keys.prepare();
    const again = { ...parts, keys: createKeyFileSigner(join(folder, 'ledger.key')) };
    await settleRotation(again);
    expect(Buffer.from((await currentSigner(again)).publicKey)).toEqual(before);
    await makeCheckpoint(again);
    expect(await verifyStore(again)).toMatchObject({ verdict: 'valid' });
  });

  test.each(['adopt', 'first rename', 'second rename'])(
    'after the entry and before %s ends, leaves the key that came',
    async (step) => {
      const { parts, add, folder, store } = ledgerSystem();
      await add(3);
      const path = join(folder, 'ledger.key');
      const crash = (): never => {
        throw new Error('the process ended');
      };
      const keys = {
        ...parts.keys,
        name: parts.signer.name,
        publicKey: parts.signer.publicKey,
        adopt: crash,
      };
      await expect(rotateKey({ ...parts, keys }, 'user:ada')).rejects.toThrow('the process ended');
      expect(existsSync(`${path}.next`)).toBe(true);
      const { renameSync } = await import('node:fs');
      if (step !== 'adopt') renameSync(path, `${path}.gone`);
      if (step === 'second rename') renameSync(`${path}.next`, path);
      // Before anything is put right, the key that the ledger knows is the one that signs.
      const fresh = createKeyFileSigner(path);
      const restarted = {
        store,
        hasher: parts.hasher,
        signer: fresh,
        keys: fresh,
        clock: parts.clock,
      };
      await makeCheckpoint(restarted);
      await settleRotation(restarted);
      await add(1);
      await makeCheckpoint(restarted);
      expect(await verifyStore(restarted)).toMatchObject({ verdict: 'valid', unsealedCount: 0 });
      void fresh.publicKey;
      expect(readdirSync(folder)).toEqual(['ledger.key']);
    },
  );
});

test('an entry that only poses as a change of key breaks the ledger, and is named', async () => {
  const { parts, add, store } = ledgerSystem();
  await add(2);
  const forged = {
    type: 'ledger-key-rotated',
    payload: encodeValue(mapOf({ rotation: 'mine now' })),
  };
  await store.commit([writeOf({ entries: [entryOf(forged)] })]);
  await makeCheckpoint(parts);
  expect(await verifyStore(parts)).toMatchObject({
    verdict: 'broken',
    seq: 3,
    reason: expect.stringContaining('the change of key in entry 3 has another form'),
  });
});

test('a change that is played again breaks the ledger', async () => {
  const { parts, add, store } = ledgerSystem();
  await add(2);
  const { seq } = await rotateKey(parts, 'user:ada');
  const [entry] = await store.allEntries(seq - 1, 1);
  await store.commit([
    writeOf({ entries: [entryOf({ type: entry!.type, payload: entry!.payload })] }),
  ]);
  await makeCheckpoint(parts);
  expect(await verifyStore(parts)).toMatchObject({ verdict: 'broken', seq: seq + 1 });
});

test('of two changes at once one is refused and nothing of it stays', async () => {
  const { parts, folder } = ledgerSystem();
  void parts.signer.publicKey;
  const ends = await Promise.allSettled([
    rotateKey(parts, 'user:ada'),
    rotateKey(parts, 'user:bob'),
  ]);
  expect(ends.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  expect(await verifyStore(parts)).toMatchObject({ verdict: 'valid' });
  expect(readdirSync(folder)).toEqual(['ledger.key']);
});
