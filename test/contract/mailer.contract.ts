/** What every mailer must do. An adapter's own test file calls `testMailer` with a server that it delivers to. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Mailer } from '../../src/ports/mailer.ts';

/** A mail as a server received it. */
export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  /** Headers and body as they came; text beyond ASCII in Base64. */
  readonly source: string;
}

/** A mailer and the server behind it. */
export interface MailWorld {
  readonly mailer: Mailer;
  /** The address that it sends from. */
  readonly from: string;
  readonly received: readonly ReceivedMail[];
  /** Lets the server refuse the next recipients: all, none, or those that are named. */
  refuse(what: boolean | readonly string[]): void;
  /** Says what becomes of the next mails once their content is there. */
  atEnd(what: 'answer' | 'break-off' | 'refuse'): void;
  close(): Promise<void>;
}

/** Calls the tests of a mailer. */
export function testMailer(title: string, open: () => Promise<MailWorld>): void {
  describe(`${title} keeps the contract of mailers`, () => {
    let world: MailWorld;
    beforeAll(async () => {
      world = await open();
    });
    afterAll(() => world.close());
    const message = { to: ['audit@example.org'], subject: 'Checkpoint', text: 'size 12' };

    test('delivers a text to each recipient, and gives the id of the message', async () => {
      const to = ['audit@example.org', 'second@example.org'];
      const { id } = await world.mailer.send({ ...message, to });
      const mail = world.received.at(-1)!;
      expect(mail).toMatchObject({ from: world.from, to });
      expect(mail.source).toContain('Subject: Checkpoint\r\n');
      expect(mail.source).toContain('size 12');
      expect(mail.source).toContain(id);
    });

    test('carries HTML and attachments, letter by letter', async () => {
      const content = Uint8Array.from({ length: 300 }, (_, index) => index % 256);
      await world.mailer.send({
        ...message,
        html: '<p>size 12</p>',
        attachments: [
          { name: 'checkpoint.txt', contentType: 'text/plain', content: 'origin\n12\n' },
          { name: 'bytes.bin', contentType: 'application/octet-stream', content },
        ],
      });
      const { source } = world.received.at(-1)!;
      expect(source).toContain('<p>size 12</p>');
      expect(source).toContain('filename=checkpoint.txt');
      expect(source.replaceAll('\r\n', '')).toContain(Buffer.from(content).toString('base64'));
    });

    test('keeps letters beyond ASCII', async () => {
      await world.mailer.send({ ...message, subject: 'Prüfpunkt – 12', text: 'größer 😀' });
      const { source } = world.received.at(-1)!;
      expect(source).toMatch(/Subject: =\?UTF-8\?/);
      expect(source).toContain(Buffer.from('größer 😀').toString('base64'));
    });

    test.each([
      ['no recipient', { to: [] }],
      ['a recipient that is two', { to: ['a@example.org, b@example.org'] }],
      ['a recipient with a line end', { to: ['a@example.org\r\nBcc: b@example.org'] }],
      ['a subject of two lines', { subject: 'x\r\nBcc: b@example.org' }],
      ['a copy to what is no address', { cc: [{ address: 'b@example.org>\r\nDATA' }] }],
      ['a sender that is two', { from: { address: 'a@example.org, b@example.org' } }],
      ['a name of two lines', { to: [{ name: 'A\r\nBcc: b', address: 'a@example.org' }] }],
      [
        'a file with a name of two lines',
        { attachments: [{ name: 'a\r\nb', contentType: 'text/plain', content: '' }] },
      ],
      [
        'a file of a type with a line end',
        { attachments: [{ name: 'a', contentType: 'text/plain\r\nX: y', content: '' }] },
      ],
      ['an id that is no word', { id: 'a@b>\r\nX: y' }],
    ])('refuses %s and sends nothing', async (_, wrong) => {
      const before = world.received.length;
      await expect(world.mailer.send({ ...message, ...wrong })).rejects.toMatchObject({
        code: 'mail.not-sent',
        isRetryable: false,
      });
      expect(world.received).toHaveLength(before);
    });

    test('names who sends it, where answers go and who gets copies, and not who gets blind ones', async () => {
      await world.mailer.send({
        ...message,
        from: { name: 'The Shop', address: 'shop@example.org' },
        replyTo: [{ address: 'answers@example.org' }],
        cc: [{ name: 'Doe, Jane', address: 'jane@example.org' }],
        bcc: [{ address: 'hidden@example.org' }],
      });
      const { from, to, source } = world.received.at(-1)!;
      expect(from).toBe('shop@example.org');
      expect(to).toEqual(['audit@example.org', 'jane@example.org', 'hidden@example.org']);
      expect(source).toContain('From: The Shop <shop@example.org>\r\n');
      expect(source).toContain('Cc: "Doe, Jane" <jane@example.org>\r\n');
      expect(source).toContain('Reply-To: answers@example.org\r\n');
      expect(source).not.toContain('hidden@example.org');
    });

    test('shows pictures inside the HTML', async () => {
      const image = { name: 'logo.png', contentType: 'image/png', content: 'PNG' };
      await world.mailer.send({ ...message, html: '<img src="cid:logo.png">', images: [image] });
      const { source } = world.received.at(-1)!;
      expect(source).toMatch(/Content-I[dD]: <logo\.png>/);
      expect(source).toContain('Content-Disposition: inline; filename=logo.png');
    });

    test('gives a mail the id that it is told', async () => {
      const { id } = await world.mailer.send({ ...message, id: 'run-1.2' });
      expect(id).toBe(`run-1.2@${world.from.split('@')[1]}`);
      expect(world.received.at(-1)!.source).toContain(`Message-ID: <${id}>`);
    });

    test('tells who of several is refused, and sends to the others', async () => {
      world.refuse(['second@example.org']);
      const to = ['audit@example.org', 'second@example.org', 'third@example.org'];
      const { accepted, refused } = await world.mailer.send({ ...message, to });
      world.refuse(false);
      expect(accepted).toEqual(['audit@example.org', 'third@example.org']);
      expect(refused).toEqual([
        { address: 'second@example.org', answer: expect.stringContaining('no such mailbox') },
      ]);
    });

    test('tells when the server takes nothing', async () => {
      const nothing = { code: 'mail.not-sent', details: { mayBeSent: false } };
      world.refuse(true);
      await expect(world.mailer.send(message)).rejects.toMatchObject(nothing);
      world.refuse(false);
      world.atEnd('refuse');
      await expect(world.mailer.send(message)).rejects.toMatchObject(nothing);
      world.atEnd('answer');
      await world.mailer.send(message);
    });

    test('tells when nobody knows whether the server has taken it', async () => {
      const before = world.received.length;
      world.atEnd('break-off');
      await expect(world.mailer.send(message)).rejects.toMatchObject({
        code: 'mail.not-sent',
        isRetryable: false,
        details: { mayBeSent: true },
      });
      world.atEnd('answer');
      expect(world.received).toHaveLength(before + 1);
    });

    test('sends nothing once it is told to stop', async () => {
      const before = world.received.length;
      const signal = AbortSignal.abort(new Error('stopped'));
      await expect(world.mailer.send(message, { signal })).rejects.toThrow('stopped');
      expect(world.received).toHaveLength(before);
    });
  });
}
