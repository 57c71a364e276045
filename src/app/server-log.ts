/**
 * The log of a server: JSON lines for programs, lines for people where somebody watches a terminal. Both
 * hold the same; what proves who somebody is, is in neither.
 */
import { type Logger, pino } from 'pino';

/** Where a log goes. */
export interface LogPlace {
  write(line: string): void;
}

const redacted = [
  'req.headers.authorization',
  'req.headers.cookie',
  'authorization',
  'cookie',
  '*.password',
  '*.secret',
];

const levelNames: Readonly<Record<number, string>> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
  60: 'fatal',
};

/** What a line for people leaves out: it is said elsewhere in the line, or is for programs. */
const unsaid = new Set(['level', 'time', 'msg', 'err', 'startedAt', 'traceParent', 'id']);

/** What stands in a log may come from outside: nothing of it may move the cursor or begin another line. */
function harmless(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, ' ');
}

function fieldText(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

function causeOf(line: Readonly<Record<string, unknown>>): string {
  const { err } = line;
  if (typeof err !== 'object' || err === null || !('message' in err)) return '';
  return `: ${fieldText(err.message)}`;
}

/** Returns a line of the log as people read it: time, level, message, and what belongs to it. */
export function humanLine(json: string): string {
  const line = JSON.parse(json) as Readonly<Record<string, unknown>>;
  const time = new Date(fieldText(line['time']));
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
  const level = (levelNames[Number(line['level'])] ?? 'info').padEnd(5);
  const { method, route, status, durationMs } = line;
  const isRequest = method !== undefined && route !== undefined;
  const known = isRequest ? ['method', 'route', 'status', 'durationMs'] : [];
  const more = Object.entries(line)
    .filter(([name, value]) => !unsaid.has(name) && !known.includes(name) && value !== undefined)
    .map(([name, value]) => `${name}=${fieldText(value)}`);
  const text = isRequest
    ? `${fieldText(method)} ${fieldText(route)} ${fieldText(status)} in ${Math.round(Number(durationMs))} ms`
    : `${fieldText(line['msg'])}${causeOf(line)}`;
  return `${clock} ${level} ${harmless([text, ...more].join('  '))}\n`;
}

/** Returns the log of a server; `isTerminal` says that people read it. */
export function createServerLog(
  level: string,
  to: LogPlace | undefined,
  isTerminal: boolean,
): Logger {
  const place = to ?? pino.destination({ fd: 2, sync: true });
  const stream: LogPlace = isTerminal ? { write: (line) => place.write(humanLine(line)) } : place;
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, redact: redacted },
    stream,
  );
}
