/** Identity over a system: with passkeys, and the login providers of the configuration. */
import { createOidcLoginProvider } from '../adapters/oidc/oidc-login-provider.ts';
import { createWebauthnPasskeys } from '../adapters/webauthn/webauthn-passkeys.ts';
import {
  createIdentity,
  type Identity,
  type ProviderRules,
  usualSessionRules,
} from '../runtime/identity/index.ts';
import type { System } from './application.ts';
import type { Configuration, ProviderSettings } from './configuration.ts';

function rulesOf(settings: ProviderSettings, url: () => string): ProviderRules {
  const { id, title, issuer, clientId, clientSecret, scopes, groupsClaim, linkClaim } = settings;
  return {
    provider: createOidcLoginProvider({
      id,
      title,
      issuer,
      clientId,
      clientSecret,
      scopes,
      neededClaims: [groupsClaim, ...(linkClaim === undefined ? [] : [linkClaim])],
      redirectUri: () => `${url()}/api/v1/login/${id}/callback`,
      afterUri: () => `${url()}/login`,
    }),
    groupsClaim,
    linkClaim,
    groupRoles: settings.groupRoles,
    isProvisioning: settings.provisioning,
    tenant: settings.tenant,
  };
}

/** Returns identity over a system; without a configuration, as the command line uses it. */
export function openIdentity(
  system: Pick<System, 'store' | 'committer' | 'clock' | 'random' | 'cipher' | 'digests'>,
  url: () => string,
  configuration?: Configuration['identity'],
): Identity {
  const { store, committer, clock, random, cipher, digests } = system;
  return createIdentity({
    store,
    committer,
    clock,
    random,
    cipher,
    digests,
    url,
    passkeys: createWebauthnPasskeys(),
    providers: (configuration?.providers ?? []).map((one) => rulesOf(one, url)),
    sessionRules: {
      ...usualSessionRules,
      ...(configuration !== undefined && {
        idleMs: configuration.sessionIdleMs,
        totalMs: configuration.sessionTotalMs,
        binding: configuration.sessionBinding,
      }),
    },
  });
}

/** Makes whoever added a tenant its first administrator, unless they are one everywhere. */
export async function giveTenant(identity: Identity, tenant: string, actor: string): Promise<void> {
  const user = await identity.users.find(actor);
  if (user === undefined || user.content.roles.some((one) => one.tenant === '*')) return;
  const role = { role: 'admin', namespace: '*', tenant };
  const event = { type: 'tenant-given', actor, payload: { tenant } };
  await identity.users.change(actor, event, ({ roles, authority }) => ({
    roles: [...roles, role],
    authority: authority + 1,
  }));
}
