/**
 * Who sends a request: by session, by token, or by name and password in the header, which is for programs
 * of people without a second factor.
 *
 * INVARIANT: a cookie alone changes nothing: the request has to come from a page of this server as well.
 */
import { Failure } from '../../core/failure/index.ts';
import type { Principal } from '../../core/policy/index.ts';
import type { Authenticated, Authenticator, RequestFacts } from '../../ports/authenticator.ts';
import { type Accounts, tokenId } from './accounts.ts';
import { isTokenForm } from './api-tokens.ts';
import { createAttempts, type GuessGuard } from './attempts.ts';
import { originsOf, readCookie, setCookie } from './cookies.ts';
import type { IdentityParts } from './identity-parts.ts';
import type { Principals } from './principals.ts';
import { hashOf } from './records.ts';
import { isForgeryToken, networkOf, type Session, type Sessions } from './sessions.ts';
import { accountOf, hasSecondFactor, type SignIn } from './sign-in.ts';
import type { Users } from './users.ts';

/** What telling who sends a request needs. */
export interface AuthenticatorParts {
  readonly parts: IdentityParts;
  readonly users: Users;
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  readonly signIn: SignIn;
  readonly principals: Principals;
  readonly guard: GuessGuard;
}

const wrong: Authenticated = { isKnown: false, reason: 'wrong' };
const provenMs = 60_000;
const provenMax = 1_000;
const tokenProof = { factors: ['token'], at: 0 };
const harmless = new Set(['GET', 'HEAD', 'OPTIONS']);

function originOf({ userAgent = '', remoteAddress }: RequestFacts) {
  return { userAgent, remoteAddress };
}

/** Tells whether a request that a cookie came with was sent by a page of this server, or by no page at all. */
function isOurs(facts: RequestFacts, url: string, secret: string): boolean {
  if (harmless.has(facts.method)) return true;
  if (facts.fetchSite !== undefined && facts.fetchSite !== 'same-origin') return false;
  if (facts.origin !== undefined && !originsOf(url).includes(facts.origin)) return false;
  if (facts.fetchSite === 'same-origin' || facts.origin !== undefined) return true;
  return isForgeryToken(secret, facts.forgeryToken);
}

/** Returns what tells who sends a request. */
export function createAuthenticator(made: AuthenticatorParts): Authenticator {
  const { parts, users, accounts, sessions, signIn, principals, guard } = made;
  const { clock, random } = parts;
  // A password takes long to check; whoever showed it a moment ago need not wait again.
  const proven = new Map<string, { readonly version: number; readonly until: number }>();
  const proving = new Map<string, ReturnType<SignIn['checkPassword']>>();
  const pepper = Buffer.from(random.bytes(32)).toString('hex');

  // Counted apart from passwords: a program with an old token keeps nobody around it from signing in.
  const tokenAttempts = createAttempts({ free: 10, firstMs: 5_000, maxMs: 60_000 }, () =>
    clock.elapsedMs(),
  );
  const lockedOr = (network: string): Authenticated => {
    const waitMs = tokenAttempts.waitMs(network);
    return waitMs > 0 ? { isKnown: false, reason: 'locked', retryAfterMs: waitMs } : wrong;
  };

  const byPassword = async (text: string, facts: RequestFacts): Promise<Authenticated> => {
    const decoded = Buffer.from(text, 'base64').toString('utf8');
    const at = decoded.indexOf(':');
    const name = at < 0 ? decoded : decoded.slice(0, at);
    const password = at < 0 ? '' : decoded.slice(at + 1);
    const tenant = facts.tenant ?? 'main';
    // People of the first tenant who hold roles elsewhere sign in under their own name there too.
    const homes = [...new Set([tenant, 'main'])];
    const homeOf = async (): Promise<string> => {
      for (const one of homes) if ((await users.byName(one, name)) !== undefined) return one;
      return tenant;
    };
    const who = { tenant: await homeOf(), name, password };
    const shown = hashOf(`${pepper}:${who.tenant}:${text}`);
    const known = await users.byName(who.tenant, name);
    const before = proven.get(shown);
    const isFresh = before?.version === known?.version && (before?.until ?? 0) > clock.elapsedMs();
    let user = known;
    if (known === undefined || !isFresh) {
      // Many requests of a program that has just started are one check.
      const running = proving.get(shown) ?? signIn.checkPassword(who, originOf(facts));
      proving.set(shown, running);
      const checked = await running.finally(() => proving.delete(shown));
      if (checked === undefined) return wrong;
      if ('waitMs' in checked) {
        return { isKnown: false, reason: 'locked', retryAfterMs: checked.waitMs };
      }
      user = checked.user;
      if (proven.size >= provenMax) proven.clear();
      proven.set(shown, { version: user.version, until: clock.elapsedMs() + provenMs });
    }
    // A second factor that a header could leave out would be none.
    if (user === undefined || hasSecondFactor(user.content)) return wrong;
    guard.succeeded(facts.remoteAddress, accountOf(who));
    const principal = await principals.ofUser(user, facts.tenant, {
      factors: ['password'],
      at: clock.now(),
    });
    if (principal === undefined) return wrong;
    return { isKnown: true, principal, credential: { kind: 'password', id: '' } };
  };

  const byToken = async (secret: string, facts: RequestFacts): Promise<Authenticated> => {
    const token = isTokenForm(secret) ? await accounts.tokenOf(secret) : undefined;
    const isGood = token !== undefined && token.content.expiresAt > clock.now();
    // A token is of one tenant, which knows of it and can revoke it; its owner may be known in others.
    const principal = isGood
      ? await principals.ofOwner(token.content.owner, token.content.tenant, tokenProof)
      : undefined;
    if (token === undefined || principal === undefined) {
      const network = networkOf(facts.remoteAddress);
      const answer = lockedOr(network);
      tokenAttempts.failed(network);
      return answer;
    }
    await accounts.used(token);
    const { scopes } = token.content;
    return {
      isKnown: true,
      principal,
      credential: { kind: 'token', id: tokenId(token.id), scopes },
    };
  };

  const bySession = async (secret: string, facts: RequestFacts): Promise<Authenticated> => {
    const url = parts.url();
    const shown = await sessions.show(secret, originOf(facts));
    if (!shown.isLive) return wrong;
    if (!isOurs(facts, url, secret)) return { isKnown: false, reason: 'forged' };
    const session: Session = shown.kept.content;
    const user = await users.find(session.user, session.tenant);
    if (user === undefined) return wrong;
    const { factors, authenticatedAt: at } = session;
    const principal = await principals.ofUser(user, facts.tenant, { factors, at });
    if (principal === undefined) return wrong;
    const credential = { kind: 'session', id: shown.kept.id } as const;
    // One that was exchanged a moment ago serves the requests that were under way, and begets no other.
    if (session.authority === user.content.authority || session.exchangedAt !== null) {
      return { isKnown: true, principal, credential };
    }
    // What the user may do has changed: the session goes on under another secret.
    const { authority } = user.content;
    let next: string;
    try {
      next = await sessions.exchange(shown.kept, { authority }, 'authority');
    } catch (error) {
      // Another request of the same moment has exchanged it, and its answer carries the cookie.
      if (error instanceof Failure && error.code === 'store.conflict') {
        return { isKnown: true, principal, credential };
      }
      throw error;
    }
    return {
      isKnown: true,
      principal,
      credential: { kind: 'session', id: hashOf(next) },
      setCookie: setCookie('session', url, next, parts.sessionRules.totalMs),
    };
  };

  const stillBySession = async (id: string, tenant: string): Promise<Principal | undefined> => {
    const kept = await sessions.find(id);
    if (kept === undefined) return undefined;
    const { user: owner, factors, authenticatedAt: at, exchangedAt } = kept.content;
    if (exchangedAt !== null) return undefined;
    const isLive = (await sessions.list(owner)).some((one) => one.id === id);
    const user = isLive ? await users.find(owner, kept.content.tenant) : undefined;
    return user === undefined ? undefined : principals.ofUser(user, tenant, { factors, at });
  };

  return {
    async known({ id, tenant }, { kind, id: proof }) {
      switch (kind) {
        case 'session':
          return stillBySession(proof, tenant);
        case 'token': {
          const all = await accounts.tokens({ owner: id });
          const token = all.find((one) => tokenId(one.id) === proof);
          if (token === undefined || token.content.expiresAt <= clock.now()) return undefined;
          return principals.ofOwner(id, tenant, { factors: ['token'], at: 0 });
        }
        case 'password': {
          const user = await users.find(id);
          if (user === undefined || hasSecondFactor(user.content)) return undefined;
          return principals.ofUser(user, tenant, { factors: ['password'], at: clock.now() });
        }
      }
    },

    async authenticate(facts) {
      if (facts.authorization === undefined) {
        const secret = readCookie('session', parts.url(), facts.cookie);
        return secret === undefined
          ? { isKnown: false, reason: 'missing' }
          : bySession(secret, facts);
      }
      const match = /^(basic|bearer) +(\S{1,2000})$/i.exec(facts.authorization.trim());
      if (match === null) return wrong;
      const [, scheme = '', text = ''] = match;
      return scheme.toLowerCase() === 'basic' ? byPassword(text, facts) : byToken(text, facts);
    },
  };
}
