/** W4: an execution of one task, from the call that starts it to its document, by one client. */
import { performance } from 'node:perf_hooks';
import { namespace, openBenchWorld, trivialTasks } from '../bench-world.ts';
import { median, quantile } from '../measure.ts';
import { type BenchContext, eachRound, scaled, type Workload } from '../workload.ts';

async function round({ size, folder, raw }: BenchContext) {
  const count = scaled(size, 500, 5);
  const flow = `id: one\nnamespace: ${namespace}\ntasks:\n${trivialTasks(1)}`;
  const world = await openBenchWorld(folder, [flow]);
  try {
    for (let at = 0; at < scaled(size, 200); at += 1) await world.finish('one');
    const before = raw.commitsPerSecond();
    const flushes = world.flushCount();
    const times: number[] = [];
    for (let at = 0; at < count; at += 1) {
      const start = performance.now();
      await world.finish('one');
      times.push(performance.now() - start);
    }
    const commitMs = 2_000 / (before + raw.commitsPerSecond());
    const p50 = median(times);
    return {
      p50,
      p99: quantile(times, 0.99),
      ratio: p50 / commitMs,
      flushes: (world.flushCount() - flushes) / count,
    };
  } finally {
    await world.close();
  }
}

/** W4. */
export const oneTask: Workload = {
  id: 'W4',
  title: 'an execution of one task, start to finish',
  async run(context) {
    const rounds = await eachRound(context.size, () => round(context));
    return [
      {
        what: 'half are faster than',
        value: median(rounds.map((one) => one.p50)),
        unit: 'ms',
        ratio: median(rounds.map((one) => one.ratio)),
        to: 'single commit',
        budget: { max: 5 },
      },
      { what: '99 % are faster than', value: median(rounds.map((one) => one.p99)), unit: 'ms' },
      {
        what: 'flushes',
        value: median(rounds.map((one) => one.flushes)),
        unit: '',
        budget: { max: 3 },
      },
    ];
  },
};
