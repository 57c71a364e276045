/**
 * What a Flow trigger listens to, in one form for both dialects: states, conditions that each end must
 * meet by itself, and what must come together before it fires.
 */
import type { Trigger } from '../flow/index.ts';
import { isList, isMap, plainText, type Value, type ValueMap } from '../value/index.ts';
import {
  type Condition,
  conditionName,
  type FilterTest,
  labelsIn,
  readCondition,
} from './condition.ts';
import type { Gathering } from './gathering.ts';
import { windowOf, windowOfTwo } from './window.ts';

/** What a Flow trigger listens to. */
export interface Listening {
  readonly states: readonly string[];
  /** What each end must meet to be heard at all. */
  readonly condition: Condition;
  /** All of them must be complete; none: every end that is heard fires. */
  readonly gatherings: readonly Gathering[];
  /** What becomes of a window in which not all came together; undefined: nothing. */
  readonly onMiss: ValueMap | undefined;
}

/** States in which an execution has ended. */
const finalStates: readonly string[] = [
  'SUCCESS',
  'WARNING',
  'FAILED',
  'KILLED',
  'CANCELLED',
  'RETRIED',
  'SKIPPED',
];

/** Tells whether an execution has ended in `state`. */
export function isFinal(state: string): boolean {
  return finalStates.includes(state);
}

function statesIn(value: Value | undefined): readonly string[] | undefined {
  if (!isList(value)) return undefined;
  return value.map(plainText).map((state) => (state === 'CANCELED' ? 'CANCELLED' : state));
}

function maps(value: Value | undefined): readonly ValueMap[] {
  return isList(value) ? value.filter(isMap) : [];
}

function textOf(value: Value | undefined): string | undefined {
  return value === undefined || value === null ? undefined : plainText(value);
}

/** The condition that an execution of a named flow ended so, under such labels. */
function flowPart(map: ValueMap, namespace: string | undefined): Condition {
  const flowId = textOf(map['flowId']);
  const states = statesIn(map['states']);
  const labels = labelsIn(map['labels']);
  const when = textOf(map['when']);
  const parts: Condition[] = [
    {
      kind: 'flow',
      ...(namespace !== undefined && { namespace }),
      ...(flowId !== undefined && { flowId }),
    },
  ];
  if (states !== undefined) parts.push({ kind: 'state', among: states, notAmong: [] });
  if (labels.length > 0) parts.push({ kind: 'labels', labels });
  if (when !== undefined) parts.push({ kind: 'expression', expression: when });
  return { kind: 'all', conditions: parts };
}

function filterOf(map: ValueMap): Condition {
  const test = plainText(map['type']) as FilterTest;
  const field = plainText(map['field']);
  const values = isList(map['values'])
    ? map['values'].map(plainText)
    : [textOf(map['value']) ?? ''];
  if (field === 'EXPRESSION') return { kind: 'value', expression: values[0] ?? '', test };
  return { kind: 'filter', field: field as 'FLOW_ID' | 'NAMESPACE' | 'STATE', test, values };
}

function wherePart(map: ValueMap): Condition {
  const kind = textOf(map['operand']) === 'OR' ? 'any' : 'all';
  return { kind, conditions: maps(map['filters']).map(filterOf) };
}

function ofPreconditions(map: ValueMap): Gathering {
  const flows = maps(map['flows']).map((one, at) => ({
    key: `flow ${at}`,
    condition: flowPart(one, textOf(one['namespace'])),
  }));
  const where = maps(map['where']).map((one, at) => ({
    key: `where ${textOf(one['id']) ?? at}`,
    condition: wherePart(one),
  }));
  const parts = [...flows, ...where];
  return {
    id: textOf(map['id']) ?? 'preconditions',
    parts,
    needed: parts.length,
    window: windowOf(map['timeWindow']),
    resets: map['resetOnSuccess'] !== false,
    firesOnce: false,
    namesFlows: false,
  };
}

function ofMultiple(map: ValueMap): Gathering {
  const named = isMap(map['conditions']) ? Object.entries(map['conditions']) : [];
  const parts = named.flatMap(([key, one]) =>
    isMap(one as Value) ? [{ key, condition: readCondition(one as ValueMap) }] : [],
  );
  // The older spelling has the window beside the conditions.
  const older = { window: map['window'] ?? null, windowAdvance: map['windowAdvance'] ?? null };
  return {
    id: textOf(map['id']) ?? 'multiple',
    parts,
    needed: parts.length,
    window: windowOf(map['timeWindow'] ?? older),
    resets: map['resetOnSuccess'] !== false,
    firesOnce: false,
    namesFlows: false,
  };
}

function neededOf(properties: ValueMap, count: number): number {
  switch (textOf(properties['mode'])) {
    case 'ANY':
      return 1;
    case 'AT_LEAST':
      return Math.min(Number(textOf(properties['minSatisfied']) ?? count), count);
    default:
      return count;
  }
}

function ofDependsOn(properties: ValueMap, ownNamespace: string): Gathering | undefined {
  const parts = maps(properties['dependsOn']).map((one, at) => {
    const states = one['states'] ?? ['SUCCESS', 'WARNING'];
    const namespace = textOf(one['namespace']) ?? ownNamespace;
    return { key: `flow ${at}`, condition: flowPart({ ...one, states }, namespace) };
  });
  if (parts.length === 0) return undefined;
  const described = properties['window'];
  return {
    id: 'dependsOn',
    parts,
    needed: neededOf(properties, parts.length),
    window: windowOfTwo(described),
    resets: true,
    firesOnce: isMap(described) && described['fireOnce'] === true,
    namesFlows: true,
  };
}

function isMultiple(map: ValueMap): boolean {
  return conditionName(map['type']) === 'MultipleCondition';
}

/** Returns the condition that `conditions` and `when` of any trigger are together. */
export function conditionOf({ conditions, when }: Pick<Trigger, 'conditions' | 'when'>): Condition {
  const all = conditions.filter((one) => !isMultiple(one)).map(readCondition);
  if (when !== undefined) all.push({ kind: 'expression', expression: when });
  return { kind: 'all', conditions: all };
}

const known = new WeakMap<Trigger, Listening>();

/** Returns what a Flow trigger of a flow in `namespace` listens to. */
export function listeningOf(trigger: Trigger, namespace: string): Listening {
  let listening = known.get(trigger);
  if (listening !== undefined) return listening;
  const { properties } = trigger;
  const { preconditions, onMiss } = properties;
  const dependsOn = ofDependsOn(properties, namespace);
  const gatherings = [
    ...(isMap(preconditions) ? [ofPreconditions(preconditions)] : []),
    ...(dependsOn === undefined ? [] : [dependsOn]),
    ...trigger.conditions.filter(isMultiple).map(ofMultiple),
  ].filter(({ parts }) => parts.length > 0);
  listening = {
    states: statesIn(properties['states']) ?? finalStates,
    condition: conditionOf(trigger),
    gatherings,
    onMiss: isMap(onMiss) ? onMiss : undefined,
  };
  known.set(trigger, listening);
  return listening;
}
