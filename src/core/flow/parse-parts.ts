/**
 * Reads the small parts that tasks, triggers and the flow have in common: ids, labels, retries,
 * durations. Each reports what is wrong and returns what can be used.
 */
import { parseDuration } from './duration.ts';
import type { Label, Retry } from './flow.ts';
import { checkShape, type Reading } from './reading.ts';
import { retryShape, retryShapes } from './shapes.ts';
import {
  booleanOf,
  child,
  isNothing,
  numberOf,
  textOf,
  type YamlMap,
  type YamlNode,
} from './yaml-tree.ts';

const idPatterns = {
  task: /^[a-zA-Z0-9][a-zA-Z0-9_-]*$/,
  dotted: /^[a-zA-Z0-9][a-zA-Z0-9._-]*$/,
};

/** The longest id of anything. */
const idLengthMax = 100;

/** Returns the id of `map`, reported when its characters or length are not allowed. */
export function readId(
  reading: Reading,
  map: YamlMap,
  path: string,
  form: keyof typeof idPatterns,
): string | undefined {
  const node = child(map, 'id');
  const id = textOf(node);
  if (node === undefined || id === undefined) return undefined;
  const at = path === '' ? 'id' : `${path}.id`;
  if (!idPatterns[form].test(id)) {
    const help =
      form === 'task'
        ? 'use letters, digits, `_` and `-`, and begin with a letter or digit'
        : 'use letters, digits, `.`, `_` and `-`, and begin with a letter or digit';
    const shown = id.length > 60 ? `${id.slice(0, 60)}…` : id;
    reading.list.report('flow.id-invalid', node, at, `\`${shown}\` is not an id`, { help });
  } else if (id.length > idLengthMax) {
    const message = `the id \`${id.slice(0, 40)}…\` is longer than ${idLengthMax} characters`;
    reading.list.report('flow.id-invalid', node, at, message, { help: 'shorten it' });
  }
  return id;
}

/** Reports each id that stands more than once, with all its lines. */
export function reportDuplicates(
  reading: Reading,
  things: readonly {
    readonly id: string;
    readonly at: { start: number; end: number };
    readonly path: string;
  }[],
  kind: string,
): void {
  const byId = new Map<string, (typeof things)[number][]>();
  for (const one of things) {
    const same = byId.get(one.id);
    if (same === undefined) byId.set(one.id, [one]);
    else same.push(one);
  }
  for (const [id, same] of byId) {
    const second = same[1];
    if (second === undefined) continue;
    const lines = same.slice(0, 10).map((one) => reading.list.position(one.at.start).line);
    const more = same.length > 10 ? ' and more' : '';
    const message = `the id \`${id}\` stands at ${same.length} ${kind}, in lines ${lines.join(', ')}${more}`;
    reading.list.report('flow.id-duplicate', second.at, second.path, message);
  }
}

/** Returns labels given as a map or as a list of `{key, value}`. */
export function readLabels(reading: Reading, node: YamlNode | undefined, path: string): Label[] {
  if (isNothing(node)) return [];
  const labels: Label[] = [];
  const add = (
    key: string | undefined,
    value: YamlNode | undefined,
    at: YamlNode,
    inner: string,
  ) => {
    const text = textOf(value);
    if (key === undefined || key === '' || text === undefined) {
      reading.list.report('flow.label-invalid', at, inner, 'a label is not a key with a text');
      return;
    }
    if (key.startsWith('system.') && key !== 'system.readOnly') {
      const message = `the label \`${key}\` belongs to the system`;
      reading.list.report('flow.label-reserved', at, inner, message);
      return;
    }
    labels.push({ key, value: text });
  };
  if (node.kind === 'map') {
    for (const [key, entry] of node.entries) {
      add(key, entry.value, { ...entry.value, ...entry.keyPlace } as YamlNode, `${path}.${key}`);
    }
  } else if (node.kind === 'list') {
    for (const [index, item] of node.items.entries()) {
      const map = item.kind === 'map' ? item : undefined;
      const key = textOf(map?.entries.get('key')?.value);
      add(key, map?.entries.get('value')?.value, item, `${path}[${index}]`);
    }
  } else {
    const help = 'write `labels:` with `key: value` pairs below';
    reading.list.report('flow.label-invalid', node, path, 'labels are neither a map nor a list', {
      help,
    });
  }
  return labels;
}

/** Returns the milliseconds of the duration `key`, undefined when absent or wrong (reported elsewhere). */
export function durationOf(map: YamlMap, key: string): number | undefined {
  const text = textOf(child(map, key));
  return text === undefined ? undefined : parseDuration(text);
}

/** Returns a retry. */
export function readRetry(
  reading: Reading,
  node: YamlNode | undefined,
  path: string,
): Retry | undefined {
  if (isNothing(node)) return undefined;
  const written = node.kind === 'map' ? textOf(child(node, 'type')) : undefined;
  const type = written?.toLowerCase();
  const known =
    type !== undefined && Object.hasOwn(retryShapes, type) ? retryShapes[type] : undefined;
  const map = checkShape(reading, node, known ?? retryShape, path, '`retry`');
  if (map === undefined || known === undefined) return undefined;
  const first = type === 'random' ? 'minInterval' : 'interval';
  const intervalMs = durationOf(map, first);
  const intervalMaxMs = durationOf(map, 'maxInterval');
  const durationMaxMs = durationOf(map, 'maxDuration');
  const attemptsMax = numberOf(child(map, 'maxAttempts'));
  const delayFactor = numberOf(child(map, 'delayFactor'));
  if (intervalMs === undefined) return undefined;
  const tooLong = (key: string, bound: number | undefined): void => {
    if (bound === undefined || intervalMs < bound) return;
    const message = `\`${first}\` is not shorter than \`${key}\``;
    reading.list.report(
      'flow.retry-invalid',
      child(map, first) ?? map,
      `${path}.${first}`,
      message,
      {
        help: `shorten \`${first}\` or lengthen \`${key}\``,
      },
    );
  };
  tooLong('maxDuration', durationMaxMs);
  tooLong('maxInterval', intervalMaxMs);
  return {
    type: type as Retry['type'],
    intervalMs,
    ...(attemptsMax === undefined ? {} : { attemptsMax }),
    ...(durationMaxMs === undefined ? {} : { durationMaxMs }),
    ...(intervalMaxMs === undefined ? {} : { intervalMaxMs }),
    ...(delayFactor === undefined ? {} : { delayFactor }),
    warnsOnRetry: booleanOf(child(map, 'warningOnRetry')) ?? false,
    behavior:
      textOf(child(map, 'behavior')) === 'CREATE_NEW_EXECUTION'
        ? 'CREATE_NEW_EXECUTION'
        : 'RETRY_FAILED_TASK',
  };
}

/** Returns `{[key]: text}` when `map` has a text under `key`; for optional parts of a flow. */
export function optionalText<K extends string>(map: YamlMap, key: K): { [key in K]?: string } {
  const text = textOf(child(map, key));
  return text === undefined ? {} : ({ [key]: text } as { [key in K]?: string });
}
