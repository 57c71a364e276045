/** What of an answer lets a trigger fire, for each type that asks. */
import { describe, expect, test } from 'vitest';
import { isTruthyText } from '../core/expression/index.ts';
import { mapOf, plainText, type Value } from '../core/value/index.ts';
import type { Asked, PollingTrigger, TriggerContext } from '../ports/trigger.ts';
import { taskLoaders } from '../tasks/registry.generated.ts';
import { duckdbTrigger } from './duckdb-trigger.ts';
import { httpTrigger } from './http-trigger.ts';
import { pollingTriggers } from './index.ts';
import { scriptTriggers } from './script-triggers.ts';

/** Evaluates with an answer; templates give what `rendered` says. */
function evaluated(
  trigger: PollingTrigger,
  asked: Omit<Asked, 'outputs'> & { readonly outputs: Record<string, Value> },
  properties: Record<string, Value> = {},
  heldBefore?: boolean,
  rendered: Value = null,
) {
  const context: TriggerContext = {
    properties: mapOf(properties),
    heldBefore,
    ask: async () => ({ ...asked, outputs: mapOf(asked.outputs) }),
    render: async () => rendered,
    isTruthy: (value) => isTruthyText(plainText(value ?? '')),
    finds: (pattern, text) => new RegExp(pattern).test(text),
    now: () => '2026-06-17T14:15:00Z',
  };
  return trigger.evaluate(context);
}

const failure = { code: 'task.failed', message: 'it is not there' };

test('each asks with a task type that there is', () => {
  const tasks = Object.keys(taskLoaders);
  expect(pollingTriggers.map(({ task }) => task).filter((one) => !tasks.includes(one))).toEqual([]);
  expect(new Set(pollingTriggers.map(({ type }) => type)).size).toBe(pollingTriggers.length);
});

describe('core.http.Trigger', () => {
  const answer = (code: number) => ({ outputs: { code, body: '{}', headers: mapOf({}) } });

  test('fires below 400, or where its condition holds', async () => {
    expect(await evaluated(httpTrigger, answer(200))).toMatchObject({ holds: true });
    expect(await evaluated(httpTrigger, answer(404))).toEqual({ holds: false });
    const asked = { responseCondition: '{{ response.statusCode == 404 }}' };
    const met = await evaluated(httpTrigger, answer(404), asked, undefined, true);
    expect(met.variables).toMatchObject({ code: 404, body: '{}' });
    expect(await evaluated(httpTrigger, answer(200), asked, undefined, false)).toEqual({
      holds: false,
    });
  });

  test('fails where nobody answers', async () => {
    await expect(evaluated(httpTrigger, { outputs: {}, failure })).rejects.toThrow('not there');
  });
});

describe('jdbc.duckdb.Trigger', () => {
  test('fires with what it found, and not where there is nothing', async () => {
    const rows = [mapOf({ sku: 'mug' })];
    expect(await evaluated(duckdbTrigger, { outputs: { rows, size: 1, row: null } })).toEqual({
      holds: true,
      variables: { rows, size: 1 },
    });
    expect(await evaluated(duckdbTrigger, { outputs: { rows: [], size: 0 } })).toEqual({
      holds: false,
    });
  });

  test('fails where the query fails, or fetches nothing', async () => {
    await expect(evaluated(duckdbTrigger, { outputs: {}, failure })).rejects.toThrow('not there');
    await expect(evaluated(duckdbTrigger, { outputs: {} })).rejects.toThrow('fetches nothing');
  });
});

describe('script triggers', () => {
  const [trigger] = scriptTriggers;
  const ended = (exitCode: number, vars: Record<string, Value> = {}) => ({
    outputs: { exitCode, vars: mapOf(vars) },
    ...(exitCode !== 0 && { failure: { code: 'process.exited', message: 'it ended' } }),
  });
  const of = (
    exitCondition: string,
    asked: ReturnType<typeof ended>,
    heldBefore?: boolean,
    edge = true,
  ) => {
    if (trigger === undefined) throw new Error('there are no script triggers');
    return evaluated(trigger, asked, { exitCondition, edge }, heldBefore);
  };

  test('fire by how the program ended', async () => {
    expect((await of('exit 0', ended(0))).variables).toEqual({
      timestamp: '2026-06-17T14:15:00Z',
      condition: 'exit 0',
      exitCode: 0,
      vars: {},
    });
    expect(await of('exit 0', ended(1))).toEqual({ holds: false });
    expect(await of('exit 1', ended(1))).toMatchObject({ holds: true, variables: { exitCode: 1 } });
  });

  test('fire by what the program gave', async () => {
    expect(await of('done', ended(0, { stand: 'done' }))).toMatchObject({ holds: true });
    expect(await of('"left":[0-2]\\b', ended(0, { left: 1 }))).toMatchObject({ holds: true });
    expect(await of('done', ended(0, { stand: 'begun' }))).toEqual({ holds: false });
  });

  test('fire when the condition begins to hold, unless they shall each time', async () => {
    expect(await of('exit 0', ended(0), true)).toEqual({ holds: true });
    expect(await of('exit 0', ended(0), false)).toHaveProperty('variables');
    expect(await of('exit 0', ended(0), true, false)).toHaveProperty('variables');
  });

  test('fail where the program did not run', async () => {
    const missing = { outputs: {}, failure: { code: 'process.not-found', message: 'no program' } };
    if (trigger === undefined) throw new Error('there are no script triggers');
    await expect(evaluated(trigger, missing)).rejects.toThrow('no program');
  });
});
