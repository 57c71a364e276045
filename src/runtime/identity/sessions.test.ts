/** Sessions: their ends, what they are bound to, and what a copied cookie comes to. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createIdentityWorld } from '../../../test/support/identity-world.ts';
import { browserOf, networkOf } from './sessions.ts';

const origin = {
  userAgent: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36',
  remoteAddress: '192.0.2.7',
};
const start = {
  user: 'user:ada',
  tenant: 'main',
  factors: ['password'],
  authority: 1,
  idToken: null,
  provider: null,
};

describe('a session', () => {
  test('has another secret each time, also for equal sign-ins', async () => {
    const { identity } = createIdentityWorld();
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: 8 }), async (count) => {
        const secrets = await Promise.all(
          Array.from({ length: count }, () => identity.sessions.begin(start, origin)),
        );
        expect(new Set(secrets).size).toBe(count);
        for (const secret of secrets) expect(secret).toMatch(/^[\w-]{43}$/);
      }),
      { numRuns: 20 },
    );
  });

  test('slides on while it is used and ends after all', async () => {
    const { identity, clock } = createIdentityWorld();
    const { sessions } = identity;
    const secret = await sessions.begin(start, origin);
    for (let minutes = 0; minutes < 11 * 60; minutes += 25) {
      clock.advance(25 * 60_000);
      expect((await sessions.show(secret, origin)).isLive).toBe(true);
    }
    clock.advance(25 * 60_000);
    await sessions.show(secret, origin);
    clock.advance(25 * 60_000);
    expect((await sessions.show(secret, origin)).isLive).toBe(false);
    const quiet = await sessions.begin(start, origin);
    clock.advance(30 * 60_000);
    expect((await sessions.show(quiet, origin)).isLive).toBe(false);
  });

  test('writes once in a while, not with every request', async () => {
    const world = createIdentityWorld();
    const { identity, clock } = world;
    const secret = await identity.sessions.begin(start, origin);
    for (let at = 0; at < 100; at += 1) {
      clock.advance(1_000);
      await identity.sessions.show(secret, origin);
    }
    expect(await world.types()).toEqual(['session-started']);
  });

  test('that was copied before it was exchanged is refused and ends the family', async () => {
    const world = createIdentityWorld();
    const { identity, clock } = world;
    const { sessions } = identity;
    const stolen = await sessions.begin(start, origin);
    const other = await sessions.begin(start, origin);
    const shown = await sessions.show(stolen, origin);
    if (!shown.isLive) throw new Error('the session is gone');
    const next = await sessions.exchange(shown.kept, { factors: ['password', 'totp'] }, 'step-up');
    expect((await sessions.show(stolen, origin)).isLive).toBe(false);
    // A request that was under way is no theft.
    expect((await sessions.show(next, origin)).isLive).toBe(true);
    clock.advance(6_000);
    expect((await sessions.show(stolen, origin)).isLive).toBe(false);
    expect((await sessions.show(next, origin)).isLive).toBe(false);
    expect((await sessions.show(other, origin)).isLive).toBe(true);
    expect(await world.types()).toContain('session-reuse-found');
  });

  test('that was exchanged because roles changed serves what was under way, and begets no other', async () => {
    const { identity, clock } = createIdentityWorld();
    const { sessions } = identity;
    const secret = await sessions.begin(start, origin);
    const shown = await sessions.show(secret, origin);
    if (!shown.isLive) throw new Error('the session is gone');
    const next = await sessions.exchange(shown.kept, { authority: 2 }, 'authority');
    clock.advance(4_000);
    const late = await sessions.show(secret, origin);
    if (!late.isLive) throw new Error('the session is gone');
    await expect(sessions.exchange(late.kept, {}, 'step-up')).rejects.toMatchObject({
      code: 'identity.wrong',
    });
    clock.advance(2_000);
    expect((await sessions.show(secret, origin)).isLive).toBe(false);
    expect((await sessions.show(next, origin)).isLive).toBe(false);
  });

  test('ends when its browser signs in anew', async () => {
    const world = createIdentityWorld();
    const { sessions } = world.identity;
    const before = await sessions.begin(start, origin);
    const elsewhere = await sessions.begin(start, origin);
    const next = await sessions.begin({ ...start, user: 'user:grace' }, origin, before);
    const live = async (secret: string) => (await sessions.show(secret, origin)).isLive;
    expect([await live(before), await live(elsewhere), await live(next)]).toEqual([
      false,
      true,
      true,
    ]);
    expect(await world.types()).toContain('session-replaced');
  });

  test('ends in another browser; a version and a network may change', async () => {
    const { identity } = createIdentityWorld();
    const { sessions } = identity;
    const secret = await sessions.begin(start, origin);
    const later = {
      userAgent: origin.userAgent.replace('140', '141'),
      remoteAddress: '198.51.100.1',
    };
    expect((await sessions.show(secret, later)).isLive).toBe(true);
    const elsewhere = { ...origin, userAgent: 'curl/8.5.0' };
    expect((await sessions.show(secret, elsewhere)).isLive).toBe(false);
    expect((await sessions.show(secret, origin)).isLive).toBe(false);
  });

  test.each(['', 'x', '../../etc', 'a'.repeat(43), 'é'.repeat(43), '"', '\u0000'])(
    'is not made of `%s`',
    async (secret) => {
      const world = createIdentityWorld();
      const { identity } = world;
      expect((await identity.sessions.show(secret, origin)).isLive).toBe(false);
      expect(await world.types()).toEqual([]);
    },
  );
});

test('browsers and networks are told apart coarsely', () => {
  expect(browserOf(origin.userAgent)).toBe('chrome/linux');
  expect(browserOf('')).toBe('other/other');
  expect(networkOf('192.0.2.7')).toBe(networkOf('::ffff:192.0.2.200'));
  expect(networkOf('192.0.2.7')).not.toBe(networkOf('192.0.3.7'));
  expect(networkOf('2001:db8:1:22ff::1')).toBe(networkOf('2001:db8:1:2201:5::9'));
  expect(networkOf('2001:db8:1:2300::1')).not.toBe(networkOf('2001:db8:1:2200::1'));
});
