/**
 * W5: from the start of the process to the first execution that has ended, as a person who types
 * `sluice run` waits for it; in a fresh data folder and in one that exists.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { namespace, trivialTasks } from '../bench-world.ts';
import { median } from '../measure.ts';
import type { Workload } from '../workload.ts';

const program = join(import.meta.dirname, '../../bin/sluice');

function runOnce(flow: string, data: string): number {
  const start = performance.now();
  const ran = spawnSync(program, ['run', flow, '--output', 'json', '--data', data], {
    encoding: 'utf8',
  });
  const elapsedMs = performance.now() - start;
  const ended = JSON.parse(ran.stdout) as { state?: { current?: string } };
  if (ended.state?.current !== 'SUCCESS') throw new Error(`\`sluice run\` failed: ${ran.stdout}`);
  return elapsedMs;
}

/** W5. */
export const processStart: Workload = {
  id: 'W5',
  title: 'process start to the first ended execution of `sluice run`',
  async run({ size, folder, raw }) {
    const place = mkdtempSync(join(folder, 'start-'));
    const flow = join(place, 'flow.yaml');
    writeFileSync(flow, `id: first\nnamespace: ${namespace}\ntasks:\n${trivialTasks(1)}`);
    const existing = join(place, 'existing');
    // The first runs fill the cache of compiled code, which every later start finds.
    for (let at = 0; at < 2; at += 1) runOnce(flow, existing);
    const rounds = Array.from({ length: size.rounds * 3 }, () => {
      const fresh = join(place, 'fresh');
      rmSync(fresh, { recursive: true, force: true });
      mkdirSync(fresh);
      const empty = raw.emptyProgramMs();
      return { empty, fresh: runOnce(flow, fresh), existing: runOnce(flow, existing) };
    });
    const empty = median(rounds.map((one) => one.empty));
    return (['fresh', 'existing'] as const).map((name) => {
      const value = median(rounds.map((one) => one[name]));
      return {
        what: `${name} data folder`,
        value,
        unit: 'ms',
        ratio: value / empty,
        to: 'empty program',
        budget: { max: 8 },
      };
    });
  },
};
