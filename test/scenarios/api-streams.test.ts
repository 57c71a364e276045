/**
 * Streams that outlive what they were asked for with: they end within two seconds, say why, and who comes
 * back with another proof goes on behind the last event he has seen.
 */
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiWorld, flowText, sessionFor, startApiServer } from '../support/api-server.ts';

let world: ApiWorld;
const executions = '/api/v1/main/executions';
const withinMs = 2_500;
type Headers = Readonly<Record<string, string>>;

beforeAll(async () => {
  world = await startApiServer();
  const tasks =
    '  - {id: say, type: core.log.Log, message: hello}\n  - {id: wait, type: core.flow.Pause}';
  await world.json('POST', '/api/v1/main/flows', {
    type: 'application/x-yaml',
    body: flowText('waiting', tasks),
  });
}, 20_000);
afterAll(async () => {
  await world.server.stop();
  rmSync(world.dataFolder, { recursive: true });
});

async function paused(): Promise<string> {
  const path = `${executions}/demo/waiting?wait=true`;
  return (await world.json<{ id: string }>('POST', path)).id;
}

let people = 0;
async function person(
  role = 'auditor',
): Promise<{ readonly id: string; readonly session: Headers }> {
  people += 1;
  const roles = [{ role, namespace: '*', tenant: 'main' }];
  const { users } = world.server.identity;
  const id = await users.create({ tenant: 'main', name: `p${people}`, roles }, 'test');
  return { id, session: await sessionFor(world.server, id) };
}

/** Opens a stream; `rest` gives what came until it ended, and how long that took. */
async function opened(path: string, headers: Headers) {
  const answered = await fetch(`${world.url}${path}`, { headers });
  expect([path, answered.status]).toEqual([path, 200]);
  const reader = (answered.body as ReadableStream<Uint8Array>).getReader();
  const decoder = new TextDecoder();
  let text = decoder.decode((await reader.read()).value);
  return {
    async rest() {
      const from = performance.now();
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return { text, ms: performance.now() - from };
        text += decoder.decode(value);
      }
    },
    leave: () => reader.cancel(),
  };
}

/** Expects the stream to have ended in time with an event that says so. */
function expectClosed(
  { text, ms }: { readonly text: string; readonly ms: number },
  code: string,
  afterMs = 0,
): void {
  expect(ms).toBeLessThan(afterMs + withinMs);
  const last = text.trim().split('\n\n').at(-1) ?? '';
  expect(last).toMatch(/^event: closed\ndata: \{/);
  expect(last).not.toMatch(/^id:/m);
  const data = JSON.parse(last.replace(/^[\s\S]*?data: /, '')) as { code: string };
  expect(data.code).toBe(code);
}

const kinds = [
  ['the execution', (id: string) => `${executions}/${id}/follow`],
  ['its lines', (id: string) => `/api/v1/main/logs/${id}/follow`],
  ['its entries', (id: string) => `${executions}/${id}/entries`],
] as const;

describe('a stream ends with a sentence', () => {
  test.each(kinds)('of %s, when the session behind it ends', async (_kind, path) => {
    const [id, { id: user, session }] = [await paused(), await person()];
    const stream = await opened(path(id), session);
    await world.server.identity.sessions.end(user, user);
    expectClosed(await stream.rest(), 'identity.wrong');
  });

  test('when the token behind it is revoked', async () => {
    const id = await paused();
    const { id: owner } = await person();
    const { accounts } = world.server.identity;
    const scopes = [{ actions: ['*'], namespaces: ['*'] }];
    const draft = { owner, tenant: 'main', name: 't', scopes, lifetimeMs: 3_600_000 };
    const { secret, id: tokenId } = await accounts.issue(draft, owner);
    const stream = await opened(`${executions}/${id}/follow`, {
      authorization: `Bearer ${secret}`,
    });
    const kept = await accounts.tokenOf(secret);
    expect(kept?.id).toBe(tokenId);
    if (kept !== undefined) await accounts.revoke(kept, owner);
    expectClosed(await stream.rest(), 'identity.wrong');
  });

  test('when the token behind it expires', async () => {
    const id = await paused();
    const { id: owner } = await person();
    const scopes = [{ actions: ['*'], namespaces: ['*'] }];
    const draft = { owner, tenant: 'main', name: 'short', scopes, lifetimeMs: 1_500 };
    const { secret } = await world.server.identity.accounts.issue(draft, owner);
    const stream = await opened(`${executions}/${id}/follow`, {
      authorization: `Bearer ${secret}`,
    });
    expectClosed(await stream.rest(), 'identity.wrong', draft.lifetimeMs);
  });

  test('when whoever asked is disabled', async () => {
    const id = await paused();
    const { id: user, session } = await person();
    const stream = await opened(`${executions}/${id}/follow`, session);
    const event = { type: 'user-disabled', actor: 'test' };
    await world.server.identity.users.change(user, event, () => ({ isDisabled: true }));
    expectClosed(await stream.rest(), 'identity.wrong');
  });

  test('when the role that let them see it is taken away', async () => {
    const id = await paused();
    const { id: user, session } = await person('viewer');
    const stream = await opened(`${executions}/${id}/follow`, session);
    const event = { type: 'user-roles-set', actor: 'test' };
    await world.server.identity.users.change(user, event, () => ({ roles: [] }));
    expectClosed(await stream.rest(), 'access.denied');
  });
});

test('who comes back with another session goes on behind the last event', async () => {
  const id = await paused();
  const { id: user, session } = await person();
  const path = `/api/v1/main/logs/${id}/follow`;
  const stream = await opened(path, session);
  await world.server.identity.sessions.end(user, user);
  const { text } = await stream.rest();
  expect(text).toContain('hello');
  const last = [...text.matchAll(/^id: (\d+)$/gm)].at(-1)?.[1] ?? '';
  await world.call('POST', `${executions}/${id}/resume`);
  const again = await opened(path, {
    ...(await sessionFor(world.server, user)),
    'last-event-id': last,
  });
  const rest = await again.rest();
  expect(rest.text).not.toContain('hello');
  expect(rest.text).toContain('id: end');
});

test('a stream is no use of a session: it does not keep one alive', async () => {
  const id = await paused();
  const { id: user, session } = await person();
  const [before] = await world.server.identity.sessions.list(user);
  const stream = await opened(`${executions}/${id}/follow`, session);
  await new Promise((resolve) => {
    setTimeout(resolve, 1_200);
  });
  const [after] = await world.server.identity.sessions.list(user);
  expect(after).toEqual(before);
  await stream.leave();
});
