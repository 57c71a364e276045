/** Kill switches: what each kind covers. */
import { expect, test } from 'vitest';
import {
  type KillSwitch,
  modelStoppedBy,
  stoppedBy,
  type Stoppable,
  type SwitchTarget,
  targetProblem,
} from './kill-switch.ts';

const what: Stoppable = {
  namespace: 'shop.eu',
  flowId: 'refund',
  executionIds: ['e1', 'outer'],
  models: ['openai/gpt-5-mini'],
};

function set(
  kind: SwitchTarget['kind'],
  id: string,
  mode: KillSwitch['mode'] = 'kill',
): KillSwitch {
  return { kind, id, mode, reason: 'a test', setBy: 'ada', setAt: 0 };
}

test.each([
  ['everything', '', true],
  ['namespace', 'shop', true],
  ['namespace', 'shop.eu', true],
  ['namespace', 'sho', false],
  ['flow', 'shop.eu/refund', true],
  ['flow', 'shop/refund', false],
  ['execution', 'outer', true],
  ['execution', 'e2', false],
  ['model', 'openai/gpt-5-mini', true],
  ['model', 'openai/gpt-5', false],
  ['vendor', 'openai', true],
  ['vendor', 'open', false],
] as const)('a switch on %s `%s` covers it: %s', (kind, id, isCovered) => {
  expect(stoppedBy([set(kind, id)], what) !== undefined).toBe(isCovered);
});

test('a switch that kills comes before one that holds', () => {
  const both = [set('everything', '', 'pause'), set('flow', 'shop.eu/refund')];
  expect(stoppedBy(both, what)).toMatchObject({ mode: 'kill' });
});

test('calls of a model are stopped wherever they come from', () => {
  expect(modelStoppedBy([set('vendor', 'openai')], 'openai/gpt-5')).toBeDefined();
  expect(modelStoppedBy([set('namespace', 'shop')], 'openai/gpt-5')).toBeUndefined();
  expect(modelStoppedBy([set('everything', '')], 'openai/gpt-5')).toBeDefined();
});

test.each([
  ['everything', 'x', 'everything has no id'],
  ['namespace', '', 'the namespace is not named'],
  ['flow', 'refund', 'a flow is named as `namespace/id`'],
  ['model', 'gpt', 'a model is named as `vendor/name`'],
] as const)('a target %s `%s` is refused', (kind, id, problem) => {
  expect(targetProblem({ kind, id })).toBe(problem);
});
