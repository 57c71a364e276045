/**
 * Values as YAML. Texts stand without quotes where that is safe, several lines as a block; items of
 * lists are indented by one space; entries of maps that are null are left out, as in JSON.
 */
import { Double, isList, isMap, isTime, type Value } from '../../value/index.ts';
import { Stop } from '../stop.ts';
import { numberText } from '../values/number-text.ts';
import { timeText } from '../values/time-text.ts';
import { nestingMax } from '../values/value-text.ts';

const spokenValues =
  /^(?:true|false|yes|no|on|off|null|y|n|~|[-+]?(?:\d[\d_,]*)?\.?\d*(?:[eE][-+]?\d+)?|[-+]?\.(?:inf|nan)|0[xob][\da-fA-F_]+|\d{4}-\d.*|[-+]?\d+(?::\d+)+.*)$/i;

function needsQuotes(text: string): boolean {
  return (
    text === '' ||
    (text.length > 100 ? /^[-+.\d]/.test(text) : spokenValues.test(text)) ||
    /^[\s\-?:,[\]{}#&*!|>'"%@`=]|\s$|: |:$| #|[\t\u0085\u2028\u2029\uFEFF]/.test(text) ||
    hasControl(text)
  );
}

function hasControl(text: string): boolean {
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if ((code < 32 && code !== 10) || code === 127) return true;
  }
  return false;
}

/** Returns a text of several lines as a block that keeps its line ends. */
function blockText(text: string, indent: string): string {
  const chomping = text.endsWith('\n\n') || text === '\n' ? '+' : text.endsWith('\n') ? '' : '-';
  const body = text.endsWith('\n') ? text.slice(0, -1) : text;
  const lines = body.split('\n').map((line) => (line === '' ? '' : indent + line));
  return `|${chomping}\n${lines.join('\n')}`;
}

function textIn(text: string, indent: string): string {
  const isBlock = text.includes('\n') && !hasControl(text) && !/^[\s]/.test(text);
  if (isBlock) return blockText(text, indent);
  return needsQuotes(text) || text.includes('\n') ? JSON.stringify(text) : text;
}

function scalarText(value: Value, indent: string): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return textIn(value, indent);
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number' || typeof value === 'bigint' || value instanceof Double) {
    return numberText(value);
  }
  return isTime(value) ? timeText(value, true) : '{}';
}

function isEmptyContainer(value: Value): boolean {
  if (isList(value)) return value.length === 0;
  return isMap(value) && Object.keys(value).every((key) => value[key] === null);
}

/** Returns the lines of a value, without the indentation of its surroundings. */
function linesOf(value: Value, depth: number): string[] {
  if (depth > nestingMax) {
    throw new Stop('expression.depth-limit-reached', 'the value is nested too deeply for YAML');
  }
  if (isEmptyContainer(value)) return [isList(value) ? '[]' : '{}'];
  if (isList(value)) return value.flatMap((one) => itemLines(one, depth));
  if (isMap(value)) {
    return Object.keys(value).flatMap((key) => {
      const entry = value[key] as Value;
      return entry === null ? [] : entryLines(textIn(key, '  '), entry, depth);
    });
  }
  return scalarText(value, '  ').split('\n');
}

function itemLines(one: Value, depth: number): string[] {
  return linesOf(one, depth + 1).map((line, index) => {
    if (index === 0) return ` - ${line}`;
    return line === '' ? '' : `   ${line}`;
  });
}

function entryLines(key: string, entry: Value, depth: number): string[] {
  const lines = linesOf(entry, depth + 1);
  const isContainer = (isList(entry) || isMap(entry)) && !isEmptyContainer(entry);
  if (!isContainer) return [`${key}: ${lines[0] ?? ''}`, ...lines.slice(1)];
  const indent = isList(entry) ? '' : '  ';
  return [`${key}:`, ...lines.map((line) => (line === '' ? '' : indent + line))];
}

/** Returns a value as YAML text that ends with a line break. */
export function writeYaml(value: Value): string {
  return `${linesOf(value, 0).join('\n')}\n`;
}
