/**
 * Signing in, proving it again, and the factors somebody has: password, authenticator app, recovery codes,
 * passkeys, a provider. Each way ends in a session that says what it was proven with.
 *
 * INVARIANT: whoever has a second factor is signed in by a password only together with it; a wrong name, a
 * wrong password and a disabled user look the same and take as long.
 */
import { Failure } from '../../core/failure/index.ts';
import type { LoginChecks, ProvenClaims } from '../../ports/login-provider.ts';
import type { GuessGuard } from './attempts.ts';
import type { IdentityParts, ProviderRules } from './identity-parts.ts';
import {
  base32,
  fromBase32,
  keptRecoveryCode,
  makeRecoveryCodes,
  matchingStep,
  otpauthUri,
} from './one-time-codes.ts';
import { checkPassword, isKeptWeakly, isPassword, keepPassword } from './passwords.ts';
import { hashOf, type Kept, type Records } from './records.ts';
import type { Origin, Session, Sessions } from './sessions.ts';
import { endAll, foldName, type TenantRole, type User, type Users } from './users.ts';

/** Somebody who has just signed in. */
export interface SignedIn {
  readonly user: string;
  readonly tenant: string;
  /** What the cookie holds. */
  readonly secret: string;
  readonly factors: readonly string[];
}

/** Where somebody signs in, and the session that their browser holds already: it ends. */
export interface Browser extends Origin {
  readonly session?: string | undefined;
}

/** What somebody shows. */
export interface ShownFactors {
  readonly password?: string | undefined;
  /** Of the authenticator app, or a recovery code. */
  readonly code?: string | undefined;
  /** The answer of a passkey to the challenge of `attempt`. */
  readonly passkey?: { readonly attempt: string; readonly response: unknown } | undefined;
}

/** Signing in, and the factors somebody has. */
export interface SignIn {
  /** Throws `identity.wrong`, `identity.locked`, `identity.factor-needed`. */
  byPassword(
    who: { readonly tenant: string; readonly name: string },
    shown: ShownFactors,
    origin: Browser,
  ): Promise<SignedIn>;
  /** Returns the user whose name and password are right, without a session; for who has no second factor. */
  checkPassword(
    who: { readonly tenant: string; readonly name: string; readonly password: string },
    origin: Origin,
  ): Promise<{ readonly user: Kept<User> } | { readonly waitMs: number } | undefined>;
  beginPasskey(user?: string): Promise<{ readonly attempt: string; readonly options: unknown }>;
  byPasskey(shown: NonNullable<ShownFactors['passkey']>, origin: Browser): Promise<SignedIn>;
  /** Throws `identity.not-found` for a provider that is not there. */
  beginProvider(
    id: string,
    options?: {
      readonly isStepUp?: boolean;
      /** Where the person wants to go afterwards; kept here and given back. */
      readonly to?: string | undefined;
    },
  ): Promise<{ readonly url: string; readonly browser: string }>;
  /** Throws `identity.wrong` for whatever is wrong. */
  byProvider(
    id: string,
    address: string,
    browser: string | undefined,
    origin: Browser,
  ): Promise<SignedIn & { readonly to: string | undefined }>;
  /** Proves again who somebody is; gives another session. */
  stepUp(session: Kept<Session>, shown: ShownFactors, origin: Origin): Promise<SignedIn>;

  /** Begins an authenticator app; gives its secret once. */
  beginTotp(user: string): Promise<{ readonly secret: string; readonly uri: string }>;
  /** Takes it into use with its first code; gives recovery codes once. */
  confirmTotp(user: string, code: string): Promise<readonly string[]>;
  removeTotp(user: string): Promise<void>;
  makeRecoveryCodes(user: string): Promise<readonly string[]>;
  beginNewPasskey(user: string): Promise<{ readonly attempt: string; readonly options: unknown }>;
  addPasskey(user: string, attempt: string, title: string, response: unknown): Promise<string>;
  removePasskey(user: string, id: string): Promise<void>;
  changePassword(user: string, old: string, password: string, origin: Origin): Promise<void>;

  /** Makes a link that works once: for who was invited, or has lost what they sign in with. */
  makeLink(user: string, purpose: 'invitation' | 'reset', actor: string): Promise<string>;
  /** Sets the password of whoever has such a link. Throws `identity.link-refused`, `identity.password-weak`. */
  useLink(secret: string, password: string): Promise<void>;
}

interface Pending {
  readonly until: number;
  readonly challenge?: string;
  readonly user?: string;
  readonly checks?: LoginChecks;
  readonly provider?: string;
  readonly browser?: string;
  readonly to?: string;
}

const pendingMs = 10 * 60_000;
const pendingMax = 10_000;
const invitationMs = 7 * 24 * 3_600_000;
const resetMs = 24 * 3_600_000;
const issuerTitle = 'Sluice';

/** Tells whether an ID token fits into an address, which is what it is kept for. */
function isHint(idToken: string | undefined): idToken is string {
  return idToken !== undefined && idToken.length <= 4_096;
}

function wrong(): Failure {
  return new Failure('identity.wrong', 'the name, password, code or token is wrong');
}

/** The refusal of a new factor: whoever shows it stays signed in. */
function refused(): Failure {
  return new Failure(
    'identity.proof-refused',
    'the code or passkey is not right, or came too late',
  );
}

/** Returns under which name attempts for somebody are counted. */
export function accountOf({
  tenant,
  name,
}: {
  readonly tenant: string;
  readonly name: string;
}): string {
  return `${tenant}/${foldName(name).slice(0, 200)}`;
}

function locked(waitMs: number): Failure {
  return new Failure('identity.locked', 'too many attempts failed', {
    details: { retryAfterMs: waitMs },
  });
}

/** Tells whether a user has something beyond a password. */
export function hasSecondFactor(user: User): boolean {
  return user.totp !== null || user.passkeys.length > 0;
}

function factorNeeded(user: User): Failure {
  const needs = [
    ...(user.totp === null ? [] : ['totp']),
    ...(user.recoveryCodes.length > 0 ? ['recovery-code'] : []),
    ...(user.passkeys.length > 0 ? ['passkey'] : []),
  ];
  return new Failure('identity.factor-needed', 'a second factor is needed', {
    details: { needs },
  });
}

/** Returns a claim that is a short text in one line; anything else is as if it were not there. */
function ownText(claims: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = Object.hasOwn(claims, name) ? claims[name] : undefined;
  return typeof value === 'string' && /^[^\p{C}]{1,200}$/u.test(value) ? value : undefined;
}

/** Returns the roles that a provider's claims give: groups that are a list of texts, and nothing else. */
function rolesOf(
  { groupsClaim, groupRoles, tenant }: ProviderRules,
  claims: Readonly<Record<string, unknown>>,
): readonly TenantRole[] {
  const shown = Object.hasOwn(claims, groupsClaim) ? claims[groupsClaim] : undefined;
  const groups = new Set<unknown>(Array.isArray(shown) ? shown : []);
  return groupRoles
    .filter(({ group }) => groups.has(group))
    .map(({ role, namespace }) => ({ role, namespace, tenant }));
}

/** Returns what signs people in. */
export function createSignIn(
  parts: IdentityParts,
  records: Records,
  users: Users,
  sessions: Sessions,
  guard: GuessGuard,
): SignIn {
  const { clock, random, cipher, passkeys, providers } = parts;
  const pending = new Map<string, Pending>();
  const place = () => ({ url: parts.url() });
  const inTurn = <T>(account: string, origin: Origin, act: () => Promise<T>): Promise<T> =>
    guard.inTurn(origin.remoteAddress, account, act);

  const remember = (what: Omit<Pending, 'until'>, id = random.id()): string => {
    const now = clock.now();
    for (const [key, { until }] of pending) {
      if (until > now && pending.size < pendingMax) break;
      pending.delete(key);
    }
    pending.set(id, { ...what, until: now + pendingMs });
    return id;
  };
  const recall = (id: string): Pending | undefined => {
    const found = pending.get(id);
    pending.delete(id);
    return found !== undefined && found.until > clock.now() ? found : undefined;
  };

  const begin = async (
    user: Kept<User>,
    factors: readonly string[],
    origin: Browser,
    provider?: {
      readonly id: string;
      readonly idToken: string;
      readonly authenticatedAt: number;
    },
  ): Promise<SignedIn> => {
    const { tenant, authority } = user.content;
    const secret = await sessions.begin(
      {
        user: user.id,
        tenant,
        factors,
        authority,
        provider: provider?.id ?? null,
        idToken: isHint(provider?.idToken) ? cipher.encrypt(provider.idToken) : null,
        ...(provider !== undefined && { authenticatedAt: provider.authenticatedAt }),
      },
      origin,
      origin.session,
    );
    return { user: user.id, tenant, secret, factors };
  };

  /** Uses a code up; gives the factor that it is, undefined when it is wrong. */
  const useCode = async (
    id: string,
    code: string,
  ): Promise<'totp' | 'recovery-code' | undefined> => {
    let factor: 'totp' | 'recovery-code' | undefined;
    const kept = keptRecoveryCode(code);
    const unchanged = new Error('unchanged');
    try {
      await users.change(id, { type: 'second-factor-used', actor: id }, (user) => {
        // Looked at again in each attempt to write: of two equal codes at once, one is too late.
        factor = undefined;
        if (user.totp !== null) {
          const secret = fromBase32(cipher.decrypt(user.totp.secret));
          const step = matchingStep(secret, code, clock.now(), user.totp.lastStep);
          if (step !== undefined) {
            factor = 'totp';
            return { totp: { ...user.totp, lastStep: step } };
          }
        }
        if (!user.recoveryCodes.includes(kept)) throw unchanged;
        factor = 'recovery-code';
        return { recoveryCodes: user.recoveryCodes.filter((one) => one !== kept) };
      });
    } catch (error) {
      if (error !== unchanged) throw error;
    }
    return factor;
  };

  const usePasskey = async (
    { attempt, response }: NonNullable<ShownFactors['passkey']>,
    only?: string,
  ): Promise<Kept<User> | undefined> => {
    const begun = recall(attempt);
    if (begun?.challenge === undefined || begun.checks !== undefined) return undefined;
    const shown = response as { id?: unknown; response?: { userHandle?: unknown } } | null;
    const handle = shown?.response?.userHandle;
    const named = typeof handle === 'string' ? Buffer.from(handle, 'base64url').toString() : '';
    const id = begun.user ?? named;
    if (only !== undefined && id !== only) return undefined;
    const user = id.startsWith('user:') ? await users.find(id) : undefined;
    const passkey = user?.content.passkeys.find((one) => one.id === shown?.id);
    if (user === undefined || passkey === undefined || user.content.isDisabled) return undefined;
    const used = await passkeys.used(place(), begun.challenge, response, passkey);
    if (used === undefined) return undefined;
    await users.change(id, { type: 'second-factor-used', actor: id }, ({ passkeys: all }) => ({
      passkeys: all.map((one) => (one.id === used.id ? { ...one, counter: used.counter } : one)),
    }));
    return users.find(id);
  };

  const check: SignIn['checkPassword'] = async ({ tenant, name, password }, origin) => {
    const account = accountOf({ tenant, name });
    const waitMs = guard.waitMs(origin.remoteAddress, account);
    if (waitMs > 0) return { waitMs };
    const user = await users.byName(tenant, name);
    const isRight = await isPassword(password, user?.content.password ?? null);
    if (!isRight || user === undefined || user.content.isDisabled) {
      guard.failed(origin.remoteAddress, account);
      return undefined;
    }
    return { user };
  };

  const ruleOf = (id: string): ProviderRules => {
    const found = providers.find(({ provider }) => provider.id === id);
    if (found !== undefined) return found;
    throw new Failure('identity.not-found', 'there is no such provider');
  };

  /** Returns the user whom a provider names: who came before, or whom the directory calls the same. */
  const knownBy = async (
    { tenant, linkClaim }: ProviderRules,
    { issuer, subject, claims }: ProvenClaims,
  ): Promise<Kept<User> | undefined> => {
    const before = await users.bySubject(tenant, issuer, subject);
    if (before !== undefined || linkClaim === undefined) return before;
    const external = ownText(claims, linkClaim);
    if (external === undefined) return undefined;
    const named = await users.byExternalId(tenant, external);
    const [only] = named;
    if (only === undefined) return undefined;
    // Two of one name, or one whom this provider knows under another subject: nobody is guessed.
    const isOther = only.content.subjects.some((one) => one.issuer === issuer);
    if (named.length > 1 || isOther || only.content.isDisabled) throw wrong();
    await users.addSubject(only.id, { issuer, subject });
    return users.find(only.id);
  };

  const makeUser = async (
    { tenant }: ProviderRules,
    { issuer, subject, claims }: ProvenClaims,
    claimRoles: readonly TenantRole[],
  ): Promise<string> => {
    const wanted = ['preferred_username', 'name']
      .map((name) => ownText(claims, name))
      .find((one) => one !== undefined && /^[^\s:]{1,80}$/u.test(one));
    const plain = wanted ?? `person-${random.id().slice(0, 8)}`;
    // A name that is taken belongs to somebody else: people are told apart by issuer and subject alone.
    const isTaken = (await users.byName(tenant, plain)) !== undefined;
    // Mail goes where somebody has shown that it reaches them, and nowhere else.
    const mail = claims['email_verified'] === true ? ownText(claims, 'email') : undefined;
    return users.create(
      {
        tenant,
        name: isTaken ? `${plain}-${random.id().slice(0, 6)}` : plain,
        displayName: ownText(claims, 'name') ?? plain,
        mail: mail ?? null,
        subject: { issuer, subject },
        claimRoles,
      },
      '',
      'user-provisioned',
    );
  };

  return {
    checkPassword: (who, origin) => inTurn(accountOf(who), origin, () => check(who, origin)),

    byPassword: (who, shown, origin) =>
      inTurn(accountOf(who), origin, async () => {
        const account = accountOf(who);
        const checked = await check({ ...who, password: shown.password ?? '' }, origin);
        if (checked === undefined) throw wrong();
        if ('waitMs' in checked) throw locked(checked.waitMs);
        const { user } = checked;
        const factors = ['password'];
        if (hasSecondFactor(user.content)) {
          if (shown.passkey !== undefined) {
            const isShown = (await usePasskey(shown.passkey, user.id)) !== undefined;
            if (!isShown) {
              guard.failed(origin.remoteAddress, account);
              throw wrong();
            }
            factors.push('passkey');
          } else if (shown.code === undefined) {
            throw factorNeeded(user.content);
          } else {
            const factor = await useCode(user.id, shown.code);
            if (factor === undefined) {
              guard.failed(origin.remoteAddress, account);
              throw wrong();
            }
            factors.push(factor);
          }
        }
        guard.succeeded(origin.remoteAddress, account);
        if (user.content.password !== null && isKeptWeakly(user.content.password)) {
          const password = await keepPassword(shown.password ?? '');
          const event = { type: 'password-kept-anew', actor: user.id };
          await users.change(user.id, event, () => ({ password }));
        }
        return begin(user, factors, origin);
      }),

    async beginPasskey(user) {
      const known = user === undefined ? [] : ((await users.find(user))?.content.passkeys ?? []);
      const { options, challenge } = await passkeys.use(place(), known);
      return { attempt: remember({ challenge, ...(user !== undefined && { user }) }), options };
    },

    byPasskey: (shown, origin) =>
      inTurn('', origin, async () => {
        const waitMs = guard.waitMs(origin.remoteAddress, '');
        if (waitMs > 0) throw locked(waitMs);
        const user = await usePasskey(shown);
        if (user === undefined) {
          guard.failed(origin.remoteAddress, '');
          throw wrong();
        }
        return begin(user, ['passkey'], origin);
      }),

    async beginProvider(id, options) {
      const { provider } = ruleOf(id);
      const { url, checks } = await provider.begin(options);
      const browser = Buffer.from(random.bytes(24)).toString('base64url');
      const to = options?.to;
      const kept = { checks, provider: id, browser: hashOf(browser) };
      remember({ ...kept, ...(to !== undefined && { to }) }, checks.state);
      return { url, browser };
    },

    async byProvider(id, address, browser, origin) {
      const rules = ruleOf(id);
      const state = new URL(address).searchParams.get('state') ?? '';
      const begun = recall(state);
      // The one who comes back is the one who left, from the same browser, to the same provider.
      const isSame =
        begun?.checks !== undefined &&
        begun.provider === id &&
        browser !== undefined &&
        begun.browser === hashOf(browser);
      if (!isSame || begun.checks === undefined) throw wrong();
      const proven = await rules.provider.complete(address, begun.checks);
      if (proven === undefined) throw wrong();
      const { claims } = proven;
      const claimRoles = rolesOf(rules, claims);
      const known = await knownBy(rules, proven);
      if (known === undefined && !rules.isProvisioning) throw wrong();
      if (known?.content.isDisabled === true) throw wrong();
      let user = known?.id;
      if (user === undefined) {
        user = await makeUser(rules, proven, claimRoles);
      } else if (JSON.stringify(known?.content.claimRoles) !== JSON.stringify(claimRoles)) {
        const event = { type: 'user-claims-changed', actor: user, payload: { roles: claimRoles } };
        await users.change(user, event, ({ authority }) => ({
          claimRoles,
          authority: authority + 1,
        }));
      }
      const kept = await users.find(user);
      if (kept === undefined) throw wrong();
      const factors = proven.isManyFactors ? ['oidc', 'mfa'] : ['oidc'];
      const { idToken, authenticatedAt } = proven;
      const made = await begin(kept, factors, origin, { id, idToken, authenticatedAt });
      return { ...made, to: begun.to };
    },

    async stepUp(session, shown, origin) {
      const user = await users.find(session.content.user);
      if (user === undefined || user.content.isDisabled) throw wrong();
      const account = accountOf(user.content);
      return inTurn(account, origin, async () => {
        const waitMs = guard.waitMs(origin.remoteAddress, account);
        if (waitMs > 0) throw locked(waitMs);
        let factor: string | undefined;
        if (shown.passkey !== undefined) {
          factor = (await usePasskey(shown.passkey, user.id)) === undefined ? undefined : 'passkey';
        } else if (shown.code !== undefined) {
          factor = await useCode(user.id, shown.code);
        } else if (hasSecondFactor(user.content)) {
          throw factorNeeded(user.content);
        } else if (await isPassword(shown.password ?? '', user.content.password)) {
          factor = 'password';
        }
        if (factor === undefined) {
          guard.failed(origin.remoteAddress, account);
          throw wrong();
        }
        guard.succeeded(origin.remoteAddress, account);
        const factors = [...new Set([...session.content.factors, factor])];
        const change = { factors, authenticatedAt: clock.now() };
        const secret = await sessions.exchange(session, change, 'step-up');
        return { user: user.id, tenant: user.content.tenant, secret, factors };
      });
    },

    async beginTotp(id) {
      const secret = base32(random.bytes(20));
      const event = { type: 'authenticator-begun', actor: id };
      const user = await users.change(id, event, () => ({ pendingTotp: cipher.encrypt(secret) }));
      return { secret, uri: otpauthUri(secret, issuerTitle, user.name) };
    },

    async confirmTotp(id, code) {
      const { codes, kept } = makeRecoveryCodes();
      await users.change(id, { type: 'authenticator-added', actor: id }, (user) => {
        if (user.pendingTotp === null) throw refused();
        const secret = fromBase32(cipher.decrypt(user.pendingTotp));
        const step = matchingStep(secret, code, clock.now(), -1);
        if (step === undefined) throw refused();
        return {
          totp: { secret: user.pendingTotp, lastStep: step },
          pendingTotp: null,
          recoveryCodes: kept,
        };
      });
      return codes;
    },

    async removeTotp(id) {
      await users.change(id, { type: 'authenticator-removed', actor: id }, (user) => ({
        totp: null,
        pendingTotp: null,
        ...(user.passkeys.length === 0 && { recoveryCodes: [] }),
        authority: user.authority + 1,
      }));
    },

    async makeRecoveryCodes(id) {
      const { codes, kept } = makeRecoveryCodes();
      const event = { type: 'recovery-codes-made', actor: id };
      await users.change(id, event, () => ({ recoveryCodes: kept }));
      return codes;
    },

    async beginNewPasskey(id) {
      const user = await users.find(id);
      if (user === undefined) throw wrong();
      const { name, passkeys: known } = user.content;
      const { options, challenge } = await passkeys.creation(place(), { id, name, known });
      return { attempt: remember({ challenge, user: id }), options };
    },

    async addPasskey(id, attempt, title, response) {
      const begun = recall(attempt);
      if (begun?.challenge === undefined || begun.user !== id) throw refused();
      const made = await passkeys.created(place(), begun.challenge, response);
      if (made === undefined) throw refused();
      const event = { type: 'passkey-added', actor: id };
      await users.change(id, event, (user) => {
        if (user.passkeys.some((one) => one.id === made.id)) throw refused();
        return { passkeys: [...user.passkeys, { ...made, title, at: clock.now() }] };
      });
      return made.id;
    },

    async removePasskey(id, passkey) {
      await users.change(id, { type: 'passkey-removed', actor: id }, (user) => {
        const left = user.passkeys.filter((one) => one.id !== passkey);
        if (left.length === user.passkeys.length) {
          throw new Failure('identity.not-found', 'there is no such passkey');
        }
        return { passkeys: left, authority: user.authority + 1 };
      });
    },

    async changePassword(id, old, password, origin) {
      const user = await users.find(id);
      if (user === undefined) throw wrong();
      const { tenant, name, displayName, mail } = user.content;
      const account = accountOf({ tenant, name });
      await inTurn(account, origin, async () => {
        const waitMs = guard.waitMs(origin.remoteAddress, account);
        if (waitMs > 0) throw locked(waitMs);
        if (await isPassword(old, user.content.password)) return;
        guard.failed(origin.remoteAddress, account);
        throw wrong();
      });
      checkPassword(password, [name, displayName, mail ?? '']);
      const kept = await keepPassword(password);
      await users.change(id, { type: 'password-changed', actor: id }, ({ authority }) => ({
        password: kept,
        authority: authority + 1,
      }));
    },

    async makeLink(id, purpose, actor) {
      const user = await users.find(id);
      if (user === undefined) throw new Failure('identity.not-found', 'there is no such user');
      const secret = Buffer.from(random.bytes(24)).toString('base64url');
      const expiresAt = clock.now() + (purpose === 'reset' ? resetMs : invitationMs);
      const others = await records.list('one-time-link', 'user', id);
      await records.write(
        [
          {
            type: `${purpose}-link-made`,
            tenant: user.content.tenant,
            actor,
            payload: { user: id, expiresAt },
          },
        ],
        [
          ...others.map((one) => ({ kind: 'one-time-link', id: one.id, isRemoved: true }) as const),
          {
            kind: 'one-time-link',
            id: hashOf(secret),
            version: 0,
            content: { user: id, purpose, expiresAt },
            keys: { user: id },
          },
        ],
      );
      return secret;
    },

    async useLink(secret, password) {
      const refused = new Failure('identity.link-refused', 'the link is wrong, old or was used');
      type Link = { user: string; purpose: 'invitation' | 'reset'; expiresAt: number };
      const link = await records.find<Link>('one-time-link', hashOf(secret));
      if (link === undefined || link.content.expiresAt <= clock.now()) throw refused;
      const id = link.content.user;
      const user = await users.find(id);
      if (user === undefined || user.content.isDisabled) throw refused;
      const { name, displayName, mail } = user.content;
      checkPassword(password, [name, displayName, mail ?? '']);
      const kept = await keepPassword(password);
      const isReset = link.content.purpose === 'reset';
      await users.change(
        id,
        { type: isReset ? 'access-reset' : 'invitation-accepted', actor: id },
        (now) => ({
          password: kept,
          authority: now.authority + 1,
          // Who resets has lost what they had; they begin with a password and add factors anew.
          ...(isReset && { totp: null, pendingTotp: null, recoveryCodes: [], passkeys: [] }),
        }),
        async () => {
          // Looked at in each attempt to write: of two that come at once, one finds it gone.
          if ((await records.find('one-time-link', link.id)) === undefined) throw refused;
          return endAll(records, id);
        },
      );
    },
  };
}
