/**
 * People of the world: each wants something until it is so, and looks at the durable state to know. Who
 * gets no answer, because the process died, looks again and tries again, as people do.
 */
import type { Execution } from '../../src/core/engine/index.ts';
import { mapOf, type Value } from '../../src/core/value/index.ts';
import type { Approval } from '../../src/core/governance/index.ts';
import { castVote, type Deciding, withdrawRequest } from '../../src/runtime/approvals/index.ts';
import {
  answerQuestion,
  approvalTeller,
  killExecution,
  pauseExecution,
  changeRunState,
  restartExecution,
  resumeExecution,
  type RunLoop,
  startExecution,
} from '../../src/runtime/run-loop/index.ts';
import { approverCalled } from './approvals.ts';
import type { TrackedExecution } from './checkers/tracked-execution.ts';
import type { Promised } from './checkers/watcher.ts';
import type { Effect } from './outside-tasks.ts';

/** What somebody does. */
export interface Act {
  readonly label: string;
  /** Does it; gives what is durable when it has been done. */
  run(loop: RunLoop): Promise<Promised>;
}

/** Somebody who wants something. */
export interface Person {
  /** Returns what is to be done so that it comes to be as wanted. */
  wants(
    executions: readonly TrackedExecution[],
    effects: readonly Effect[],
    now: number,
    approvals: readonly Approval[],
  ): Act | undefined;
}

/** The namespace of all flows of the world. */
export const namespace = 'sim';
const by = 'user:person';

function countOf(tracked: TrackedExecution | undefined, type: string): number {
  return tracked?.events.filter((event) => event.type === type).length ?? 0;
}

function happened(what: string, id: string, type: string, count: number): Promised {
  return {
    what: `${what} ${id}`,
    executionId: id,
    isKept: (executions) => countOf(executions.get(id), type) >= count,
  };
}

/** Returns somebody who starts `flowId` once, under the label `order`. */
export function starts(
  flowId: string,
  order = flowId,
  inputs: Readonly<Record<string, Value>> = {},
): Person {
  const isOrdered = ({ labels }: Execution): boolean =>
    labels.some(({ key, value }) => key === 'order' && value === order);
  return {
    wants(executions) {
      if (executions.some(({ execution }) => isOrdered(execution))) return undefined;
      return {
        label: `start ${flowId} as ${order}`,
        async run(loop) {
          const id = await startExecution(loop, {
            namespace,
            flowId,
            inputs,
            labels: [{ key: 'order', value: order }],
            isFromPerson: true,
            by,
          });
          return happened('the start of', id, 'execution-created', 1);
        },
      };
    },
  };
}

/** Returns somebody who does `act` to executions of `flowId` for which `isDue` holds. */
function does(
  flowId: string,
  name: string,
  type: string,
  isDue: (tracked: TrackedExecution) => boolean,
  act: (loop: RunLoop, id: string) => Promise<unknown>,
): Person {
  return {
    wants(executions) {
      const due = executions.find(
        (one) =>
          one.execution.flow.id === flowId && one.execution.loopTaskId === undefined && isDue(one),
      );
      if (due === undefined) return undefined;
      const count = countOf(due, type) + 1;
      return {
        label: `${name} ${flowId}`,
        async run(loop) {
          await act(loop, due.id);
          return happened(name, due.id, type, count);
        },
      };
    },
  };
}

function runs(tracked: TrackedExecution, taskId: string): boolean {
  return tracked.execution.runs.some(
    ({ task, state }) => task.id === taskId && state === 'RUNNING',
  );
}

/**
 * Returns somebody who lets executions of `flowId` go on whose pauses have no end of their own; with
 * `after`, only when that task has ended.
 */
export function resumes(
  flowId: string,
  inputs: Readonly<Record<string, Value>> = {},
  after?: string,
): Person {
  return does(
    flowId,
    'resume',
    'execution-resumed',
    ({ execution }) =>
      execution.state === 'PAUSED' &&
      execution.timers.size === 0 &&
      (after === undefined ||
        execution.runs.some(({ task, state }) => task.id === after && state === 'SUCCESS')),
    (loop, id) => resumeExecution(loop, id, inputs, { by }),
  );
}

/** Returns somebody who kills executions of `flowId` while their task `taskId` runs. */
export function kills(flowId: string, taskId: string): Person {
  return does(
    flowId,
    'kill',
    'execution-killed',
    (one) => runs(one, taskId) && countOf(one, 'execution-killed') === 0,
    (loop, id) => killExecution(loop, id, by),
  );
}

/** Returns somebody who holds executions of `flowId` once, while their task `taskId` runs. */
export function holds(flowId: string, taskId: string): Person {
  return does(
    flowId,
    'pause',
    'execution-paused',
    (one) => runs(one, taskId) && countOf(one, 'execution-paused') === 0,
    (loop, id) => pauseExecution(loop, id, by),
  );
}

/** Returns somebody who restarts executions of `flowId` that failed, once. */
export function restarts(flowId: string): Person {
  return does(
    flowId,
    'restart',
    'execution-restarted',
    (one) =>
      one.execution.state === 'FAILED' &&
      one.execution.isClosed &&
      countOf(one, 'execution-restarted') === 0,
    (loop, id) => restartExecution(loop, id, by),
  );
}

function waitingIn({ execution }: TrackedExecution): string | undefined {
  return execution.runs.find(({ approval, state }) => approval !== undefined && state === 'PAUSED')
    ?.approval?.id;
}

/** Returns somebody who does something with each approval that executions of `flowId` wait for. */
function decides(
  flowId: string,
  name: string,
  label: string,
  act: (deciding: Deciding, approval: string) => Promise<unknown>,
  isDue: (tracked: TrackedExecution, now: number) => boolean = () => true,
): Person {
  return {
    wants(executions, _effects, now, approvals) {
      for (const one of executions) {
        const approval = waitingIn(one);
        if (one.execution.flow.id !== flowId || approval === undefined) continue;
        const kept = approvals.find(({ id }) => id === approval);
        const hasDecided = kept?.votes.some(({ by: decider }) => decider === name) === true;
        if (hasDecided || !isDue(one, now)) continue;
        return {
          label: `${name}: ${label} ${flowId}`,
          async run(loop) {
            const { parts } = loop.parts.approvals ?? {};
            const principal = await approverCalled(loop.parts.tenant, name);
            if (parts === undefined || principal === undefined) throw new Error('nobody decides');
            await act({ parts, teller: approvalTeller(loop), principal }, approval);
            return { what: `${label} of ${name}`, executionId: one.id, isKept: () => true };
          },
        };
      }
      return undefined;
    },
  };
}

function openedAt({ execution }: TrackedExecution): number {
  const waiting = execution.runs.find(({ approval }) => approval !== undefined);
  return waiting?.approval?.openedAt ?? 0;
}

/** Returns somebody who says `verdict` to each approval of `flowId`; with `afterMs`, not before. */
export function approves(
  flowId: string,
  name: string,
  verdict: 'approve' | 'reject' | 'send-back' = 'approve',
  afterMs = 0,
): Person {
  return decides(
    flowId,
    name,
    verdict,
    (deciding, approval) => castVote(deciding, approval, { verdict, reason: 'looked at it' }),
    (one, now) => now >= openedAt(one) + afterMs,
  );
}

/** Returns somebody who takes back the first approval that executions of `flowId` wait for. */
export function withdraws(flowId: string, name: string): Person {
  return decides(
    flowId,
    name,
    'withdraw',
    (deciding, approval) => withdrawRequest(deciding, approval, { reason: 'a mistake' }),
    (one) => countOf(one, 'execution-restarted') === 0,
  );
}

/** Returns somebody who says, once, that the task `taskId` of an execution that failed went well. */
export function corrects(flowId: string, taskId: string): Person {
  return does(
    flowId,
    'correct',
    'run-state-changed',
    ({ execution, events }) =>
      execution.state === 'FAILED' &&
      execution.isSettled &&
      !events.some(({ type }) => type === 'run-state-changed'),
    async (loop, id) => {
      const { execution } = await loop.load(id);
      const run = execution.runs.find(({ task }) => task.id === taskId);
      const order = { taskRunId: run?.id ?? '', state: 'SUCCESS', reason: 'looked at' } as const;
      await changeRunState(loop, id, order, by);
    },
  );
}

/** Returns somebody who looks outside whether an effect took place that nobody knows of, and says so. */
export function answers(flowId: string): Person {
  return {
    wants(executions, effects) {
      for (const { execution, id } of executions) {
        if (execution.flow.id !== flowId) continue;
        const run = execution.runs.find(({ question }) => question !== undefined);
        const intent = run?.question?.intent;
        if (run === undefined || intent === undefined) continue;
        const hasHappened = effects.some(
          (one) => one.key === intent.idempotencyKey && one.attempt === intent.attempt,
        );
        const answer = hasHappened
          ? ({ answer: 'happened', outputs: mapOf({ word: `send-${run.task.id}` }) } as const)
          : ({ answer: 'retry' } as const);
        return {
          label: `answer ${answer.answer} for ${run.task.id}`,
          async run(loop) {
            await answerQuestion(loop, id, { ...answer, taskRunId: run.id }, by);
            return happened('the answer to', id, 'question-answered', 1);
          },
        };
      }
      return undefined;
    },
  };
}
