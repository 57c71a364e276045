/** Passkeys, with an authenticator in software: made and used, and every way of being wrong a plain no. */
import { expect, test } from 'vitest';
import { createSoftwareAuthenticator } from '../../../test/support/software-authenticator.ts';
import { createWebauthnPasskeys } from './webauthn-passkeys.ts';

const place = { url: 'https://sluice.example' };
const origin = 'https://sluice.example';
const passkeys = createWebauthnPasskeys();
const ada = { id: 'user:ada', name: 'ada', known: [] };

async function made(site = 'sluice.example', flags?: number) {
  const device = createSoftwareAuthenticator(site, flags);
  const { options, challenge } = await passkeys.creation(place, ada);
  const response = device.create(options as Parameters<typeof device.create>[0], origin);
  return { device, response, passkey: await passkeys.created(place, challenge, response) };
}

test('makes a passkey and uses it; its counter moves', async () => {
  const { device, passkey } = await made();
  if (passkey === undefined) throw new Error('the passkey was refused');
  const { options, challenge } = await passkeys.use(place, [passkey]);
  const answer = device.use(options as { challenge: string }, origin);
  const used = await passkeys.used(place, challenge, answer, passkey);
  expect(used?.counter).toBeGreaterThan(passkey.counter);
  if (used === undefined) return;
  // The same answer again does not count on; neither does one to another challenge.
  expect(await passkeys.used(place, challenge, answer, used)).toBeUndefined();
  const other = await passkeys.use(place, [passkey]);
  expect(await passkeys.used(place, other.challenge, answer, passkey)).toBeUndefined();
});

test('refuses another site, another page and a person who was not verified', async () => {
  expect((await made('evil.example')).passkey).toBeUndefined();
  expect((await made('sluice.example', 0x01)).passkey).toBeUndefined();
  const { device, passkey } = await made();
  if (passkey === undefined) throw new Error('the passkey was refused');
  const { options, challenge } = await passkeys.use(place, [passkey]);
  const elsewhere = device.use(options as { challenge: string }, 'https://evil.example');
  expect(await passkeys.used(place, challenge, elsewhere, passkey)).toBeUndefined();
  const { device: stranger } = await made();
  const forged = { ...stranger.use(options as { challenge: string }, origin), id: passkey.id };
  expect(await passkeys.used(place, challenge, forged, passkey)).toBeUndefined();
});

test.each([null, 'text', 1, [], {}, { id: 1 }, { id: 'a', response: {} }])(
  'refuses %j',
  async (response) => {
    const { challenge } = await passkeys.creation(place, ada);
    expect(await passkeys.created(place, challenge, response)).toBeUndefined();
  },
);
