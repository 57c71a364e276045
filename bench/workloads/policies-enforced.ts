/**
 * P2: W1 with the policies that come with the product in force, against W1 without any. An operator starts
 * each execution, and the door of task runs is asked as the server asks it. Beside it the same with tasks
 * that have an effect outside (each is decided anew, and its intent is an entry before it runs), and with
 * tasks that read personal data from outside, which is a question of its own for each.
 */
import { taskTypesWith } from '../../test/simulation/outside-tasks.ts';
import { type BenchWorld, namespace, openBenchWorld } from '../bench-world.ts';
import { median } from '../measure.ts';
import { type BenchContext, eachRound, scaled, type Workload } from '../workload.ts';
import { flowReading, setMarked } from './marked-values.ts';
import { manyExecutionsFlow, runSideBySide } from './many-executions.ts';

const taskCount = 10;

const sends = Array.from({ length: taskCount }, (_, at) => `  - {id: t${at}, type: sim.Send}\n`);
const sendingFlow = `id: sending\nnamespace: ${namespace}\ntasks:\n${sends.join('')}`;
const flows = [manyExecutionsFlow, sendingFlow, flowReading('marked')];

/** Throws unless each run of a task of `flowId` says which policies decided about it. */
async function assertDecided(world: BenchWorld, flowId: string): Promise<void> {
  const entries = await world.application.entriesAfter(await world.finish(flowId), 0);
  const decided = entries.filter(({ payload }) => payload.includes('"verdict":"allow"'));
  if (decided.length !== taskCount) {
    throw new Error(`bug: ${decided.length} runs of \`${flowId}\` were decided about`);
  }
}

/** Returns the throughput of executions of `flowId` under policies against that without. */
async function throughput(
  without: BenchWorld,
  under: BenchWorld,
  flowId: string,
  count: number,
  warming: number,
): Promise<number> {
  for (const world of [without, under]) await runSideBySide(world, flowId, warming);
  const times = { without: 0, under: 0 };
  // What the machine does besides weighs on both alike.
  for (const which of ['without', 'under', 'under', 'without'] as const) {
    const world = which === 'under' ? under : without;
    times[which] += await runSideBySide(world, flowId, count);
  }
  return times.without / times.under;
}

const kinds = [
  { id: 'many', count: 500, what: 'throughput of W1 against that without policies', min: 0.7 },
  { id: 'sending', count: 200, what: 'the same where each task has an effect outside' },
  { id: 'marked', count: 200, what: 'the same where each task reads data from outside' },
];

async function round({ size, folder }: BenchContext) {
  const taskTypes = taskTypesWith({ take: () => Promise.resolve(), refuses: () => false });
  const without = await openBenchWorld(folder, flows, { taskTypes });
  const under = await openBenchWorld(folder, flows, { taskTypes, isGoverned: true });
  try {
    for (const world of [without, under]) await setMarked(world);
    for (const { id } of kinds) await assertDecided(under, id);
    const warming = scaled(size, 200, 2);
    const ratios: number[] = [];
    for (const { id, count } of kinds) {
      ratios.push(await throughput(without, under, id, scaled(size, count, 10), warming));
    }
    return ratios;
  } finally {
    await under.close();
    await without.close();
  }
}

/** P2. */
export const policiesEnforced: Workload = {
  id: 'P2',
  title: 'executions under the policies that come with the product',
  async run(context) {
    const rounds = await eachRound(context.size, () => round(context));
    return kinds.map(({ what, min }, at) => ({
      what,
      value: median(rounds.map((ratios) => ratios[at] ?? Number.NaN)),
      unit: '×',
      ...(min !== undefined && { budget: { min } }),
    }));
  },
};
