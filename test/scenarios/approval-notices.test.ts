/**
 * Telling people: by mail and webhook, after what is told is durable, again when nobody took it, once when
 * somebody did, and never with anything of a value.
 */
import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createMemoryStore } from '../../src/adapters/memory/memory-store.ts';
import { createSystemSealer } from '../../src/adapters/system/system-sealer.ts';
import type { Store } from '../../src/ports/store.ts';
import { type ApprovalWorld, openApprovalWorld } from '../support/approval-world.ts';
import {
  type Answer,
  type LoopbackServer,
  startLoopbackServer,
} from '../support/loopback-server.ts';
import { type MailServer, startMailServer } from '../support/mail-server.ts';
import { createVirtualClock, type VirtualClock } from '../support/virtual-clock.ts';

const minuteMs = 60_000;
const key = Buffer.alloc(32, 7);
const secret = `whsec_${key.toString('base64')}`;

let clock: VirtualClock;
let store: Store;
let dataFolder: string;
let world: ApprovalWorld;
beforeEach(() => {
  clock = createVirtualClock(Date.now());
  store = { ...createMemoryStore(createSystemSealer()), close: async () => undefined };
  dataFolder = mkdtempSync(join(tmpdir(), 'approvals-'));
});
afterEach(async () => {
  await world.close();
  rmSync(dataFolder, { recursive: true, force: true });
});

async function open(environment: Readonly<Record<string, string>>): Promise<void> {
  world = await openApprovalWorld({ store, clock, dataFolder, environment });
  await world.system.schedule(() => undefined);
}

const hookAt = (server: LoopbackServer): Readonly<Record<string, string>> => ({
  SLUICE_APPROVAL_WEBHOOK: `${server.url}/hook`,
  SLUICE_APPROVAL_WEBHOOK_SECRET: secret,
  SLUICE_ALLOW_PRIVATE_HOSTS: '127.0.0.1',
  SLUICE_SERVER_URL: 'https://sluice.example/',
});

async function ask(asks = ''): Promise<{ id: string; approval: string }> {
  await world.as('olaf').saveFlow(
    `id: refund
namespace: shop
tasks:
  - { id: agree, type: govern.Approval, approvers: role:approver, preview: "to IBAN DE02 SECRET-VALUE", ${asks} }
`,
    'refund.yaml',
  );
  const id = await world.as('rita').start({ namespace: 'shop', flowId: 'refund', inputs: {} });
  await world.as('rita').rest(id);
  const [one] = await (await world.as('ada').approvals()).list({ state: 'open', executionId: id });
  return { id, approval: one?.id ?? 'none' };
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 30; turn += 1) {
    clock.advance(0);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

async function until(holds: () => boolean): Promise<void> {
  for (let turn = 0; turn < 60 && !holds(); turn += 1) await settle();
}

async function pass(milliseconds: number): Promise<void> {
  clock.advance(milliseconds);
  await settle();
}

const told = (server: LoopbackServer): readonly { readonly type: string }[] =>
  server.requests.map(({ body }) => JSON.parse(body) as { type: string });

describe('a webhook', () => {
  test('is signed as Standard Webhooks say, leads to a page, and holds nothing of a value', async () => {
    const server = await startLoopbackServer(() => ({ status: 204 }));
    await open(hookAt(server));
    const { approval } = await ask('deadline: PT2H');
    await until(() => server.requests.length > 0);
    const [request] = server.requests;
    const { headers, body } = request!;
    const signed = [headers['webhook-id'], headers['webhook-timestamp'], body].join('.');
    expect(headers['webhook-signature']).toBe(
      `v1,${createHmac('sha256', key).update(signed).digest('base64')}`,
    );
    expect(JSON.parse(body)).toMatchObject({
      type: 'approval.opened',
      data: {
        approval,
        deciders: ['role:approver'],
        link: `https://sluice.example/ui/main/approvals/${approval}`,
      },
    });
    expect(body).not.toContain('SECRET-VALUE');
  });

  test('that fails is tried again later with the same id, and once it is taken not any more', async () => {
    let answer: Answer = { status: 500 };
    const server = await startLoopbackServer(() => answer);
    await open(hookAt(server));
    const { approval } = await ask();
    await until(() => server.requests.length > 0);
    await settle();
    const desk = await world.as('ada').approvals();
    expect((await desk.show(approval)).notices).toMatchObject([
      {
        event: 'opened',
        way: 'webhook',
        state: 'pending',
        attempts: 1,
        problem: 'the webhook of approvals answers 500',
      },
    ]);
    answer = { status: 200 };
    await pass(minuteMs);
    await until(() => server.requests.length > 1);
    await settle();
    expect((await desk.show(approval)).notices).toEqual([]);
    for (let later = 0; later < 6; later += 1) await pass(60 * minuteMs);
    expect(server.requests).toHaveLength(2);
    const ids = server.requests.map(({ headers }) => headers['webhook-id']);
    expect(new Set(ids).size).toBe(1);
    const types = (await store.entries('main', `approval:${approval}`)).map(({ type }) => type);
    expect(types).toEqual(['notice-begun', 'notice-delayed', 'notice-begun', 'notice-sent']);
  });

  test('that says that it is gone, or has no secret, is given up and seen', async () => {
    const server = await startLoopbackServer(() => ({ status: 410 }));
    await open(hookAt(server));
    const { approval } = await ask();
    await until(() => server.requests.length > 0);
    await settle();
    for (let later = 0; later < 5; later += 1) await pass(10 * minuteMs);
    expect(server.requests).toHaveLength(1);
    const { notices } = await (await world.as('ada').approvals()).show(approval);
    expect(notices).toMatchObject([
      { state: 'abandoned', problem: expect.stringContaining('410') },
    ]);
  });

  test('tells what became of it, each once, also over processes', async () => {
    const server = await startLoopbackServer(() => ({ status: 200 }));
    await open(hookAt(server));
    const { approval } = await ask('deadline: PT2H');
    await until(() => server.requests.length > 0);
    for (let later = 0; later < 13; later += 1) await pass(5 * minuteMs);
    await until(() => server.requests.length > 1);
    await world.close();
    await open(hookAt(server));
    await world.as('rita').recover();
    for (let later = 0; later < 4; later += 1) await pass(5 * minuteMs);
    await (await world.as('ada').approvals()).approve(approval);
    await until(() => server.requests.length > 2);
    expect(told(server).map(({ type }) => type)).toEqual([
      'approval.opened',
      'approval.reminder',
      'approval.granted',
    ]);
  });

  test('that a process had not sent when it ended is sent by the next', async () => {
    let answer: Answer = { status: 503 };
    const server = await startLoopbackServer(() => answer);
    await open(hookAt(server));
    await ask();
    await until(() => server.requests.length > 0);
    await world.close();
    answer = { status: 200 };
    const before = server.requests.length;
    clock = createVirtualClock(clock.now() + 10 * minuteMs);
    await open(hookAt(server));
    await until(() => server.requests.length > before);
    expect(told(server).at(-1)?.type).toBe('approval.opened');
  });
});

describe('a mail', () => {
  let mail: MailServer;
  beforeEach(async () => {
    mail = await startMailServer();
  });
  afterEach(() => mail.close());

  test('names what is asked, who decides, until when and where, and nothing of a value', async () => {
    await open({
      SLUICE_SMTP_URL: mail.url,
      SLUICE_SMTP_PLAIN: '1',
      SLUICE_MAIL_FROM: 'sluice@shop.example',
      SLUICE_APPROVAL_MAIL_TO: 'finance@shop.example, risk@shop.example',
      SLUICE_SERVER_URL: 'https://sluice.example',
    });
    const { approval } = await ask('deadline: PT2H');
    await until(() => mail.received.length > 0);
    const [received] = mail.received;
    expect(received?.to).toEqual(['finance@shop.example', 'risk@shop.example']);
    const text = received?.source.replaceAll('=\r\n', '') ?? '';
    for (const part of [
      `Approval ${approval} is to be decided`,
      'Who decides: role:approver',
      'Until: ',
      `https://sluice.example/ui/main/approvals/${approval}`,
    ]) {
      expect(text).toContain(part);
    }
    expect(text).not.toContain('SECRET-VALUE');
  });
});

describe('nobody to tell', () => {
  test('keeps nothing of it', async () => {
    await open({});
    const { approval } = await ask();
    await settle();
    const records = await store.registerRecords({
      tenant: 'main',
      kind: 'approval-notice',
      limit: 9,
    });
    expect(records).toEqual([]);
    expect((await (await world.as('ada').approvals()).show(approval)).notices).toEqual([]);
  });
});
