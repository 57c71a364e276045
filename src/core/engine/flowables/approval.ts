/**
 * Asks people: what they are shown is rendered, then the run waits. The approval itself is opened by
 * whoever keeps approvals, together with the answer to that rendering.
 */
import type { FlowableRules } from '../rules.ts';
import { evaluate, setRunState } from '../transitions.ts';
import { showPause } from './pause.ts';

/** Waits for people to decide. */
export const approval: FlowableRules = {
  enter: (turn, run) => evaluate(turn, run, 'approval', run.task.properties, 'typed'),
  evaluated: (turn, run) => {
    setRunState(turn, run, 'PAUSED');
    showPause(turn);
  },
};
