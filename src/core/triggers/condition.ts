/**
 * Conditions of triggers as one small tree, whatever dialect they were written in: `conditions`, `when`,
 * `preconditions` and `dependsOn` all become this, and are decided by the same code.
 */
import { unreachable } from '../failure/index.ts';
import type { Label } from '../flow/index.ts';
import { isList, isMap, plainText, type Value, type ValueMap } from '../value/index.ts';

/** How two texts are compared. */
export type Comparison = 'EQUALS' | 'PREFIX' | 'SUFFIX';

/** What a filter asks of a field. */
export type FilterTest =
  | 'EQUAL_TO'
  | 'NOT_EQUAL_TO'
  | 'IN'
  | 'NOT_IN'
  | 'IS_TRUE'
  | 'IS_FALSE'
  | 'IS_NULL'
  | 'IS_NOT_NULL'
  | 'STARTS_WITH'
  | 'ENDS_WITH'
  | 'REGEX'
  | 'CONTAINS';

/** What is asked of a moment; `date` is a template that gives it. */
export type DateRule =
  | { readonly kind: 'between'; readonly after?: string; readonly before?: string }
  | { readonly kind: 'time-between'; readonly after?: string; readonly before?: string }
  | { readonly kind: 'day-of-week'; readonly day: string }
  | { readonly kind: 'day-in-month'; readonly day: string; readonly place: string }
  | { readonly kind: 'weekend' }
  | { readonly kind: 'holiday'; readonly country: string; readonly subDivision?: string };

/** A condition. */
export type Condition =
  /** The execution that was heard of is one of this flow; of any in the namespace when none is named. */
  | { readonly kind: 'flow'; readonly namespace?: string; readonly flowId?: string }
  | { readonly kind: 'namespace'; readonly namespace: string; readonly comparison: Comparison }
  | {
      readonly kind: 'state';
      readonly among: readonly string[];
      readonly notAmong: readonly string[];
    }
  | { readonly kind: 'labels'; readonly labels: readonly Label[] }
  /** A task of it was tried more than once, and an attempt ended so. */
  | {
      readonly kind: 'retried';
      readonly among: readonly string[];
      readonly notAmong: readonly string[];
    }
  | { readonly kind: 'expression'; readonly expression: string }
  /** The same, and only of an execution with outputs. */
  | { readonly kind: 'outputs'; readonly expression: string }
  | {
      readonly kind: 'filter';
      readonly field: 'FLOW_ID' | 'NAMESPACE' | 'STATE';
      readonly test: FilterTest;
      readonly values: readonly string[];
    }
  /** A filter over what a template gives. */
  | { readonly kind: 'value'; readonly expression: string; readonly test: FilterTest }
  | { readonly kind: 'date'; readonly date: string | undefined; readonly rule: DateRule }
  | { readonly kind: 'all' | 'any' | 'none'; readonly conditions: readonly Condition[] };

function textIn(map: ValueMap, key: string): string | undefined {
  const value = Object.hasOwn(map, key) ? map[key] : undefined;
  return value === undefined || value === null ? undefined : plainText(value);
}

function textsIn(map: ValueMap, key: string): readonly string[] {
  const value = Object.hasOwn(map, key) ? map[key] : undefined;
  return isList(value) ? value.map(plainText).map(stateName) : [];
}

/** Returns the one spelling of a state. */
function stateName(state: string): string {
  return state === 'CANCELED' ? 'CANCELLED' : state;
}

/** Returns labels that are written as a map or as a list. */
export function labelsIn(value: Value | undefined): readonly Label[] {
  if (isMap(value)) {
    return Object.entries(value).map(([key, one]) => ({ key, value: plainText(one as Value) }));
  }
  if (!isList(value)) return [];
  return value.filter(isMap).map((one) => ({
    key: plainText(one['key'] ?? ''),
    value: plainText(one['value'] ?? ''),
  }));
}

function optional<K extends string>(key: K, value: string | undefined): { [P in K]?: string } {
  return (value === undefined ? {} : { [key]: value }) as { [P in K]?: string };
}

/** Returns the name of a condition's type without its package and the older ending. */
export function conditionName(type: Value | undefined): string {
  const last = plainText(type ?? '')
    .split('.')
    .at(-1);
  const name = (last ?? '').replace(/Condition$/, '');
  return name === 'Flow' || name === 'FlowNamespace' || name === 'Multiple'
    ? `${name}Condition`
    : name;
}

function listIn(map: ValueMap): readonly Condition[] {
  const inner = map['conditions'];
  return isList(inner) ? inner.filter(isMap).map(readCondition) : [];
}

function ruleOf(name: string, map: ValueMap): DateRule | undefined {
  const bounds = {
    ...optional('after', textIn(map, 'after')),
    ...optional('before', textIn(map, 'before')),
  };
  switch (name) {
    case 'DateTimeBetween':
      return { kind: 'between', ...bounds };
    case 'TimeBetween':
      return { kind: 'time-between', ...bounds };
    case 'DayWeek':
      return { kind: 'day-of-week', day: textIn(map, 'dayOfWeek') ?? '' };
    case 'DayWeekInMonth':
      return {
        kind: 'day-in-month',
        day: textIn(map, 'dayOfWeek') ?? '',
        place: textIn(map, 'dayInMonth') ?? '',
      };
    case 'Weekend':
      return { kind: 'weekend' };
    case 'PublicHoliday':
      return {
        kind: 'holiday',
        country: textIn(map, 'country') ?? '',
        ...optional('subDivision', textIn(map, 'subDivision')),
      };
    default:
      return undefined;
  }
}

/** Returns a condition of a flow as it is decided; the flow was validated, so its type is known. */
export function readCondition(map: ValueMap): Condition {
  const name = conditionName(map['type']);
  const rule = ruleOf(name, map);
  if (rule !== undefined) return { kind: 'date', date: textIn(map, 'date'), rule };
  const [among, notAmong] = [textsIn(map, 'in'), textsIn(map, 'notIn')];
  switch (name) {
    case 'ExecutionFlow':
    case 'FlowCondition':
      return {
        kind: 'flow',
        ...optional('namespace', textIn(map, 'namespace')),
        ...optional('flowId', textIn(map, 'flowId')),
      };
    case 'ExecutionNamespace':
    case 'FlowNamespaceCondition': {
      const asked = textIn(map, 'comparison') ?? (map['prefix'] === true ? 'PREFIX' : 'EQUALS');
      return {
        kind: 'namespace',
        namespace: textIn(map, 'namespace') ?? '',
        comparison: asked as Comparison,
      };
    }
    case 'ExecutionStatus':
      return { kind: 'state', among, notAmong };
    case 'ExecutionLabels':
      return { kind: 'labels', labels: labelsIn(map['labels']) };
    case 'HasRetryAttempt':
      return { kind: 'retried', among, notAmong };
    case 'ExecutionOutputs':
      return { kind: 'outputs', expression: textIn(map, 'expression') ?? '' };
    case 'Expression':
      return { kind: 'expression', expression: textIn(map, 'expression') ?? '' };
    case 'Not':
      return { kind: 'none', conditions: listIn(map) };
    case 'Or':
      return { kind: 'any', conditions: listIn(map) };
    default:
      return unreachable(name as never, 'condition');
  }
}

/** Returns every template that deciding `condition` may read. */
export function templatesIn(condition: Condition): readonly string[] {
  switch (condition.kind) {
    case 'expression':
    case 'outputs':
    case 'value':
      return [condition.expression];
    case 'date':
      return condition.date === undefined ? [] : [condition.date];
    case 'all':
    case 'any':
    case 'none':
      return condition.conditions.flatMap(templatesIn);
    case 'flow':
    case 'namespace':
    case 'state':
    case 'labels':
    case 'retried':
    case 'filter':
      return [];
  }
}
