/**
 * Who may use a server that was just set up: the first administrator, made with a link that works once,
 * and API tokens of theirs. Everything is a record of a register and an entry of the ledger.
 *
 * INVARIANT: without an administrator nobody is let in; a password, a token or a link is kept as a hash.
 */
import { randomBytes } from 'node:crypto';
import { Failure } from '../../core/failure/index.ts';
import { freshnessOf, type Principal } from '../../core/policy/index.ts';
import {
  decodeValue,
  encodeValue,
  isMap,
  plainText,
  type ValueMap,
} from '../../core/value/index.ts';
import type { Authenticated, Authenticator, RequestFacts } from '../../ports/authenticator.ts';
import type { Clock } from '../../ports/clock.ts';
import type { RegisterRecord, Store } from '../../ports/store.ts';
import type { Committer } from '../committer/index.ts';
import { hashOf, isTokenForm, makeToken } from './api-tokens.ts';
import { createAttempts } from './attempts.ts';
import { checkPassword, isPassword, keepPassword } from './passwords.ts';

/** What it takes to know who somebody is. */
export interface IdentityParts {
  readonly store: Store;
  readonly committer: Committer;
  readonly clock: Clock;
}

/** A token as its owner sees it; the secret itself is shown once. */
export interface TokenRecord {
  readonly id: string;
  readonly name: string;
  readonly createdAt: number;
  readonly expiresAt: number;
}

/** The first administrator, and the tokens of theirs. */
export interface FirstAdministrator extends Authenticator {
  /** Returns the secret of a set-up link that works once and for a day; undefined when there is an administrator. */
  setupSecret(): Promise<string | undefined>;
  /** Makes the administrator; throws `identity.setup-refused` or `identity.password-weak`. */
  setUp(secret: string, name: string, password: string): Promise<void>;
  isSetUp(): Promise<boolean>;
  issueToken(
    owner: Principal,
    name: string,
    lifetimeMs: number,
  ): Promise<TokenRecord & { readonly secret: string }>;
  tokens(owner: Principal): Promise<readonly TokenRecord[]>;
  /** Tells whether it was there. */
  revokeToken(owner: Principal, id: string): Promise<boolean>;
}

// The register of those who are known belongs to the system; it is kept with the tenant that always is.
const home = 'main';
const setupMs = 24 * 3_600_000;
const provenMs = 60_000;
const recordsMax = 1_000;

function documentOf(record: RegisterRecord): ValueMap {
  const document = decodeValue(record.document);
  return isMap(document) ? document : {};
}

/** Returns what knows the first administrator. */
export function createFirstAdministrator(parts: IdentityParts): FirstAdministrator {
  const { store, committer, clock } = parts;
  const attempts = createAttempts(() => clock.elapsedMs());
  // A password takes long to check; whoever showed it a moment ago need not be stretched again.
  const proven = new Map<string, { readonly version: number; readonly until: number }>();
  const pepper = randomBytes(32);

  const write = async (
    type: string,
    actor: string,
    stream: string,
    payload: ValueMap,
    change: Pick<RegisterRecord, 'kind' | 'id' | 'version'> & { readonly document?: ValueMap },
  ): Promise<void> => {
    const { kind, id, version, document } = change;
    await committer.commit({
      entries: [
        { tenant: home, at: clock.now(), stream, type, actor, payload: encodeValue(payload) },
      ],
      ...(document === undefined
        ? { removedRegisterRecords: [{ tenant: home, kind, id }] }
        : {
            registerRecords: [
              {
                tenant: home,
                kind,
                id,
                version,
                keys: keysOf(document),
                document: encodeValue(document),
              },
            ],
          }),
    });
  };

  const administrators = (): Promise<readonly RegisterRecord[]> =>
    store.registerRecords({ tenant: home, kind: 'user', limit: recordsMax });

  const principalOf = (id: string, facts: RequestFacts, factor: string, at: number): Principal => ({
    kind: 'user',
    id,
    tenant: facts.tenant,
    roles: [{ role: 'admin', namespace: '*' }],
    groups: [],
    onBehalfOf: [],
    authentication: { factors: [factor], freshness: freshnessOf(at, clock.now()) },
  });

  const byPassword = async (text: string, facts: RequestFacts): Promise<Authenticated> => {
    const decoded = Buffer.from(text, 'base64').toString('utf8');
    const at = decoded.indexOf(':');
    const name = at < 0 ? decoded : decoded.slice(0, at);
    const password = at < 0 ? '' : decoded.slice(at + 1);
    const source = `${facts.remoteAddress} ${name.slice(0, 200)}`;
    const waitMs = Math.max(attempts.waitMs(source), attempts.waitMs(facts.remoteAddress));
    if (waitMs > 0) return { isKnown: false, reason: 'locked', retryAfterMs: waitMs };
    const [record] = await store.registerRecords({
      tenant: home,
      kind: 'user',
      key: { name: 'name', value: name },
      limit: 1,
    });
    const shown = hashOf(`${pepper.toString('hex')}:${text}`);
    const before = proven.get(shown);
    const isProven =
      record !== undefined &&
      before?.version === record.version &&
      before.until > clock.elapsedMs();
    const kept = record === undefined ? undefined : plainText(documentOf(record)['password']);
    if (!isProven && !(await isPassword(password, kept))) {
      attempts.failed(source);
      attempts.failed(facts.remoteAddress);
      return { isKnown: false, reason: 'wrong' };
    }
    if (record === undefined) return { isKnown: false, reason: 'wrong' };
    attempts.succeeded(source);
    if (!isProven) {
      if (proven.size >= recordsMax) proven.clear();
      proven.set(shown, { version: record.version, until: clock.elapsedMs() + provenMs });
    }
    return { isKnown: true, principal: principalOf(record.id, facts, 'password', clock.now()) };
  };

  const byToken = async (secret: string, facts: RequestFacts): Promise<Authenticated> => {
    const waitMs = attempts.waitMs(facts.remoteAddress);
    if (waitMs > 0) return { isKnown: false, reason: 'locked', retryAfterMs: waitMs };
    const record = isTokenForm(secret)
      ? await store.registerRecord({ tenant: home, kind: 'token', id: hashOf(secret) })
      : undefined;
    const document = record === undefined ? undefined : documentOf(record);
    if (document === undefined || Number(document['expiresAt']) <= clock.now()) {
      attempts.failed(facts.remoteAddress);
      return { isKnown: false, reason: 'wrong' };
    }
    const owner = plainText(document['owner']);
    return { isKnown: true, principal: principalOf(owner, facts, 'token', 0) };
  };

  const tokensOf = async (owner: Principal): Promise<readonly RegisterRecord[]> =>
    store.registerRecords({
      tenant: home,
      kind: 'token',
      key: { name: 'owner', value: owner.id },
      limit: recordsMax,
    });

  return {
    async authenticate(facts) {
      const match = /^(basic|bearer) +(\S{1,2000})$/i.exec(facts.authorization?.trim() ?? '');
      if (match === null) {
        const reason = facts.authorization === undefined ? 'missing' : 'wrong';
        return { isKnown: false, reason };
      }
      const [, scheme = '', text = ''] = match;
      return scheme.toLowerCase() === 'basic' ? byPassword(text, facts) : byToken(text, facts);
    },

    isSetUp: async () => (await administrators()).length > 0,

    async setupSecret() {
      if ((await administrators()).length > 0) return undefined;
      const secret = randomBytes(24).toString('base64url');
      const known = await store.registerRecord({ tenant: home, kind: 'setup-link', id: 'first' });
      await write(
        'setup-link-made',
        'system',
        'identity',
        {},
        {
          kind: 'setup-link',
          id: 'first',
          version: (known?.version ?? 0) + 1,
          document: { hash: hashOf(secret), expiresAt: clock.now() + setupMs },
        },
      );
      return secret;
    },

    async setUp(secret, name, password) {
      const refused = new Failure('identity.setup-refused', 'the set-up link is wrong or was used');
      const link = await store.registerRecord({ tenant: home, kind: 'setup-link', id: 'first' });
      if (link === undefined || (await administrators()).length > 0) throw refused;
      const document = documentOf(link);
      const isRight = document['hash'] === hashOf(secret);
      if (!isRight || Number(document['expiresAt']) <= clock.now()) throw refused;
      checkPassword(password, name);
      const id = `user:${randomBytes(12).toString('base64url')}`;
      const user = { name, password: await keepPassword(password), createdAt: clock.now() };
      const payload = { user: id, roles: ['admin'] };
      await committer.commit({
        entries: [
          {
            tenant: home,
            at: clock.now(),
            stream: 'identity',
            type: 'first-administrator-made',
            actor: id,
            payload: encodeValue(payload),
          },
        ],
        // The same write uses the link up: of two that come at once, one finds it changed.
        registerRecords: [
          {
            tenant: home,
            kind: 'setup-link',
            id: 'first',
            version: link.version + 1,
            keys: {},
            document: encodeValue({ hash: '', expiresAt: 0 }),
          },
          {
            tenant: home,
            kind: 'user',
            id,
            version: 1,
            keys: { name },
            document: encodeValue(user),
          },
        ],
      });
    },

    async issueToken(owner, name, lifetimeMs) {
      const secret = makeToken();
      const id = hashOf(secret);
      const createdAt = clock.now();
      const expiresAt = createdAt + lifetimeMs;
      const document = { owner: owner.id, name, createdAt, expiresAt };
      await write(
        'token-issued',
        owner.id,
        'identity',
        { token: id.slice(0, 16), expiresAt },
        {
          kind: 'token',
          id,
          version: 1,
          document,
        },
      );
      return { id: id.slice(0, 16), name, createdAt, expiresAt, secret };
    },

    async tokens(owner) {
      return (await tokensOf(owner)).map((record) => {
        const document = documentOf(record);
        return {
          id: record.id.slice(0, 16),
          name: plainText(document['name']),
          createdAt: Number(document['createdAt']),
          expiresAt: Number(document['expiresAt']),
        };
      });
    },

    async revokeToken(owner, id) {
      const record = (await tokensOf(owner)).find((one) => one.id.startsWith(id));
      if (record === undefined || id.length < 16) return false;
      const { kind, id: hash, version } = record;
      const payload = { token: hash.slice(0, 16) };
      await write('token-revoked', owner.id, 'identity', payload, { kind, id: hash, version });
      return true;
    },
  };
}

/** What a record is found by: the owner of a token. Names of people stay out of the entries. */
function keysOf(document: ValueMap): Record<string, string> {
  const { owner } = document;
  return typeof owner === 'string' ? { owner } : {};
}
