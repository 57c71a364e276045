/** Signing in: uniform refusals, second factors, links, guessing. */
import { describe, expect, test } from 'vitest';
import { createIdentityWorld, type IdentityWorld } from '../../../test/support/identity-world.ts';
import { codeOf, fromBase32, stepAt } from './one-time-codes.ts';

const origin = { userAgent: 'node', remoteAddress: '192.0.2.7' };
const password = 'a lighthouse in june';
const who = { tenant: 'main', name: 'ada' };

async function withAda(world: IdentityWorld): Promise<string> {
  const id = await world.identity.users.create({ tenant: 'main', name: 'ada' }, 'test');
  const secret = await world.identity.signIn.makeLink(id, 'invitation', 'test');
  await world.identity.signIn.useLink(secret, password);
  return id;
}

async function withTotp(world: IdentityWorld, id: string) {
  const { secret } = await world.identity.signIn.beginTotp(id);
  const code = (): string => codeOf(fromBase32(secret), stepAt(world.clock.now()));
  const recovery = await world.identity.signIn.confirmTotp(id, code());
  world.clock.advance(30_000);
  return { code, recovery };
}

describe('signing in', () => {
  test('refuses a wrong name, a wrong password and a disabled user in the same words', async () => {
    const world = createIdentityWorld();
    const id = await withAda(world);
    const { signIn, users } = world.identity;
    const said = async (name: string, given: string) => {
      const error = await signIn
        .byPassword({ tenant: 'main', name }, { password: given }, origin)
        .catch((caught: unknown) => caught);
      return JSON.stringify([String(error), (error as { details?: unknown }).details]);
    };
    const first = await said('nobody', password);
    expect(await said('ada', 'wrong')).toBe(first);
    await users.change(id, { type: 'user-disabled', actor: 'test' }, () => ({ isDisabled: true }));
    expect(await said('ADA', password)).toBe(first);
  });

  test('asks for the second factor, and takes each code once', async () => {
    const world = createIdentityWorld();
    const { signIn } = world.identity;
    const { code, recovery } = await withTotp(world, await withAda(world));
    await expect(signIn.byPassword(who, { password }, origin)).rejects.toMatchObject({
      code: 'identity.factor-needed',
      details: { needs: ['totp', 'recovery-code'] },
    });
    const shown = { password, code: code() };
    const both = await Promise.allSettled([
      signIn.byPassword(who, shown, origin),
      signIn.byPassword(who, shown, origin),
    ]);
    expect(both.map((one) => one.status).toSorted()).toEqual(['fulfilled', 'rejected']);
    const rescue = { password, code: recovery[0] };
    const { factors } = await signIn.byPassword(who, rescue, origin);
    expect(factors).toEqual(['password', 'recovery-code']);
    await expect(signIn.byPassword(who, rescue, origin)).rejects.toThrow();
  });

  test('steps up by a code and gives the session another secret', async () => {
    const world = createIdentityWorld();
    const { signIn, sessions } = world.identity;
    const { code } = await withTotp(world, await withAda(world));
    const { secret } = await signIn.byPassword(who, { password, code: code() }, origin);
    world.clock.advance(20 * 60_000);
    const shown = await sessions.show(secret, origin);
    if (!shown.isLive) throw new Error('the session is gone');
    await expect(signIn.stepUp(shown.kept, { password }, origin)).rejects.toMatchObject({
      code: 'identity.factor-needed',
    });
    const after = await signIn.stepUp(shown.kept, { code: code() }, origin);
    expect(after.secret).not.toBe(secret);
    expect((await sessions.show(secret, origin)).isLive).toBe(false);
    const next = await sessions.show(after.secret, origin);
    expect(next).toMatchObject({ kept: { content: { authenticatedAt: world.clock.now() } } });
  });

  test('slows guessing down, and lets the owner in from where they always are', async () => {
    const world = createIdentityWorld();
    await withAda(world);
    const { signIn } = world.identity;
    await signIn.byPassword(who, { password }, origin);
    const codes: string[] = [];
    for (let tries = 0; tries < 40; tries += 1) {
      const stranger = { userAgent: 'x', remoteAddress: `198.51.${tries}.1` };
      const error: unknown = await signIn
        .checkPassword({ ...who, password: 'wrong' }, stranger)
        .catch((caught: unknown) => caught);
      codes.push(error === undefined ? 'wrong' : 'waits');
    }
    expect(codes.slice(0, 30)).not.toContain('waits');
    expect(codes.at(-1)).toBe('waits');
    expect((await signIn.byPassword(who, { password }, origin)).user).toMatch(/^user:/);
    world.clock.advance(61_000);
    const fresh = { userAgent: 'x', remoteAddress: '203.0.113.9' };
    expect((await signIn.byPassword(who, { password }, fresh)).user).toMatch(/^user:/);
  }, 20_000);

  test('uses a link once; a reset takes sessions, tokens and factors away', async () => {
    const world = createIdentityWorld();
    const { signIn, sessions, users, accounts } = world.identity;
    const id = await withAda(world);
    await withTotp(world, id);
    const begun = {
      user: id,
      tenant: 'main',
      factors: [],
      authority: 1,
      idToken: null,
      provider: null,
    };
    const session = await sessions.begin(begun, origin);
    const scopes = [{ actions: ['*'], namespaces: ['*'] }];
    const draft = { owner: id, tenant: 'main', name: 'ci', scopes, lifetimeMs: 86_400_000 };
    const { secret: token } = await accounts.issue(draft, id);
    const old = await signIn.makeLink(id, 'reset', 'test');
    const link = await signIn.makeLink(id, 'reset', 'test');
    await expect(signIn.useLink(old, 'the other side of may')).rejects.toThrow(/link/);
    await expect(signIn.useLink(link, 'short')).rejects.toThrow(/password/);
    const both = await Promise.allSettled([
      signIn.useLink(link, 'the other side of may'),
      signIn.useLink(link, 'another side of it all'),
    ]);
    expect(both.map((one) => one.status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect((await sessions.show(session, origin)).isLive).toBe(false);
    expect(await accounts.tokenOf(token)).toBeUndefined();
    expect((await users.find(id))?.content.totp).toBeNull();
    world.clock.advance(25 * 3_600_000);
    const late = await signIn.makeLink(id, 'reset', 'test');
    world.clock.advance(25 * 3_600_000);
    await expect(signIn.useLink(late, password)).rejects.toThrow(/link/);
  });

  test('names nobody in the entries', async () => {
    const world = createIdentityWorld();
    const { users } = world.identity;
    const id = await users.create(
      { tenant: 'main', name: 'grace', displayName: 'Grace Hopper', mail: 'grace@example.org' },
      'test',
    );
    await users.change(id, { type: 'user-changed', actor: 'test' }, () => ({ name: 'hopper' }));
    expect(await world.entries()).not.toMatch(/grace|hopper/i);
    expect(await users.byName('main', 'GRACE')).toBeUndefined();
    expect((await users.byName('main', 'Hopper'))?.id).toBe(id);
    await expect(users.create({ tenant: 'main', name: 'HOPPER' }, 'test')).rejects.toMatchObject({
      code: 'identity.name-taken',
    });
    expect(await users.create({ tenant: 'other', name: 'hopper' }, 'test')).toMatch(/^user:/);
  });
});
