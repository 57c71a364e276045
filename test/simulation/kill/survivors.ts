/**
 * What must have survived a kill: everything that was noted as durable, and for every effect outside
 * the entry that intended it.
 */
import { hash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Store } from '../../../src/ports/store.ts';
import { eventOf } from '../checkers/fold.ts';
import type { Effect } from '../outside-tasks.ts';

/** What a process noted as durable. */
export interface Note {
  readonly seq?: number;
  readonly header?: string;
  readonly started?: string;
  readonly resumed?: string;
  readonly killed?: string;
  readonly restarted?: string;
  readonly seen?: string;
  readonly state?: string;
  readonly taskRunId?: string;
}

/** What is outside of the data folder. */
export interface OutsideRecord {
  readonly notes: readonly Note[];
  readonly effects: readonly Effect[];
  /** How much of the files was read. */
  readonly read: { readonly notes: number; readonly effects: number };
}

function linesFrom<T>(path: string, from: number): { lines: T[]; read: number } {
  if (!existsSync(path)) return { lines: [], read: from };
  const text = readFileSync(path).subarray(from);
  const end = text.lastIndexOf(10) + 1;
  const lines = text.subarray(0, end).toString().split('\n').slice(0, -1);
  return { lines: lines.map((line) => JSON.parse(line) as T), read: from + end };
}

/** Reads what was noted outside after `from`. */
export function readOutside(
  folder: string,
  from: OutsideRecord['read'] = { notes: 0, effects: 0 },
): OutsideRecord {
  const notes = linesFrom<Note>(join(folder, 'notes.jsonl'), from.notes);
  const effects = linesFrom<Effect>(join(folder, 'effects.jsonl'), from.effects);
  return {
    notes: notes.lines,
    effects: effects.lines,
    read: { notes: notes.read, effects: effects.read },
  };
}

const asked: Readonly<Record<'started' | 'resumed' | 'killed', string>> = {
  started: 'execution-created',
  resumed: 'execution-resumed',
  killed: 'execution-killed',
};

/** Returns what was noted or done outside and is not in the ledger of `store`. */
export async function lostTroubles(store: Store, outside: OutsideRecord): Promise<string[]> {
  const troubles: string[] = [];
  const streams = new Map<string, Promise<readonly ReturnType<typeof eventOf>[]>>();
  const eventsOf = (id: string) => {
    let events = streams.get(id);
    if (events === undefined) {
      events = store.entries('main', `execution:${id}`).then((entries) => entries.map(eventOf));
      streams.set(id, events);
    }
    return events;
  };
  for (const one of outside.notes) {
    if (one.seq !== undefined) {
      const [entry] = await store.sealedEntries(one.seq - 1, 1);
      if (entry?.seq !== one.seq) troubles.push(`the acknowledged entry ${one.seq} is lost`);
      else if (hash('sha256', entry.header, 'hex') !== one.header) {
        troubles.push(`the acknowledged entry ${one.seq} is another one`);
      }
    }
    for (const [what, type] of Object.entries(asked)) {
      const id = one[what as keyof typeof asked];
      if (id === undefined || what === 'killed') continue;
      if (!(await eventsOf(id)).some((event) => event.type === type)) {
        troubles.push(`the execution ${id} was acknowledged as ${what}, but has no ${type}`);
      }
    }
    if (one.seen !== undefined && (await eventsOf(one.seen)).length === 0) {
      troubles.push(`the execution ${one.seen} was seen and is lost`);
    }
  }
  for (const { kind, executionId, taskRunId, taskId, attempt, key } of outside.effects) {
    const events = await eventsOf(executionId);
    const isIntended =
      kind === 'send'
        ? events.some(
            (event) =>
              event.type === 'effect-intended' &&
              event.taskRunId === taskRunId &&
              event.attempt === attempt &&
              event.idempotencyKey === key,
          )
        : events.filter((event) => event.type === 'task-started' && event.taskRunId === taskRunId)
            .length >= attempt;
    if (!isIntended) {
      troubles.push(
        `attempt ${attempt} of ${taskId} in ${executionId} had an effect without its intent entry`,
      );
    }
  }
  return troubles;
}

/** Returns effects that were done twice although they may be done once. */
export function doneTwice(
  { effects, notes }: OutsideRecord,
  scriptLines: readonly string[],
): string[] {
  // What is restarted by a person runs its ending once more, on purpose.
  const restarted = new Set(notes.map((one) => one.restarted));
  const troubles: string[] = [];
  const keys = new Map<string, string>();
  const sent = new Set<string>();
  for (const { kind, executionId, taskId, value, key, taskRunId, attempt } of effects) {
    const of = `${executionId} ${taskId} ${value}`;
    if (kind === 'book' && !restarted.has(executionId)) {
      const known = keys.get(of);
      if (known !== undefined && known !== key) {
        troubles.push(`the effect \`${of}\` was asked for under two keys`);
      }
      keys.set(of, key);
    }
    if (kind === 'send') {
      const once = `${taskRunId} ${attempt}`;
      if (sent.has(once))
        troubles.push(`attempt ${attempt} of the effect \`${of}\` was sent twice`);
      sent.add(once);
    }
  }
  for (const [index, line] of scriptLines.entries()) {
    if (scriptLines.indexOf(line) !== index) troubles.push(`the script \`${line}\` ran twice`);
  }
  return troubles;
}
