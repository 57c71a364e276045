/**
 * Compares the ledger of a data folder with that of a backup, entry by entry: up to where they are the
 * same, and what would be lost if the backup took its place.
 */
import type { SealedEntry, Store } from '../../ports/store.ts';

/** What a data folder has that a backup does not. */
export interface Loss {
  readonly entryCount: number;
  readonly firstSeq: number;
  readonly lastSeq: number;
  /** Epoch milliseconds. */
  readonly from: number;
  readonly to: number;
  /** How many entries by type and by actor, the most first. */
  readonly types: readonly Counted[];
  readonly actors: readonly Counted[];
  /** Names of executions and flows that the entries belong to. */
  readonly executions: readonly string[];
  readonly flows: readonly string[];
  /** Payloads of entries that record backups, so that those are known of after a restore too. */
  readonly backups: readonly string[];
  /** Entries that record an erasure: what they erased comes back with the backup. */
  readonly erasures: readonly Pick<SealedEntry, 'seq' | 'at' | 'type' | 'stream'>[];
}

/** How often something occurs. */
export interface Counted {
  readonly name: string;
  readonly count: number;
}

const pageSize = 1_000;

async function* entriesOf(store: Store, after = 0): AsyncGenerator<SealedEntry> {
  for (let last = after; ; ) {
    const page = await store.sealedEntries(last, pageSize);
    yield* page;
    if (page.length < pageSize) return;
    last = page.at(-1)!.seq;
  }
}

/** Returns how many entries both ledgers begin with; headers decide, for payloads may be erased in one. */
export async function equalLength(one: Store, other: Store): Promise<number> {
  const others = entriesOf(other);
  let length = 0;
  for await (const entry of entriesOf(one)) {
    const { value } = await others.next();
    const isSame =
      value !== undefined && Buffer.compare((value as SealedEntry).header, entry.header) === 0;
    if (!isSame) break;
    length += 1;
  }
  await others.return(undefined);
  return length;
}

class Tally {
  readonly #counts = new Map<string, number>();

  add(name: string): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  get counted(): readonly Counted[] {
    return [...this.#counts]
      .map(([name, count]) => ({ name, count }))
      .toSorted((one, other) => other.count - one.count || (one.name < other.name ? -1 : 1));
  }

  get names(): readonly string[] {
    return [...this.#counts.keys()];
  }
}

/** Types of entries that record that something was erased. */
const erasureTypes = new Set(['subject-erased', 'retention-applied']);

/** Returns what `store` holds after its first `length` entries; undefined when that is nothing. */
export async function lossAfter(store: Store, length: number): Promise<Loss | undefined> {
  const [types, actors, executions, flows] = [new Tally(), new Tally(), new Tally(), new Tally()];
  const erasures: SealedEntry[] = [];
  const backups: string[] = [];
  let [entryCount, lastSeq, from, to] = [0, 0, Infinity, -Infinity];
  for await (const entry of entriesOf(store, length)) {
    const { seq, at, type, actor, stream } = entry;
    entryCount += 1;
    lastSeq = seq;
    from = Math.min(from, at);
    to = Math.max(to, at);
    types.add(type);
    actors.add(actor);
    const [, kind, name = ''] = /^(execution|flow):(.*)$/s.exec(stream) ?? [];
    if (kind === 'execution') executions.add(name);
    if (kind === 'flow') flows.add(name);
    if (type === 'backup-made') backups.push(Buffer.from(entry.payload).toString('utf8'));
    if (erasureTypes.has(type)) erasures.push(entry);
  }
  if (entryCount === 0) return undefined;
  return {
    entryCount,
    firstSeq: length + 1,
    lastSeq,
    from,
    to,
    types: types.counted,
    actors: actors.counted,
    executions: executions.names,
    flows: flows.names,
    backups,
    erasures: erasures.map(({ seq, at, type, stream }) => ({ seq, at, type, stream })),
  };
}
