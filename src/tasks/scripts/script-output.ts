/**
 * What a program says: a line `::{…}::` on either stream carries outputs, metrics and log lines for the
 * task run; any other line is logged as it is (stdout at INFO, stderr at ERROR).
 *
 * INVARIANT: a line that cannot be understood is reported, never dropped.
 */
import {
  emptyMap,
  isList,
  isMap,
  toPlain,
  type Value,
  type ValueMap,
} from '../../core/value/index.ts';
import { parseJson } from './parse-json.ts';
import { type LogLevel, logLevels, type TaskContext } from '../../ports/task-context.ts';

const protocolLine = /^::(\{.*\})::$/;

/** Collects what a program says. */
export interface ScriptOutput {
  readonly vars: ValueMap;
  /** How many lines the program wrote to stderr that were no protocol lines. */
  readonly errorLineCount: () => number;
  readonly onLine: (stream: 'stdout' | 'stderr', line: string) => void;
}

function levelOf(value: Value | undefined): LogLevel {
  const name = typeof value === 'string' ? value.toUpperCase() : 'INFO';
  if (name === 'WARNING') return 'WARN';
  return logLevels.find((level) => level === name) ?? 'INFO';
}

function takeMetric(metric: Value, context: TaskContext): void {
  const fields = isMap(metric) ? metric : emptyMap();
  const { name, type, value, tags } = fields as Record<string, Value | undefined>;
  const amount = Number(value);
  const isKnown = type === 'counter' || type === 'timer' || type === 'gauge';
  if (typeof name !== 'string' || !isKnown || value === null || !Number.isFinite(amount)) {
    context.log('WARN', `a metric of the program is not valid: \`${plainText(metric)}\``);
    return;
  }
  const texts = isMap(tags)
    ? Object.fromEntries(Object.entries(tags).map(([key, tag]) => [key, plainText(tag)]))
    : {};
  // Programs give timers in seconds.
  context.metric({ name, type, value: type === 'timer' ? amount * 1000 : amount, tags: texts });
}

/** Returns `value` as text: text as it is, anything else as JSON. */
export function plainText(value: Value): string {
  return typeof value === 'string' ? value : JSON.stringify(toPlain(value));
}

function takeLog(line: Value, context: TaskContext): void {
  const fields: Record<string, Value | undefined> = isMap(line) ? line : { message: line };
  context.log(levelOf(fields['level']), plainText(fields['message'] ?? ''));
}

/** Applies one protocol line; false when it is not valid. */
function takeProtocol(text: string, vars: ValueMap, context: TaskContext): boolean {
  let parsed: Value;
  try {
    parsed = parseJson(text);
  } catch {
    return false;
  }
  if (!isMap(parsed)) return false;
  const { outputs, metrics, logs } = parsed as Record<string, Value | undefined>;
  if (isMap(outputs)) Object.assign(vars, outputs);
  else if (outputs !== undefined && outputs !== null) return false;
  if (isList(metrics)) for (const metric of metrics) takeMetric(metric, context);
  if (isList(logs)) for (const line of logs) takeLog(line, context);
  return true;
}

/** Returns a collector that logs a program's lines and gathers its outputs. */
export function collectScriptOutput(context: TaskContext): ScriptOutput {
  const vars = emptyMap();
  let errorLines = 0;
  const onLine = (stream: 'stdout' | 'stderr', text: string): void => {
    const line = text.endsWith('\r') ? text.slice(0, -1) : text;
    const carried = protocolLine.exec(line)?.[1];
    if (carried !== undefined) {
      if (takeProtocol(carried, vars, context)) return;
      context.log('WARN', `an output line of the program is not valid JSON: \`${line}\``);
      return;
    }
    if (stream === 'stderr') errorLines += 1;
    context.log(stream === 'stdout' ? 'INFO' : 'ERROR', line);
  };
  return { vars, errorLineCount: () => errorLines, onLine };
}
