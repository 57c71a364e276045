/** Anchors: what leaves, what is recorded, that trouble outside stays outside, and that rollback shows. */
import { createHmac } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createFilesystemNotebook } from '../../adapters/filesystem/filesystem-notebook.ts';
import { createSmtpMailer } from '../../adapters/smtp/smtp-mailer.ts';
import { createGuardedFetch } from '../../adapters/system/guarded-fetch.ts';
import { createKeyFileCipher } from '../../adapters/system/key-file-cipher.ts';
import { createSystemRandom } from '../../adapters/system/system-random.ts';
import { openIndependently } from '../../../test/support/independent-note.ts';
import { ledgerSystem, testFolder } from '../../../test/support/ledger-system.ts';
import { startLoopbackServer } from '../../../test/support/loopback-server.ts';
import { startMailServer } from '../../../test/support/mail-server.ts';
import type { Mailer } from '../../ports/mailer.ts';
import { verifierKeyOf, verifyStore } from '../sealer/index.ts';
import {
  addAnchor,
  type AnchorParts,
  listAnchors,
  readAnchors,
  removeAnchor,
  runAnchors,
  testAnchor,
} from './anchors.ts';

function world(mailer?: Mailer) {
  const system = ledgerSystem();
  const { folder, parts: ledger } = system;
  const parts: AnchorParts = {
    ledger,
    out: {
      fetch: createGuardedFetch({ allowPrivate: true }),
      notebook: createFilesystemNotebook(),
      cipher: createKeyFileCipher(join(folder, 'encryption.key')),
      now: () => Date.parse('2026-01-31T12:00:00Z'),
      ...(mailer === undefined ? {} : { mailer }),
    },
    random: createSystemRandom(),
    actor: 'user:ada',
  };
  const entries = async (type: string) =>
    (await system.store.allEntries(0, 1000)).filter((entry) => entry.type === type);
  return { ...system, parts, entries };
}

describe('a file', () => {
  test('gets each checkpoint once, and only when something happened', async () => {
    const { parts, add, folder, entries } = world();
    const target = join(folder, 'out', 'anchor.txt');
    const { id } = await addAnchor(parts, { kind: 'file', target });
    await add(3);
    expect(await runAnchors(parts)).toEqual([{ id, size: 4, outcome: 'kept' }]);
    expect(await runAnchors(parts)).toEqual([]);
    expect(await runAnchors(parts)).toEqual([]);
    await add(1);
    expect(await runAnchors(parts)).toMatchObject([{ id, size: 6, outcome: 'kept' }]);
    const [held] = await readAnchors(parts);
    expect(held).toMatchObject({ kind: 'file', lastSize: 6, isGone: false });
    const key = verifierKeyOf(parts.ledger, parts.ledger.signer);
    for (const note of held!.notes) expect(openIndependently(note, [key]).names).toHaveLength(1);
    expect(held?.notes).toHaveLength(2);
    expect(held).not.toHaveProperty('trouble');
    const told = await entries('ledger-anchored');
    expect(told.map(({ payload }) => JSON.parse(payload) as object)).toMatchObject([
      { size: 4, outcome: 'kept', root: expect.any(String) },
      { size: 6, outcome: 'kept' },
    ]);
    expect((await entries('anchor-added'))[0]).toMatchObject({ actor: 'user:ada' });
    expect(await verifyStore(parts.ledger)).toMatchObject({ verdict: 'valid', unsealedCount: 0 });
  });

  test('in a folder, and what stands there of other ledgers is left out', async () => {
    const { parts, add } = world();
    const target = testFolder();
    writeFileSync(join(target, 'other.checkpoint'), 'other/log\n5\nx\n\n— other/log abcd\n');
    await addAnchor(parts, { kind: 'file', target });
    await add(1);
    await runAnchors(parts);
    const [held] = await readAnchors(parts);
    expect(held?.notes).toHaveLength(1);
  });

  test('that lost what it took is told', async () => {
    const { parts, add, folder } = world();
    const target = join(folder, 'anchor.txt');
    await addAnchor(parts, { kind: 'file', target });
    await add(1);
    await runAnchors(parts);
    writeFileSync(target, '');
    expect((await readAnchors(parts))[0]?.trouble).toContain('does not hold the checkpoint of 2');
  });

  test('shows that the ledger was rolled back or cut off', async () => {
    const { parts, add, folder, store } = world();
    const target = join(folder, 'anchor.txt');
    await addAnchor(parts, { kind: 'file', target });
    await add(20);
    await runAnchors(parts);
    const [held] = await readAnchors(parts);
    const before = await store.sealedEntries(0, 10);
    const checkpoints = await store.checkpoints();
    const rolledBack = {
      ...store,
      commitCount: 0,
      sealedEntries: (after: number) => Promise.resolve(before.filter(({ seq }) => seq > after)),
      checkpoints: () => Promise.resolve(checkpoints.filter(({ size }) => size <= 10)),
    };
    expect(
      await verifyStore({ ...parts.ledger, store: rolledBack }, { notes: held!.notes }),
    ).toMatchObject({ verdict: 'broken', seq: 11 });
  });
});

describe('a webhook', () => {
  test('is signed as Standard Webhooks say, and repeats its id when it is tried again', async () => {
    const { parts, add, store } = world();
    let status = 500;
    const server = await startLoopbackServer(() => ({ status }));
    const added = await addAnchor(parts, { kind: 'webhook', target: `${server.url}/hook` });
    await add(2);
    expect(await runAnchors(parts)).toMatchObject([
      { outcome: 'failed', reason: expect.stringContaining('500') },
    ]);
    expect((await listAnchors(parts))[0]).toMatchObject({ failure: expect.any(String) });
    status = 200;
    expect(await runAnchors(parts)).toMatchObject([{ outcome: 'kept' }]);
    expect((await listAnchors(parts))[0]).not.toHaveProperty('failure');
    for (const { headers, body } of server.requests) {
      const key = Buffer.from(added.secret!.slice('whsec_'.length), 'base64');
      const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
      const expected = createHmac('sha256', key).update(signed).digest('base64');
      expect(headers['webhook-signature']).toBe(`v1,${expected}`);
      expect(headers['webhook-timestamp']).toBe('1769860800');
      expect(JSON.parse(body)).toMatchObject({
        type: 'ledger.checkpoint',
        data: {
          origin: parts.ledger.signer.name,
          size: expect.any(Number),
          note: expect.any(String),
        },
      });
    }
    // Neither the ledger nor the register holds the secret as it is.
    const everything = JSON.stringify([
      await store.allEntries(0, 100),
      await store.registerRecords({ tenant: 'main', kind: 'anchor', limit: 10 }),
    ]);
    expect(everything).not.toContain(added.secret);
  });

  test('is not followed elsewhere, and is left alone once it is gone', async () => {
    const { parts, add } = world();
    let status = 302;
    const server = await startLoopbackServer(() => ({ status, headers: { location: '/other' } }));
    const { id } = await addAnchor(parts, { kind: 'webhook', target: `${server.url}/hook` });
    await add(1);
    expect(await runAnchors(parts)).toMatchObject([{ outcome: 'failed' }]);
    expect(server.requests.map(({ path }) => path)).toEqual(['/hook']);
    status = 410;
    expect(await runAnchors(parts)).toMatchObject([{ outcome: 'failed' }]);
    expect((await listAnchors(parts))[0]).toMatchObject({ isGone: true });
    await add(1);
    expect(await runAnchors(parts)).toEqual([]);
    status = 200;
    expect(await testAnchor(parts, id)).toMatchObject({ outcome: 'kept' });
    expect((await listAnchors(parts))[0]).toMatchObject({ isGone: false });
  });

  test('to a private address is refused unless it is allowed', async () => {
    const { parts, add } = world();
    const server = await startLoopbackServer(() => ({}));
    const guarded = { ...parts, out: { ...parts.out, fetch: createGuardedFetch() } };
    await addAnchor(guarded, { kind: 'webhook', target: server.url });
    await add(1);
    expect(await runAnchors(guarded)).toMatchObject([
      { outcome: 'failed', reason: expect.stringContaining('private') },
    ]);
    expect(server.requests).toEqual([]);
  });
});

test('a mailbox gets the checkpoint as an attachment, and without a mail server it is told', async () => {
  const server = await startMailServer();
  const mailer = createSmtpMailer({
    url: server.url,
    from: 'sluice@shop.example',
    ignoreTls: true,
  });
  const { parts, add } = world(mailer);
  const place = { kind: 'email', target: 'audit@example.org' };
  await addAnchor(parts, place);
  await add(2);
  expect(await runAnchors(parts)).toMatchObject([{ outcome: 'kept', size: 3 }]);
  expect(server.received[0]).toMatchObject({ to: ['audit@example.org'] });
  expect(server.received[0]?.source).toContain('filename=checkpoint.txt');
  const silent = world();
  await addAnchor(silent.parts, place);
  expect(await runAnchors(silent.parts)).toMatchObject([
    { outcome: 'failed', reason: 'no mail server is configured' },
  ]);
  await server.close();
});

test('one place that cannot be reached keeps no other from its checkpoint', async () => {
  const { parts, add, folder } = world();
  mkdirSync(join(folder, 'out'));
  writeFileSync(join(folder, 'blocked'), '');
  await addAnchor(parts, { kind: 'file', target: join(folder, 'blocked', 'x') });
  await addAnchor(parts, { kind: 'file', target: join(folder, 'out') });
  await add(1);
  const outcomes = await runAnchors(parts);
  expect(outcomes.map(({ outcome }) => outcome).toSorted()).toEqual(['failed', 'kept']);
  await expect(testAnchor(parts, 'nobody')).rejects.toMatchObject({ code: 'anchor.not-found' });
  for (const { id } of await listAnchors(parts)) await removeAnchor(parts, id);
  expect(await listAnchors(parts)).toEqual([]);
  expect(readFileSync(join(folder, 'blocked'), 'utf8')).toBe('');
});

test.each([
  ['pigeon', 'x'],
  ['file', 'relative'],
  ['webhook', 'ftp://example.org'],
  ['webhook', 'https://user:secret@example.org'],
  ['email', 'a@example.org, b@example.org'],
])('%s to `%s` is no anchor', async (kind, target) => {
  await expect(addAnchor(world().parts, { kind, target })).rejects.toMatchObject({
    code: 'input.invalid',
  });
});
