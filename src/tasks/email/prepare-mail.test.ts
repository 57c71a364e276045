/** Tests of how the properties of a mail become a server. */
import { expect, test } from 'vitest';
import type { Mailer } from '../../ports/mailer.ts';
import { mailProperties } from './mail-properties.ts';
import { prepareMail } from './prepare-mail.ts';

const mailer: Mailer = {
  hasServer: false,
  hasSender: false,
  send: () => Promise.reject(new Error('nothing is sent here')),
};

function serverFor(properties: Readonly<Record<string, unknown>>) {
  const given = { from: 'a@example.org', to: 'b@example.org', host: 'mail.example.org' };
  return prepareMail(mailProperties.parse({ ...given, ...properties }), mailer).server;
}

test.each([
  ['SMTP', 25, 'if-possible'],
  ['SMTP_TLS', 587, 'starttls'],
  ['SMTPS', 465, 'tls'],
])('%s goes to its usual port, protected as it says', (transportStrategy, port, protection) => {
  const account = { username: 'u', password: 'p' };
  const server = { host: 'mail.example.org', protection, verifiesName: true, timeoutMs: 10_000 };
  expect(serverFor({ transportStrategy, ...account })).toMatchObject({
    ...server,
    port,
    account: { user: 'u', password: 'p' },
    trustsCertificate: false,
  });
  expect(serverFor({ transportStrategy, port: 2525 })).toMatchObject({ ...server, port: 2525 });
});

test('SMTP_OAUTH2 signs in with a token', () => {
  const properties = { transportStrategy: 'SMTP_OAUTH2', username: 'u', accessToken: 't' };
  expect(serverFor(properties)).toMatchObject({
    port: 587,
    protection: 'starttls',
    account: { user: 'u', token: 't' },
  });
});

test('certificates are trusted of the hosts that are named, and of no other', () => {
  expect(serverFor({ trustedHosts: ['mail.example.org'] })?.trustsCertificate).toBe(true);
  expect(serverFor({ trustedHosts: ['example.org', '*'] })?.trustsCertificate).toBe(false);
  expect(serverFor({ verifyServerIdentity: false })?.verifiesName).toBe(false);
});
