/** A witness signs what continues, refuses what forks or goes back, in races and after crashes too. */
import { describe, expect, test } from 'vitest';
import { openIndependently } from '../../../test/support/independent-note.ts';
import { ledgerSystem, type LedgerSystem } from '../../../test/support/ledger-system.ts';
import { checks } from '../../../test/support/ledger-world.ts';
import { entryOf } from '../../../test/support/store-records.ts';
import { makeCheckpoint, proveGrowth } from './checkpoints.ts';
import { addCosignature, keptCosignatures, withCosignatures } from './cosignatures.ts';
import { verifierKeyOf } from './ledger-parts.ts';
import { cosign, witnessKeyText } from './witness.ts';

const witnessSystem = () => ledgerSystem('witness.key', 'witness.example');
const keyOf = ({ parts }: LedgerSystem) => verifierKeyOf(parts, parts.signer);

test('a cosignature opens with the independent reading, and is kept with its checkpoint', async () => {
  const [log, witness] = [ledgerSystem(), witnessSystem()];
  await log.add(5);
  const checkpoint = await makeCheckpoint(log.parts);
  const request = { logKeys: [keyOf(log)], note: checkpoint.note };
  const { cosignature, witnessKey, size } = await cosign(witness.parts, request, 'user:w');
  expect(size).toBe(5);
  expect(witnessKey).toBe(witnessKeyText(witness.parts));
  const opened = openIndependently(`${checkpoint.note}${cosignature}`, [keyOf(log), witnessKey]);
  expect(opened.names).toEqual([log.parts.signer.name, witness.parts.signer.name]);
  expect(opened.times[0]).toBeGreaterThan(1_700_000_000);
  const kept = await addCosignature(log.parts, cosignature, witnessKey, 'user:ada');
  expect(kept).toMatchObject({ size: 5, witness: witness.parts.signer.name });
  expect((await withCosignatures(log.parts, checkpoint)).note).toBe(
    `${checkpoint.note}${cosignature}`,
  );
  expect(await keptCosignatures(log.parts, await log.store.checkpoints())).toEqual([kept]);
  const foreign = await cosign(witnessSystem().parts, request, 'user:w');
  await expect(
    addCosignature(log.parts, foreign.cosignature, witnessKey, 'user:ada'),
  ).rejects.toMatchObject({ code: 'ledger.checkpoint-refused' });
});

test('a witness asks for a proof of growth, and takes it', async () => {
  const [log, witness] = [ledgerSystem(), witnessSystem()];
  await log.add(3);
  const first = await makeCheckpoint(log.parts);
  const logKeys = [keyOf(log)];
  await cosign(witness.parts, { logKeys, note: first.note }, 'user:w');
  await log.add(300);
  const proof = await proveGrowth(log.parts, first.note);
  const later = await makeCheckpoint(log.parts);
  const request = { logKeys, note: later.note };
  await expect(cosign(witness.parts, request, 'user:w')).rejects.toThrow('a proof is needed');
  expect(await cosign(witness.parts, { ...request, proof }, 'user:w')).toMatchObject({ size: 303 });
  // Once more for the same checkpoint, and never for an older one.
  expect(await cosign(witness.parts, request, 'user:w')).toMatchObject({ size: 303 });
  await expect(cosign(witness.parts, { logKeys, note: first.note }, 'user:w')).rejects.toThrow(
    'one of 303 was cosigned before',
  );
});

/** Two logs of one key and name that told different stories from the third entry on. */
async function forked() {
  const log = ledgerSystem();
  await log.add(2);
  const other = ledgerSystem();
  await other.add(3);
  // The same key signs for both: what an operator could do who rewrites his ledger.
  const lie = { ...log.parts, store: other.store };
  const logKeys = [keyOf(log)];
  await log.add(1);
  return { log, lie, logKeys };
}

describe('of two checkpoints that contradict each other a witness signs at most one', () => {
  test('of one size', async () => {
    const { log, lie, logKeys } = await forked();
    const witness = witnessSystem();
    const [one, two] = [await makeCheckpoint(log.parts), await makeCheckpoint(lie)];
    await cosign(witness.parts, { logKeys, note: one.note }, 'user:w');
    await expect(
      cosign(witness.parts, { logKeys, note: two.note }, 'user:w'),
    ).rejects.toMatchObject({
      code: 'ledger.fork-found',
    });
  });

  test('when the later is larger, with a proof for another tree', async () => {
    const { log, lie, logKeys } = await forked();
    const witness = witnessSystem();
    const one = await makeCheckpoint(log.parts);
    await cosign(witness.parts, { logKeys, note: one.note }, 'user:w');
    const liesFirst = await makeCheckpoint(lie);
    const grown = { ...lie };
    await grown.store.commit([{ entries: [entryOf({ payload: '"more"' })] }]);
    const proof = await proveGrowth(grown, liesFirst.note);
    const two = await makeCheckpoint(grown);
    await expect(
      cosign(witness.parts, { logKeys, note: two.note, proof }, 'user:w'),
    ).rejects.toMatchObject({ code: 'ledger.fork-found' });
  });

  test('when both come at the same moment, again and again', async () => {
    const { log, lie, logKeys } = await forked();
    const [one, two] = [await makeCheckpoint(log.parts), await makeCheckpoint(lie)];
    for (let round = 0; round < 20; round += 1) {
      const witness = witnessSystem();
      const ends = await Promise.allSettled(
        [one, two, one, two].map(({ note }) => cosign(witness.parts, { logKeys, note }, 'user:w')),
      );
      const signed = new Set(
        ends.flatMap((end, at) => (end.status === 'fulfilled' ? [at % 2] : [])),
      );
      expect(signed.size).toBe(1);
    }
  });

  test('when the process ended between remembering and signing', async () => {
    const { log, lie, logKeys } = await forked();
    const witness = witnessSystem();
    const [one, two] = [await makeCheckpoint(log.parts), await makeCheckpoint(lie)];
    const crashing = {
      ...witness.parts,
      signer: {
        name: witness.parts.signer.name,
        publicKey: witness.parts.signer.publicKey,
        verify: checks.verifier.verify.bind(checks.verifier),
        sign: (): Uint8Array => {
          throw new Error('the process ended');
        },
      },
    };
    await expect(cosign(crashing, { logKeys, note: one.note }, 'user:w')).rejects.toThrow('ended');
    // Whatever was remembered was perhaps signed; only the same may be signed again.
    await expect(
      cosign(witness.parts, { logKeys, note: two.note }, 'user:w'),
    ).rejects.toMatchObject({
      code: 'ledger.fork-found',
    });
    expect(await cosign(witness.parts, { logKeys, note: one.note }, 'user:w')).toMatchObject({
      size: 3,
    });
  });

  test('when it could not remember, it does not sign', async () => {
    const { log, logKeys } = await forked();
    const witness = witnessSystem();
    const one = await makeCheckpoint(log.parts);
    let signedCount = 0;
    const full = {
      ...witness.parts,
      store: {
        ...witness.store,
        commitCount: 0,
        commit: () => Promise.reject(new Error('the disk is full')),
      },
      signer: {
        ...witness.parts.signer,
        name: witness.parts.signer.name,
        publicKey: witness.parts.signer.publicKey,
        sign: (message: Uint8Array) => {
          signedCount += 1;
          return witness.parts.signer.sign(message);
        },
      },
    };
    await expect(cosign(full, { logKeys, note: one.note }, 'user:w')).rejects.toThrow('full');
    expect(signedCount).toBe(0);
  });
});

test('a checkpoint that the log did not sign is refused', async () => {
  const [log, other, witness] = [ledgerSystem(), ledgerSystem(), witnessSystem()];
  await log.add(1);
  const { note } = await makeCheckpoint(log.parts);
  await expect(
    cosign(witness.parts, { logKeys: [keyOf(other)], note }, 'user:w'),
  ).rejects.toMatchObject({ code: 'ledger.checkpoint-refused' });
});
