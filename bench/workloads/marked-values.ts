/** V1: W1 with a marked value that every task reads, against the same with a value that is not marked. */
import { plainMarks, provenanceOf } from '../../src/core/value/index.ts';
import { type BenchWorld, namespace, openBenchWorld } from '../bench-world.ts';
import { median } from '../measure.ts';
import { type BenchContext, eachRound, scaled, type Workload } from '../workload.ts';
import { runSideBySide } from './many-executions.ts';

const taskCount = 10;

/** Returns a flow whose tasks all read the pair `key`, which is its name as well. */
export function flowReading(key: string): string {
  const tasks = Array.from({ length: taskCount - 1 }, (_, index) => {
    const task = `id: t${index + 1}, type: core.debug.Return`;
    return `  - {${task}, format: "{{ outputs.t${index}.value }}"}\n`;
  });
  return `id: ${key}\nnamespace: ${namespace}\ntasks:\n  - {id: t0, type: core.debug.Return, format: "{{ kv('${key}') }}"}\n${tasks.join('')}`;
}

/** Writes the pair `marked`: personal data from outside. */
export async function setMarked({ application }: BenchWorld): Promise<void> {
  const own = provenanceOf({
    trust: 'untrusted',
    classes: [{ name: 'personal.email', subject: 'customer:812' }],
    sources: ['webhook:orders'],
  });
  await application.keyValues(namespace).set('marked', { value: 'some text', marks: { own } });
}

async function round({ size, folder }: BenchContext): Promise<number> {
  const count = scaled(size, 500, 10);
  const world = await openBenchWorld(folder, [flowReading('plain'), flowReading('marked')]);
  try {
    const plain = { value: 'some text', marks: plainMarks };
    await world.application.keyValues(namespace).set('plain', plain);
    await setMarked(world);
    for (const key of ['plain', 'marked']) await runSideBySide(world, key, scaled(size, 200, 2));
    const plainMs = await runSideBySide(world, 'plain', count);
    const markedMs = await runSideBySide(world, 'marked', count);
    const againMs = await runSideBySide(world, 'plain', count);
    return (plainMs + againMs) / 2 / markedMs;
  } finally {
    await world.close();
  }
}

/** V1. */
export const markedValues: Workload = {
  id: 'V1',
  title: 'executions whose values are marked with where they come from',
  async run(context) {
    const rounds = await eachRound(context.size, () => round(context));
    return [
      {
        what: 'throughput against unmarked values',
        value: median(rounds),
        unit: '×',
        budget: { min: 0.85 },
      },
    ];
  },
};
