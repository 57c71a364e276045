/**
 * A system that is killed again and again: a process works on a data folder, SIGKILL ends it at a random
 * moment, another one goes on. Each successor looks whether what its predecessor noted is there; at the
 * end everything is looked at from a process of its own.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openSqliteStore } from '../../../src/adapters/sqlite/sqlite-store.ts';
import { createKeyFileSigner } from '../../../src/adapters/system/key-file-signer.ts';
import { createSystemSealer, systemHasher } from '../../../src/adapters/system/system-sealer.ts';
import { isTerminated } from '../../../src/core/engine/index.ts';
import type { TimerRecord } from '../../../src/ports/store.ts';
import { verifyStore } from '../../../src/runtime/sealer/index.ts';
import { flowsOf, foldEntries, tenant } from '../checkers/fold.ts';
import { projectionTrouble } from '../checkers/projections.ts';
import { taskTypesWith } from '../outside-tasks.ts';
import { createSeeded } from '../seeded.ts';
import { doneTwice, lostTroubles, readOutside } from './survivors.ts';

/** How to kill. */
export interface KillOrder {
  readonly kills: number;
  readonly seed: number;
  /** A folder for everything; made anew. */
  readonly folder: string;
  /** How long a process may work at most before it dies. */
  readonly lifeMaxMs?: number;
  /** After how long no more are killed, on a machine that is busy with other things. */
  readonly withinMs?: number;
  readonly onProgress?: (kills: number) => void;
}

/** What came of it. */
export interface KillReport {
  readonly kills: number;
  /** Kills before the process had taken up what its predecessor left. */
  readonly killsInRecovery: number;
  readonly executions: number;
  readonly entries: number;
  readonly acknowledged: number;
  readonly effects: number;
  readonly states: Readonly<Record<string, number>>;
  readonly verdict: string;
  readonly troubles: readonly string[];
}

const main = join(import.meta.dirname, 'loaded-process.ts');
const readyWithinMs = 60_000;
const drainedWithinMs = 300_000;

interface Running {
  readonly isReady: () => boolean;
  /** Resolves with what it ended with, and what it said. */
  readonly ended: Promise<{ readonly code: number | null; readonly said: string }>;
  kill(): void;
}

function start(folder: string, seed: string, mode: 'load' | 'drain'): Running {
  const outside = join(folder, 'outside');
  const child = spawn(process.execPath, [main, join(folder, 'data'), outside, seed, mode], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'] },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
  }
  const ended = new Promise<{ code: number | null; said: string }>((resolve) => {
    child.once('close', (code) => resolve({ code, said }));
  });
  const ready = `"ready":${child.pid}}`;
  return {
    isReady: () => {
      const path = join(outside, 'notes.jsonl');
      return existsSync(path) && readFileSync(path).lastIndexOf(ready) >= 0;
    },
    ended,
    kill: () => void child.kill('SIGKILL'),
  };
}

async function untilReady(running: Running): Promise<boolean> {
  let isOver = false;
  void running.ended.then(() => {
    isOver = true;
  });
  for (let left = readyWithinMs / 5; left > 0 && !isOver; left -= 1) {
    if (running.isReady()) return true;
    await sleep(5);
  }
  return false;
}

function statesOf(records: readonly { readonly state: string }[]): Record<string, number> {
  const states: Record<string, number> = {};
  for (const { state } of records) states[state] = (states[state] ?? 0) + 1;
  return states;
}

/** Looks at everything that is left in `folder`. */
export async function examine(
  folder: string,
): Promise<Omit<KillReport, 'kills' | 'killsInRecovery'>> {
  const data = join(folder, 'data');
  const store = await openSqliteStore({
    sealer: createSystemSealer(),
    path: join(data, 'sluice.db'),
  });
  try {
    const outside = readOutside(join(folder, 'outside'));
    const scripts = join(folder, 'outside', 'scripts.txt');
    const lines = existsSync(scripts) ? readFileSync(scripts, 'utf8').trim().split('\n') : [];
    const troubles = await lostTroubles(store, outside);
    troubles.push(...doneTwice(outside, lines));
    const earlier = join(folder, 'outside', 'troubles.txt');
    if (existsSync(earlier)) troubles.push(...readFileSync(earlier, 'utf8').trim().split('\n'));
    const verdict = await verifyStore({
      store,
      hasher: systemHasher,
      signer: createKeyFileSigner(join(data, 'ledger.key')),
    });
    if (verdict.verdict !== 'valid') troubles.push(`the ledger is ${verdict.verdict}`);
    const records = await store.executions({ tenant, limit: 10_000_000 });
    const timers = Map.groupBy<string, TimerRecord>(
      await store.dueTimers(Number.MAX_SAFE_INTEGER, 10_000_000),
      ({ executionId }) => executionId,
    );
    const { catalogue } = taskTypesWith({ take: async () => undefined, refuses: () => false });
    const library = flowsOf(store, catalogue);
    for (const record of records) {
      const { id, state, flowId } = record;
      if (!isTerminated(state as never))
        troubles.push(`${id} of ${flowId} has not ended: ${state}`);
      const folded = await foldEntries(library, await store.entries('main', `execution:${id}`));
      const trouble =
        folded === undefined
          ? `the execution ${id} has no entries`
          : projectionTrouble(folded.execution, {
              record,
              taskRuns: await store.taskRuns('main', id),
              timers: timers.get(id) ?? [],
            });
      if (trouble !== undefined) troubles.push(trouble);
    }
    const { lastSeq } = await store.commit([]);
    return {
      executions: records.length,
      entries: lastSeq,
      acknowledged: outside.notes.length,
      effects: outside.effects.length + lines.length,
      states: statesOf(records),
      verdict: verdict.verdict,
      troubles,
    };
  } finally {
    await store.close();
  }
}

/** Kills as ordered, lets the rest end, and looks at what is left. */
export async function killAgainAndAgain(order: KillOrder): Promise<KillReport> {
  const { folder, seed, lifeMaxMs = 300, withinMs = Number.POSITIVE_INFINITY } = order;
  const until = performance.now() + withinMs;
  const chance = createSeeded(`kills ${seed}`);
  for (const one of ['data', 'outside']) mkdirSync(join(folder, one), { recursive: true });
  const troubles: string[] = [];
  let killsInRecovery = 0;
  let kills = 0;
  while (kills < order.kills && troubles.length === 0 && performance.now() < until) {
    const running = start(folder, `${seed}/${kills}`, 'load');
    // One in five dies while it still starts or takes up what was left.
    if (chance.oneIn(5)) {
      await sleep(chance.below(400));
      if (!running.isReady()) killsInRecovery += 1;
    } else {
      await untilReady(running);
      await sleep(chance.below(lifeMaxMs));
    }
    running.kill();
    const { code, said } = await running.ended;
    if (code !== null) troubles.push(`a process ended by itself (${code}): ${said.trim()}`);
    kills += 1;
    order.onProgress?.(kills);
  }
  const last = start(folder, `${seed}/drain`, 'drain');
  const tooLong = new AbortController();
  const { code, said } = await Promise.race([
    last.ended,
    sleep(drainedWithinMs, { code: -1, said: 'it did not end' }, { signal: tooLong.signal }).catch(
      () => ({ code: -1, said: '' }),
    ),
  ]);
  tooLong.abort();
  if (code !== 0) {
    last.kill();
    troubles.push(`the last process ended with ${code}: ${said.trim()}`);
  }
  const left = await examine(folder);
  return { ...left, kills, killsInRecovery, troubles: [...troubles, ...left.troubles] };
}
