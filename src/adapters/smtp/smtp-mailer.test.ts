/** Mail by SMTP, against a real server in this process. */
import { expect, test } from 'vitest';
import { testMailer } from '../../../test/contract/mailer.contract.ts';
import { startMailServer } from '../../../test/support/mail-server.ts';
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
