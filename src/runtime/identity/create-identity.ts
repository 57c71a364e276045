/**
 * Everything about who somebody is, wired together over one store: users and groups, accounts and tokens,
 * sessions, signing in, the first set-up, and the one question of each request.
 */
import { Failure } from '../../core/failure/index.ts';
import type { Authenticator } from '../../ports/authenticator.ts';
import { type Accounts, createAccounts } from './accounts.ts';
import { createGuessGuard } from './attempts.ts';
import { createAuthenticator } from './authenticate.ts';
import { createFirstSetup, type FirstSetup } from './first-setup.ts';
import type { IdentityParts } from './identity-parts.ts';
import { createPrincipals, type Principals } from './principals.ts';
import { createRecords } from './records.ts';
import { createSessions, networkOf, type Session, type Sessions } from './sessions.ts';
import { createSignIn, type SignIn } from './sign-in.ts';
import { createUsers, type Users } from './users.ts';

/** Everything about who somebody is. */
export interface Identity extends Authenticator, FirstSetup {
  readonly users: Users;
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  readonly signIn: SignIn;
  readonly principals: Principals;
  /** Where people reach the server. */
  readonly url: () => string;
  readonly sessionMs: number;
  /** The providers that people may sign in with. */
  readonly providers: readonly { readonly id: string; readonly title: string }[];
  /** Returns where to sign out at the provider of a session; undefined where there is none or it does not answer. */
  endUrl(session: Session): Promise<string | undefined>;
}

/** Returns everything about who somebody is. */
export function createIdentity(parts: IdentityParts): Identity {
  const records = createRecords(parts);
  const users = createUsers(parts, records);
  const accounts = createAccounts(parts, records);
  const sessions = createSessions(parts, records);
  const guard = createGuessGuard(networkOf, () => parts.clock.elapsedMs());
  const signIn = createSignIn(parts, records, users, sessions, guard);
  const principals = createPrincipals(parts, users, accounts);
  return {
    users,
    accounts,
    sessions,
    signIn,
    principals,
    url: parts.url,
    sessionMs: parts.sessionRules.totalMs,
    providers: parts.providers.map(({ provider: { id, title } }) => ({ id, title })),
    async endUrl({ provider, idToken }) {
      const rules = parts.providers.find((one) => one.provider.id === provider);
      if (rules === undefined || idToken === null) return undefined;
      try {
        return await rules.provider.endUrl(parts.cipher.decrypt(idToken));
      } catch (error) {
        const isAway = error instanceof Failure && error.code === 'identity.provider-unreachable';
        if (isAway) return undefined;
        throw error;
      }
    },
    ...createFirstSetup(parts, records, users),
    ...createAuthenticator({ parts, users, accounts, sessions, signIn, principals, guard }),
  };
}
