/**
 * W6: what executions that wait cost in memory. They wait as rows and are in nobody's hands. Measured
 * in a process of its own (this file, started with a folder and counts), whose memory nothing else moves.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type BenchWorld, namespace, openBenchWorld } from '../bench-world.ts';
import { scaled, type Workload } from '../workload.ts';

const bytesPerExecutionMax = 2_048;
const waiting = `id: wait\nnamespace: ${namespace}\ntasks:\n  - {id: hold, type: core.flow.Pause}\n`;
const ending = `id: end\nnamespace: ${namespace}\ntasks:\n  - {id: go, type: core.debug.Return}\n`;

/** What the process holds, in bytes: all of it, and what its program can reach. */
interface Held {
  readonly whole: number;
  readonly reachable: number;
}

async function held(): Promise<Held> {
  // What is given back to the system is given back with a delay.
  for (let at = 0; at < 4; at += 1) {
    globalThis.gc?.();
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
  }
  const { rss, heapUsed, external } = process.memoryUsage();
  return { whole: rss, reachable: heapUsed + external };
}

async function startMany(
  { application }: BenchWorld,
  flowId: string,
  count: number,
  expected: string,
): Promise<void> {
  let left = count;
  const client = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const id = await application.start({ namespace, flowId, inputs: {} });
      const { state } = await application.rest(id);
      if (state.current !== expected) throw new Error(`\`${id}\` is ${state.current}`);
    }
  };
  await Promise.all(Array.from({ length: 50 }, client));
}

async function measure(folder: string, counts: readonly number[]): Promise<readonly Held[]> {
  const world = await openBenchWorld(folder, [waiting, ending]);
  try {
    const found: Held[] = [await held()];
    // As many that end bring code, heap and the store's cache to their working size, which is bounded
    // and not a cost of each that waits.
    await startMany(world, 'end', counts[0] ?? 0, 'SUCCESS');
    found.push(await held());
    let before = 0;
    for (const count of counts) {
      await startMany(world, 'wait', count - before, 'PAUSED');
      before = count;
      found.push(await held());
    }
    return found;
  } finally {
    await world.close();
  }
}

function measureApart(folder: string, counts: readonly number[]): readonly Held[] {
  const ran = spawnSync(
    process.execPath,
    ['--expose-gc', fileURLToPath(import.meta.url), folder, ...counts.map(String)],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
  );
  return JSON.parse(ran.stdout) as readonly Held[];
}

/** W6. */
export const waitingMemory: Workload = {
  id: 'W6',
  title: 'executions that wait',
  async run({ size, folder }) {
    const counts = [scaled(size, 10_000, 20), scaled(size, 100_000, 40)];
    const [idle, warm, ...grown] = measureApart(folder, counts);
    if (idle === undefined || warm === undefined) throw new Error('nothing was measured');
    return [
      { what: 'idle process', value: idle.whole / 2 ** 20, unit: 'MiB' },
      ...grown.flatMap(({ whole, reachable }, index) => {
        const count = counts[index] ?? 1;
        const named = count.toLocaleString('en-US');
        return [
          {
            what: `growth of the process for each of ${named}`,
            value: Math.max(0, whole - warm.whole) / count,
            unit: 'bytes',
            budget: { max: bytesPerExecutionMax },
          },
          {
            what: `growth of reachable memory for each of ${named}`,
            value: Math.max(0, reachable - warm.reachable) / count,
            unit: 'bytes',
            budget: { max: bytesPerExecutionMax },
          },
        ];
      }),
    ];
  },
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [folder = '', ...counts] = process.argv.slice(2);
  process.stdout.write(JSON.stringify(await measure(folder, counts.map(Number))));
}
