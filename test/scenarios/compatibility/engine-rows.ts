/**
 * How the course of an execution stands against the language elsewhere, point by point: what runs next,
 * failures, retries, ends, restarts, and what survives the end of a process.
 */
import type { CompatibilityRow } from './compatibility-row.ts';

/** Returns rows that `file` proves. */
function covered(
  area: string,
  file: string,
  points: Readonly<Record<string, string>>,
): readonly CompatibilityRow[] {
  const proof = `test/scenarios/language/${file}.test.ts`;
  return Object.entries(points).map(([id, what]) => ({ id, area, what, status: 'covered', proof }));
}

/** The points of this part, in the order of the page. */
export const engineRows: readonly CompatibilityRow[] = [
  ...covered('Task runs', 'order', {
    'runs.order':
      'Task runs are listed in the order in which they were created, a flowable before its children',
    'runs.shape':
      'A task run has id, task, parent, value, iteration, attempts, outputs, and a state with its history',
    'runs.flowable-outputs':
      'Outputs of a flowable can be read by its children; a choice that cannot be rendered fails the run',
    'order.disabled':
      'Disabled tasks are dropped from every list; a flowable with nothing left ends SUCCESS',
    'order.sequence': 'In a sequence a task starts when the one before it has terminated',
    'order.parallel': 'Parallel starts all its tasks, at most `concurrent` at once',
    'order.dag':
      'A task of a Dag starts when all it depends on have terminated, whatever their state',
    'order.for-each':
      'ForEach runs the tasks of one value in sequence and at most `concurrencyLimit` values at once',
    'order.first-failure':
      'The first failure stops new starts in its block; siblings that run end by themselves before the execution does',
    'order.loop-failure': 'A failure in a loop stops the values that have not begun',
  }),
  ...covered('Errors', 'errors', {
    'errors.nested':
      'A failure runs the `errors` of each enclosing flowable from the inside out, last those of the flow; none repairs the state',
    'errors.local': 'Every block type has `errors` and `finally`',
    'errors.failing-handler': 'A failing errors task starts no other errors branch',
    'errors.error-logs': 'Handlers read `errorLogs()`, `error.message` and `error.taskId`',
    'errors.read-outputs':
      'Handlers read the outputs of what succeeded, while the execution is RUNNING',
    'errors.fail-nested': '`Fail` at any depth fails all that is around it',
    'errors.exit':
      '`Exit` at any depth ends the execution at once in the state it names and kills what runs',
  }),
  ...covered('States', 'errors', {
    'states.result':
      'The state is KILLED, FAILED, WARNING or SUCCESS by the normal tasks only; skipped ones do not count',
    'states.allowances':
      '`allowFailure` makes FAILED a WARNING, `allowWarning` a WARNING a SUCCESS, for tasks and flowables',
    'states.allow-failure-block':
      '`AllowFailure` runs its errors, ends WARNING and lets the flow go on',
  }),
  ...covered('Retries', 'retries', {
    'retries.count': '`maxAttempts` counts all attempts, the first included',
    'retries.states':
      'Task run and execution are RETRYING while they wait; the run is then CREATED again',
    'retries.attempts-count': '`taskrun.attemptsCount` is the number of earlier attempts',
    'retries.random': '`random` waits between `minInterval` and `maxInterval`',
    'retries.max-duration':
      'There is no attempt after `maxDuration` has passed since the first one began',
    'retries.policy':
      'The policy is the task’s, else that of the nearest flowable, else the flow’s; flowables are not retried as a whole',
    'retries.warning-on-retry': '`warningOnRetry` makes a success after a failure a WARNING',
    'retries.before-errors': 'Errors branches and `allowFailure` wait for the last attempt',
    'retries.new-execution':
      '`CREATE_NEW_EXECUTION` ends the execution RETRIED and creates another with the same inputs, labels and `originalId`, and a higher attempt number',
    'retries.new-execution-task': '`CREATE_NEW_EXECUTION` stands on a task as well as on the flow',
    'retries.new-execution-child':
      'Who waits for an execution that is RETRIED waits for the last of its chain',
    'retries.subflow': 'A Subflow is retried like a task, each attempt as another execution',
    'retries.validation': 'Contradicting intervals and `maxAttempts` below 1 are refused',
  }),
  ...covered('Timeouts and kill', 'timeouts', {
    'timeouts.task':
      'An attempt that runs longer than `timeout` (rendered) fails with a timeout error',
    'timeouts.retries': 'A timeout counts as a failure for retries',
    'timeouts.process-group': 'A timeout ends every process of a script',
  }),
  ...covered('Timeouts and kill', 'kill', {
    'kill.running':
      'A kill stops what runs, starts nothing more and no errors branch; enclosing flowables go KILLING, then KILLED',
    'kill.paused': 'A paused execution goes straight into KILLING',
    'kill.retrying': 'A run that waits for its next attempt is killed',
    'kill.cascade':
      'A kill goes down to the executions that were started and waited for, at any depth',
    'kill.cascade-paused': 'A kill goes down to paused executions',
    'kill.loop': 'A kill ends the iterations of a Loop',
    'kill.process-group': 'A kill ends every process of a script',
    'kill.ended': 'An execution that has ended cannot be killed',
  }),
  ...covered('Service levels', 'level-violations', {
    'levels.max-duration':
      '`MAX_DURATION` with FAIL or CANCEL ends a late execution in that state, adds its labels and kills what runs',
    'levels.none': '`NONE` only adds labels',
    'levels.kept': 'A level that is kept changes nothing',
    'levels.assertion':
      '`EXECUTION_ASSERTION` is checked at each change and violated when it renders falsy',
    'levels.first': 'The first violation decides the state',
    'levels.queued': 'Time in the queue counts for `MAX_DURATION`',
    'levels.validation': 'Labels of a level may not begin with `system.`',
  }),
  ...covered('Concurrency', 'concurrency', {
    'concurrency.queue': '`QUEUE` lets executions wait and run in the order in which they came',
    'concurrency.refuse': '`CANCEL` and `FAIL` end what comes above the limit without a task run',
    'concurrency.paused': 'A paused execution keeps its slot; the slot is free at the end',
    'concurrency.kill': 'A killed execution, queued or running, lets the next one run',
    'concurrency.newest-revision': 'The limit in force is that of the newest revision',
    'concurrency.subflow': 'Subflows take slots of their own flow',
  }),
  ...covered('Restart', 'restart', {
    'restart.same':
      'A restart keeps the ids of execution and runs, adds attempts, opens enclosing flowables and drops the runs of errors',
    'restart.loop': 'A restart inside a loop goes on with the value that failed and those after it',
    'restart.working-directory': 'A restarted WorkingDirectory begins anew with all its tasks',
    'restart.revision': 'A restart with another revision is another execution with `parentId`',
    'restart.paused': 'A paused execution can be restarted',
    'restart.refused': 'A restart is refused for what runs and where nothing failed or waits',
    'restart.allowed': 'Failures that were allowed do not run again',
  }),
  ...covered('Replay', 'replay', {
    'replay.start':
      'A replay without a task run runs everything again as another execution with `parentId` and `originalId`',
    'replay.task':
      'A replay from a task run copies what came before with its outputs and drops what follows',
    'replay.inputs-revision': 'A replay takes changed inputs and another revision',
    'replay.parallel': 'What ran well beside the chosen run is kept',
    'replay.nested': 'A replay begins inside loops, choices and graphs',
    'replay.run':
      'A replay begins at a run of any execution, also one that waits, and at one of a loop’s values',
    'replay.chain': '`originalId` is the first execution of a chain of replays',
    'replay.unknown': 'An unknown task run is refused',
  }),
  ...covered('Pause and resume', 'resume', {
    'resume.form':
      'A resume ends the first paused run; its values become `outputs.<pause>.onResume`',
    'resume.validation':
      'Values that do not fit the form are refused and the execution stays PAUSED',
    'resume.several':
      'With several pauses open the execution stays PAUSED until the last is resumed',
    'resume.refused': 'Resuming what is not paused is refused',
    'resume.subflow':
      'A pause in a subflow shows in those who wait for it and is resumed through them',
    'resume.by-hand': 'A running execution is paused by hand and goes back where it was',
    'resume.by-hand-last':
      'An execution paused by hand at its last task does not end before it is resumed',
    'resume.by-hand-refused': 'Only a running execution is paused by hand',
  }),
  ...covered('At the end', 'afterwards', {
    'afterwards.finally':
      '`finally` runs after tasks and errors while the execution is RUNNING, whatever happened',
    'afterwards.finally-waits': '`finally` of a block waits for what still runs in it',
    'afterwards.after-execution':
      '`afterExecution` runs after every final state, reads `execution.state` and cannot change it',
    'afterwards.blocks': '`afterExecution` may hold conditions and blocks',
    'afterwards.listeners':
      '`listeners` run when their conditions hold, append their runs and never change the state',
    'afterwards.subflow': 'Who waits for an execution does not wait for its `afterExecution`',
  }),
  ...covered('Survival', 'recovery', {
    'recovery.paused':
      'A paused execution survives the end of the process and is resumed in another one',
    'recovery.pause-timer': 'Pauses that end by themselves end in another process',
    'recovery.retry-timer': 'Waiting attempts are made in another process',
    'recovery.subflow': 'Who waits for a subflow goes on in another process',
    'recovery.queue': 'Queued executions run in another process in their order',
    'recovery.repeat': 'A task without outside effects that a killed process had begun runs again',
    'recovery.read': 'A task that only reads runs again',
    'recovery.after-execution':
      'What runs after the end runs although its process was killed meanwhile',
    'recovery.children': 'Executions that a killed process had started are not started twice',
    'recovery.orphans': 'Scripts that outlive a killed process are ended before anything goes on',
    'recovery.folder':
      'Tasks of a WorkingDirectory find its files again after their process was killed',
  }),
  ...covered('Survival', 'effects', {
    'recovery.idempotency-key':
      '`taskrun.idempotencyKey` is the same for every attempt of a task run, also after a crash',
  }),
  {
    id: 'retry.exponential',
    area: 'Retries',
    what: 'Exponential retries wait `interval`, then `interval × factor`, and so on',
    status: 'different',
    reason:
      'the interval grows by the factor each time, as documented; the original grows it linearly and makes the second attempt at once',
  },
  {
    id: 'kill.at-once',
    area: 'Timeouts and kill',
    what: 'A killed execution is KILLED at once and its runs follow',
    status: 'different',
    reason:
      'the execution stays KILLING until everything in it has stopped, so that KILLED means that nothing runs any more',
  },
  {
    id: 'afterwards.kill',
    area: 'At the end',
    what: '`finally` and `afterExecution` after a kill',
    status: 'different',
    reason:
      '`afterExecution` runs after a kill, `finally` does not: a killed execution starts nothing more',
  },
  {
    id: 'restart.killed',
    area: 'Restart',
    what: 'A restart goes on from runs that FAILED or are PAUSED',
    status: 'different',
    reason: 'it goes on from KILLED runs as well, which would else be lost',
  },
  {
    id: 'concurrency.restart',
    area: 'Concurrency',
    what: 'A restarted execution runs at once',
    status: 'different',
    reason: 'it asks for a slot like any other and may be QUEUED, so that the limit holds',
  },
  {
    id: 'recovery.unknown',
    area: 'Survival',
    what: 'A task whose worker died is sent again',
    status: 'different',
    reason:
      'a task with effects outside that had begun is not: it follows its `governance.onUnknown` and asks somebody by default (PAUSED), so that nothing is paid or sent twice',
  },
  {
    id: 'states.submitted',
    area: 'States',
    what: 'SUBMITTED and RESUBMITTED tell that a worker was handed a task',
    status: 'not-yet',
    reason:
      'tasks run in the process that drives the execution; the states belong to workers on other machines',
  },
  {
    id: 'states.breakpoint',
    area: 'States',
    what: 'A debugger stops an execution at BREAKPOINT',
    status: 'not-yet',
    reason: 'belongs to the console',
  },
  {
    id: 'operations.change-state',
    area: 'States',
    what: 'The state of a task run or an execution is changed by hand',
    status: 'covered',
    proof: 'test/scenarios/api-states.test.ts',
  },
  {
    id: 'operations.force-run',
    area: 'Concurrency',
    what: 'Queued executions are unqueued or run by force',
    status: 'covered',
    proof: 'test/scenarios/api-states.test.ts',
  },
];
