/**
 * Work on records of registers: what is looked up, decided and written belongs together. Work that
 * comes while other work is being written is done together and shares one write; when another process
 * wrote one of the records meanwhile, all of it is decided again over what is there then.
 *
 * INVARIANT: what work decided holds for the records as they are when its write is durable; a caller
 * hears of it only after that. Work that throws leaves nothing behind.
 */
import { Failure } from '../../core/failure/index.ts';
import { decodeValue, encodeValue, mapOf, type Value } from '../../core/value/index.ts';
import type { Clock } from '../../ports/clock.ts';
import type { NewEntry, RegisterRecord, Store } from '../../ports/store.ts';
import type { Committer } from '../committer/index.ts';

/** What work on registers needs of the world. */
export interface RegisterParts {
  readonly tenant: string;
  readonly store: Pick<Store, 'registerRecord' | 'registerRecords'>;
  readonly committer: Pick<Committer, 'commit'>;
  readonly clock: Pick<Clock, 'now' | 'wakeAt'>;
}

/** An entry that work adds. */
export interface WorkEntry {
  readonly stream: string;
  /** Past tense: `budget-set`. */
  readonly type: string;
  readonly actor: string;
  readonly payload: Readonly<Record<string, Value>>;
}

/** The registers as one piece of work sees and changes them. */
export interface RegisterWork {
  /** The moment of this piece of work. */
  readonly at: number;
  read<T>(kind: string, id: string): Promise<T | undefined>;
  /** Returns the records of a register in order of their ids. */
  list<T>(
    kind: string,
    key?: { readonly name: string; readonly value: string },
  ): Promise<readonly { readonly id: string; readonly content: T }[]>;
  put(
    kind: string,
    id: string,
    content: object,
    keys?: Readonly<Record<string, string>>,
  ): Promise<void>;
  remove(kind: string, id: string): void;
  enter(entry: WorkEntry): void;
  /** Tells whether this is the first work of its write that asks for `name`: what one look serves all for. */
  isFirst(name: string): boolean;
}

/** Decides over the registers; what it returns is called when its write is durable, and may throw. */
export type Decide<T> = (work: RegisterWork) => Promise<() => T>;

/** Does work on registers. */
export interface RegisterDesk {
  /** Does a piece of work; throws what it throws, `store.conflict` when others never leave a gap. */
  do<T>(decide: Decide<T>): Promise<T>;
  /** Reads a record as it is. */
  read<T>(kind: string, id: string): Promise<T | undefined>;
  /** Reads all records of a register, in order of their ids. */
  list<T>(
    kind: string,
    key?: { readonly name: string; readonly value: string },
  ): Promise<readonly { readonly id: string; readonly content: T }[]>;
}

interface Ordered {
  readonly decide: Decide<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

const pageSize = 500;
const triesMax = 100;
/** The most pieces of work in one write. */
const togetherMax = 500;

/** A record as a batch sees it: with the version it has in the store, 0 for none. */
interface Seen {
  readonly stored: number;
  /** Undefined where there is none, or none any more. */
  readonly record: RegisterRecord | undefined;
  readonly isChanged: boolean;
}

type Sight = Map<string, Seen>;

function keyOf(kind: string, id: string): string {
  return `${kind}\n${id}`;
}

async function listRecords(
  { store, tenant }: RegisterParts,
  kind: string,
  key?: { readonly name: string; readonly value: string },
): Promise<readonly RegisterRecord[]> {
  const all: RegisterRecord[] = [];
  for (;;) {
    const after = all.at(-1)?.id;
    const page = await store.registerRecords({
      tenant,
      kind,
      limit: pageSize,
      ...(key !== undefined && { key }),
      ...(after !== undefined && { after }),
    });
    all.push(...page);
    if (page.length < pageSize) return all;
  }
}

function contentOf<T>(record: RegisterRecord): T {
  return decodeValue(record.document) as unknown as T;
}

/** The registers as one batch of work sees them. */
class Batch {
  readonly entries: NewEntry[] = [];
  readonly #parts: RegisterParts;
  readonly #sight: Sight = new Map();
  readonly #asked = new Set<string>();
  readonly at: number;

  constructor(parts: RegisterParts) {
    this.#parts = parts;
    this.at = parts.clock.now();
  }

  /** Returns what one piece of work sees and changes, and how its changes are kept. */
  piece(): { readonly work: RegisterWork; readonly keep: () => void } {
    const { tenant } = this.#parts;
    const { at } = this;
    const own: Sight = new Map();
    const entries: NewEntry[] = [];
    const asked: string[] = [];
    const see = async (kind: string, id: string): Promise<Seen> => {
      const key = keyOf(kind, id);
      const known = own.get(key) ?? this.#sight.get(key);
      if (known !== undefined) return known;
      const record = await this.#parts.store.registerRecord({ tenant, kind, id });
      const seen = { stored: record?.version ?? 0, record, isChanged: false };
      this.#sight.set(key, seen);
      return seen;
    };
    const work: RegisterWork = {
      at,
      async read<T>(kind: string, id: string) {
        const { record } = await see(kind, id);
        return record === undefined ? undefined : contentOf<T>(record);
      },
      list: async <T>(kind: string, key?: { readonly name: string; readonly value: string }) => {
        const found = new Map<string, RegisterRecord>();
        for (const record of await listRecords(this.#parts, kind, key)) {
          found.set(record.id, record);
          const place = keyOf(kind, record.id);
          if (this.#sight.has(place)) continue;
          this.#sight.set(place, { stored: record.version, record, isChanged: false });
        }
        for (const sight of [this.#sight, own]) {
          for (const [place, { record, isChanged }] of sight) {
            const [of = '', id = ''] = place.split('\n');
            if (of !== kind || !isChanged) continue;
            if (record === undefined || (key && record.keys[key.name] !== key.value)) {
              found.delete(id);
            } else found.set(id, record);
          }
        }
        return [...found.values()]
          .toSorted((a, b) => (a.id < b.id ? -1 : 1))
          .map((record) => ({ id: record.id, content: contentOf<T>(record) }));
      },
      async put(kind, id, content, keys = {}) {
        const { stored } = await see(kind, id);
        const document = encodeValue(content as unknown as Value);
        const record = { tenant, kind, id, version: stored + 1, keys, document };
        own.set(keyOf(kind, id), { stored, record, isChanged: true });
      },
      remove: (kind, id) => {
        const key = keyOf(kind, id);
        const stored = (own.get(key) ?? this.#sight.get(key))?.stored ?? 0;
        own.set(key, { stored, record: undefined, isChanged: true });
      },
      enter: ({ payload, ...entry }) => {
        entries.push({ ...entry, tenant, at, payload: encodeValue(mapOf(payload)) });
      },
      isFirst: (name) => {
        if (this.#asked.has(name)) return false;
        asked.push(name);
        return true;
      },
    };
    const keep = (): void => {
      for (const [key, seen] of own) this.#sight.set(key, seen);
      for (const name of asked) this.#asked.add(name);
      this.entries.push(...entries);
    };
    return { work, keep };
  }

  async commit(): Promise<void> {
    const changed = [...this.#sight].filter(([, { isChanged }]) => isChanged);
    if (changed.length === 0 && this.entries.length === 0) return;
    const { tenant } = this.#parts;
    await this.#parts.committer.commit({
      entries: this.entries,
      registerRecords: changed.flatMap(([, { record }]) => (record === undefined ? [] : [record])),
      removedRegisterRecords: changed.flatMap(([key, { record, stored }]) => {
        const [kind = '', id = ''] = key.split('\n');
        return record === undefined && stored > 0 ? [{ tenant, kind, id }] : [];
      }),
    });
  }
}

function isConflict(error: unknown): boolean {
  return error instanceof Failure && error.code === 'store.conflict';
}

/** Does `orders` in one write; gives what each caller is to hear. */
async function doTogether(
  parts: RegisterParts,
  orders: readonly Ordered[],
): Promise<readonly (() => void)[]> {
  const batch = new Batch(parts);
  const answers: (() => void)[] = [];
  for (const { decide, resolve, reject } of orders) {
    const { work, keep } = batch.piece();
    try {
      const result = await decide(work);
      keep();
      answers.push(() => {
        try {
          resolve(result());
        } catch (error) {
          reject(error);
        }
      });
    } catch (error) {
      answers.push(() => reject(error));
    }
  }
  await batch.commit();
  return answers;
}

const desks = new WeakMap<object, Map<string, RegisterDesk>>();

/** Returns the desk for the registers of a tenant: the same one for all who write through a committer. */
export function registerDesk(parts: RegisterParts): RegisterDesk {
  const known = desks.get(parts.committer) ?? new Map<string, RegisterDesk>();
  desks.set(parts.committer, known);
  const desk = known.get(parts.tenant) ?? createDesk(parts);
  known.set(parts.tenant, desk);
  return desk;
}

function createDesk(parts: RegisterParts): RegisterDesk {
  let waiting: Ordered[] = [];
  let isBusy = false;
  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      parts.clock.wakeAt(parts.clock.now() + ms, resolve);
    });

  const doUntilKept = async (orders: readonly Ordered[]): Promise<void> => {
    for (let tries = 1; ; tries += 1) {
      try {
        for (const answer of await doTogether(parts, orders)) answer();
        return;
      } catch (error) {
        if (!isConflict(error) || tries >= triesMax) {
          for (const { reject } of orders) reject(error);
          return;
        }
        // Whoever lost often waits longer, so that the others come to an end.
        if (tries > 3) await pause(Math.min(tries, 20));
      }
    }
  };

  const drain = async (): Promise<void> => {
    while (waiting.length > 0) {
      const orders = waiting.slice(0, togetherMax);
      waiting = waiting.slice(togetherMax);
      await doUntilKept(orders);
    }
    isBusy = false;
  };

  return {
    do<T>(decide: Decide<T>): Promise<T> {
      return new Promise<T>((resolve, reject) => {
        waiting.push({ decide, resolve: resolve as (value: unknown) => void, reject });
        if (isBusy) return;
        isBusy = true;
        queueMicrotask(() => void drain());
      });
    },
    async read<T>(kind: string, id: string) {
      const record = await parts.store.registerRecord({ tenant: parts.tenant, kind, id });
      return record === undefined ? undefined : contentOf<T>(record);
    },
    async list<T>(kind: string, key?: { readonly name: string; readonly value: string }) {
      const found = await listRecords(parts, kind, key);
      return found.map((record) => ({ id: record.id, content: contentOf<T>(record) }));
    },
  };
}
