/**
 * Executions that no person starts at a door: flows that flows start, and what triggers start. Policy is asked
 * about each as it is asked at the door of the API.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createMemoryStore } from '../../src/adapters/memory/memory-store.ts';
import { createSystemSealer } from '../../src/adapters/system/system-sealer.ts';
import { decodeEvent } from '../../src/core/engine/index.ts';
import { emptyMap } from '../../src/core/value/index.ts';
import type { Store } from '../../src/ports/store.ts';
import { type ApprovalWorld, everybody, openApprovalWorld } from '../support/approval-world.ts';

let world: ApprovalWorld;
let store: Store;
beforeEach(async () => {
  store = createMemoryStore(createSystemSealer());
  world = await openApprovalWorld({ store });
  await world.enforce(everybody);
});
afterEach(() => world.close());

const pay = `id: pay
namespace: bank
tasks: [{ id: paid, type: core.debug.Return, format: paid }]
triggers: [{ id: hook, type: core.trigger.Webhook, key: "0123456789abcdef" }]
`;
const subflow = `{ id: call, type: core.flow.Subflow, namespace: bank, flowId: pay, wait: true }`;
const eachItem = `{ id: call, type: core.flow.ForEachItem, namespace: bank, flowId: pay, items: "{{ outputs.list.uri }}" }`;
const list = `{ id: list, type: core.storage.Write, content: "[{\\"a\\": 1}]", extension: .ion }`;

async function callBy(name: string, tasks = `[${subflow}]`): Promise<string> {
  await world.as('olaf').saveFlow(pay, 'pay.yaml');
  await world.as('olaf').saveFlow(`id: call\nnamespace: shop\ntasks: ${tasks}\n`, 'call.yaml');
  const id = await world.as(name).start({ namespace: 'shop', flowId: 'call', inputs: {} });
  return (await world.as(name).rest(id)).state.current;
}
const paid = () => world.as('rita').executions({ namespace: 'bank', limit: 10 });

async function created(id: string) {
  const [first] = await store.entries('main', `execution:${id}`);
  if (first === undefined) throw new Error('nothing was entered');
  const event = decodeEvent(first.type, first.at, first.payload);
  if (event.type !== 'execution-created') throw new Error(event.type);
  return event;
}
async function refusals(): Promise<readonly string[]> {
  const entries = await store.entries('main', 'policy');
  return entries
    .filter(({ type, payload }) => type === 'policy-decided' && payload.includes('"execute"'))
    .map(({ actor }) => actor);
}

describe('a flow that starts another', () => {
  test('does so for somebody who may start that one, and the entry says so', async () => {
    expect(await callBy('rita')).toBe('SUCCESS');
    const [child] = await paid();
    const { decision } = await created(child?.id ?? '');
    expect(decision).toMatchObject({ verdict: 'allow', policies: ['all.may'] });
  });

  test('does not do so for somebody whose role holds in its own namespace only', async () => {
    expect(await callBy('nora')).toBe('FAILED');
    expect(await paid()).toEqual([]);
    expect(await refusals()).toEqual(['nora']);
  });

  test('does so for no item of a list either', async () => {
    expect(await callBy('nora', `[${list}, ${eachItem}]`)).toBe('FAILED');
    expect(await paid()).toEqual([]);
    expect(await callBy('rita', `[${list}, ${eachItem}]`)).toBe('SUCCESS');
    expect(await paid()).toHaveLength(1);
  });
});

describe('a trigger', () => {
  const call = () =>
    world.as('rita').callWebhook({
      namespace: 'bank',
      flowId: 'pay',
      key: '0123456789abcdef',
      variables: emptyMap(),
      from: 'somewhere',
    });

  test('starts nothing that no policy lets it start', async () => {
    await world.as('olaf').saveFlow(pay, 'pay.yaml');
    await expect(call()).rejects.toMatchObject({ code: 'policy.denied' });
    expect(await paid()).toEqual([]);
    expect(await refusals()).toEqual(['trigger:bank/pay/hook']);
  });

  test('is one in its namespace and below, and starts nothing elsewhere by what it has started', async () => {
    await world.enforce(
      `${everybody}
@id("triggers.run") @title("Triggers run what is theirs")
permit (principal is System, action in [Action::"execute", Action::"run-task"], resource)
when { principal.roles.contains("trigger") };`,
      `  - title: a trigger runs
    principal: {id: "trigger:x", kind: system, roles: [trigger]}
    action: execute
    resource: {type: Flow}
    expect: allow
`,
    );
    const hooked = (id: string, namespace: string) => `id: ${id}
namespace: shop
tasks: [{ id: call, type: core.flow.Subflow, namespace: ${namespace}, flowId: pay, wait: true }]
triggers: [{ id: hook, type: core.trigger.Webhook, key: "${id}-0123456789abcdef" }]
`;
    const olaf = world.as('olaf');
    await olaf.saveFlow(pay, 'pay.yaml');
    await olaf.saveFlow(pay.replace('namespace: bank', 'namespace: shop.till'), 'till.yaml');
    await olaf.saveFlow(hooked('far', 'bank'), 'far.yaml');
    await olaf.saveFlow(hooked('near', 'shop.till'), 'near.yaml');
    const stateOf = async (flowId: string): Promise<string> => {
      const key = `${flowId}-0123456789abcdef`;
      const of = { namespace: 'shop', flowId, key, variables: emptyMap(), from: 'somewhere' };
      return (await world.as('rita').rest((await olaf.callWebhook(of)) ?? '')).state.current;
    };
    expect(await stateOf('near')).toBe('SUCCESS');
    expect(await stateOf('far')).toBe('FAILED');
    expect(await paid()).toEqual([]);
  });

  test('is told of by its type', async () => {
    await world.as('olaf').saveFlow(pay, 'pay.yaml');
    await world.enforce(
      `${everybody}
@id("hooks.start") @title("Webhooks start")
permit (principal is System, action == Action::"execute", resource)
when { context has trigger && context.trigger == "core.trigger.Webhook" };
@id("system.runs") @title("What was started runs")
permit (principal is System, action in [Action::"run-task"], resource);`,
      `  - title: a webhook starts
    principal: {id: "trigger:x", kind: system}
    action: execute
    resource: {type: Flow}
    facts: {trigger: core.trigger.Webhook}
    expect: allow
    without: {trigger: deny}
  - title: what was started runs
    principal: {id: "trigger:x", kind: system}
    action: run:core.log.Log
    expect: allow
`,
    );
    const id = (await call()) ?? '';
    expect((await world.as('rita').rest(id)).state.current).toBe('SUCCESS');
    expect((await created(id)).decision).toMatchObject({ policies: ['hooks.start'] });
  });
});

describe('a task that does something to executions', () => {
  const waits = `id: waits
namespace: bank
tasks: [{ id: hold, type: core.flow.Pause }]
`;
  const far = '2999-01-01T00:00:00Z';
  const deeds: Readonly<Record<string, string>> = {
    'resumes one': 'type: core.execution.Resume, executionId: "{{ inputs.of }}"',
    'kills one': 'type: core.execution.Kill, executionId: "{{ inputs.of }}"',
    'deletes those of a namespace': `type: core.execution.PurgeExecutions, namespace: bank, endDate: "${far}"`,
    'deletes all there are': `type: core.execution.PurgeExecutions, endDate: "${far}"`,
    'deletes the lines of all': `type: core.log.PurgeLogs, endDate: "${far}"`,
  };

  test.each(Object.entries(deeds))(
    'that %s: in another namespace the right holds there or not at all',
    async (_, deed) => {
      await world.as('olaf').saveFlow(waits, 'waits.yaml');
      const of = await world.as('rita').start({ namespace: 'bank', flowId: 'waits', inputs: {} });
      expect((await world.as('rita').rest(of)).state.current).toBe('PAUSED');
      await world
        .as('olaf')
        .saveFlow(
          `id: deed\nnamespace: shop\ninputs: [{ id: of, type: STRING }]\ntasks: [{ id: does, ${deed} }]\n`,
          'deed.yaml',
        );
      const does = async (name: string): Promise<string> => {
        const order = { namespace: 'shop', flowId: 'deed', inputs: { of } };
        return (await world.as(name).rest(await world.as(name).start(order))).state.current;
      };
      expect(await does('nora')).toBe('FAILED');
      expect((await world.as('rita').rest(of)).state.current).toBe('PAUSED');
      expect(await does('rita')).toBe('SUCCESS');
    },
  );

  test('does it in the name of whoever had it started, who then has a part in it', async () => {
    await world.as('olaf').saveFlow(waits, 'waits.yaml');
    const of = await world.as('rita').start({ namespace: 'bank', flowId: 'waits', inputs: {} });
    await world.as('rita').rest(of);
    await world
      .as('olaf')
      .saveFlow(
        `id: deed\nnamespace: shop\ntasks: [{ id: does, type: core.execution.Resume, executionId: ${of} }]\n`,
        'deed.yaml',
      );
    const id = await world.as('ada').start({ namespace: 'shop', flowId: 'deed', inputs: {} });
    expect((await world.as('rita').rest(id)).state.current).toBe('SUCCESS');
    const entries = await store.entries('main', `execution:${of}`);
    const resumed = entries.find(({ type }) => type === 'execution-resumed');
    expect(resumed?.actor).toBe('ada');
  });
});

describe('a task that changes what is of another namespace', () => {
  const deeds: Readonly<Record<string, string>> = {
    'writes a pair': 'type: core.kv.Set, key: limit, value: 9999, namespace: bank',
    'deletes a pair': 'type: core.kv.Delete, key: limit, namespace: bank',
    'writes a file':
      'type: core.namespace.UploadFiles, namespace: bank, filesMap: { "a.txt": "{{ outputs.make.uri }}" }',
  };

  test.each(Object.entries(deeds))('that %s: needs the right there', async (_, deed) => {
    await world.as('olaf').saveFlow(
      `id: deed
namespace: shop
tasks:
  - { id: make, type: core.storage.Write, content: text, extension: .txt }
  - { id: does, ${deed} }
`,
      'deed.yaml',
    );
    const does = async (name: string): Promise<string> => {
      const id = await world.as(name).start({ namespace: 'shop', flowId: 'deed', inputs: {} });
      return (await world.as(name).rest(id)).state.current;
    };
    expect(await does('nora')).toBe('FAILED');
    expect(await world.as('rita').keyValues('bank').list()).toEqual([]);
    expect(await world.as('rita').namespaceFiles('bank').list()).toEqual([]);
    expect(await does('rita')).toBe('SUCCESS');
  });
});
