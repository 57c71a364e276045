/** Tests of `email.MailSend`, against a real mail server in this process. */
import { describe, expect, onTestFinished, test } from 'vitest';
import { taskContract } from '../../../test/contract/task.contract.ts';
import {
  type MailServer,
  type MailServerOptions,
  startMailServer,
} from '../../../test/support/mail-server.ts';
import { textsIn } from '../../../test/support/read-mail.ts';
import { createTaskWorld, type TaskWorldOptions } from '../../../test/support/task-world.ts';
import { provenanceOf } from '../../core/value/index.ts';
import { mailSendTask } from './mail-send.ts';

async function start(options?: MailServerOptions): Promise<MailServer> {
  const server = await startMailServer(options);
  onTestFinished(() => server.close());
  return server;
}

const account = { user: 'parcels', password: 'quite-secret-password' };

/** A mail by a server that takes the account over TLS. */
async function overTls(atEnd: Parameters<MailServer['atEnd']>[0] = 'answer') {
  const { port, ...server } = await start({ tls: 'at-once', account });
  server.atEnd(atEnd);
  return {
    from: 'parcels@shop.example.com',
    to: 'a@example.com;b@example.com',
    htmlTextContent: '<p>hello</p>',
    host: '127.0.0.1',
    port,
    username: account.user,
    password: account.password,
    trustedHosts: ['127.0.0.1'],
    verifyServerIdentity: false,
  };
}

taskContract(mailSendTask, {
  valid: () => overTls(),
  waiting: () => overTls('stay-silent'),
  failing: [
    {
      title: 'when the password is wrong',
      properties: async () => ({ ...(await overTls()), password: 'another-password' }),
      code: 'mail.not-sent',
    },
    {
      title: 'when the server refuses the content',
      properties: () => overTls('refuse'),
      code: 'mail.not-sent',
    },
    {
      title: 'when the server takes the content and does not answer',
      properties: () => overTls('break-off'),
      code: 'task.outcome-unknown',
    },
    {
      title: 'when the server is private',
      properties: async () => ({ ...(await overTls()), host: '10.0.0.7' }),
      code: 'http.address-refused',
    },
    {
      title: 'when there is no server',
      properties: { from: 'a@example.com', to: 'b@example.com' },
      code: 'mail.no-server',
    },
    {
      title: 'when it goes to nobody',
      properties: { from: 'a@example.com', host: '127.0.0.1' },
      code: 'task.input-invalid',
    },
  ],
});

/** A world whose installation has a mail server. */
async function worldWithServer(options: TaskWorldOptions = {}) {
  const server = await start();
  const from = 'Shop <shop@example.org>';
  const mail = { url: server.url, from: 'shop@example.org' };
  return { server, from, world: createTaskWorld({ mail, ...options }) };
}

describe('a mail', () => {
  test('goes by the server of the installation where none is named, from its sender', async () => {
    const { server, world } = await worldWithServer();
    const output = await world.run(mailSendTask, {
      to: 'Ada <ada@example.org>, grace@example.org',
      cc: 'c@example.org',
      bcc: 'd@example.org',
      replyTo: 'answers@example.org',
      subject: 'Größe 12',
      plainTextContent: 'hello',
    });
    const [mail] = server.received;
    expect(mail).toMatchObject({
      from: 'shop@example.org',
      to: ['ada@example.org', 'grace@example.org', 'c@example.org', 'd@example.org'],
    });
    expect(mail?.source).toContain('To: Ada <ada@example.org>, grace@example.org\r\n');
    expect(mail?.source).not.toContain('d@example.org');
    expect(output).toEqual({
      messageId: `${world.context.idempotencyKey}@example.org`,
      accepted: ['ada@example.org', 'grace@example.org', 'c@example.org', 'd@example.org'],
      refused: [],
      answer: expect.stringMatching(/^250 /),
    });
    expect(mail?.source).toContain(`Message-ID: <${output.messageId}>`);
    expect(world.spent.at(-1)).toEqual({ messages: 4 });
  });

  test('carries files of the execution and pictures [mail.send]', async () => {
    const { server, world } = await worldWithServer();
    const table = world.addFile('a.csv', 'day,orders\n');
    const logo = world.addFile('logo.png', Uint8Array.from([137, 80, 78, 71]));
    await world.run(mailSendTask, {
      to: 'a@example.org',
      htmlTextContent: '<img src="cid:logo">',
      attachments: [{ uri: table, name: 'orders.csv', contentType: 'text/csv' }],
      embeddedImages: JSON.stringify([{ uri: logo, name: 'logo', contentType: 'image/png' }]),
    });
    const { source } = server.received[0]!;
    expect(source).toContain('filename=orders.csv');
    expect(source).toContain(Buffer.from([137, 80, 78, 71]).toString('base64'));
    expect(textsIn(source)['text/html']).toBe('<img src="cid:logo">');
  });

  test.each([
    ['a file of the machine', [{ uri: 'file:///etc/passwd', name: 'x' }]],
    ['a file of the web', [{ uri: 'http://127.0.0.1/x', name: 'x' }]],
    ['a file that is not there', [{ uri: 'kestra:///a/b/executions/c/d.txt', name: 'x' }]],
    ['what is no list', '{"a": 1}'],
    ['what is no JSON', 'x'],
  ])('is not sent with %s', async (_, attachments) => {
    const { server, world } = await worldWithServer();
    const trouble = world.run(mailSendTask, { to: 'a@example.org', attachments });
    await expect(trouble).rejects.toThrow();
    expect(server.received).toEqual([]);
    expect(world.spent.at(-1) ?? 'nothing').toBe('nothing');
  });

  test('is not sent with files that are too large together', async () => {
    const { server, world } = await worldWithServer();
    const uri = world.addFile('large.bin', new Uint8Array(13 * 1024 ** 2));
    await expect(
      world.run(mailSendTask, {
        to: 'a@example.org',
        attachments: [
          { uri, name: 'a' },
          { uri, name: 'b' },
        ],
      }),
    ).rejects.toMatchObject({ code: 'task.input-invalid' });
    expect(server.received).toEqual([]);
    expect(world.spent.at(-1)).toBe('nothing');
  });

  test.each([
    ['a subject of two lines', { subject: 'x\r\nBcc: b@example.org' }],
    ['a recipient of two lines', { to: 'a@example.org\nBcc: b@example.org' }],
    ['a name of two lines', { to: 'A\nBcc: b <a@example.org>' }],
    ['a copy to what is no address', { cc: 'nobody' }],
    ['two senders', { from: 'a@example.org;b@example.org' }],
    ['too many recipients', { bcc: 'b@example.org;'.repeat(101) }],
    ['an account without its server', { username: 'a', password: 'b' }],
    ['half an account', { host: '127.0.0.1', username: 'a' }],
    ['a token where none is used', { host: '127.0.0.1', accessToken: 'a' }],
    ['no token where one is needed', { host: '127.0.0.1', transportStrategy: 'SMTP_OAUTH2' }],
  ])('is refused before anything happens: %s', async (_, wrong) => {
    const { server, world } = await worldWithServer();
    const properties = { to: 'a@example.org', ...wrong };
    const input = mailSendTask.input.parse(properties);
    const invalid = expect.objectContaining({ code: 'task.input-invalid' });
    expect(() => mailSendTask.check?.(input, world.context)).toThrowError(invalid);
    await expect(world.run(mailSendTask, properties)).rejects.toThrowError(invalid);
    expect(server.received).toEqual([]);
    expect(world.spent.at(-1)).toBe('nothing');
  });

  test('needs somebody who sends it', async () => {
    const { server } = await worldWithServer();
    const world = createTaskWorld({ mail: { url: server.url } });
    const properties = { to: 'a@example.org' };
    await expect(world.run(mailSendTask, properties)).rejects.toMatchObject({
      code: 'task.input-invalid',
    });
    await world.run(mailSendTask, { ...properties, from: 'b@example.org' });
    expect(server.received[0]).toMatchObject({ from: 'b@example.org' });
  });
});

describe('what is spent', () => {
  test('is what the server accepts, and who is refused is told', async () => {
    const { server, world } = await worldWithServer();
    server.refuse(['b@example.org']);
    const output = await world.run(mailSendTask, {
      to: 'a@example.org;b@example.org;c@example.org',
    });
    expect(output).toMatchObject({
      accepted: ['a@example.org', 'c@example.org'],
      refused: [{ address: 'b@example.org', answer: expect.stringContaining('no such mailbox') }],
    });
    expect(world.warnings).toEqual(['the mail server refuses 1 of 3 recipients']);
    expect(world.spent.at(-1)).toEqual({ messages: 2 });
  });

  test('is nothing when everybody is refused, or nobody is there', async () => {
    const { server, world } = await worldWithServer();
    server.refuse(true);
    const send = () => world.run(mailSendTask, { to: 'a@example.org;b@example.org' });
    await expect(send()).rejects.toThrow(/refuses the mail: `550 no such mailbox`/);
    expect(world.spent.at(-1)).toBe('nothing');
    await server.close();
    await expect(send()).rejects.toMatchObject({ code: 'mail.not-sent' });
    expect(world.spent.at(-1)).toBe('nothing');
  });

  test('is not known when the answer is lost', async () => {
    const { server, world } = await worldWithServer();
    server.atEnd('break-off');
    await expect(world.run(mailSendTask, { to: 'a@example.org' })).rejects.toMatchObject({
      code: 'task.outcome-unknown',
    });
    expect(server.received).toHaveLength(1);
    expect(world.spent.at(-1)).toEqual({});
  });

  test('is declared by the number of addresses', () => {
    const input = mailSendTask.input.parse({
      to: '"A, B" <a@b.c>; d@e.f',
      cc: 'g@H.i',
      bcc: 'j@k.l',
    });
    expect(mailSendTask.effect.spendsFor?.(input)).toEqual({ messages: 4 });
    expect(mailSendTask.effect.factsFor?.(input)).toEqual({
      count: 4,
      recipientDomains: ['b.c', 'e.f', 'h.i', 'k.l'],
    });
  });
});

describe('HTML', () => {
  const html = '<p>Dear <b>customer</b>,<br />"we" ship</p>';
  const outside = { inputProvenance: provenanceOf({ trust: 'untrusted' }) };

  test('goes as given where nobody outside had a part in it', async () => {
    const { server, world } = await worldWithServer();
    await world.run(mailSendTask, { to: 'a@example.org', htmlTextContent: html });
    expect(textsIn(server.received[0]!.source)).toEqual({
      'text/plain': 'Please view this email in a modern email client',
      'text/html': html,
    });
  });

  test('from outside is shown as text, line breaks aside', async () => {
    const { server, world } = await worldWithServer(outside);
    await world.run(mailSendTask, { to: 'a@example.org', htmlTextContent: html });
    expect(textsIn(server.received[0]!.source)['text/html']).toBe(
      '&lt;p&gt;Dear &lt;b&gt;customer&lt;/b&gt;,<br />&quot;we&quot; ship&lt;/p&gt;',
    );
  });

  test('goes as given where the flow says so', async () => {
    const { server, world } = await worldWithServer(outside);
    await world.run(mailSendTask, {
      to: 'a@example.org',
      htmlTextContent: html,
      sanitizeHtml: false,
    });
    expect(textsIn(server.received[0]!.source)['text/html']).toBe(html);
  });
});
