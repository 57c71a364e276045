/**
 * How far a flow reaches: whom it sends something to, and how often it acts by itself. Read from its text:
 * what a template decides at run time is named as such, and what nobody can count is not counted as little.
 */
import { flowableOf, type Flow, type Task, type Trigger } from '../flow/index.ts';

/** How often a flow acts by itself. */
export interface Volume {
  /** At most so often on a day; null where nobody knows. */
  readonly perDay: number | null;
  /** Why, as clauses. */
  readonly reasons: readonly string[];
}

const addressNames = ['uri', 'url', 'host', 'to', 'cc', 'bcc', 'server', 'webhookUrl', 'channel'];

function hostOf(text: string): string {
  const [, host] = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/@]*@)?([^/:?#]+)/i.exec(text) ?? [];
  return (host ?? text).toLowerCase();
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.flatMap(textsIn) : [];
}

/** Returns whom a task sends something to, as its text says: hosts and addresses, or that a template tells. */
export function recipientsOf({ id, properties }: Task): readonly string[] {
  return addressNames.flatMap((name) =>
    textsIn(properties[name]).map((text) =>
      hostOf(text).includes('{{') ? `what \`${name}\` of \`${id}\` says` : hostOf(text),
    ),
  );
}

function countOf(field: string, size: number): number {
  const all = new Set<number>();
  for (const part of field.split(',')) {
    const [range = '', step] = part.split('/');
    const every = step === undefined ? 1 : Number(step);
    const [, from, to] = /^(\d+)(?:-(\d+))?$/.exec(range) ?? [];
    const begin = from === undefined ? 0 : Number(from);
    const isSingle = from !== undefined && to === undefined && step === undefined;
    const end = to === undefined ? (isSingle ? begin : size - 1) : Number(to);
    for (let at = begin; at <= end; at += every) all.add(at);
  }
  return all.size;
}

const nicknames: Readonly<Record<string, number>> = { '@hourly': 24 };

/** Returns how often a cron expression fires on a day on which it does. */
function timesPerDay(cron: string): number {
  if (cron.startsWith('@')) return nicknames[cron] ?? 1;
  const fields = cron.trim().split(/\s+/);
  const [seconds, minutes = '*', hours = '*'] = fields.length > 5 ? fields : ['0', ...fields];
  return countOf(seconds ?? '0', 60) * countOf(minutes, 60) * countOf(hours, 24);
}

function volumeOf({ id, type, properties }: Trigger): Volume {
  const { cron } = properties;
  if (type === 'core.trigger.Schedule' && typeof cron === 'string' && !cron.includes('{{')) {
    const perDay = timesPerDay(cron);
    return { perDay, reasons: [`\`${id}\` starts it up to ${perDay} times a day`] };
  }
  if (type === 'core.trigger.ScheduleOnDates') {
    const { dates } = properties;
    const count = Array.isArray(dates) ? dates.length : null;
    return { perDay: count, reasons: [`\`${id}\` starts it on ${count ?? 'some'} dates`] };
  }
  return { perDay: null, reasons: [`\`${id}\` starts it as often as others like`] };
}

function* repeated(tasks: readonly Task[], isInLoop: boolean): Generator<Task> {
  for (const task of tasks) {
    if (task.isDisabled) continue;
    const isLoop = flowableOf(task.type)?.isLoop === true || task.type === 'core.flow.ForEachItem';
    if (isInLoop || task.type === 'core.flow.ForEachItem') yield task;
    for (const inner of Object.values(task.blocks)) yield* repeated(inner, isInLoop || isLoop);
  }
}

/** Returns how often a flow acts by itself; `isEffect` tells which of its tasks act. */
export function volumeOfFlow(flow: Flow, isEffect: (task: Task) => boolean): Volume {
  const started = flow.triggers.filter((one) => !one.isDisabled).map(volumeOf);
  const looped = [...repeated([...flow.tasks, ...flow.errors, ...flow.finally], false)]
    .filter((task) => isEffect(task) || task.type === 'core.flow.ForEachItem')
    .map(({ id }) => ({ perDay: null, reasons: [`\`${id}\` runs once for each item`] }));
  const all: readonly Volume[] = [...started, ...looped];
  const isKnown = all.every(({ perDay }) => perDay !== null);
  return {
    perDay: isKnown ? all.reduce((sum, { perDay }) => sum + (perDay ?? 0), 0) : null,
    reasons: all.length === 0 ? ['people start it'] : all.flatMap(({ reasons }) => reasons),
  };
}
