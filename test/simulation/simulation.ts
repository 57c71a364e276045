/**
 * Runs one scenario with one set of faults until everything has ended, and tells what is wrong. Steps
 * happen one at a time; between two of them everything that follows by itself has followed.
 */
import { isTerminated } from '../../src/core/engine/index.ts';
import { encodeMarks, encodeValue, type Value } from '../../src/core/value/index.ts';
import { createMemoryDisk, type Disk } from './disk.ts';
import type { Faults } from './faults.ts';
import type { Scenario } from './scenarios.ts';
import { type Defects, World } from './world.ts';

/** How to run. */
export interface SimulationOptions {
  readonly seed?: number;
  readonly isTraced?: boolean;
  readonly disk?: Disk;
  /** What is broken on purpose, to see that it is noticed. */
  readonly defects?: Defects;
}

/** What came of a run. */
export interface SimulationResult {
  readonly troubles: readonly string[];
  readonly trace: readonly string[];
  readonly counts: {
    readonly commits: number;
    readonly reads: number;
    readonly effects: number;
    readonly steps: number;
    readonly lives: number;
  };
  /** How everything ended, as text, for comparison with another run. */
  readonly ends: string;
}

const stepsMax = 5_000;
const idleMax = 60_000;
/** Turns of the event loop in which nothing is asked for before everything is taken to have followed. */
const quietTurns = 3;

async function settle(world: World): Promise<void> {
  for (let quiet = 0; quiet < quietTurns; quiet += 1) {
    const before = world.activity;
    await new Promise<void>((resolve) => {
      setImmediate(resolve);
    });
    if (world.activity !== before) quiet = -1;
  }
}

/** Returns how all executions ended, without what differs from run to run. */
function endsOf(world: World): string {
  const ends: string[] = [];
  for (const { execution } of world.watcher.executions.values()) {
    const runs = execution.runs
      .filter((run) => !run.isRemoved)
      .map((run) => {
        const marks = encodeMarks(run.outputsMarks) as Value;
        const text = encodeValue({ value: run.value ?? null, outputs: run.outputs ?? {}, marks });
        return `  ${run.task.id} ${run.state} ${text}`;
      })
      .toSorted();
    const { flow, loopTaskId = '', state, attemptNumber } = execution;
    const about = { item: execution.item ?? null, outputs: execution.outputs ?? null };
    ends.push(
      `${flow.id} ${loopTaskId} ${attemptNumber} ${state} ${encodeValue(about)}\n${runs.join('\n')}`,
    );
  }
  return ends
    .toSorted()
    .join('\n')
    .replaceAll(/\b[0-9A-Za-z]{22}\b/g, '#')
    .replaceAll(/\b\d{4}-\d\d-\d\dT[\d:.]+Z/g, '#');
}

function isOver(world: World): boolean {
  for (const { execution } of world.watcher.executions.values()) {
    if (!execution.isSettled || !isTerminated(execution.state)) return false;
  }
  return true;
}

function unendedTrouble(world: World): string {
  const open = [...world.watcher.executions.values()]
    .filter(({ execution }) => !execution.isSettled)
    .map(({ id, execution }) => {
      const runs = execution.runs
        .filter((run) => !isTerminated(run.state))
        .map((run) => `${run.task.id} ${run.state}`);
      return `${execution.flow.id} ${id} is ${execution.state} (${runs.join(', ')})`;
    });
  return `it does not end: ${open.join('; ') || 'everything has ended, but somebody still waits'}`;
}

async function live(world: World, scenario: Scenario): Promise<void> {
  let idle = 0;
  while (world.watcher.troubles.length === 0) {
    await settle(world);
    if (world.isDown) {
      await world.restart();
      continue;
    }
    world.askPeople(scenario.people);
    if (world.steps.count > 0) {
      idle = 0;
      world.counts.steps += 1;
      const step = world.steps.take(world.faults.pick(world.steps.count));
      world.note(step.label);
      await step.run();
      const jumped = world.faults.jump();
      if (jumped !== 0 && !world.isDown) {
        world.note(`fault: the clock jumps by ${jumped} ms`);
        world.clock.jump(jumped);
      }
    } else if (world.isStranded) {
      world.note('the process ends, because it can write no more');
      world.crash();
    } else if (isOver(world) && world.isIdle) {
      // What a trigger could not look at, it looks at again later.
      if (world.looksOwed === 0) return;
      world.looksOwed -= 1;
      world.clock.moveToNext();
    } else {
      idle += 1;
      if (!world.clock.moveToNext()) idle = idleMax;
    }
    if (world.counts.steps > stepsMax || idle >= idleMax) {
      world.watcher.blame(unendedTrouble(world));
    }
  }
}

/** Restarts a world in which everything has ended: nothing may move. */
async function lookOnceMore(world: World): Promise<void> {
  const { commits, effects } = world.counts;
  world.crash();
  await world.restart();
  await settle(world);
  while (world.steps.count > 0) {
    const step = world.steps.take(0);
    world.note(step.label);
    world.watcher.blame(`after everything had ended: ${step.label}`);
  }
  if (world.counts.commits !== commits || world.counts.effects !== effects) {
    world.watcher.blame('something moved after everything had ended');
  }
  world.crash();
}

/** Runs `scenario` with `faults`. */
export async function simulate(
  scenario: Scenario,
  faults: Faults,
  options: SimulationOptions = {},
): Promise<SimulationResult> {
  const { seed = 0, isTraced = false, disk = createMemoryDisk(), defects = {} } = options;
  const world = new World(faults, disk, { seed, isTraced, defects });
  try {
    await world.begin(scenario);
    await live(world, scenario);
    if (world.watcher.troubles.length === 0) await lookOnceMore(world);
  } finally {
    if (!world.isDown) world.crash();
    await disk.remove();
  }
  return {
    troubles: world.watcher.troubles,
    trace: world.trace,
    counts: world.counts,
    ends: endsOf(world),
  };
}
