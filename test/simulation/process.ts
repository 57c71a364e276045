/**
 * One process of the world: the run loop, the worker and the committer of the product over ports that
 * belong to the world. When the power is cut it is dead: nothing it still wants to do happens.
 */
import { createSubjectRegister } from '../../src/runtime/subjects/index.ts';
import { emptyMap, mapOf } from '../../src/core/value/index.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Random } from '../../src/ports/random.ts';
import { createCommitter } from '../../src/runtime/committer/index.ts';
import {
  createPlaces,
  createRunLoop,
  recoverExecutions,
  type RunLoop,
  type RunLoopParts,
} from '../../src/runtime/run-loop/index.ts';
import type { EventDraft } from '../../src/runtime/run-loop/loop.ts';
import { startScheduler } from '../../src/runtime/scheduler/index.ts';
import { systemHasher } from '../../src/adapters/system/system-sealer.ts';
import { tenant } from './checkers/fold.ts';
import { approvalsFor } from './approvals.ts';
import { connect } from './connection.ts';
import { taskTypesWith } from './outside-tasks.ts';
import type { World } from './world.ts';

const lateByMs = 700;
/** More than there are other moments that somebody waits for. */
const looksAfterTrouble = 4;

function digestOf(text: string): string {
  return Buffer.from(systemHasher.sha256(Buffer.from(text))).toString('hex');
}

/** One process of the world. */
export class Process {
  readonly name: string;
  readonly loop: RunLoop;
  isDead = false;
  changesElsewhere = 0;
  readonly #world: World;

  constructor(world: World, name: string) {
    this.#world = world;
    this.name = name;
    const parts = this.#parts();
    const { asks } = world;
    this.loop = createRunLoop(
      asks === undefined ? parts : { ...parts, approvals: approvalsFor(parts, asks) },
    );
    this.#deliverTwice();
  }

  /** Takes up what was left, and looks after triggers where the world has some. */
  async recover(): Promise<void> {
    await recoverExecutions(this.loop);
    if (this.isDead || !this.#world.hasTriggers) return;
    // What was going on before anybody listened is heard at the next look.
    this.#world.looksOwed = looksAfterTrouble;
    startScheduler(this.loop, (place, error) => {
      this.#world.looksOwed = looksAfterTrouble;
      this.#world.refused(`the trigger ${place?.trigger.id ?? ''}`, error);
    });
  }

  sawCommitOf(other: Process): void {
    if (other !== this) this.changesElsewhere += 1;
  }

  /** Why it can write no more, if that is so. */
  get fatal(): unknown {
    return this.loop.fatal();
  }

  #parts(): RunLoopParts {
    const world = this.#world;
    const store = connect(world, this);
    const chance = world.chance.fork(this.name);
    const committer = (world.defects.committer ?? createCommitter)(store);
    const clock = this.#clock();
    const random: Random = chance;
    const { registry, catalogue } = taskTypesWith({
      take: (effect) => world.takeEffect(this, effect),
      refuses: (effect, failures) => world.refuses(effect, failures),
      isTrusted: world.defects.trustsOutside === true,
    });
    const cipher = {
      encrypt: (text: string) => `sealed ${text}`,
      decrypt: (text: string) => text.slice('sealed '.length),
      digest: digestOf,
      keyedDigest: (text: string) => digestOf(`key ${text}`),
    };
    return {
      tenant,
      actor: 'user:sim',
      store,
      committer,
      subjects: createSubjectRegister({
        tenant,
        actor: 'user:sim',
        store,
        commit: (write) => committer.commit(write),
        keys: world.subjectKeys,
        cipher,
        clock,
        random,
      }),
      // Turns are kept per object, and die with the process.
      blobs: { ...world.blobs },
      folders: world.folders,
      presence: { hasOthers: () => world.processes.size > 1, leave: () => undefined },
      clock,
      random,
      cipher,
      places: createPlaces(),
      secrets: { get: async () => undefined },
      processes: {
        run: () => Promise.reject(new Error('there are no programs in this world')),
        has: async () => false,
      },
      leftProcesses: {
        note: () => {
          throw new Error('there are no programs in this world');
        },
        end: async () => 0,
      },
      fetch: () => Promise.reject(new Error('there is no network in this world')),
      mailer: {
        hasServer: false,
        hasSender: false,
        send: () => Promise.reject(new Error('there is no network in this world')),
      },
      catalogue,
      registry: {
        loaded: (type) => registry.loaded(type),
        load: async (type) => {
          // The world would take the wait for it for rest.
          world.watcher.blame(`the type ${type} was not loaded before the world began`);
          return undefined;
        },
      },
      outer: { envs: emptyMap(), globals: emptyMap(), kestra: mapOf({}) },
      environment: {},
    };
  }

  #clock(): Clock {
    const { clock } = this.#world;
    return {
      now: () => clock.now(),
      elapsedMs: () => clock.elapsedMs(),
      wakeAt: (at, wake) => {
        this.#world.activity += 1;
        return clock.wakeAt(at, () => {
          if (!this.isDead) wake();
        });
      },
    };
  }

  /** Lets the world deliver what happened a second time. */
  #deliverTwice(): void {
    const { loop } = this;
    const push = loop.push.bind(loop);
    loop.push = (one, event: EventDraft, rider) => {
      this.#world.activity += 1;
      push(one, event, rider);
      const when = this.#world.faults.duplicate(event.type);
      if (when === 'no') return;
      this.#world.note(`fault: ${event.type} is delivered twice, ${when}`);
      if (when === 'now') {
        push(one, event);
        return;
      }
      this.#world.clock.wakeAt(this.#world.clock.now() + lateByMs, () => {
        if (!this.isDead && loop.active.has(one.execution.id)) push(one, event);
      });
    };
  }
}
