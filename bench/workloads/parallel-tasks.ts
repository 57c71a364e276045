/** W3: one execution of 1,000 tasks side by side, against as many task runs of many executions (W1). */
import { performance } from 'node:perf_hooks';
import { namespace, openBenchWorld, trivialTasks } from '../bench-world.ts';
import { median } from '../measure.ts';
import { type BenchContext, eachRound, scaled, type Workload } from '../workload.ts';
import { manyExecutionsFlow, runSideBySide } from './many-executions.ts';

async function round({ size, folder }: BenchContext) {
  const count = scaled(size, 1_000, 20);
  const tasks = Array.from(
    { length: count },
    (_, index) =>
      `      - {id: p${index}, type: core.debug.Return, format: "value {{ execution.id }}"}\n`,
  );
  const wide = `id: wide\nnamespace: ${namespace}\ntasks:\n  - id: all\n    type: core.flow.Parallel\n    tasks:\n${tasks.join('')}`;
  const small = `id: small\nnamespace: ${namespace}\ntasks:\n  - id: all\n    type: core.flow.Parallel\n    tasks:\n${trivialTasks(1, '      ')}`;
  const world = await openBenchWorld(folder, [wide, small, manyExecutionsFlow]);
  try {
    await runSideBySide(world, 'many', scaled(size, 200, 2));
    for (let at = 0; at < scaled(size, 20); at += 1) await world.finish('small');
    const manyMs = await runSideBySide(world, 'many', Math.ceil(count / 10));
    const start = performance.now();
    await world.finish('wide');
    const wideMs = performance.now() - start;
    return { wideMs, ratio: wideMs / manyMs };
  } finally {
    await world.close();
  }
}

/** W3. */
export const parallelTasks: Workload = {
  id: 'W3',
  title: 'one execution of 1,000 tasks side by side',
  async run(context) {
    const rounds = await eachRound(context.size, () => round(context));
    return [
      {
        what: 'time',
        value: median(rounds.map((one) => one.wideMs)),
        unit: 'ms',
        ratio: median(rounds.map((one) => one.ratio)),
        to: 'W1 for as many task runs',
        budget: { max: 3 },
      },
    ];
  },
};
