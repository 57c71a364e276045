/** Mail by SMTP, against a real server in this process. */
import { describe, expect, onTestFinished, test } from 'vitest';
import { testMailer } from '../../../test/contract/mailer.contract.ts';
import { type MailServerOptions, startMailServer } from '../../../test/support/mail-server.ts';
import type { NamedMailServer } from '../../ports/mailer.ts';
import { createAddressGuard } from '../system/system-address-guard.ts';
import { createSmtpMailer } from './smtp-mailer.ts';

const from = 'sluice@shop.example';

testMailer('the SMTP mailer', async () => {
  const server = await startMailServer();
  return { ...server, from, mailer: createSmtpMailer({ url: server.url, from, ignoreTls: true }) };
});

test('a server that is not there is told, and the address of the server is not', async () => {
  const server = await startMailServer();
  await server.close();
  const url = server.url.replace('smtp://', 'smtp://user:secret@');
  const mailer = createSmtpMailer({ url, from, ignoreTls: true, timeoutMs: 500 });
  const message = { to: ['a@example.org'], subject: 'x', text: 'x' };
  const trouble = await mailer.send(message).catch((error: unknown) => error);
  expect(trouble).toMatchObject({ code: 'mail.not-sent', isRetryable: true });
  expect((trouble as Error).message).not.toContain('secret');
});

test('a password never goes over a connection that is not encrypted', async () => {
  const server = await startMailServer();
  const url = server.url.replace('smtp://', 'smtp://user:secret@');
  const mailer = createSmtpMailer({ url, from });
  await expect(
    mailer.send({ to: ['a@example.org'], subject: 'x', text: 'x' }),
  ).rejects.toMatchObject({ code: 'mail.not-sent' });
  expect(server.received).toEqual([]);
  await server.close();
});

describe('a server that is named with a mail', () => {
  const message = { to: ['a@example.org'], subject: 'x', text: 'x' };
  const allowing = createSmtpMailer({
    from,
    guard: createAddressGuard(['127.0.0.1', 'localhost'], async () => ['127.0.0.1']),
  });
  const named = (port: number, more: Partial<NamedMailServer> = {}): NamedMailServer => ({
    host: '127.0.0.1',
    port,
    protection: 'if-possible',
    timeoutMs: 1_000,
    ...more,
  });
  const start = async (options?: MailServerOptions) => {
    const server = await startMailServer(options);
    onTestFinished(() => server.close());
    return server;
  };

  test('is used in place of the own one', async () => {
    const server = await start();
    await allowing.send(message, { server: named(server.port) });
    expect(server.received).toHaveLength(1);
    await expect(allowing.send(message)).rejects.toMatchObject({ code: 'mail.no-server' });
  });

  test.each([
    '127.0.0.1',
    'localhost',
    '::1',
    '10.1.2.3',
    '169.254.169.254',
    '0x7f.1',
    '2130706433',
  ])('is not reached where it is private or local: %s', async (host) => {
    const server = await start();
    const mailer = createSmtpMailer({
      from,
      guard: createAddressGuard([], async () => ['127.0.0.1']),
    });
    await expect(
      mailer.send(message, { server: named(server.port, { host }) }),
    ).rejects.toMatchObject({ code: 'http.address-refused' });
    expect(server.received).toEqual([]);
  });

  test.each(['mail.example.org/x', 'user@mail.example.org', 'a b', 'a\r\nb'])(
    'is no host: %j',
    async (host) => {
      await expect(allowing.send(message, { server: named(25, { host }) })).rejects.toMatchObject({
        code: 'http.address-refused',
      });
    },
  );

  test('is refused where no guard judges it', async () => {
    const server = await start();
    const mailer = createSmtpMailer({ from });
    await expect(mailer.send(message, { server: named(server.port) })).rejects.toMatchObject({
      code: 'http.address-refused',
    });
  });

  test('must prove itself unless any certificate will do', async () => {
    const server = await start({ tls: 'at-once' });
    const secure = { protection: 'tls', host: 'localhost' } as const;
    await expect(
      allowing.send(message, { server: named(server.port, secure) }),
    ).rejects.toMatchObject({ code: 'mail.not-sent', details: { mayBeSent: false } });
    // The name in the certificate is one thing, who signed it another.
    const unnamed = { ...secure, verifiesName: false };
    await expect(
      allowing.send(message, { server: named(server.port, unnamed) }),
    ).rejects.toMatchObject({ code: 'mail.not-sent' });
    expect(server.received).toEqual([]);
    const trusting = { ...secure, verifiesName: false, trustsCertificate: true };
    await allowing.send(message, { server: named(server.port, trusting) });
    expect(server.received).toHaveLength(1);
  });

  test('is given no mail in clear where TLS is asked for', async () => {
    const server = await start();
    const more = { protection: 'starttls' } as const;
    await expect(
      allowing.send(message, { server: named(server.port, more) }),
    ).rejects.toMatchObject({ code: 'mail.not-sent', details: { mayBeSent: false } });
    expect(server.received).toEqual([]);
  });

  test('is signed in to with a password, over TLS only', async () => {
    const server = await start({ tls: 'starttls', account: { user: 'shop', password: 'right' } });
    const as = (password: string) =>
      named(server.port, {
        account: { user: 'shop', password },
        trustsCertificate: true,
        verifiesName: false,
      });
    await expect(allowing.send(message, { server: as('wrong') })).rejects.toMatchObject({
      code: 'mail.not-sent',
      isRetryable: false,
    });
    await allowing.send(message, { server: as('right') });
    expect(server.received).toHaveLength(1);
    const open = await start({ account: { user: 'shop', password: 'right' } });
    await expect(
      allowing.send(message, { server: { ...as('right'), port: open.port } }),
    ).rejects.toMatchObject({ code: 'mail.not-sent' });
    expect(open.received).toEqual([]);
  });

  test('is signed in to with a token', async () => {
    const server = await start({ tls: 'starttls', account: { user: 'shop', token: 'token-1' } });
    const as = (token: string) =>
      named(server.port, {
        protection: 'starttls',
        account: { user: 'shop', token },
        trustsCertificate: true,
        verifiesName: false,
      });
    await expect(allowing.send(message, { server: as('token-2') })).rejects.toMatchObject({
      code: 'mail.not-sent',
    });
    await allowing.send(message, { server: as('token-1') });
    expect(server.received).toHaveLength(1);
  });

  test('is waited for no longer than told, and no longer than wanted', async () => {
    const server = await start();
    server.atEnd('stay-silent');
    const unknown = { code: 'mail.not-sent', details: { mayBeSent: true } };
    await expect(
      allowing.send(message, { server: named(server.port, { timeoutMs: 200 }) }),
    ).rejects.toMatchObject(unknown);
    await expect(
      allowing.send(message, {
        server: named(server.port, { timeoutMs: 5_000 }),
        signal: AbortSignal.timeout(200),
      }),
    ).rejects.toMatchObject(unknown);
  });
});
