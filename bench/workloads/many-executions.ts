/** W1: 1,000 executions of 10 trivial tasks, 50 side by side. What the system can do at most. */
import { performance } from 'node:perf_hooks';
import { type BenchWorld, namespace, openBenchWorld, trivialTasks } from '../bench-world.ts';
import { median } from '../measure.ts';
import { type BenchContext, eachRound, scaled, type Workload } from '../workload.ts';

const taskCount = 10;
const sideBySide = 50;

/** The flow of W1. */
export const manyExecutionsFlow = `id: many
namespace: ${namespace}
tasks:
${trivialTasks(taskCount)}`;

/** Runs `count` executions of `flowId`, some side by side, and gives how long that took. */
export async function runSideBySide(
  world: BenchWorld,
  flowId: string,
  count: number,
): Promise<number> {
  let left = count;
  const start = performance.now();
  const client = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await world.finish(flowId);
    }
  };
  await Promise.all(Array.from({ length: sideBySide }, client));
  return performance.now() - start;
}

async function round({ size, folder, raw }: BenchContext) {
  const count = scaled(size, 1_000, 10);
  const world = await openBenchWorld(folder, [manyExecutionsFlow]);
  try {
    await runSideBySide(world, 'many', scaled(size, 200, 2));
    const before = raw.commitsPerSecond();
    const flushes = world.flushCount();
    const elapsedMs = await runSideBySide(world, 'many', count);
    const perSecond = (count * taskCount * 1_000) / elapsedMs;
    return {
      perSecond,
      ratio: perSecond / ((before + raw.commitsPerSecond()) / 2),
      flushes: (world.flushCount() - flushes) / (count * taskCount),
    };
  } finally {
    await world.close();
  }
}

/** W1. */
export const manyExecutions: Workload = {
  id: 'W1',
  title: '1,000 executions of 10 tasks, 50 side by side',
  async run(context) {
    const rounds = await eachRound(context.size, () => round(context));
    return [
      {
        what: 'durable task runs',
        value: median(rounds.map((one) => one.perSecond)),
        unit: '/s',
        ratio: median(rounds.map((one) => one.ratio)),
        to: 'single commits/s',
        budget: { min: 4 },
      },
      {
        what: 'flushes per task run',
        value: median(rounds.map((one) => one.flushes)),
        unit: '',
        budget: { max: 0.05 },
      },
    ];
  },
};
