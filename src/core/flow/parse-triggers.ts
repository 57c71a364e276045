/**
 * Reads triggers and their conditions: the type, what every trigger may say, and the rules that tie
 * properties together (windows, filters, cron with seconds, webhooks without several conditions).
 */
import { holidayCountries, knowsHolidays } from '../expression/index.ts';
import { emptyMap, isList, isMap, plainText, type Value, type ValueMap } from '../value/index.ts';
import { checkSchema, type SchemaProblem } from './check-schema.ts';
import type { Trigger } from './flow.ts';
import { readId, readLabels, reportDuplicates } from './parse-parts.ts';
import { canonicalProperties, readProperties, withDefaults } from './read-properties.ts';
import { resolveType } from './resolve-type.ts';
import {
  addTemplates,
  enterpriseProperties,
  itemsOf,
  type Reading,
  reportEnterprise,
  reportProblems,
} from './reading.ts';
import { triggerProperties } from './shapes.ts';
import type { TypeEntry } from './type-catalogue.ts';
import { booleanOf, child, textOf, toValue, type YamlMap, type YamlNode } from './yaml-tree.ts';

/** Properties of all triggers that are kept beside those of the type. */
const kept = ['logLevel', 'allowConcurrent', 'failOnTriggerError'];

/** Reads the triggers of a flow. */
export function readTriggers(reading: Reading, node: YamlNode | undefined): Trigger[] {
  const triggers: Trigger[] = [];
  const places: { id: string; at: YamlNode; path: string }[] = [];
  for (const [index, item] of itemsOf(reading, node, 'triggers').entries()) {
    const path = `triggers[${index}]`;
    if (item.kind !== 'map') {
      reading.list.report('flow.property-type-wrong', item, path, 'a trigger is not a map');
      continue;
    }
    const id = readId(reading, item, path, 'task');
    if (id === undefined) {
      const start = { start: item.start, end: item.start };
      reading.list.report('flow.property-missing', start, `${path}.id`, 'a trigger has no `id`');
    } else {
      places.push({ id, at: item, path });
    }
    const entry = resolveType(reading, item, path, ['trigger']);
    if (entry !== undefined) triggers.push(readTrigger(reading, item, path, id ?? '', entry));
  }
  reportDuplicates(reading, places, 'triggers');
  return triggers;
}

function isElsewhere(key: string): boolean {
  return Object.hasOwn(triggerProperties, key) || enterpriseProperties.has(key);
}

function readTrigger(
  reading: Reading,
  node: YamlMap,
  path: string,
  id: string,
  entry: TypeEntry,
): Trigger {
  const renamed = canonicalProperties(reading, node, entry, {}, path);
  const map = withDefaults(reading, renamed, entry, triggerProperties, () => true);
  checkCommon(reading, map, path, entry);
  const names = Object.keys(triggerProperties);
  const properties = readProperties(reading, map, entry, path, isElsewhere, names);
  for (const key of kept) {
    const value = child(map, key);
    if (value !== undefined && properties[key] === undefined) properties[key] = toValue(value);
  }
  checkRules(reading, map, path, entry);
  addTemplates(reading, map, path, { reader: 'foreign' });
  const conditions = readConditions(reading, child(map, 'conditions'), `${path}.conditions`);
  const scheduled = child(map, 'scheduleConditions');
  if (scheduled !== undefined) {
    const place = map.entries.get('scheduleConditions')?.keyPlace ?? scheduled;
    const at = `${path}.scheduleConditions`;
    const message = '`scheduleConditions` is deprecated; its name is `conditions`';
    reading.list.report('flow.property-deprecated', place, at, message, {
      help: 'write `conditions`',
    });
    conditions.push(...readConditions(reading, scheduled, at));
    delete properties['scheduleConditions'];
  }
  if (entry.type !== 'core.trigger.Webhook' || !conditions.some(isMultiple)) {
    const hears = entry.type === 'core.trigger.Flow';
    checkPlaces(reading, conditions, { map, path: `${path}.conditions`, hears });
  }
  const description = textOf(child(map, 'description'));
  const when = textOf(child(map, 'when'));
  const inputs = child(map, 'inputs');
  return {
    id,
    type: entry.type,
    isDisabled: booleanOf(child(map, 'disabled')) ?? false,
    ...(description === undefined ? {} : { description }),
    inputs: inputs?.kind === 'map' ? (toValue(inputs) as ValueMap) : emptyMap(),
    labels: readLabels(reading, child(map, 'labels'), `${path}.labels`),
    conditions,
    ...(when === undefined ? {} : { when }),
    stopAfter: readStates(child(map, 'stopAfter')),
    properties,
    span: reading.list.span(node),
  };
}

/** A webhook that has one is refused with a sentence of its own. */
function isMultiple({ type }: ValueMap): boolean {
  return plainText(type ?? '').endsWith('.MultipleCondition');
}

function readStates(node: YamlNode | undefined): string[] {
  if (node?.kind !== 'list') return [];
  return node.items.map(textOf).filter((state) => state !== undefined);
}

function checkCommon(reading: Reading, map: YamlMap, path: string, entry: TypeEntry): void {
  const own = entry.schema.properties ?? {};
  const problems: SchemaProblem[] = [];
  const use = { root: {}, allowsTemplates: false, owner: 'a trigger' };
  for (const [key, one] of map.entries) {
    if (Object.hasOwn(own, key)) continue;
    const schema = Object.hasOwn(triggerProperties, key) ? triggerProperties[key] : undefined;
    if (schema !== undefined) checkSchema(one.value, schema, `${path}.${key}`, key, use, problems);
    else if (enterpriseProperties.has(key)) reportEnterprise(reading, one, path);
  }
  reportProblems(reading, problems);
}

/** Reads conditions, those inside other conditions included. */
export function readConditions(
  reading: Reading,
  node: YamlNode | undefined,
  path: string,
): ValueMap[] {
  const conditions: ValueMap[] = [];
  for (const [index, item] of itemsOf(reading, node, path).entries()) {
    const condition = readCondition(reading, item, `${path}[${index}]`);
    if (condition !== undefined) conditions.push(condition);
  }
  return conditions;
}

function readCondition(reading: Reading, node: YamlNode, path: string): ValueMap | undefined {
  if (node.kind !== 'map') {
    const help = 'a condition is a map with a `type`';
    reading.list.report('flow.property-type-wrong', node, path, 'a condition is not a map', {
      help,
    });
    return undefined;
  }
  const entry = resolveType(reading, node, path, ['condition']);
  if (entry === undefined) return undefined;
  const map = withDefaults(
    reading,
    canonicalProperties(reading, node, entry, {}, path),
    entry,
    {},
    () => true,
  );
  const values = readProperties(reading, map, entry, path, (key) => key === 'type', []);
  const condition = emptyMap();
  condition['type'] = entry.type;
  Object.assign(condition, values);
  checkCondition(reading, map, path, entry);
  checkWindow(reading, child(map, 'timeWindow'), `${path}.timeWindow`);
  const inner = child(map, 'conditions');
  if (inner?.kind === 'list') {
    condition['conditions'] = readConditions(reading, inner, `${path}.conditions`);
  } else if (inner?.kind === 'map') {
    const named = emptyMap();
    for (const [key, one] of inner.entries) {
      const read = readCondition(reading, one.value, `${path}.conditions.${key}`);
      if (read !== undefined) named[key] = read;
    }
    condition['conditions'] = named;
  }
  return condition;
}

/** What no schema can say of a single condition. */
function checkCondition(reading: Reading, map: YamlMap, path: string, entry: TypeEntry): void {
  const invalid = (key: string, message: string, help: string): void =>
    reading.list.report('flow.trigger-invalid', child(map, key) ?? map, path, message, { help });
  if (entry.type === 'core.condition.PublicHoliday') {
    const country = textOf(child(map, 'country'));
    const part = textOf(child(map, 'subDivision'));
    const known = `known are ${holidayCountries.join(', ')}`;
    if (country === undefined) invalid('country', 'a holiday has no `country`', known);
    else if (!knowsHolidays(country)) {
      invalid('country', `the holidays of \`${country}\` are not known`, known);
    } else if (!knowsHolidays(country, part)) {
      const message = `the holidays of \`${part}\` in \`${country}\` are not known`;
      invalid('subDivision', message, 'leave it out for the holidays of the whole country');
    }
  }
  if (entry.type === 'core.condition.TimeBetween') {
    const [after, before] = [textOf(child(map, 'after')), textOf(child(map, 'before'))];
    const offset = /(?:Z|[+-]\d{2}(?::?\d{2})?)?$/i;
    const isAlike = offset.exec(after ?? '')?.[0] === offset.exec(before ?? '')?.[0];
    if (after !== undefined && before !== undefined && isAlike && after >= before) {
      const help = 'for a time over midnight put two conditions under `Or`';
      invalid('after', '`after` is not before `before`, so it never holds', help);
    }
  }
}

/** Conditions about the execution that was heard of: only a Flow trigger hears of one. */
const heardConditions = new Set(
  [
    'ExecutionFlow',
    'ExecutionNamespace',
    'ExecutionLabels',
    'ExecutionOutputs',
    'ExecutionStatus',
    'HasRetryAttempt',
    'MultipleCondition',
  ].map((name) => `core.condition.${name}`),
);

/** Reports conditions that cannot hold where they stand. */
function checkPlaces(
  reading: Reading,
  conditions: readonly ValueMap[],
  { map, path, hears }: { readonly map: YamlMap; readonly path: string; readonly hears: boolean },
): void {
  const report = (message: string, help: string): void =>
    reading.list.report(
      'flow.trigger-invalid',
      map.entries.get('conditions')?.keyPlace ?? map,
      path,
      message,
      { help },
    );
  const visit = (condition: ValueMap, isInner: boolean): void => {
    const type = plainText(condition['type'] ?? '');
    const name = type.split('.').at(-1) ?? '';
    if (!hears && heardConditions.has(type)) {
      const help = 'use it in a trigger of the type `core.trigger.Flow`';
      report(`\`${name}\` asks about an execution, and this trigger hears of none`, help);
    } else if (isInner && name === 'MultipleCondition') {
      report('`MultipleCondition` stands inside another condition', 'put it beside the others');
    }
    const { conditions: inner } = condition;
    const all = isMap(inner) ? Object.values(inner) : isList(inner) ? inner : [];
    for (const one of all) if (isMap(one as Value)) visit(one as ValueMap, true);
  };
  for (const one of conditions) visit(one, false);
}

function checkRules(reading: Reading, map: YamlMap, path: string, entry: TypeEntry): void {
  const invalid = (node: YamlNode | undefined, at: string, message: string, help: string): void =>
    reading.list.report('flow.trigger-invalid', node ?? map, at, message, { help });
  if (entry.type === 'core.trigger.Schedule') {
    const cron = child(map, 'cron');
    const fields = textOf(cron)?.trim().split(/\s+/).length;
    if (fields === 6 && booleanOf(child(map, 'withSeconds')) !== true) {
      const help = 'add `withSeconds: true`, or remove the first field';
      invalid(cron, `${path}.cron`, '`cron` has six fields without `withSeconds`', help);
    }
  }
  if (entry.type === 'core.trigger.Webhook') {
    const conditions = child(map, 'conditions');
    for (const item of conditions?.kind === 'list' ? conditions.items : []) {
      const type = item.kind === 'map' ? textOf(child(item, 'type')) : undefined;
      if (type?.endsWith('MultipleCondition') !== true) continue;
      invalid(
        item,
        `${path}.conditions`,
        'a webhook cannot wait for several conditions',
        'remove the condition',
      );
    }
  }
  if (entry.type === 'core.trigger.Flow') {
    const preconditions = child(map, 'preconditions');
    if (preconditions?.kind === 'map')
      checkPreconditions(reading, preconditions, `${path}.preconditions`);
    const window = child(map, 'window');
    const isSliding = window?.kind === 'map' && child(window, 'lookback') !== undefined;
    if (isSliding && child(map, 'onMiss') !== undefined) {
      const help = 'give the window an end: `deadline`, `from` and `to`, or `every`';
      invalid(child(map, 'onMiss'), `${path}.onMiss`, 'a window that looks back never ends', help);
    }
    const mode = textOf(child(map, 'mode'));
    if (mode === 'AT_LEAST' && child(map, 'minSatisfied') === undefined)
      invalid(
        child(map, 'mode'),
        `${path}.mode`,
        '`mode: AT_LEAST` has no `minSatisfied`',
        'add `minSatisfied`',
      );
  }
}

function checkPreconditions(reading: Reading, map: YamlMap, path: string): void {
  checkWindow(reading, child(map, 'timeWindow'), `${path}.timeWindow`);
  const where = child(map, 'where');
  for (const [index, item] of (where?.kind === 'list' ? where.items : []).entries()) {
    const filters = item.kind === 'map' ? child(item, 'filters') : undefined;
    for (const [position, one] of (filters?.kind === 'list' ? filters.items : []).entries()) {
      if (one.kind !== 'map') continue;
      checkFilter(reading, one, `${path}.where[${index}].filters[${position}]`);
    }
  }
}

const listFilters = new Set(['IN', 'NOT_IN']);
const bareFilters = new Set(['IS_TRUE', 'IS_FALSE', 'IS_NULL', 'IS_NOT_NULL']);

function checkFilter(reading: Reading, map: YamlMap, path: string): void {
  const type = textOf(child(map, 'type'));
  if (type === undefined) return;
  const hasValue = child(map, 'value') !== undefined;
  const hasValues = child(map, 'values') !== undefined;
  const isOfValue = textOf(child(map, 'field')) === 'EXPRESSION';
  const message =
    isOfValue && !bareFilters.has(type)
      ? `a filter over EXPRESSION cannot be of type ${type}`
      : listFilters.has(type)
        ? hasValues && !hasValue
          ? undefined
          : `a filter of type ${type} takes \`values\``
        : hasValues || (!hasValue && !bareFilters.has(type))
          ? `a filter of type ${type} takes \`value\``
          : undefined;
  if (message === undefined) return;
  const help = isOfValue
    ? 'use IS_TRUE, IS_FALSE, IS_NULL or IS_NOT_NULL; `value` is the expression'
    : 'a list under `values` belongs to IN and NOT_IN, one `value` to all others';
  reading.list.report('flow.trigger-invalid', map, path, message, { help });
}

const windowProperties: Readonly<
  Record<string, { all: readonly string[]; needed: readonly string[] }>
> = {
  DURATION_WINDOW: { all: ['window', 'windowAdvance'], needed: [] },
  SLIDING_WINDOW: { all: ['window'], needed: ['window'] },
  DAILY_TIME_DEADLINE: { all: ['deadline'], needed: ['deadline'] },
  DAILY_TIME_WINDOW: { all: ['startTime', 'endTime'], needed: ['startTime', 'endTime'] },
};

function checkWindow(reading: Reading, node: YamlNode | undefined, path: string): void {
  if (node?.kind !== 'map') return;
  const type = textOf(child(node, 'type')) ?? 'DURATION_WINDOW';
  const rule = Object.hasOwn(windowProperties, type) ? windowProperties[type] : undefined;
  if (rule === undefined) return;
  const help = `a window of type ${type} takes ${rule.all.map((key) => `\`${key}\``).join(' and ')}`;
  for (const [key, entry] of node.entries) {
    if (key === 'type' || rule.all.includes(key) || !allWindowProperties.has(key)) continue;
    const message = `\`${key}\` does not belong to a window of type ${type}`;
    reading.list.report('flow.trigger-invalid', entry.keyPlace, `${path}.${key}`, message, {
      help,
    });
  }
  for (const key of rule.needed) {
    if (child(node, key) !== undefined) continue;
    const message = `a window of type ${type} has no \`${key}\``;
    reading.list.report('flow.trigger-invalid', node, `${path}.${key}`, message, { help });
  }
}

const allWindowProperties = new Set(Object.values(windowProperties).flatMap((rule) => rule.all));
