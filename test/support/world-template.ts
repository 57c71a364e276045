/**
 * A small stand-in for the expression language: paths, literals, comparisons and `??` inside `{{ }}`.
 * Enough for tests of task types, whose subject is what a task does with a rendered value.
 */
import {
  emptyMap,
  entryOf,
  isList,
  isMap,
  toPlain,
  type Value,
  type ValueMap,
} from '../../src/core/value/index.ts';

function readPath(path: string, names: ValueMap): Value | undefined {
  let current: Value | undefined = names;
  for (const part of path.matchAll(/[A-Za-z_][\w]*|\[(?:'([^']*)'|"([^"]*)"|(\d+))\]/g)) {
    const key = part[1] ?? part[2] ?? part[3] ?? part[0];
    if (isList(current)) current = current[Number(key)];
    else if (isMap(current)) current = entryOf(current, key);
    else return undefined;
  }
  return current;
}

function readOperand(text: string, names: ValueMap): Value | undefined {
  const trimmed = text.trim();
  const quoted = /^'([^']*)'$|^"([^"]*)"$/.exec(trimmed);
  if (quoted) return quoted[1] ?? quoted[2] ?? '';
  if (/^-?\d+(\.\d+)?$/.test(trimmed)) return Number(trimmed);
  if (trimmed === 'true' || trimmed === 'false') return trimmed === 'true';
  if (trimmed === 'null') return null;
  return readPath(trimmed, names);
}

const comparisons: Record<string, (left: Value, right: Value) => boolean> = {
  '==': (left, right) => left === right,
  '!=': (left, right) => left !== right,
  '>': (left, right) => Number(left) > Number(right),
  '<': (left, right) => Number(left) < Number(right),
  '>=': (left, right) => Number(left) >= Number(right),
  '<=': (left, right) => Number(left) <= Number(right),
};

function evaluateExpression(source: string, names: ValueMap): Value {
  const compared = /^(.+?)\s(==|!=|>=|<=|>|<)\s(.+)$/.exec(source);
  if (compared) {
    const [, left = '', sign = '', right = ''] = compared;
    const compare = comparisons[sign];
    if (compare !== undefined) {
      return compare(evaluateExpression(left, names), evaluateExpression(right, names));
    }
  }
  for (const alternative of source.split('??')) {
    const value = readOperand(alternative, names);
    if (value !== undefined && value !== null) return value;
    if (value === null && alternative.trim() === 'null') return null;
  }
  if (source.includes('??')) return null;
  const value = readOperand(source, names);
  if (value === undefined) throw new Error(`unable to find \`${source.trim()}\``);
  return value;
}

function asText(value: Value): string {
  if (value === null) return '';
  if (isList(value) || isMap(value)) return JSON.stringify(toPlain(value));
  return String(toPlain(value));
}

/** Returns the value of `template`; a lone expression keeps its type. */
export function evaluateTemplate(template: string, names: ValueMap): Value {
  const lone = /^\s*\{\{((?:(?!\}\}).)*)\}\}\s*$/s.exec(template);
  if (lone) return evaluateExpression(lone[1] ?? '', names);
  return template.replace(/\{\{((?:(?!\}\}).)*)\}\}/gs, (_, source: string) =>
    asText(evaluateExpression(source, names)),
  );
}

/** Returns `value` with every string in it rendered to text. */
export function renderTemplates(value: Value, names: ValueMap): Value {
  if (typeof value === 'string') return asText(evaluateTemplate(value, names));
  if (isList(value)) return value.map((one) => renderTemplates(one, names));
  if (!isMap(value)) return value;
  const map = emptyMap();
  for (const [key, entry] of Object.entries(value)) {
    map[asText(evaluateTemplate(key, names))] = renderTemplates(entry, names);
  }
  return map;
}
