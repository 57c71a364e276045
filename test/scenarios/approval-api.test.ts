/**
 * Approvals over HTTP under the policies that come with the product: who is named decides, in their
 * namespace; links decide nothing; what was not looked at is not decided; the same request twice is one.
 */
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiWorld, sessionFor, startApiServer } from '../support/api-server.ts';

type Headers = Readonly<Record<string, string>>;
interface Card {
  readonly id: string;
  readonly state: string;
  readonly edition: number;
  readonly digest: string;
  readonly votes: readonly unknown[];
}

let world: ApiWorld;
const people: Record<string, Headers> = {};

async function person(name: string, roles: readonly string[], namespace = '*'): Promise<void> {
  const id = await world.server.identity.users.create(
    { tenant: 'main', name, roles: roles.map((role) => ({ role, namespace, tenant: 'main' })) },
    'test',
  );
  people[name] = await sessionFor(world.server, id);
}

const call = (name: string, method: string, path: string, body?: object, more: Headers = {}) =>
  world.call(method, `/api/v1/main/${path}`, {
    headers: { ...people[name], ...more },
    ...(body !== undefined && { body: JSON.stringify(body), type: 'application/json' }),
  });

async function cardsOf(name: string, query = ''): Promise<readonly Card[]> {
  const answer = await call(name, 'GET', `approvals${query}`);
  return ((await answer.json()) as { results: Card[] }).results;
}

/** Starts a flow that waits for an approver, and gives the approval. */
async function ask(namespace = 'shop'): Promise<string> {
  const started = await call('otto', 'POST', `executions/${namespace}/refund`);
  expect(started.status).toBeLessThan(300);
  const { id } = (await started.json()) as { id: string };
  for (let look = 0; look < 100; look += 1) {
    const [card] = await cardsOf('otto', `?executionId=${id}`);
    if (card !== undefined) return card.id;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return 'none';
}

beforeAll(async () => {
  world = await startApiServer({ SLUICE_SERVER_REQUESTS_PER_MINUTE: '10000' });
  await person('otto', ['operator', 'builder']);
  await person('ann', ['approver']);
  await person('bob', ['approver'], 'shop');
  await person('max', ['approver'], 'other');
  await person('pia', ['pricing-manager']);
  await person('vera', ['viewer']);
  for (const namespace of ['shop', 'other']) {
    const view = world.server.system.view({ tenant: 'main', actor: 'user:author' });
    await view.saveFlow(
      `id: refund
namespace: ${namespace}
tasks:
  - { id: agree, type: govern.Approval, approvers: [role:approver, role:pricing-manager], deadline: PT2H }
  - { id: refund, type: core.debug.Return, format: refunded }
`,
      'refund.yaml',
    );
  }
});
afterAll(async () => {
  await world.server.stop();
  rmSync(world.dataFolder, { recursive: true, force: true });
});

describe('whom an approval names', () => {
  test.each(['ann', 'bob', 'pia'])('decides it: %s', async (name) => {
    const id = await ask();
    const answer = await call(name, 'POST', `approvals/${id}/approve`, { reason: 'looked at it' });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({
      approval: { id, votes: [{ verdict: 'approve' }] },
    });
  });

  test('sees it in the own list; nobody sees those of a namespace that is not theirs', async () => {
    const [here, there] = [await ask('shop'), await ask('other')];
    const idsOf = async (name: string, query = '?mine=true'): Promise<readonly string[]> =>
      (await cardsOf(name, query)).map(({ id }) => id);
    expect(await idsOf('ann')).toEqual(expect.arrayContaining([here, there]));
    expect(await idsOf('bob')).toContain(here);
    expect(await idsOf('bob', '')).not.toContain(there);
    expect(await idsOf('max')).toContain(there);
    expect(await idsOf('otto')).toEqual([]);
    expect(await idsOf('vera', '')).toEqual([]);
    expect((await call('bob', 'GET', `approvals/${there}`)).status).toBe(403);
    expect((await call('vera', 'GET', `approvals/${here}`)).status).toBe(403);
    const denied = await call('bob', 'POST', `approvals/${there}/approve`, {});
    expect(denied.status).toBe(403);
  });

  test('is nobody else: who asked, who may only see, who may nothing', async () => {
    const id = await ask();
    for (const name of ['otto', 'vera', 'max']) {
      expect((await call(name, 'POST', `approvals/${id}/approve`, {})).status).toBe(403);
    }
    expect((await call('otto', 'POST', `approvals/${id}/withdraw`, { reason: 'x' })).status).toBe(
      200,
    );
  });

  test('decides what the command line began over the same data folder', async () => {
    const view = world.server.system.view({ tenant: 'main', actor: 'user:local' });
    const executionId = await view.start({ namespace: 'shop', flowId: 'refund', inputs: {} });
    await view.rest(executionId);
    const [card] = await cardsOf('ann', `?executionId=${executionId}`);
    const answer = await call('ann', 'POST', `approvals/${card?.id}/approve`, {});
    expect(answer.status).toBe(200);
    expect((await view.rest(executionId)).state.current).toBe('SUCCESS');
  });

  test('comes page by page', async () => {
    const first = await call('ann', 'GET', 'approvals?state=all&limit=2');
    const { results, next } = (await first.json()) as { results: Card[]; next: string };
    expect([results.length, next]).toEqual([2, results[1]?.id]);
    const rest = await cardsOf('ann', `?state=all&after=${next}`);
    expect(rest.map(({ id }) => id)).not.toContain(results[0]?.id);
  });
});

describe('following a link', () => {
  test('shows a page that holds nothing, and no query decides anything', async () => {
    const id = await ask();
    const before = (await cardsOf('ann')).find((one) => one.id === id);
    const queries = [
      '',
      '?approve=true',
      '?verdict=approve&reason=x',
      '?action=reject',
      '?_method=POST',
    ];
    for (const query of queries) {
      for (const path of [`/ui/main/approvals/${id}`, `/api/v1/main/approvals/${id}`]) {
        const answer = await fetch(`${world.url}${path}${query}`, { headers: people['ann']! });
        expect(answer.status).toBeLessThan(500);
        const text = await answer.text();
        if (path.startsWith('/ui/')) {
          expect(answer.status).toBe(200);
          expect(text).not.toContain(id);
          expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
        }
      }
      for (const verb of ['approve', 'reject', 'send-back', 'break-glass', 'claim', 'withdraw']) {
        const answer = await fetch(`${world.url}/api/v1/main/approvals/${id}/${verb}${query}`, {
          headers: people['ann']!,
        });
        expect(answer.status).toBeGreaterThanOrEqual(400);
      }
    }
    expect((await cardsOf('ann')).find((one) => one.id === id)).toEqual(before);
  });
});

describe('what was looked at', () => {
  test('is what is decided: its tag, and its digest', async () => {
    const id = await ask();
    const shown = await call('ann', 'GET', `approvals/${id}`);
    const tag = shown.headers.get('etag') ?? '';
    const { digest } = (await shown.json()) as Card;
    expect((await call('bob', 'POST', `approvals/${id}/claim`)).status).toBe(200);
    expect((await call('bob', 'DELETE', `approvals/${id}/claim`)).status).toBe(200);
    const stale = await call('ann', 'POST', `approvals/${id}/approve`, {}, { 'if-match': tag });
    expect(stale.status).toBe(412);
    const other = await call('ann', 'POST', `approvals/${id}/approve`, { digest: '0'.repeat(64) });
    expect(other.status).toBe(412);
    const now = (await call('ann', 'GET', `approvals/${id}`)).headers.get('etag') ?? '';
    const done = await call(
      'ann',
      'POST',
      `approvals/${id}/approve`,
      { digest },
      { 'if-match': now },
    );
    expect(done.status).toBe(200);
    expect(done.headers.get('etag')).not.toBe(now);
  });

  test('the same request twice decides once, and gives the same answer', async () => {
    const id = await ask();
    const key = { 'idempotency-key': `key-${id}` };
    const send = () => call('ann', 'POST', `approvals/${id}/reject`, { reason: 'no' }, key);
    const [first, second] = [await send(), await send()];
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(second.headers.get('idempotent-replayed')).toBe('true');
    expect(await second.json()).toEqual(await first.json());
    const late = await call('bob', 'POST', `approvals/${id}/approve`, {});
    expect(late.status).toBe(409);
  });

  test.each([
    ['reject', {}],
    ['reject', { reason: '' }],
    ['endorse', { arguments: [], reason: 'x' }],
    ['examine', { isAccepted: 'yes', note: 'x' }],
    ['approve', { unknown: 1 }],
    ['approve', { digest: 'short' }],
  ])('%s with %o is malformed', async (verb, body) => {
    const id = await ask();
    expect((await call('ann', 'POST', `approvals/${id}/${verb}`, body)).status).toBe(400);
  });
});

describe('breaking the glass', () => {
  test('needs a second factor just now, and a reason; somebody else examines it', async () => {
    const id = await ask();
    const body = { reason: 'the shop is down' };
    const otto = await world.server.identity.users.byName('main', 'otto');
    people['weak'] = await sessionFor(world.server, otto!.id, ['password']);
    const weak = await call('weak', 'POST', `approvals/${id}/break-glass`, body);
    expect(weak.status).toBe(401);
    expect((await call('vera', 'POST', `approvals/${id}/break-glass`, body)).status).toBe(403);
    expect((await call('otto', 'POST', `approvals/${id}/break-glass`, body)).status).toBe(200);
    const examined = { isAccepted: true, note: 'it was needed' };
    expect((await call('otto', 'POST', `approvals/${id}/examine`, examined)).status).toBe(403);
    expect((await call('ann', 'POST', `approvals/${id}/examine`, examined)).status).toBe(200);
  });
});

describe('a delegation', () => {
  test('lets somebody decide whom nothing names', async () => {
    const id = await ask();
    const vera = await world.server.identity.users.byName('main', 'vera');
    const until = new Date(Date.now() + 3_600_000).toISOString();
    const given = await call('ann', 'POST', 'delegations', { to: vera?.id, until, reason: 'away' });
    expect(given.status).toBe(201);
    expect((await call('vera', 'POST', `approvals/${id}/approve`, {})).status).toBe(200);
    const { id: delegation } = (await given.json()) as { id: string };
    expect((await call('vera', 'DELETE', `delegations/${delegation}`)).status).toBe(403);
    expect((await call('ann', 'DELETE', `delegations/${delegation}`)).status).toBe(204);
  });
});
