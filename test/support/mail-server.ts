/** A real mail server in this process, on the loopback address, for tests of what is sent. */
import type { AddressInfo, Socket } from 'node:net';
import { SMTPServer } from 'smtp-server';
import type { ReceivedMail } from '../contract/mailer.contract.ts';

/** How a mail server is reached and who may use it. */
export interface MailServerOptions {
  /** TLS from the first byte, or turned to it; neither when absent. Its certificate is signed by itself. */
  readonly tls?: 'at-once' | 'starttls';
  /** Whom it lets in; everybody when absent. */
  readonly account?: { readonly user: string; readonly password?: string; readonly token?: string };
}

/** A running mail server. */
export interface MailServer {
  /** `smtp://127.0.0.1:<port>`. */
  readonly url: string;
  readonly port: number;
  readonly received: readonly ReceivedMail[];
  /** Refuses every recipient, none, or those that are named. */
  refuse(what: boolean | readonly string[]): void;
  /** What becomes of a mail once its content is there: it is taken, taken without an answer, or refused. */
  atEnd(what: 'answer' | 'break-off' | 'stay-silent' | 'refuse'): void;
  close(): Promise<void>;
}

/** Starts a mail server that keeps what it receives. */
export async function startMailServer(options: MailServerOptions = {}): Promise<MailServer> {
  const { tls, account } = options;
  const received: ReceivedMail[] = [];
  const sockets = new Set<Socket>();
  let refused: boolean | readonly string[] = false;
  let end: Parameters<MailServer['atEnd']>[0] = 'answer';
  const isRefused = (address: string): boolean =>
    typeof refused === 'boolean' ? refused : refused.includes(address);
  const server = new SMTPServer({
    authOptional: account === undefined,
    secure: tls === 'at-once',
    disabledCommands: [
      ...(tls === 'starttls' ? [] : ['STARTTLS']),
      ...(account === undefined ? ['AUTH'] : []),
    ],
    authMethods: account?.token === undefined ? ['PLAIN', 'LOGIN'] : ['XOAUTH2'],
    allowInsecureAuth: true,
    logger: false,
    onAuth({ username, password, accessToken }, _session, done) {
      const isKnown =
        username === account?.user &&
        (account?.token === undefined
          ? password === account?.password
          : accessToken === account.token);
      if (isKnown) done(null, { user: username });
      else done(new Error('no such account'));
    },
    onRcptTo({ address }, _session, done) {
      done(isRefused(address) ? new Error('no such mailbox') : null);
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        if (end === 'refuse') {
          done(Object.assign(new Error('content is not wanted'), { responseCode: 554 }));
          return;
        }
        const { mailFrom, rcptTo } = session.envelope;
        received.push({
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          source: Buffer.concat(chunks).toString('utf8'),
        });
        if (end === 'answer') done();
        if (end === 'break-off') for (const socket of sockets) socket.destroy();
      });
    },
  });
  server.on('error', () => undefined);
  server.server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    port,
    received,
    refuse: (what) => {
      refused = what;
    },
    atEnd: (what) => {
      end = what;
    },
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
