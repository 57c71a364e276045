/**
 * The rules of single types that no schema can say: what a Dag waits for, what a Switch needs, what a
 * ForEach may go over, which durations are waited for, and that no flow starts itself.
 */
import { durationsOf } from './block-grammar.ts';
import { hasTemplate } from './check-schema.ts';
import { parseDuration } from './duration.ts';
import { findCycle, shownCycle } from './find-cycle.ts';
import { readJson } from './read-json.ts';
import type { Reading } from './reading.ts';
import { didYouMean } from './suggest.ts';
import type { TypeEntry } from './type-catalogue.ts';
import { child, textOf, type YamlMap, type YamlNode } from './yaml-tree.ts';

/** Reports dependencies of a Dag that lead nowhere or back to where they began. */
export function checkDependencies(
  reading: Reading,
  waits: readonly {
    id: string;
    on: { id: string; node: YamlNode; path: string }[];
    node: YamlNode;
  }[],
  path: string,
): void {
  const byId = new Map(waits.map((one) => [one.id, one]));
  for (const { on } of waits) {
    for (const one of on) {
      if (byId.has(one.id) || reading.hidesTasks) continue;
      const message = `\`${one.id}\` is not a task of this Dag`;
      const help = () => didYouMean(one.id, byId.keys(), 'name a task of this Dag');
      reading.list.report('flow.dependency-unknown', one.node, one.path, message, { help });
    }
  }
  const cycle = findCycle(waits.map(({ id, on }) => [id, on.map((one) => one.id)] as const));
  const first = cycle?.[0];
  if (cycle === undefined || first === undefined) return;
  const message = `tasks wait for each other: ${shownCycle(cycle)}`;
  const at = byId.get(first)?.node ?? { start: 0, end: 0 };
  reading.list.report('flow.cycle-found', at, path, message);
}

/** Checks durations that the language itself waits for, whatever the catalogue says of their form. */
export function checkDurations(
  reading: Reading,
  map: YamlMap,
  path: string,
  entry: TypeEntry,
): void {
  for (const steps of durationsOf(entry.type)) {
    let node: YamlNode | undefined = map;
    for (const step of steps) node = node?.kind === 'map' ? child(node, step) : undefined;
    const text = textOf(node);
    if (node === undefined || text === undefined || hasTemplate(text)) continue;
    if (parseDuration(text) !== undefined) continue;
    const key = steps.at(-1) ?? '';
    const message = `\`${text.slice(0, 40)}\` in \`${key}\` is not a duration`;
    reading.list.report('flow.duration-invalid', node, `${path}.${steps.join('.')}`, message);
  }
}

/** Checks the values of a ForEach, as far as they are written out. */
export function checkLoopValues(reading: Reading, map: YamlMap, path: string): void {
  const node = child(map, 'values');
  const at = `${path}.values`;
  if (node?.kind === 'list') {
    for (const [index, item] of node.items.entries()) {
      const value = item.kind === 'scalar' ? item.value : item.kind;
      const isAllowed =
        item.kind === 'map' ||
        (item.kind === 'scalar' && (typeof value === 'string' || Number.isSafeInteger(value)));
      if (isAllowed) continue;
      const message = 'a value of a ForEach is neither a text, a whole number nor a map';
      const help = 'put it in quotes, or give the values as JSON text';
      reading.list.report('flow.property-value-wrong', item, `${at}[${index}]`, message, { help });
    }
    return;
  }
  const text = textOf(node);
  if (node === undefined || text === undefined || hasTemplate(text)) return;
  const read = readJson(text);
  if (read !== undefined && Array.isArray(read.value)) return;
  const help = 'write a list, or a text such as `["a", "b"]`';
  reading.list.report('flow.json-invalid', node, at, '`values` is not a JSON list', { help });
}

/** Reports a task that starts the flow it stands in. */
export function checkSubflow(reading: Reading, map: YamlMap, path: string, entry: TypeEntry): void {
  if (entry.type !== 'core.flow.Subflow' && entry.type !== 'core.flow.ForEachItem') return;
  const namespace = textOf(child(map, 'namespace'));
  const node = child(map, 'flowId');
  const flowId = textOf(node);
  if (node === undefined || namespace === undefined || flowId === undefined) return;
  const { own } = reading;
  if (namespace !== own.namespace || flowId !== own.id) return;
  if (hasTemplate(namespace) || hasTemplate(flowId)) return;
  const message = `\`${namespace}.${flowId}\` starts itself`;
  reading.list.report('flow.subflow-recursive', node, `${path}.flowId`, message);
}

/** Reports a Switch that can go nowhere. */
export function checkSwitch(reading: Reading, map: YamlMap, path: string): void {
  const cases = child(map, 'cases');
  const defaults = child(map, 'defaults');
  const hasCase = cases?.kind === 'map' && cases.entries.size > 0;
  const hasDefault = defaults?.kind === 'list' && defaults.items.length > 0;
  if (hasCase || hasDefault) return;
  const start = { start: map.start, end: map.start };
  reading.list.report(
    'flow.switch-empty',
    start,
    path,
    'a Switch has neither `cases` nor `defaults`',
  );
}
