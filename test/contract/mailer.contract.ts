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
  /** Lets the server refuse the next recipients. */
  refuse(isRefusing: boolean): void;
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
    ])('refuses %s and sends nothing', async (_, wrong) => {
      const before = world.received.length;
      await expect(world.mailer.send({ ...message, ...wrong })).rejects.toMatchObject({
        code: 'mail.not-sent',
        isRetryable: false,
      });
      expect(world.received).toHaveLength(before);
    });

    test('tells when the server takes nothing', async () => {
      world.refuse(true);
      await expect(world.mailer.send(message)).rejects.toMatchObject({ code: 'mail.not-sent' });
      world.refuse(false);
      await world.mailer.send(message);
    });
  });
}
