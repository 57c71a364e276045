/**
 * Repeats a run of the simulated world and prints what happened in it, or runs many:
 * `npm run simulate -- --seed 1234 [--scenario x]`, `--scenario x --fault commit:3:crash-after`,
 * `--seeds 100000 [--from n]`.
 */
import { parseArgs } from 'node:util';
import { runSeed, scenarioOfSeed } from '../test/simulation/exhaust.ts';
import { noFaults, oneFault, type SingleFault } from '../test/simulation/faults.ts';
import { scenarioOf } from '../test/simulation/scenarios.ts';
import { simulate } from '../test/simulation/simulation.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    seeds: { type: 'string' },
    from: { type: 'string', default: '0' },
    scenario: { type: 'string' },
    fault: { type: 'string' },
  },
});
const named = values.scenario === undefined ? undefined : scenarioOf(values.scenario);
const shownMax = 20;

function print(trace: readonly string[], counts: object, trouble: string | undefined): void {
  for (const line of trace) console.log(line);
  console.log(JSON.stringify(counts));
  console.log(trouble ?? 'everything held');
  if (trouble !== undefined) process.exitCode = 1;
}

async function runMany(count: number): Promise<void> {
  const from = Number(values.from);
  let found = 0;
  for (let seed = from; seed < from + count && found < shownMax; seed += 1) {
    const { finding } = await runSeed(seed, named);
    if (finding !== undefined) {
      found += 1;
      console.error(`${finding.trouble}\n  repeat with: ${finding.command}`);
    }
    if ((seed - from + 1) % 1_000 === 0) console.log(`${seed - from + 1} seeds, ${found} found`);
  }
  if (found > 0) process.exitCode = 1;
}

if (values.seeds !== undefined) {
  await runMany(Number(values.seeds));
} else if (values.seed !== undefined) {
  const seed = Number(values.seed);
  const scenario = named ?? scenarioOfSeed(seed);
  const { trace, counts, finding } = await runSeed(seed, scenario, { isTraced: true });
  print(trace, counts, finding?.trouble);
} else {
  const scenario = named ?? scenarioOf('sequential');
  const [at, count, fault] = (values.fault ?? '').split(':');
  const faults =
    values.fault === undefined
      ? noFaults
      : oneFault({ at, count: Number(count), fault } as SingleFault);
  const { trace, counts, troubles, ends } = await simulate(scenario, faults, { isTraced: true });
  print(trace, counts, troubles[0]);
  console.log(ends);
}
// Whoever died in the world still waits for answers.
process.exit();
