/** What knowing who somebody is needs of the world: store, clock, chance, keys, providers. */
import type { Cipher, Digests } from '../../ports/cipher.ts';
import type { Clock } from '../../ports/clock.ts';
import type { LoginProvider } from '../../ports/login-provider.ts';
import type { Passkeys } from '../../ports/passkeys.ts';
import type { Random } from '../../ports/random.ts';
import type { Store } from '../../ports/store.ts';
import type { Committer } from '../committer/index.ts';
import type { SessionRules } from './session-rules.ts';

/** How a login provider's people become users. */
export interface ProviderRules {
  readonly provider: LoginProvider;
  /** The claim that names groups. */
  readonly groupsClaim: string;
  /** The claim that holds what a directory calls the same person; undefined: nobody is linked. */
  readonly linkClaim: string | undefined;
  /** Which roles members of a group hold, and where. */
  readonly groupRoles: readonly {
    readonly group: string;
    readonly role: string;
    readonly namespace: string;
  }[];
  /** Whether somebody unknown becomes a user at the first sign-in. */
  readonly isProvisioning: boolean;
  readonly tenant: string;
}

/** What knowing who somebody is needs of the world. */
export interface IdentityParts {
  readonly store: Pick<Store, 'registerRecord' | 'registerRecords'>;
  readonly committer: Pick<Committer, 'commit'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly cipher: Cipher;
  readonly digests: Digests;
  /** Where people reach the server; passkeys and cookies are bound to it. */
  readonly url: () => string;
  readonly passkeys: Passkeys;
  readonly providers: readonly ProviderRules[];
  readonly sessionRules: SessionRules;
}
