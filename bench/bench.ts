/**
 * The bench: runs the workloads one after the other and prints each number beside the limit of this
 * machine that it is held to. `--only W1,W5` chooses workloads, `--output json` prints for programs,
 * `--rounds` and `--scale` make it shorter. Progress goes to standard error; the exit code is 1 when a
 * budget is missed.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createRawLimits } from './raw-limits.ts';
import { benchTable } from './bench-table.ts';
import type { Measure } from './measure.ts';
import { type BenchSize, isWithin, type Workload } from './workload.ts';
import { workloads } from './workloads.ts';

function readOptions() {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      output: { type: 'string', default: 'table' },
      rounds: { type: 'string', default: '5' },
      scale: { type: 'string', default: '1' },
      folder: { type: 'string', default: tmpdir() },
    },
  });
  const wanted = values.only?.split(',').map((id) => id.trim().toUpperCase());
  const unknown = wanted?.find((id) => !workloads.some((one) => one.id === id));
  if (unknown !== undefined) {
    const known = workloads.map((one) => one.id).join(', ');
    throw new Error(`there is no workload \`${unknown}\`; there are ${known}`);
  }
  return {
    chosen: workloads.filter((one) => wanted?.includes(one.id) ?? true),
    isJson: values.output === 'json',
    size: { rounds: Number(values.rounds), scale: Number(values.scale) },
    folder: values.folder,
  };
}

/** Returns the lines of each of `chosen`, run one after the other on the disk of `parent`. */
async function measureAll(chosen: readonly Workload[], size: BenchSize, parent: string) {
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, 'sluice-bench-'));
  const progress = (message: string): void => void process.stderr.write(`${message}\n`);
  try {
    const raw = createRawLimits(folder);
    progress('raw limits …');
    const results: { id: string; title: string; measures: readonly Measure[] }[] = [
      { id: 'raw', title: 'limits of this machine', measures: raw.measures() },
    ];
    for (const workload of chosen) {
      const { id, title } = workload;
      progress(`${id} ${title} …`);
      results.push({ id, title, measures: await workload.run({ size, folder, raw, progress }) });
    }
    return results;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const { chosen, isJson, size, folder } = readOptions();
const results = await measureAll(chosen, size, folder);
process.stdout.write(isJson ? `${JSON.stringify(results, null, 2)}\n` : benchTable(results));
if (results.some(({ measures }) => measures.some((one) => isWithin(one) === false))) {
  process.exitCode = 1;
}
