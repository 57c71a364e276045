/** W2: one execution of 1,000 tasks, one after the other. A step costs the same at the end as at the start. */
import { performance } from 'node:perf_hooks';
import { namespace, openBenchWorld, trivialTasks } from '../bench-world.ts';
import { median } from '../measure.ts';
import { type BenchContext, eachRound, scaled, type Workload } from '../workload.ts';

/** How many tasks around a place its time is taken from: one alone is noise. */
const window = 100;

async function round({ size, folder, raw }: BenchContext) {
  const count = scaled(size, 1_000, 20);
  const flow = `id: chain\nnamespace: ${namespace}\ntasks:\n${trivialTasks(count)}`;
  const warming = `id: warm\nnamespace: ${namespace}\ntasks:\n${trivialTasks(20)}`;
  const world = await openBenchWorld(folder, [flow, warming]);
  const ends: number[] = [];
  try {
    for (let at = 0; at < scaled(size, 20); at += 1) await world.finish('warm');
    const before = raw.commitsPerSecond();
    const flushes = world.flushCount();
    const stop = world.application.follow(({ kind, state }) => {
      if (kind === 'task-run-state' && state === 'SUCCESS') ends.push(performance.now());
    });
    const start = performance.now();
    await world.finish('chain');
    const perTaskMs = (performance.now() - start) / count;
    stop();
    const commitMs = 2_000 / (before + raw.commitsPerSecond());
    const width = Math.min(window, Math.floor(count / 4));
    const first = (ends[10 + width] ?? 0) - (ends[10] ?? 0);
    const last = (ends.at(-1) ?? 0) - (ends.at(-1 - width) ?? 0);
    return {
      perTaskMs,
      ratio: perTaskMs / commitMs,
      flushes: (world.flushCount() - flushes) / count,
      growth: last / first,
    };
  } finally {
    await world.close();
  }
}

/** W2. */
export const sequentialTasks: Workload = {
  id: 'W2',
  title: 'one execution of 1,000 tasks in sequence',
  async run(context) {
    const rounds = await eachRound(context.size, () => round(context));
    const middle = (name: 'perTaskMs' | 'ratio' | 'flushes' | 'growth'): number =>
      median(rounds.map((one) => one[name]));
    return [
      {
        what: 'time per task',
        value: middle('perTaskMs'),
        unit: 'ms',
        ratio: middle('ratio'),
        to: 'single commit',
        budget: { max: 2 },
      },
      // The creation and the end of the execution are flushes as well.
      { what: 'flushes per task', value: middle('flushes'), unit: '', budget: { max: 1.01 } },
      {
        what: 'the last tasks against the first',
        value: middle('growth'),
        unit: '×',
        budget: { max: 1.2 },
      },
    ];
  },
};
