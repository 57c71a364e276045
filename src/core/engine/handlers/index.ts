/**
 * The reducer's table: for each event, what it changes. Handlers ignore what comes too late (the end of
 * a task that was already given up), because the world is slower than decisions about it.
 */
import { approvalClosed, approvalEscalated, approvalOpened } from './approvals.ts';
import { taskDenied, taskEnded, taskSkipped, taskStarted } from './attempts.ts';
import { childEnded, childStarted } from './children.ts';
import { attemptLost, effectIntended, questionAnswered } from './effects.ts';
import { evaluated } from './evaluated.ts';
import { executionCreated } from './execution-created.ts';
import { executionEnded } from './execution-ended.ts';
import type { Handlers } from './handler.ts';
import {
  executionForced,
  executionKilled,
  executionPaused,
  executionRestarted,
  executionResumed,
  executionStateChanged,
  labelsChanged,
  runStateChanged,
} from './operations.ts';
import { performed } from './performed.ts';
import { slotDenied, slotGranted } from './slots.ts';
import { timerFired } from './timer-fired.ts';

/** The reducer's table. */
export const handlers: Handlers = {
  'execution-created': executionCreated,
  'slot-granted': slotGranted,
  'slot-denied': slotDenied,
  'task-started': taskStarted,
  'effect-intended': effectIntended,
  'attempt-lost': attemptLost,
  'question-answered': questionAnswered,
  'task-skipped': taskSkipped,
  'task-ended': taskEnded,
  'task-denied': taskDenied,
  'approval-opened': approvalOpened,
  'approval-escalated': approvalEscalated,
  'approval-closed': approvalClosed,
  evaluated,
  performed,
  'child-started': childStarted,
  'child-ended': childEnded,
  'timer-fired': timerFired,
  'execution-resumed': executionResumed,
  'execution-paused': executionPaused,
  'execution-killed': executionKilled,
  'execution-restarted': executionRestarted,
  'run-state-changed': runStateChanged,
  'execution-state-changed': executionStateChanged,
  'execution-forced': executionForced,
  'labels-changed': labelsChanged,
  'execution-ended': executionEnded,
};
