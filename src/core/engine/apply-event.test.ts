/** The reducer under any order of answers: its invariants, its end, and that a replay is exact. */
import { assert, integer, property, array } from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Choose,
  commandText,
  EngineDrive,
  flowOf,
  snapshot,
} from '../../../test/support/drive-engine.ts';
import { applyEvent } from './apply-event.ts';
import { decodeEvent, encodeEvent } from './encode-event.ts';
import type { ExecutionEvent } from './event.ts';
import { blankExecution, type Execution, presentRuns, type Progress } from './execution.ts';
import { isTerminated } from './state.ts';

const flows: Readonly<Record<string, string>> = {
  blocks: `
id: blocks
namespace: demo
concurrency: { limit: 1 }
tasks:
  - id: parallel
    type: core.flow.Parallel
    concurrent: 2
    tasks:
      - { id: a, type: core.log.Log, message: a, allowFailure: true }
      - id: inner
        type: core.flow.Sequential
        tasks:
          - { id: b, type: core.log.Log, message: b }
          - { id: c, type: core.log.Log, message: c }
        errors: [{ id: inner_error, type: core.log.Log, message: e }]
        finally: [{ id: inner_last, type: core.log.Log, message: f }]
      - { id: d, type: core.log.Log, message: d }
    finally: [{ id: parallel_last, type: core.log.Log, message: f }]
  - id: graph
    type: core.flow.Dag
    tasks:
      - task: { id: root, type: core.log.Log, message: r }
      - task: { id: leaf, type: core.log.Log, message: l }
        dependsOn: [root]
      - task: { id: alone, type: core.log.Log, message: s }
errors: [{ id: on_error, type: core.log.Log, message: e }]
finally: [{ id: last, type: core.log.Log, message: f }]
afterExecution: [{ id: tell, type: core.log.Log, message: t }]
outputs: [{ id: answer, type: INT, value: "42" }]
`,
  loops: `
id: loops
namespace: demo
tasks:
  - id: each
    type: core.flow.ForEach
    values: ["1", "2", "3"]
    concurrencyLimit: 2
    tasks:
      - { id: first, type: core.log.Log, message: f }
      - id: choose
        type: core.flow.If
        condition: "{{ true }}"
        then: [{ id: yes, type: core.log.Log, message: y }]
        else: [{ id: no, type: core.log.Log, message: n }]
  - id: until
    type: core.flow.LoopUntil
    condition: "{{ true }}"
    checkFrequency: { maxIterations: 3, interval: PT1S }
    tasks: [{ id: round, type: core.log.Log, message: r }]
  - id: soft
    type: core.flow.AllowFailure
    tasks: [{ id: s, type: core.log.Log, message: s }]
    errors: [{ id: soft_error, type: core.log.Log, message: e }]
`,
  waits: `
id: waits
namespace: demo
sla:
  - { id: quick, type: MAX_DURATION, duration: PT1S, behavior: FAIL, labels: { late: "yes" } }
  - { id: fine, type: EXECUTION_ASSERTION, assert: "{{ true }}", behavior: NONE, labels: { odd: "yes" } }
retry: { type: constant, interval: PT1S, maxAttempts: 3 }
tasks:
  - id: both
    type: core.flow.Parallel
    tasks:
      - { id: wait, type: core.flow.Pause }
      - { id: timed, type: core.flow.Pause, pauseDuration: PT1S }
      - { id: work, type: core.log.Log, message: w }
  - id: call
    type: core.flow.Subflow
    namespace: demo
    flowId: other
    retry: { type: constant, interval: PT1S, maxAttempts: 2 }
  - id: loop
    type: core.flow.Loop
    values: ["1", "2", "3"]
    concurrencyLimit: 2
    tasks: [{ id: turn, type: core.log.Log, message: t }]
listeners:
  - conditions: [{ type: core.condition.ExecutionStatus, in: [FAILED] }]
    tasks: [{ id: heard, type: core.log.Log, message: h }]
`,
  effects: `
id: effects
namespace: demo
retry: { type: constant, interval: PT1S, maxAttempts: 2 }
tasks:
  - id: both
    type: core.flow.Parallel
    tasks:
      - { id: effect_asks, type: core.log.Log, message: a }
      - { id: effect_fails, type: core.log.Log, message: f, governance: { onUnknown: fail } }
      - id: again
        type: core.flow.Sequential
        governance: { onUnknown: retry }
        tasks:
          - { id: effect_again, type: core.log.Log, message: r }
          - { id: plain, type: core.log.Log, message: p }
      - { id: wait, type: core.flow.Pause }
  - { id: effect_last, type: core.log.Log, message: l, allowFailure: true }
afterExecution: [{ id: effect_after, type: core.log.Log, message: t }]
`,
  folders: `
id: folders
namespace: demo
tasks:
  - id: folder
    type: core.flow.WorkingDirectory
    tasks:
      - { id: one, type: core.log.Log, message: o }
      - { id: two, type: core.log.Log, message: t }
    errors: [{ id: folder_error, type: core.log.Log, message: e }]
  - { id: again, type: core.log.Log, message: a, retry: { type: constant, interval: PT1S, maxAttempts: 2, behavior: CREATE_NEW_EXECUTION } }
`,
};

function progressesOf(execution: Execution): Progress[] {
  const own = presentRuns(execution).map((run) => run.progress);
  return [execution.progress, ...own].filter((one) => one !== undefined);
}

/** Checks what must hold after every event. */
function checkInvariants(execution: Execution): void {
  const present = presentRuns(execution);
  const open = present.filter((run) => !isTerminated(run.state));
  expect(execution.openRuns).toBe(open.length);
  expect(execution.runs.map((run) => run.ordinal)).toEqual([...execution.runs.keys()]);
  for (const progress of progressesOf(execution)) {
    const inside = present.filter((run) => run.parent === progress.owner);
    const main = inside.filter((run) => run.phase === 'tasks');
    const extra = inside.filter((run) => run.phase === 'errors' || run.phase === 'finally');
    const isOpen = (run: { readonly state: string }) => open.some((one) => one === run);
    const count = (state: string) => main.filter((run) => run.state === state).length;
    expect({
      owner: progress.owner?.id,
      running: progress.runningTasks,
      extra: progress.runningExtra,
      failed: progress.failed,
      warned: progress.warned,
      killed: progress.killed,
    }).toEqual({
      owner: progress.owner?.id,
      running: main.filter(isOpen).length,
      extra: extra.filter(isOpen).length,
      failed: count('FAILED'),
      warned: count('WARNING'),
      killed: count('KILLED'),
    });
  }
  for (const run of present) {
    if (isTerminated(run.state))
      expect(run.attempts.every((one) => one.state !== 'RUNNING')).toBe(true);
  }
}

/** Checks that what had terminated has not moved, unless it was restarted. */
class Terminated {
  readonly #seen = new Map<string, number>();
  check(execution: Execution, wasRestarted: boolean): void {
    if (wasRestarted) this.#seen.clear();
    const things = [
      { id: 'execution', state: execution.state, length: execution.histories.length },
      ...execution.runs.map((run) => ({
        id: run.id,
        state: run.state,
        length: run.histories.length,
      })),
    ];
    for (const { id, state, length } of things) {
      const before = this.#seen.get(id);
      if (before !== undefined) expect([id, length]).toEqual([id, before]);
      if (isTerminated(state)) this.#seen.set(id, length);
    }
  }
}

/** Checks that what waits for an answer waits, and that it says what had been intended. */
function checkQuestions(execution: Execution): void {
  for (const run of presentRuns(execution)) {
    if (run.question === undefined) continue;
    expect(run.state).toBe('PAUSED');
    expect(run.question.intent).toMatchObject({ digest: `digest of ${run.task.id}` });
  }
}

/** Drives an execution by `numbers`; each says what is answered next, and how. */
function driven(source: string, numbers: readonly number[], interferes: boolean): EngineDrive {
  const terminated = new Terminated();
  let mayReopen = false;
  const drive = new EngineDrive(flowOf(source), ({ execution, events }) => {
    checkInvariants(execution);
    checkQuestions(execution);
    // With a limit on concurrency a restart goes on only when there is a slot for it.
    const { type } = events.at(-1) as ExecutionEvent;
    mayReopen ||= ['execution-restarted', 'run-state-changed', 'execution-state-changed'].includes(
      type,
    );
    terminated.check(execution, mayReopen);
    mayReopen = execution.isRestarting;
  });
  let next = 0;
  const choose: Choose = (count) => {
    const number = numbers[next % numbers.length] ?? 0;
    next += 1;
    return count === 0 ? 0 : (number + Math.floor(next / numbers.length)) % count;
  };
  drive.start();
  for (let step = 0; step < 150; step += 1) {
    if (interferes && choose(9) === 0) drive.interfere(choose);
    else if (!drive.step(choose) && !interferes) break;
  }
  return drive;
}

const seeds = array(integer({ min: 0, max: 1_000 }), { minLength: 5, maxLength: 60 });

describe.each(Object.entries(flows))('the reducer over %s', (_name, source) => {
  test('keeps its counts, and what has terminated never moves', () => {
    assert(
      property(seeds, (numbers) => {
        driven(source, numbers, true);
      }),
      { numRuns: 60 },
    );
  });

  test('comes to an end, or waits for somebody, when everything it asks for is answered', () => {
    assert(
      property(seeds, (numbers) => {
        const { execution } = driven(source, numbers, false);
        const waits = presentRuns(execution).some((run) => run.state === 'PAUSED');
        expect(execution.isSettled || waits).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  test('gives the same execution and the same commands for the same events, written and read back', () => {
    assert(
      property(seeds, (numbers) => {
        const drive = driven(source, numbers, true);
        const again = blankExecution('x', 'main', flowOf(source), 1);
        const asked: string[] = [];
        for (const event of drive.events) {
          const read = decodeEvent(event.type, event.at, encodeEvent(event));
          expect(read).toEqual(event);
          asked.push(...applyEvent(again, read).commands.map(commandText));
        }
        expect(asked).toEqual(drive.asked);
        expect(snapshot(again)).toEqual(snapshot(drive.execution));
      }),
      { numRuns: 30 },
    );
  });
});
