/**
 * Every single fault of a scenario: at each commit and at each effect of a run in which nothing goes
 * wrong, everything that can happen to it. And the runs that follow from seeds.
 */
import {
  commitFaults,
  effectFaults,
  noFaults,
  oneFault,
  seededFaults,
  type SingleFault,
} from './faults.ts';
import { type Scenario, scenarios } from './scenarios.ts';
import { simulate, type SimulationOptions, type SimulationResult } from './simulation.ts';

/** A run in which something was wrong. */
export interface Finding {
  readonly trouble: string;
  /** The command that repeats the run. */
  readonly command: string;
}

/** Faults after which a task may be told that the store refuses what it wants to keep. */
const refusing: ReadonlySet<string> = new Set(['refuse', 'lock', 'tear', 'lose-answer']);

/** Returns every single fault of a run that went as `counts` says. */
export function singleFaults(counts: SimulationResult['counts']): readonly SingleFault[] {
  const upTo = (last: number): number[] => Array.from({ length: last }, (_, at) => at + 1);
  return [
    ...upTo(counts.commits).flatMap((count) =>
      commitFaults.map((fault) => ({ at: 'commit', count, fault }) as const),
    ),
    ...upTo(counts.effects).flatMap((count) =>
      effectFaults.map((fault) => ({ at: 'effect', count, fault }) as const),
    ),
    ...upTo(counts.reads).map((count) => ({ at: 'read', count, fault: 'refuse' }) as const),
  ];
}

function isSteady(scenario: Scenario, isRefused: boolean): boolean {
  return (
    scenario.steadiness === 'always' || (scenario.steadiness === 'unless-refused' && !isRefused)
  );
}

function troubleOf(
  result: SimulationResult,
  base: SimulationResult,
  mustEndAlike: boolean,
): string | undefined {
  const [first] = result.troubles;
  if (first !== undefined) return first;
  if (!mustEndAlike || result.ends === base.ends) return undefined;
  return `it ends otherwise than without faults:\n${result.ends}\ninstead of:\n${base.ends}`;
}

/** Runs `scenario` without faults, and with each single one; gives how many runs there were and what was found. */
export async function exhaust(
  scenario: Scenario,
): Promise<{ readonly runs: number; readonly findings: readonly Finding[] }> {
  const base = await baseOf(scenario);
  const command = `npm run simulate -- --scenario ${scenario.name}`;
  const [trouble] = base.troubles;
  if (trouble !== undefined) return { runs: 1, findings: [{ trouble, command }] };
  const findings: Finding[] = [];
  const faults = singleFaults(base.counts);
  for (const single of faults) {
    const finding = await runFault(scenario, single);
    if (finding !== undefined) findings.push(finding);
  }
  return { runs: faults.length + 1, findings };
}

/** Runs `scenario` with one fault. */
export async function runFault(
  scenario: Scenario,
  single: SingleFault,
): Promise<Finding | undefined> {
  const { at, count, fault } = single;
  const result = await simulate(scenario, oneFault(single));
  // What cannot be read may be the end of a task.
  const mustEndAlike = at !== 'read' && isSteady(scenario, refusing.has(fault));
  const trouble = troubleOf(result, await baseOf(scenario), mustEndAlike);
  if (trouble === undefined) return undefined;
  const command = `npm run simulate -- --scenario ${scenario.name} --fault ${at}:${count}:${fault}`;
  return { trouble, command };
}

/** Returns the scenario that a seed runs when none is named. */
export function scenarioOfSeed(seed: number): Scenario {
  return scenarios[seed % scenarios.length] as Scenario;
}

const bases = new Map<string, Promise<SimulationResult>>();

function baseOf(scenario: Scenario): Promise<SimulationResult> {
  let base = bases.get(scenario.name);
  if (base === undefined) bases.set(scenario.name, (base = simulate(scenario, noFaults)));
  return base;
}

/** Runs what follows from `seed`. */
export async function runSeed(
  seed: number,
  scenario: Scenario = scenarioOfSeed(seed),
  options: Omit<SimulationOptions, 'seed'> = {},
): Promise<SimulationResult & { readonly finding: Finding | undefined }> {
  const result = await simulate(scenario, seededFaults(seed), { ...options, seed });
  const trouble = troubleOf(result, await baseOf(scenario), isSteady(scenario, true));
  const command = `npm run simulate -- --seed ${seed} --scenario ${scenario.name}`;
  return { ...result, finding: trouble === undefined ? undefined : { trouble, command } };
}
