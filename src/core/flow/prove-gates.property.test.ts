/**
 * The proof of gates against every path there is: flows are drawn at random, everything that may happen in
 * them is written out one run after the other, and what the proof says must be what those runs show.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sampleCatalogue } from '../../../test/support/sample-catalogue.ts';
import { parseFlow } from './parse-flow.ts';
import { proveGates, waitsForPerson } from './prove-gates.ts';

type Shape = 'Sequential' | 'AllowFailure' | 'Parallel' | 'If' | 'Switch' | 'ForEach' | 'Dag';

interface Step {
  readonly role: 'plain' | 'pay' | 'gate' | Shape;
  readonly isSkippable: boolean;
  readonly mayFail: boolean;
  readonly isDisabled: boolean;
  readonly inner: readonly Step[];
  readonly handlers: readonly Step[];
}

/** A step under its own name, as it stands in the flow. */
interface Named extends Omit<Step, 'inner' | 'handlers'> {
  readonly id: string;
  readonly inner: readonly Named[];
  readonly handlers: readonly Named[];
}

/** One run so far: what it visited, whether it passed a gate, and how it stands. */
interface Run {
  readonly visited: readonly string[];
  readonly isGated: boolean;
  readonly hasFailed: boolean;
  /** Effects that it had without a gate, each with what it had visited by then. */
  readonly open: readonly { readonly effect: string; readonly visited: readonly string[] }[];
}

const runsMax = 3_000;

class TooMany extends Error {}

function capped(runs: readonly Run[]): readonly Run[] {
  if (runs.length > runsMax) throw new TooMany();
  return runs;
}

function failed(run: Run): Run {
  return { ...run, hasFailed: true };
}

/** Lets each of `runs` that has not failed go on with `next`. */
function goOn(runs: readonly Run[], next: (run: Run) => readonly Run[]): readonly Run[] {
  return capped(runs.flatMap((run) => (run.hasFailed ? [run] : next(run))));
}

function sequence(steps: readonly Named[], run: Run): readonly Run[] {
  let runs: readonly Run[] = [run];
  for (const step of steps) runs = goOn(runs, (one) => runStep(step, one));
  return runs;
}

/** What side by side is, as runs: each begins with what was passed before, and all must be over. */
function together(
  steps: readonly Named[],
  run: Run,
  before: (index: number) => readonly number[],
): readonly Run[] {
  interface Whole {
    readonly ends: readonly (Run | undefined)[];
    readonly run: Run;
  }
  let wholes: readonly Whole[] = [{ ends: [], run }];
  for (const [index, step] of steps.entries()) {
    wholes = wholes.flatMap(({ ends, run: so }) => {
      const on = before(index).map((one) => ends[one]);
      if (on.some((one) => one === undefined || one.hasFailed)) {
        return [{ ends: [...ends, undefined], run: so }];
      }
      const isGated = run.isGated || on.some((one) => one?.isGated === true);
      return runStep(step, { ...so, isGated, hasFailed: false }).map((end) => ({
        ends: [...ends, end],
        run: { ...end, isGated: so.isGated, hasFailed: so.hasFailed || end.hasFailed },
      }));
    });
    if (wholes.length > runsMax) throw new TooMany();
  }
  return wholes.map(({ ends, run: end }) => ({
    ...end,
    isGated: run.isGated || ends.some((one) => one?.isGated === true),
  }));
}

function body({ role, inner }: Named, run: Run): readonly Run[] {
  const [first, second] = inner;
  switch (role) {
    case 'If':
    case 'Switch': {
      const branches = inner.map((one) => sequence([one], run));
      // An `If` has both branches when two steps are in it; a `Switch` of three has defaults.
      const isComplete = role === 'If' ? second !== undefined : inner.length > 2;
      return capped([...branches.flat(), ...(isComplete ? [] : [run])]);
    }
    case 'Parallel':
      return together(inner, run, () => []);
    case 'Dag':
      return together(inner, run, (index) => (index === 0 ? [] : [index - 1]));
    case 'ForEach': {
      const once = sequence(inner, run);
      return capped([run, ...once, ...goOn(once, (one) => sequence(inner, one))]);
    }
    case 'AllowFailure':
      return sequence(inner, run).map((one) => ({ ...one, hasFailed: false }));
    default:
      return first === undefined ? [run] : sequence(inner, run);
  }
}

function leaf({ id, role }: Named, run: Run): readonly Run[] {
  if (role === 'gate') return [{ ...run, isGated: true }, failed(run)];
  const isOpen = role === 'pay' && !run.isGated;
  const after = isOpen
    ? { ...run, open: [...run.open, { effect: id, visited: run.visited }] }
    : run;
  return [after, failed(after)];
}

/** Lets what failed pass through the handlers of its list; it stays failed. */
function handled(runs: readonly Run[], handlers: readonly Named[]): readonly Run[] {
  if (handlers.length === 0) return runs;
  return capped(
    runs.flatMap((run) =>
      run.hasFailed ? sequence(handlers, { ...run, hasFailed: false }).map(failed) : [run],
    ),
  );
}

const leaves: ReadonlySet<string> = new Set(['plain', 'pay', 'gate']);

function runStep(step: Named, before: Run): readonly Run[] {
  if (step.isDisabled) return [before];
  const run = { ...before, visited: [...before.visited, step.id] };
  const ends = leaves.has(step.role) ? leaf(step, run) : handled(body(step, run), step.handlers);
  const allowed = step.mayFail ? ends.map((one) => ({ ...one, hasFailed: false })) : ends;
  return capped(step.isSkippable ? [...allowed, run] : allowed);
}

function named(steps: readonly Step[], next: { count: number }): readonly Named[] {
  return steps.map((step) => {
    next.count += 1;
    const id = `${leaves.has(step.role) ? step.role : 'box'}${next.count}`;
    return { ...step, id, inner: named(step.inner, next), handlers: named(step.handlers, next) };
  });
}

function textOf(step: Named): string {
  const { id, role, isSkippable, mayFail, isDisabled, inner, handlers } = step;
  const more = [
    ...(isSkippable ? ['runIf: "{{ false }}"'] : []),
    ...(mayFail ? ['allowFailure: true'] : []),
    ...(isDisabled ? ['disabled: true'] : []),
    ...(handlers.length > 0 ? [`errors: ${listOf(handlers)}`] : []),
  ];
  const parts = [`id: ${id}`, `type: ${typeOf(role)}`, ...blocksOf(role, inner), ...more];
  return `{${parts.join(', ')}}`;
}

function listOf(steps: readonly Named[]): string {
  return `[${steps.map(textOf).join(', ')}]`;
}

function typeOf(role: Step['role']): string {
  if (role === 'gate') return 'core.flow.Pause';
  return role === 'plain' || role === 'pay' ? 'core.debug.Return' : `core.flow.${role}`;
}

function blocksOf(role: Step['role'], inner: readonly Named[]): readonly string[] {
  const [first, second, third] = inner.map((one) => `[${textOf(one)}]`);
  switch (role) {
    case 'plain':
    case 'pay':
    case 'gate':
      return [];
    case 'If':
      return [
        'condition: x',
        `then: ${first}`,
        ...(second === undefined ? [] : [`else: ${second}`]),
      ];
    case 'Switch':
      return [
        'value: x',
        `cases: {a: ${first}${second === undefined ? '' : `, b: ${second}`}}`,
        ...(third === undefined ? [] : [`defaults: ${third}`]),
      ];
    case 'ForEach':
      return ['values: "[1]"', `tasks: ${listOf(inner)}`];
    case 'Dag':
      return [`tasks: [${inner.map(dagText).join(', ')}]`];
    default:
      return [`tasks: ${listOf(inner)}`];
  }
}

function dagText(step: Named, index: number, all: readonly Named[]): string {
  const before = all[index - 1];
  return `{task: ${textOf(step)}${before === undefined ? '' : `, dependsOn: [${before.id}]`}}`;
}

const rarely = fc.integer({ min: 0, max: 7 }).map((one) => one === 0);
const shapes: readonly Shape[] = [
  'Sequential',
  'AllowFailure',
  'Parallel',
  'If',
  'Switch',
  'ForEach',
  'Dag',
];

const { step } = fc.letrec<{ step: Step; leaf: Step; box: Step }>((tie) => ({
  step: fc.oneof({ depthSize: 'small', maxDepth: 2 }, tie('leaf'), tie('box')),
  leaf: fc.record({
    role: fc.constantFrom('plain', 'pay', 'pay', 'gate', 'gate'),
    isSkippable: rarely,
    mayFail: rarely,
    isDisabled: rarely,
    inner: fc.constant([]),
    handlers: fc.constant([]),
  }),
  box: fc.record({
    role: fc.constantFrom(...shapes),
    isSkippable: rarely,
    mayFail: rarely,
    isDisabled: rarely,
    inner: fc.array(tie('step'), { minLength: 1, maxLength: 3 }),
    handlers: fc.oneof(
      { weight: 4, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(tie('leaf'), { minLength: 1, maxLength: 2 }) },
    ),
  }),
}));

function everyStep(steps: readonly Named[]): readonly Named[] {
  return steps.flatMap((one) => [one, ...everyStep(one.inner), ...everyStep(one.handlers)]);
}

function isWithin(path: readonly string[], visited: readonly string[]): boolean {
  let at = 0;
  for (const one of visited) if (one === path[at]) at += 1;
  return at === path.length;
}

test('every run that is written out agrees with the proof, and each path that it shows is one of them [G-018]', () => {
  let [count, openCount] = [0, 0];
  const flows = fc.record({
    tasks: fc.array(step, { minLength: 1, maxLength: 4 }),
    errors: fc.array(step, { maxLength: 1 }),
  });
  fc.assert(
    fc.property(flows, (drawn) => {
      const next = { count: 0 };
      const [tasks, errors] = [named(drawn.tasks, next), named(drawn.errors, next)];
      const source = `id: f\nnamespace: a\ntasks: ${listOf(tasks)}\n${errors.length > 0 ? `errors: ${listOf(errors)}\n` : ''}`;
      const { flow, diagnostics } = parseFlow(source, { file: 'f', catalogue: sampleCatalogue });
      if (flow === undefined) throw new Error(`${source}${JSON.stringify(diagnostics)}`);
      let runs: readonly Run[];
      try {
        const start: Run = { visited: [], isGated: false, hasFailed: false, open: [] };
        runs = handled(sequence(tasks, start), errors);
      } catch (error) {
        if (error instanceof TooMany) return;
        throw error;
      }
      const open = runs.flatMap((run) => run.open);
      const proofs = proveGates(flow, {
        isEffect: ({ id }) => id.startsWith('pay'),
        isGate: waitsForPerson,
        subflow: () => undefined,
      });
      const all = everyStep([...tasks, ...errors]);
      // What is in a list that nothing can reach, or behind a handler’s own gate, is judged more strictly.
      const isExact = all.every((one) => !one.isDisabled && one.handlers.length === 0);
      for (const { task, isGated, path } of proofs) {
        count += 1;
        const shown = open.filter(({ effect }) => effect === task);
        if (isGated) expect(shown, `${source}${task} was passed without a gate`).toEqual([]);
        if (isGated || !isExact || errors.length > 0) continue;
        openCount += 1;
        const ids = path.map((one) => one.task);
        const isReal = shown.some(({ visited }) => isWithin(ids, visited));
        expect(isReal, `${source}no run goes ${ids.join(' > ')}`).toBe(true);
      }
    }),
    { seed: 20_261_121, numRuns: 1_000 },
  );
  expect(count).toBeGreaterThan(500);
  expect(openCount).toBeGreaterThan(100);
});
