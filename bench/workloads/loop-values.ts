/**
 * C1: a ForEach over 1,000, 10,000 and 100,000 values. Time and memory for each task run stay what they
 * are: nothing looks at all runs because one has changed. Each size has a process of its own.
 */
import { spawnSync } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { namespace, openBenchWorld } from '../bench-world.ts';
import { scaled, type Workload } from '../workload.ts';

const flow = `id: each
namespace: ${namespace}
inputs:
  - {id: count, type: INT}
tasks:
  - id: all
    type: core.flow.ForEach
    values: "{{ range(1, inputs.count) }}"
    concurrencyLimit: 50
    tasks:
      - {id: one, type: core.debug.Return, format: "{{ taskrun.value }}"}
`;

interface Cost {
  readonly microseconds: number;
  readonly bytes: number;
}

async function measure(folder: string, count: number): Promise<Cost> {
  const world = await openBenchWorld(folder, [flow]);
  try {
    await world.finish('each', { count: 500 });
    globalThis.gc?.();
    const before = process.memoryUsage().rss;
    let most = before;
    const watch = setInterval(() => {
      most = Math.max(most, process.memoryUsage().rss);
    }, 20);
    const start = performance.now();
    await world.finish('each', { count });
    const elapsedMs = performance.now() - start;
    clearInterval(watch);
    return { microseconds: (elapsedMs * 1_000) / count, bytes: (most - before) / count };
  } finally {
    await world.close();
  }
}

function measureApart(folder: string, count: number): Cost {
  const ran = spawnSync(
    process.execPath,
    ['--expose-gc', fileURLToPath(import.meta.url), folder, String(count)],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
  );
  return JSON.parse(ran.stdout) as Cost;
}

/** C1. */
export const loopValues: Workload = {
  id: 'C1',
  title: 'ForEach over 1,000, 10,000 and 100,000 values',
  async run({ size, folder, progress }) {
    const counts = [1_000, 10_000, 100_000].map((count) => scaled(size, count, 10));
    const costs = counts.map((count) => {
      progress(`  ${count.toLocaleString('en-US')} values …`);
      return measureApart(folder, count);
    });
    const [, base] = costs;
    return costs.flatMap(({ microseconds, bytes }, index) => {
      const named = (counts[index] ?? 0).toLocaleString('en-US');
      const isLast = index === costs.length - 1;
      return [
        {
          what: `time per task run of ${named}`,
          value: microseconds,
          unit: 'µs',
          ...(isLast && {
            ratio: microseconds / (base?.microseconds ?? Number.NaN),
            to: 'that of a tenth',
            budget: { max: 1.3 },
          }),
        },
        {
          what: `peak memory per task run of ${named}`,
          value: bytes / 1_024,
          unit: 'KiB',
          ...(isLast && {
            ratio: bytes / (base?.bytes ?? Number.NaN),
            to: 'that of a tenth',
            budget: { max: 1.3 },
          }),
        },
      ];
    });
  },
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [folder = '', count] = process.argv.slice(2);
  process.stdout.write(JSON.stringify(await measure(folder, Number(count))));
}
