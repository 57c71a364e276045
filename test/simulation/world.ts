/**
 * The world of one run: a disk and an outside that survive crashes, one process after another, people,
 * and the order in which things happen. Everything follows from the faults; nothing from the machine.
 */
import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { createMemoryBlobs } from '../../src/adapters/memory/memory-blobs.ts';
import { createMemorySubjectKeys } from '../../src/adapters/memory/memory-subject-keys.ts';
import { systemHasher } from '../../src/adapters/system/system-sealer.ts';
import { Failure } from '../../src/core/failure/index.ts';
import type { Blobs } from '../../src/ports/blobs.ts';
import type { Folders } from '../../src/ports/folders.ts';
import type { LedgerSigner } from '../../src/ports/signer.ts';
import type { Store } from '../../src/ports/store.ts';
import type { Committer } from '../../src/runtime/committer/index.ts';
import { untilRest } from '../../src/runtime/run-loop/index.ts';
import { makeCheckpoint } from '../../src/runtime/sealer/index.ts';
import { tenant } from './checkers/fold.ts';
import { Watcher } from './checkers/watcher.ts';
import type { Disk } from './disk.ts';
import type { Faults } from './faults.ts';
import { type Effect, loadTypesOf, taskTypesWith } from './outside-tasks.ts';
import { type Act, namespace, type Person } from './people.ts';
import { createMemoryFolders } from './memory-folders.ts';
import { Process } from './process.ts';
import type { Scenario } from './scenarios.ts';
import { createSeeded, type Seeded } from './seeded.ts';
import type { Asks } from './approvals.ts';
import { Steps } from './steps.ts';
import { WorldClock } from './world-clock.ts';

const publicPrefixSize = 12;
const pair = generateKeyPairSync('ed25519');
/** The key of every ledger of the world. */
const signer: LedgerSigner = {
  name: 'sluice.example/simulation',
  publicKey: pair.publicKey.export({ format: 'der', type: 'spki' }).subarray(publicPrefixSize),
  sign: (message) => sign(null, message, pair.privateKey),
  verify: (_key, message, signature) => verify(null, message, pair.publicKey, signature),
};

/** Why a person may be refused: things move on, and disks fail. */
const refusals: ReadonlySet<string> = new Set([
  'execution.wrong-state',
  'store.unreachable',
  'store.locked',
  // Somebody else was quicker, or the time was over.
  'approval.closed',
]);

const visitorPatienceMs = 60_000;

/** What is broken on purpose, to see that it is noticed. */
export interface Defects {
  /** Stands in place of the committer of the product. */
  readonly committer?: (store: Store) => Committer;
  /** Does something to effects on their way to the outside; each that it gives arrives. */
  readonly deliver?: (effect: Effect) => readonly Effect[];
  /** Has what comes from outside taken for trusted. */
  readonly trustsOutside?: boolean;
}

/** The world of one run. */
export class World {
  readonly faults: Faults;
  readonly defects: Defects;
  readonly disk: Disk;
  readonly steps = new Steps();
  readonly clock = new WorldClock();
  readonly chance: Seeded;
  readonly blobs: Blobs = createMemoryBlobs();
  readonly folders: Folders = createMemoryFolders();
  readonly subjectKeys = createMemorySubjectKeys();
  readonly watcher: Watcher;
  readonly processes = new Set<Process>();
  readonly trace: string[] = [];
  /** Grows whenever a process asks the world for something. */
  activity = 0;
  isDown = false;
  /** Before what people are asked; undefined where nobody keeps approvals. */
  asks: Asks | undefined;
  /** Whether nobody was told that the last commit is durable. */
  isLastUnanswered = false;
  /** How much waits on a slow disk or a slow outside. */
  slow = 0;
  readonly counts = { commits: 0, reads: 0, effects: 0, steps: 0, lives: 0 };
  /** Whether flows of the world wait for something by themselves. */
  hasTriggers = false;
  /** How often the clock moves on before whoever had trouble has looked again. */
  looksOwed = 0;
  readonly #busy = new Set<Person>();
  readonly #isTraced: boolean;
  #visitors = 0;
  #hasVisitors = false;
  #poisons = 0;
  #main: Process | undefined;
  #recovered = true;

  constructor(
    faults: Faults,
    disk: Disk,
    options: { readonly seed: number; readonly isTraced: boolean; readonly defects: Defects },
  ) {
    this.faults = faults;
    this.disk = disk;
    this.chance = createSeeded(`world ${options.seed}`);
    this.#isTraced = options.isTraced;
    this.defects = options.defects;
    const { catalogue } = taskTypesWith({ take: async () => undefined, refuses: () => false });
    const ledger = { hasher: systemHasher, signer, clock: this.clock };
    this.watcher = new Watcher(disk.store(), catalogue, ledger);
  }

  note(what: string): void {
    if (!this.#isTraced) return;
    const at = new Date(this.clock.now()).toISOString().slice(11, 23);
    this.trace.push(`${at} ${what}`);
  }

  countCommit(): number {
    this.counts.commits += 1;
    return this.counts.commits;
  }

  refusesRead(): boolean {
    this.counts.reads += 1;
    const isRefused = this.faults.refusesRead(this.counts.reads);
    if (isRefused) this.note('fault: the store refuses a question');
    return isRefused;
  }

  countPoison(): number {
    this.#poisons += 1;
    return this.#poisons;
  }

  /** Cuts the power: every process is dead at once. */
  crash(): void {
    this.note('crash');
    this.isDown = true;
    this.slow = 0;
    this.steps.clear();
    this.clock.forgetAll();
    for (const one of this.processes) one.isDead = true;
    this.processes.clear();
    this.#busy.clear();
  }

  /** Puts the flows of `scenario` on the disk and starts the first process. */
  async begin({ flows, hasVisitors = false, asks }: Scenario): Promise<void> {
    this.#hasVisitors = hasVisitors;
    this.asks = asks;
    this.watcher.asks = asks ?? {};
    this.hasTriggers = flows.some((source) => /^triggers:/m.test(source));
    await loadTypesOf(flows);
    const at = this.clock.now();
    const records = flows.map((source) => {
      const id = /^id: (.+)$/m.exec(source)?.[1] ?? '';
      return { tenant, namespace, id, revision: 1, source, isDeleted: false, at };
    });
    await this.disk.store().commit([{ entries: [], flows: records }]);
    await this.#startProcess();
  }

  /** Starts a process after a crash, or after one could write no more. */
  async restart(): Promise<void> {
    this.isDown = true;
    // What was answered is on the disk; only what nobody was told of can be torn.
    const tornAt = this.isLastUnanswered && this.disk.canTear ? this.faults.tornAt() : undefined;
    if (tornAt !== undefined) this.note(`fault: the disk is torn at ${tornAt.toFixed(3)}`);
    this.isLastUnanswered = false;
    await this.disk.crash(tornAt);
    await this.watcher.lookAtAll(this.disk.store(), tornAt !== undefined);
    this.isDown = false;
    await this.#startProcess();
  }

  async #startProcess(): Promise<void> {
    this.counts.lives += 1;
    const store = this.disk.store();
    await makeCheckpoint({ store, hasher: systemHasher, signer, clock: this.clock });
    const process = new Process(this, `process ${this.counts.lives}`);
    this.processes.add(process);
    this.#main = process;
    this.#recovered = false;
    void process.recover().then(
      () => {
        if (!process.isDead) this.#recovered = true;
      },
      (error: unknown) => this.refused(`${process.name} recovers`, error),
    );
  }

  /** Notes that something was refused, which happens; anything but that is a bug. */
  refused(what: string, error: unknown): void {
    if (error instanceof Failure && refusals.has(error.code)) {
      this.note(`${what}: ${error.message}`);
    } else this.watcher.blame(`${what}: ${String(error)}`);
  }

  /** Whether the process can write no more, or could not take up what was left. */
  get isStranded(): boolean {
    return [...this.processes].some((one) => one.fatal !== undefined) || !this.#recovered;
  }

  /** Lets everybody who wants something do it at some step. */
  askPeople(people: readonly Person[]): boolean {
    let doesAnybody = false;
    const main = this.#main;
    if (main === undefined || main.fatal !== undefined) return false;
    const executions = [...this.watcher.executions.values()];
    for (const person of people) {
      if (this.#busy.has(person)) continue;
      const act = person.wants(
        executions,
        this.watcher.effects,
        this.clock.now(),
        this.watcher.approvals,
      );
      if (act === undefined) continue;
      doesAnybody = true;
      this.#busy.add(person);
      this.steps.add(`somebody: ${act.label}`, () => this.#act(person, act, main));
    }
    return doesAnybody;
  }

  #act(person: Person, act: Act, main: Process): void {
    const isVisitor = this.#hasVisitors && this.faults.isVisitor();
    const process = isVisitor ? this.#visit() : main;
    act
      .run(process.loop)
      .then(
        async (promised) => {
          if (process.isDead) return;
          this.watcher.promised(promised);
          if (!isVisitor) return;
          const patience = { timerPatienceMs: visitorPatienceMs };
          await untilRest(process.loop, promised.executionId, patience);
        },
        (error: unknown) => {
          if (!process.isDead) this.refused(act.label, error);
        },
      )
      .catch((error: unknown) => this.refused(act.label, error))
      .finally(() => {
        if (process.isDead) return;
        this.#busy.delete(person);
        if (isVisitor && process.fatal === undefined) this.#leave(process);
      });
  }

  #visit(): Process {
    this.#visitors += 1;
    const process = new Process(this, `visitor ${this.#visitors}`);
    this.processes.add(process);
    return process;
  }

  #leave(process: Process): void {
    this.note(`${process.name} leaves`);
    process.loop.close();
    process.isDead = true;
    this.processes.delete(process);
  }

  /** Whether nobody waits for an answer, and nothing for a slow disk. */
  get isIdle(): boolean {
    return this.#busy.size === 0 && this.slow === 0 && this.processes.size === 1;
  }

  /** Does `act` when the world's time has passed, whatever the clock shows by then. */
  later(milliseconds: number, act: () => void): void {
    this.slow += 1;
    this.clock.wakeAt(this.clock.now() + milliseconds, () => {
      this.slow -= 1;
      act();
    });
  }

  /** Hands an effect to the outside, at some step. */
  takeEffect(process: Process, effect: Effect): Promise<void> {
    this.activity += 1;
    if (process.isDead) return new Promise(() => undefined);
    const label = `${process.name}: ${effect.kind} of ${effect.taskId}`;
    return new Promise((resolve) => {
      const run = (): void => {
        this.counts.effects += 1;
        const fault = this.faults.atEffect(this.counts.effects);
        if (fault !== 'none') this.note(`fault: ${fault}`);
        if (fault === 'crash-before') {
          this.crash();
          return;
        }
        if (fault === 'slow') {
          this.later(1_500, () => this.steps.add(label, run));
          return;
        }
        for (const one of this.defects.deliver?.(effect) ?? [effect]) this.watcher.performed(one);
        if (fault === 'crash-after') this.crash();
        else resolve();
      };
      this.steps.add(label, run);
    });
  }

  /** Tells whether `effect` fails: the outside refuses it so many times under its key. */
  refuses({ key }: Effect, failures: number): boolean {
    return this.watcher.effects.filter((one) => one.key === key).length <= failures;
  }
}
