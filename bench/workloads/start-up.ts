/**
 * R1: what waits costs nothing when a process starts. From opening the data folder to the end of its
 * recovery, beside few and beside many waiting executions; each start in a process of its own.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createApplication } from '../../src/app/create-application.ts';
import { namespace } from '../bench-world.ts';
import { median } from '../measure.ts';
import { scaled, type Workload } from '../workload.ts';

const ratioMax = 1.5;
/** Starts measured per round; the first warms the disk's cache. */
const starts = 9;

const head = (id: string): string => `id: ${id}\nnamespace: ${namespace}\n`;
const pause = 'tasks:\n  - {id: hold, type: core.flow.Pause}\n';
const timed = 'tasks:\n  - {id: hold, type: core.flow.Pause, pauseDuration: PT8H}\n';
/** Executions wait for somebody, for a time, for another attempt, and for each other. */
const flows = {
  paused: head('paused') + pause,
  delayed: head('delayed') + timed,
  retrying:
    `${head('retrying')}tasks:\n  - id: hold\n    type: core.execution.Fail\n` +
    '    retry: {type: constant, interval: PT8H, maxAttempts: 3}\n',
  queued: `${head('queued')}concurrency: {limit: 1}\n${pause}`,
};

/** Adds waiting executions to the data folder until there are `to`, in a process that is closed after. */
async function fill(dataFolder: string, from: number, to: number): Promise<void> {
  const application = await createApplication({ dataFolder });
  for (const flow of Object.values(flows)) await application.saveFlow(flow, 'bench.yaml');
  const ids = Object.keys(flows);
  let at = from;
  const client = async (): Promise<void> => {
    while (at < to) {
      const flowId = ids[at % ids.length] ?? 'paused';
      at += 1;
      const id = await application.start({ namespace, flowId, inputs: {} });
      await application.rest(id, { timerPatienceMs: 0 });
    }
  };
  await Promise.all(Array.from({ length: 50 }, client));
  await application.close();
}

/** What one start took. */
interface Start {
  readonly milliseconds: number;
  readonly bytes: number;
}

async function startOnce(dataFolder: string): Promise<Start> {
  const before = process.memoryUsage().rss;
  const began = performance.now();
  const application = await createApplication({ dataFolder });
  const taken = await application.recover();
  const milliseconds = performance.now() - began;
  const bytes = process.memoryUsage().rss - before;
  if (taken.length > 0) throw new Error(`${taken.length} executions were taken up`);
  await application.close();
  return { milliseconds, bytes };
}

function startsApart(dataFolder: string): readonly Start[] {
  return Array.from({ length: starts }, () => {
    const ran = spawnSync(process.execPath, [fileURLToPath(import.meta.url), dataFolder], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    return JSON.parse(ran.stdout) as Start;
  }).slice(1);
}

/** R1. */
export const startUp: Workload = {
  id: 'R1',
  title: 'start beside executions that wait',
  async run({ size, folder, progress }) {
    const counts = [scaled(size, 1_000, 30), scaled(size, 100_000, 60)];
    const dataFolder = mkdtempSync(join(folder, 'start-'));
    try {
      const found: { count: number; milliseconds: number; mebibytes: number }[] = [];
      let filled = 0;
      for (const count of counts) {
        progress(`${count.toLocaleString('en-US')} executions that wait`);
        await fill(dataFolder, filled, count);
        filled = count;
        const measured = startsApart(dataFolder);
        found.push({
          count,
          milliseconds: median(measured.map((one) => one.milliseconds)),
          mebibytes: median(measured.map((one) => one.bytes)) / 2 ** 20,
        });
      }
      const [few, many] = found;
      if (few === undefined || many === undefined) throw new Error('nothing was measured');
      const name = (count: number): string => count.toLocaleString('en-US');
      return [
        { what: `start beside ${name(few.count)}`, value: few.milliseconds, unit: 'ms' },
        {
          what: `start beside ${name(many.count)}`,
          value: many.milliseconds,
          unit: 'ms',
          ratio: many.milliseconds / few.milliseconds,
          to: `the start beside ${name(few.count)}`,
          budget: { max: ratioMax },
        },
        { what: `memory of a start beside ${name(few.count)}`, value: few.mebibytes, unit: 'MiB' },
        {
          what: `memory of a start beside ${name(many.count)}`,
          value: many.mebibytes,
          unit: 'MiB',
          ratio: many.mebibytes / few.mebibytes,
          to: `that beside ${name(few.count)}`,
          budget: { max: ratioMax },
        },
      ];
    } finally {
      rmSync(dataFolder, { recursive: true });
    }
  },
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.stdout.write(JSON.stringify(await startOnce(process.argv[2] ?? '')));
}
