/**
 * The store as one process of the world has it: commits wait until the simulation lets them happen, and
 * happen as the faults say. A process that is dead gets no answer any more.
 */
import { Failure } from '../../src/core/failure/index.ts';
import type { Store, Write } from '../../src/ports/store.ts';
import { entryOf, executionOf } from '../support/store-records.ts';
import type { Process } from './process.ts';
import type { World } from './world.ts';

const never = new Promise<never>(() => undefined);

function refusal(code: 'store.unreachable' | 'store.locked', message: string): Failure {
  return new Failure(code, message);
}

const diskFull = (): Failure => refusal('store.unreachable', 'the disk under the store is full');

/** A write that every store refuses when it has already put its entry: the creation time of one execution changes. */
function poison(id: string): readonly Write[] {
  const row = executionOf({ id });
  return [
    { entries: [entryOf({ stream: `poison:${id}` })], executions: [row] },
    { entries: [], executions: [{ ...row, createdAt: row.createdAt + 1 }] },
  ];
}

const slowMs = 2_000;

/** A commit that somebody waits for. */
class Commit {
  readonly #world: World;
  readonly #process: Process;
  readonly #writes: readonly Write[];
  readonly #resolve: (result: { lastSeq: number }) => void;
  readonly #reject: (error: unknown) => void;
  readonly #label: string;

  constructor(
    world: World,
    process: Process,
    writes: readonly Write[],
    resolve: (result: { lastSeq: number }) => void,
    reject: (error: unknown) => void,
  ) {
    this.#world = world;
    this.#process = process;
    this.#writes = writes;
    this.#resolve = resolve;
    this.#reject = reject;
    const types = writes.flatMap(({ entries }) => entries.map(({ type }) => type));
    this.#label = `${process.name} commits ${types.join(', ') || 'no entry'}`;
  }

  wait(): void {
    this.#world.steps.add(this.#label, () => this.#run());
  }

  async #run(): Promise<void> {
    const world = this.#world;
    const fault = world.faults.atCommit(world.countCommit());
    if (fault !== 'none') world.note(`fault: ${fault}`);
    switch (fault) {
      case 'none':
        if (await this.#makeDurable()) this.#answer();
        return;
      case 'crash-before':
        world.crash();
        return;
      case 'crash-after':
        await this.#makeDurable();
        world.crash();
        return;
      case 'refuse':
        this.#reject(diskFull());
        return;
      case 'lock':
        this.#reject(refusal('store.locked', 'another process keeps the store locked'));
        return;
      case 'tear':
        await this.#tear();
        return;
      case 'lose-answer':
        if (await this.#makeDurable()) {
          this.#reject(refusal('store.unreachable', 'the disk under the store fails'));
        }
        return;
      case 'slow':
        world.later(slowMs, () => this.wait());
    }
  }

  #lastSeq = 0;

  /** Commits; false when the store itself refused. */
  async #makeDurable(): Promise<boolean> {
    const world = this.#world;
    try {
      const { lastSeq } = await world.disk.store().commit(this.#writes);
      this.#lastSeq = lastSeq;
      world.isLastUnanswered = true;
    } catch (error) {
      this.#reject(error);
      return false;
    }
    world.processes.forEach((one) => one.sawCommitOf(this.#process));
    await world.watcher.committed(this.#writes);
    return true;
  }

  #answer(): void {
    this.#world.isLastUnanswered = false;
    this.#world.watcher.acknowledged(this.#writes);
    this.#resolve({ lastSeq: this.#lastSeq });
  }

  /** Fails half-way: what was put before the failure must be gone. */
  async #tear(): Promise<void> {
    const world = this.#world;
    try {
      await world.disk.store().commit([...this.#writes, ...poison(`poison${world.countPoison()}`)]);
      world.watcher.blame('a commit that cannot succeed has succeeded');
    } catch {
      await world.watcher.committed([]);
      this.#reject(diskFull());
    }
  }
}

/** Returns the store of `world` as `process` has it. */
export function connect(world: World, process: Process): Store {
  const asked = <A extends readonly unknown[], T>(question: (...args: A) => Promise<T>) => {
    return async (...args: A): Promise<T> => {
      if (process.isDead) return never;
      world.activity += 1;
      if (world.refusesRead()) throw refusal('store.unreachable', 'the disk under the store fails');
      const answer = await question(...args);
      return process.isDead ? never : answer;
    };
  };
  const store = world.disk.store();
  const names = Object.keys(store).filter((name) => name !== 'commitCount');
  const gated = Object.fromEntries(
    names.map((name) => [
      name,
      asked((...args: readonly unknown[]) => {
        // The store behind it changes when the power was cut.
        const now = world.disk.store() as unknown as Record<
          string,
          (...given: readonly unknown[]) => Promise<unknown>
        >;
        return now[name]!(...args);
      }),
    ]),
  ) as unknown as Store;
  return {
    ...gated,
    commitCount: 0,
    commit(writes) {
      if (process.isDead) return never;
      world.activity += 1;
      if (writes.length === 0) return gated.commit(writes);
      return new Promise((resolve, reject) => {
        new Commit(world, process, writes, resolve, reject).wait();
      });
    },
    changesElsewhere: () => Promise.resolve(process.changesElsewhere),
    close: async () => undefined,
  };
}
