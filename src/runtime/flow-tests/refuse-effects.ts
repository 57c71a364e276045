/**
 * The door of task runs in a test: what policy would let act outside is refused, because a test that sends
 * a mail is no test. Everything else is as the door behind it says, where there is one.
 *
 * INVARIANT: nothing that a test runs acts outside unless whoever runs it says that it may.
 */
import type { DecisionNote, TaskRun } from '../../core/engine/index.ts';
import type { Passage, RunDoor, RunRequest } from '../approvals/index.ts';

/** A run that was refused. */
export interface RefusedEffect {
  readonly taskId: string;
  readonly type: string;
}

/** The door of a test, and what it has refused. */
export interface TestDoor {
  readonly door: RunDoor;
  readonly refused: readonly RefusedEffect[];
}

/** The store and the files of a test are nobody else's. */
const ownTargets: ReadonlySet<string> = new Set(['store', 'files']);

const refusal = { verdict: 'deny', policies: [], version: 'test', digest: '' } as const;

function actsOutside({ effect, touches }: Pick<RunRequest, 'effect' | 'touches'>): boolean {
  if (effect !== 'external' && effect !== 'idempotent') return false;
  return touches.length === 0 || touches.some((one) => !ownTargets.has(one));
}

/** Returns the door of a test in front of `behind`. */
export function createTestDoor(behind: RunDoor | undefined): TestDoor {
  const refused: RefusedEffect[] = [];
  return {
    refused,
    door: {
      known: (run, by, effect, isMarked) =>
        effect === 'external' || effect === 'idempotent'
          ? undefined
          : behind === undefined
            ? 'built-in'
            : behind.known(run, by, effect, isMarked),
      held: async (run: TaskRun) => behind?.held(run),
      async ask(request) {
        const passage: Passage =
          behind === undefined ? { kind: 'pass', decision: 'built-in' } : await behind.ask(request);
        // What policy says is heard first, so that a test can expect it.
        if (passage.kind !== 'pass' || !actsOutside(request)) return passage;
        const taskId = request.run.task.id;
        refused.push({ taskId, type: request.type });
        const reason = `a test does not act outside, and \`${taskId}\` has no fixture`;
        return { kind: 'denied', decision: refusal, reasons: [reason] };
      },
      wait: async (request) => behind?.wait(request),
    },
  };
}

/** Tells whether a decision is the refusal of a test, and no word of a policy. */
export function isTestRefusal(decision: DecisionNote | undefined): boolean {
  return typeof decision === 'object' && decision.version === refusal.version;
}
