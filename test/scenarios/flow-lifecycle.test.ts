/**
 * The whole way of a flow under the policies that come with the product, over the API: saved, tested, live,
 * watched, followed by another revision, retired; and one of high risk, which two people let go live.
 */
import { expect, test } from 'vitest';
import { decodeValue } from '../../src/core/value/index.ts';
import { apiServerOfTest, type ApiWorld, sessionFor } from '../support/api-server.ts';

const flow = (format: string, governance = '{owner: care}') => `
id: thank
namespace: shop
governance: ${governance}
tasks:
  - {id: agree, type: core.flow.Pause}
  - {id: mail, type: email.MailSend, from: shop@shop.test, to: ada@shop.test, host: localhost, subject: ${format}}
`;
const registered = '/api/v1/main/registers/flows/shop/thank';

interface Answered {
  readonly status: number;
  readonly body: Record<string, unknown> & { readonly code?: string; readonly detail?: string };
}

interface Person {
  readonly id: string;
  send(method: string, path: string, body?: object | string): Promise<Answered>;
}

async function personOf(world: ApiWorld, name: string, ...roles: string[]): Promise<Person> {
  const { server } = world;
  const bound = roles.map((role) => ({ role, namespace: '*', tenant: '*' }));
  const id = await server.identity.users.create({ tenant: 'main', name, roles: bound }, 'test');
  const headers = await sessionFor(server, id);
  return {
    id,
    async send(method, path, body) {
      const type = typeof body === 'string' ? 'application/x-yaml' : 'application/json';
      const answered = await world.call(method, path, {
        headers,
        ...(body !== undefined && { type }),
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await answered.text();
      return { status: answered.status, body: text === '' ? {} : JSON.parse(text) };
    },
  };
}

const suite = `
id: thanks
namespace: shop
flowId: thank
testCases:
  - id: agrees-first
    fixtures:
      tasks: [{id: agree}, {id: mail, outputs: {}}]
    assertions:
      - {value: '{{ execution.state }}', equalTo: SUCCESS}
`;

/** Runs the tests of the newest revision, as whoever owns the machine does. */
async function testsPass({ server }: ApiWorld, revision: number, cases = suite): Promise<void> {
  const { tests } = await server.system.view({ tenant: 'main', actor: 'test' }).governance();
  const name = { namespace: 'shop', flowId: 'thank' };
  const recorded = await tests.record(name, [{ source: cases, file: 'thanks.test.yaml' }]);
  expect(recorded).toMatchObject({ revision, standing: { passed: true } });
}

const stage = (to: string) => ['POST', `${registered}/stage`, { to, reason: 'agreed' }] as const;
const deploy = (revision?: number) =>
  ['POST', `${registered}/deployments`, revision === undefined ? {} : { revision }] as const;

test('a flow goes from its first text to its end, and what runs is what was decided about [G-018] [G-021] [G-092] [G-093]', async () => {
  const world = await apiServerOfTest();
  const ben = await personOf(world, 'ben', 'builder');
  const olga = await personOf(world, 'olga', 'operator');
  expect((await ben.send('POST', '/api/v1/main/flows', flow('hello'))).status).toBe(200);
  expect((await ben.send(...stage('testing'))).body).toMatchObject({ stage: 'testing' });
  expect((await ben.send(...stage('deployment'))).status).toBe(403);
  const early = await olga.send(...stage('deployment'));
  expect([early.status, early.body.detail]).toEqual([
    403,
    expect.stringContaining('Before a flow goes live') as string,
  ]);
  await testsPass(world, 1);
  expect((await olga.send(...stage('deployment'))).body).toMatchObject({
    stage: 'deployment',
    liveRevision: 1,
  });
  expect((await olga.send(...stage('monitoring'))).body).toMatchObject({ stage: 'monitoring' });

  // Another revision waits, whoever starts the flow.
  expect((await ben.send('PUT', '/api/v1/main/flows/shop/thank', flow('hi'))).status).toBe(200);
  expect((await ben.send('GET', registered)).body).toMatchObject({ revision: 2, liveRevision: 1 });
  const start = (query = '') => olga.send('POST', `/api/v1/main/executions/shop/thank${query}`);
  expect((await start()).body).toMatchObject({ flowRevision: 1 });
  expect(await start('?revision=2')).toMatchObject({
    status: 409,
    body: { code: 'flow.revision-not-live' },
  });
  expect((await olga.send(...deploy())).status).toBe(403);
  await testsPass(world, 2);
  expect((await ben.send(...deploy())).status).toBe(403);
  expect((await olga.send(...deploy())).body).toMatchObject({ liveRevision: 2 });
  expect((await start()).body).toMatchObject({ flowRevision: 2 });

  // A gate that was taken out by hand does not go live.
  const ungated = flow('hey').replace('  - {id: agree, type: core.flow.Pause}\n', '');
  await ben.send('PUT', '/api/v1/main/flows/shop/thank', ungated);
  await testsPass(world, 3, suite.replace('{id: agree}, ', ''));
  expect((await ben.send('GET', registered)).body).toMatchObject({
    gates: { effectsGated: { holds: false, reason: 'no gate stands before `mail` (mail)' } },
  });
  expect((await olga.send(...deploy())).status).toBe(403);
  expect((await start()).body).toMatchObject({ flowRevision: 2 });
  expect((await olga.send(...deploy(1))).body).toMatchObject({ liveRevision: 1 });

  const live = await ben.send('DELETE', '/api/v1/main/flows/shop/thank');
  expect(live.status).toBe(403);
  expect((await olga.send(...stage('retirement'))).body).toMatchObject({
    stage: 'retirement',
    liveRevision: null,
  });
  expect((await start()).status).toBe(403);
  const { store } = world.server.system;
  const told = (await store.entries('main', 'flow:shop/thank'))
    .filter(({ type }) => type === 'flow-deployed')
    .map(({ actor, payload }) => [actor, decodeValue(payload)]);
  expect(told).toMatchObject([
    [olga.id, { revision: 2, from: 1, facts: { testsPassed: true, effectsGated: true } }],
    [olga.id, { revision: 1, from: 2 }],
  ]);
});

test('two people let a flow of high risk go live, and they agree to exactly one revision [G-174]', async () => {
  const world = await apiServerOfTest();
  const ben = await personOf(world, 'ben', 'builder', 'approver');
  const olga = await personOf(world, 'olga', 'operator', 'approver');
  const rita = await personOf(world, 'rita', 'risk-officer');
  const paul = await personOf(world, 'paul', 'approver');
  const high = '{owner: care, riskTier: high}';
  await ben.send('POST', '/api/v1/main/flows', flow('hello', high));
  await ben.send(...stage('testing'));
  await testsPass(world, 1);
  expect((await olga.send(...stage('deployment'))).status).toBe(403);
  for (const kind of ['bias', 'quality']) {
    const validUntil = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
    const report = { kind, digest: 'a'.repeat(64), name: `${kind}.pdf`, validUntil };
    expect((await ben.send('POST', `${registered}/reports`, report)).status).toBe(200);
  }
  const waiting = await olga.send(...stage('deployment'));
  expect(waiting).toMatchObject({ status: 409, body: { code: 'approval.pending' } });
  const idOf = ({ body }: Answered) => String(body['approval']);
  const id = idOf(waiting);
  expect(idOf(await olga.send(...stage('deployment')))).toBe(id);
  const approve = (who: Person, which: string) =>
    who.send('POST', `/api/v1/main/approvals/${which}/approve`, { reason: 'looked at it' });
  const shown = await paul.send('GET', `/api/v1/main/approvals/${id}`);
  expect(shown.body).toMatchObject({
    title: 'the move of `shop/thank` to deployment',
    shown: { arguments: { revision: 1, riskTier: 'high' } },
  });
  // Whoever asks, and whoever wrote it, decide nothing.
  expect((await approve(olga, id)).status).toBe(403);
  expect((await approve(ben, id)).status).toBe(403);
  expect((await approve(paul, id)).status).toBe(200);
  expect((await olga.send(...stage('deployment'))).status).toBe(409);

  // Another revision is another question.
  await ben.send('PUT', '/api/v1/main/flows/shop/thank', flow('hi', high));
  await testsPass(world, 2);
  const second = idOf(await olga.send(...stage('deployment')));
  expect(second).not.toBe(id);
  expect((await approve(rita, id)).status).toBe(409);
  await approve(paul, second);
  expect((await approve(rita, second)).body).toMatchObject({ approval: { state: 'granted' } });
  // It lets nobody else through, and nothing else.
  expect((await rita.send(...stage('deployment'))).status).toBe(409);
  expect((await olga.send(...stage('deployment'))).body).toMatchObject({ liveRevision: 2 });
  expect((await paul.send('GET', `/api/v1/main/approvals/${second}`)).body).toMatchObject({
    state: 'used',
  });
  // A new revision of what is live asks as much.
  await ben.send('PUT', '/api/v1/main/flows/shop/thank', flow('hey', high));
  await testsPass(world, 3);
  expect(await olga.send(...deploy())).toMatchObject({ body: { code: 'approval.pending' } });
});
