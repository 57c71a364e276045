/** Signing out at a provider: where there is one that answers; the session here is over either way. */
import { expect, test } from 'vitest';
import { createIdentityWorld } from '../../../test/support/identity-world.ts';
import { Failure } from '../../core/failure/index.ts';
import type { LoginProvider } from '../../ports/login-provider.ts';

const origin = { userAgent: 'node', remoteAddress: '192.0.2.7' };

function worldWith(endUrl: LoginProvider['endUrl']) {
  const nothing = async () => {
    throw new Error('nobody signs in here');
  };
  const provider: LoginProvider = {
    id: 'corporate',
    title: 'Corporate',
    begin: nothing,
    complete: nothing,
    endUrl,
  };
  const rules = { groupsClaim: 'groups', linkClaim: undefined, groupRoles: [], tenant: 'main' };
  return createIdentityWorld({ providers: [{ ...rules, provider, isProvisioning: true }] });
}

async function endUrlOf(endUrl: LoginProvider['endUrl']): Promise<string | undefined> {
  const { identity } = worldWith(endUrl);
  const secret = await identity.sessions.begin(
    {
      user: 'user:ada',
      tenant: 'main',
      factors: ['oidc'],
      authority: 1,
      provider: 'corporate',
      idToken: `sealed:${Buffer.from('token').toString('base64')}`,
    },
    origin,
  );
  const shown = await identity.sessions.show(secret, origin);
  if (!shown.isLive) throw new Error('the session is gone');
  return identity.endUrl(shown.kept.content);
}

test('a provider is told who signs out, and one that does not answer stops nobody', async () => {
  expect(await endUrlOf(async (token) => `https://login.example/end?hint=${token}`)).toBe(
    'https://login.example/end?hint=token',
  );
  const away = async () => {
    throw new Failure('identity.provider-unreachable', 'the provider does not answer');
  };
  expect(await endUrlOf(away)).toBeUndefined();
  await expect(
    endUrlOf(async () => {
      throw new Error('a bug');
    }),
  ).rejects.toThrow('a bug');
});
