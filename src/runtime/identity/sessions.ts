/**
 * Sessions: kept at the server under the hash of what the cookie holds, short with a sliding end and an
 * absolute one, bound to the browser they began in, and exchanged for another whenever what they are worth
 * changes. All that came of one sign-in are a family.
 *
 * INVARIANT: of a family one session begets another; whoever shows one that was exchanged ends them all.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { Failure } from '../../core/failure/index.ts';
import type { IdentityParts } from './identity-parts.ts';
import { type Change, type Event, hashOf, type Kept, type Records } from './records.ts';

/** Where a request comes from, as far as a session is bound to it. */
export interface Origin {
  readonly userAgent: string;
  readonly remoteAddress: string;
}

/** Why a session goes on under another secret: what its user may do has changed, or they proved more. */
export type ExchangeReason = 'authority' | 'step-up';

/** A session as it is kept. */
export interface Session {
  readonly user: string;
  readonly tenant: string;
  readonly family: string;
  readonly factors: readonly string[];
  readonly authenticatedAt: number;
  readonly startedAt: number;
  /** Coarse: written once in a while. */
  readonly seenAt: number;
  readonly endsAt: number;
  readonly browser: string;
  readonly network: string;
  readonly authority: number;
  /** When it was exchanged for another, and why; null while it is worth something. */
  readonly exchangedAt: number | null;
  readonly exchangedFor: ExchangeReason | null;
  /** What the provider is shown at sign-out, encrypted. */
  readonly idToken: string | null;
  readonly provider: string | null;
}

/** What a session begins with. */
export type SessionStart = Pick<
  Session,
  'user' | 'tenant' | 'factors' | 'authority' | 'idToken' | 'provider'
> & {
  /** When that is not this moment: a provider knew the person from before. */
  readonly authenticatedAt?: number;
};

/** A session that was shown. */
export type ShownSession =
  | { readonly isLive: true; readonly kept: Kept<Session> }
  | { readonly isLive: false };

/** Sessions. */
export interface Sessions {
  /** Begins one; gives what the cookie holds. What the browser held before, `replaced`, ends. */
  begin(start: SessionStart, origin: Origin, replaced?: string): Promise<string>;
  /** Returns the session of a cookie; ends it, or its family, where that is due. */
  show(secret: string, origin: Origin): Promise<ShownSession>;
  /** Exchanges a session for one that is worth what `change` says. */
  exchange(
    kept: Kept<Session>,
    change: Partial<Pick<Session, 'factors' | 'authenticatedAt' | 'authority'>>,
    reason: ExchangeReason,
  ): Promise<string>;
  find(id: string): Promise<Kept<Session> | undefined>;
  list(user: string): Promise<readonly Kept<Session>[]>;
  /** Ends the sessions of a family, or all of somebody. */
  end(user: string, actor: string, which?: { readonly family: string }): Promise<number>;
}

const secretBytes = 32;

/** Returns the family of a browser: its name and system, without versions, which change by themselves. */
export function browserOf(userAgent: string): string {
  const named = /Edg\/|OPR\/|Firefox\/|Chrome\/|Safari\/|curl\/|node|python|Java/i.exec(userAgent);
  const system = /Windows|Android|iPhone|iPad|Mac OS X|CrOS|Linux/.exec(userAgent);
  return `${(named?.[0] ?? 'other').replace('/', '').toLowerCase()}/${(system?.[0] ?? 'other').toLowerCase()}`;
}

/** Returns the network of an address: the first 24 bits of IPv4, the first 56 of IPv6. */
export function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
  if (/^\d+\.\d+\.\d+\.\d+$/.test(plain)) return plain.split('.').slice(0, 3).join('.');
  const [head = '', tail = ''] = plain.toLowerCase().split('%')[0]?.split('::') ?? [];
  const first = head.split(':').filter(Boolean);
  const last = tail.split(':').filter(Boolean);
  const zeros = Array.from({ length: Math.max(0, 8 - first.length - last.length) }, () => '0');
  const bits = [...first, ...zeros, ...last].map((one) => one.padStart(4, '0')).join('');
  return bits.slice(0, 14);
}

/** Returns what a form or script of this server sends along to show that it is ours. */
export function forgeryToken(secret: string): string {
  return createHmac('sha256', secret).update('sluice-forgery').digest('base64url');
}

/** Tells whether `given` is the token of a session. */
export function isForgeryToken(secret: string, given: string | undefined): boolean {
  const expected = Buffer.from(forgeryToken(secret));
  const shown = Buffer.from(given ?? '');
  return shown.length === expected.length && timingSafeEqual(shown, expected);
}

/** Returns sessions. */
export function createSessions(parts: IdentityParts, records: Records): Sessions {
  const { clock, random, sessionRules: rules } = parts;
  const put = (id: string, version: number, content: Session): Change => ({
    kind: 'session',
    id,
    version,
    content,
    keys: { user: content.user },
  });
  const make = (): string => Buffer.from(random.bytes(secretBytes)).toString('base64url');
  const event = (type: string, session: Session, payload: object = {}, actor?: string): Event => ({
    type,
    tenant: session.tenant,
    actor: actor ?? session.user,
    payload: { user: session.user, family: session.family, ...payload },
  });
  const ofSecret = async (secret: string): Promise<Kept<Session> | undefined> =>
    /^[\w-]{43}$/.test(secret) ? records.find<Session>('session', hashOf(secret)) : undefined;
  const familyOf = async ({ user, family }: Session) =>
    (await records.list<Session>('session', 'user', user)).filter(
      (one) => one.content.family === family,
    );
  const removal = (all: readonly Kept<Session>[]): readonly Change[] =>
    all.map(({ id }) => ({ kind: 'session', id, isRemoved: true }));
  const endFamily = async (session: Session, type: string, payload: object = {}): Promise<void> => {
    await records.write([event(type, session, payload)], removal(await familyOf(session)));
  };
  const isOver = ({ endsAt, seenAt }: Session): boolean =>
    clock.now() >= endsAt || clock.now() - seenAt >= rules.idleMs;
  const isElsewhere = (session: Session, origin: Origin): boolean => {
    if (rules.binding === 'none') return false;
    if (browserOf(origin.userAgent) !== session.browser) return true;
    return (
      rules.binding === 'browser-and-network' && networkOf(origin.remoteAddress) !== session.network
    );
  };

  return {
    async begin(start, origin, replaced) {
      const secret = make();
      const at = clock.now();
      const session: Session = {
        ...start,
        family: random.id(),
        // A time to come is a wrong clock elsewhere, and makes nobody fresher.
        authenticatedAt: Math.min(at, start.authenticatedAt ?? at),
        startedAt: at,
        seenAt: at,
        endsAt: at + rules.totalMs,
        browser: browserOf(origin.userAgent),
        network: networkOf(origin.remoteAddress),
        exchangedAt: null,
        exchangedFor: null,
      };
      const old = (await records.list<Session>('session', 'user', start.user)).filter(
        ({ content }) => isOver(content),
      );
      const payload = { factors: start.factors, provider: start.provider };
      const before = replaced === undefined ? undefined : await ofSecret(replaced);
      const left = before === undefined ? [] : await familyOf(before.content);
      const gone = new Map([...old, ...left].map((one) => [one.id, one]));
      const ended = before === undefined ? [] : [event('session-replaced', before.content)];
      await records.write(
        [event('session-started', session, payload), ...ended],
        [put(hashOf(secret), 0, session), ...removal([...gone.values()])],
      );
      return secret;
    },

    async show(secret, origin) {
      const kept = await ofSecret(secret);
      if (kept === undefined) return { isLive: false };
      const session = kept.content;
      if (session.exchangedAt !== null) {
        // Somebody has what was replaced: it was copied. Requests that were under way are no theft, and
        // are answered where the session is worth no less than its successor.
        if (clock.now() - session.exchangedAt > rules.overlapMs) {
          await endFamily(session, 'session-reuse-found');
          return { isLive: false };
        }
        if (session.exchangedFor !== 'authority') return { isLive: false };
      }
      if (isOver(session)) {
        await endFamily(session, 'session-expired');
        return { isLive: false };
      }
      if (isElsewhere(session, origin)) {
        await endFamily(session, 'session-moved', { browser: browserOf(origin.userAgent) });
        return { isLive: false };
      }
      // The sliding end moves in steps, so that reading is not writing.
      const isDue = session.exchangedAt === null && clock.now() - session.seenAt > rules.idleMs / 6;
      if (isDue) {
        const seen = { ...session, seenAt: clock.now() };
        try {
          const change = put(kept.id, kept.version, seen);
          await records.write([event('session-renewed', session)], [change]);
          const version = kept.version + 1;
          return { isLive: true, kept: { ...kept, version, content: seen } };
        } catch (error) {
          // Another request of the same moment has moved it.
          if (!(error instanceof Failure) || error.code !== 'store.conflict') throw error;
        }
      }
      return { isLive: true, kept };
    },

    async exchange(kept, change, reason) {
      if (kept.content.exchangedAt !== null) {
        throw new Failure('identity.wrong', 'the session goes on under another cookie');
      }
      const secret = make();
      const at = clock.now();
      const after: Session = { ...kept.content, ...change, seenAt: at };
      await records.write(
        [event('session-exchanged', kept.content, { reason, factors: after.factors })],
        [
          put(kept.id, kept.version, { ...kept.content, exchangedAt: at, exchangedFor: reason }),
          put(hashOf(secret), 0, after),
        ],
      );
      return secret;
    },

    find: (id) => records.find<Session>('session', id),
    list: async (user) =>
      (await records.list<Session>('session', 'user', user)).filter(
        ({ content }) => content.exchangedAt === null && !isOver(content),
      ),

    async end(user, actor, which) {
      const all = await records.list<Session>('session', 'user', user);
      const wanted = all.filter(
        ({ content }) => which === undefined || content.family === which.family,
      );
      const [first] = wanted;
      if (first === undefined) return 0;
      const payload = { count: wanted.length, isAll: which === undefined };
      await records.write([event('session-ended', first.content, payload, actor)], removal(wanted));
      return wanted.length;
    },
  };
}
