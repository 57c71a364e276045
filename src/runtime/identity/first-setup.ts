/**
 * The first administrator of an installation, made with a link that works once and for a day, printed at
 * the machine where the server starts.
 */
import { Failure } from '../../core/failure/index.ts';
import type { IdentityParts } from './identity-parts.ts';
import { checkPassword, keepPassword } from './passwords.ts';
import { hashOf, home, type Records } from './records.ts';
import type { Users } from './users.ts';

/** Whom the set-up makes. */
export interface FirstAdministrator {
  readonly name: string;
  readonly password: string;
  /** They build and run flows as well, until somebody else does. */
  readonly alsoRuns: boolean;
}

/** The way to the first administrator. */
export interface FirstSetup {
  /** Returns the secret of a set-up link; undefined when there is a user already. */
  setupSecret(): Promise<string | undefined>;
  /** Makes the administrator; throws `identity.setup-refused` or `identity.password-weak`. */
  setUp(secret: string, administrator: FirstAdministrator): Promise<void>;
  isSetUp(): Promise<boolean>;
}

const setupMs = 24 * 3_600_000;
const linkId = 'first';

interface SetupLink {
  readonly hash: string;
  readonly expiresAt: number;
}

/** Returns the way to the first administrator. */
export function createFirstSetup(
  { clock, random }: IdentityParts,
  records: Records,
  users: Users,
): FirstSetup {
  return {
    isSetUp: () => records.hasAny('user'),

    async setupSecret() {
      if (await records.hasAny('user')) return undefined;
      const secret = Buffer.from(random.bytes(24)).toString('base64url');
      const known = await records.find<SetupLink>('setup-link', linkId);
      const content: SetupLink = { hash: hashOf(secret), expiresAt: clock.now() + setupMs };
      await records.write(
        [{ type: 'setup-link-made', tenant: home, actor: 'system', payload: {} }],
        [{ kind: 'setup-link', id: linkId, version: known?.version ?? 0, content }],
      );
      return secret;
    },

    async setUp(secret, { name, password, alsoRuns }) {
      const refused = new Failure('identity.setup-refused', 'the set-up link is wrong or was used');
      const link = await records.find<SetupLink>('setup-link', linkId);
      if (link === undefined || (await records.hasAny('user'))) throw refused;
      const { hash, expiresAt } = link.content;
      if (hash !== hashOf(secret) || expiresAt <= clock.now()) throw refused;
      checkPassword(password, [name]);
      const held = ['admin', ...(alsoRuns ? ['builder', 'operator'] : [])];
      const roles = held.map((role) => ({ role, namespace: '*', tenant: '*' }));
      const kept = await keepPassword(password);
      // The same write uses the link up: of two that come at once, one finds it changed.
      await users.create(
        { tenant: home, name, password: kept, roles },
        '',
        'first-administrator-made',
        [
          {
            kind: 'setup-link',
            id: linkId,
            version: link.version,
            content: { hash: '', expiresAt: 0 },
          },
        ],
      );
    },
  };
}
