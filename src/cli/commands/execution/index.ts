/**
 * The commands about executions: look at them, let them go on, answer what they ask, stop them. Data
 * only; the code of each is loaded when it runs.
 */
import type { Command } from '../../command.ts';
import { executionArgument, inputOptions, revisionOption } from '../options.ts';

/** The commands about executions. */
export const executionCommands: readonly Command[] = [
  {
    noun: 'execution',
    verb: 'list',
    summary: 'Lists executions, newest first.',
    args: [],
    options: [
      { name: 'namespace', short: 'n', value: 'NAME', summary: 'only those of a namespace' },
      { name: 'flow', value: 'ID', summary: 'only those of a flow' },
      {
        name: 'state',
        value: 'STATE',
        isRepeatable: true,
        summary: 'only those in a state: RUNNING, PAUSED, FAILED …',
      },
      { name: 'limit', value: 'N', summary: 'at most so many; default: 25' },
      { name: 'after', value: 'ID', summary: 'those older than this execution' },
    ],
    examples: [
      { title: 'What waits for somebody', call: 'sluice execution list --state PAUSED' },
      {
        title: 'The last failure of a flow, for a program',
        call: 'sluice execution list -n shop --flow reprice --state FAILED --limit 1 -o json',
      },
    ],
    load: async () => (await import('./list-executions.ts')).listExecutions,
  },
  {
    noun: 'execution',
    verb: 'show',
    summary: 'Shows an execution with its inputs, task runs and outputs.',
    args: [executionArgument],
    options: [],
    examples: [
      { title: 'Look at an execution', call: 'sluice execution show 4fJ2kQ' },
      {
        title: 'Its document, for a program',
        call: 'sluice execution show 4fJ2kQ --output json',
      },
    ],
    load: async () => (await import('./show-execution.ts')).showExecution,
  },
  {
    noun: 'execution',
    verb: 'logs',
    summary: 'Prints the log lines of an execution, oldest first.',
    args: [executionArgument],
    options: [
      {
        name: 'task',
        value: 'ID',
        isRepeatable: true,
        summary: 'only those of a task',
      },
      {
        name: 'level',
        value: 'LEVEL',
        choices: ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR'],
        summary: 'only this level and those above it',
      },
    ],
    examples: [{ title: 'What went wrong', call: 'sluice execution logs 4fJ2kQ --level WARN' }],
    load: async () => (await import('./show-logs.ts')).showLogs,
  },
  {
    noun: 'execution',
    verb: 'resume',
    summary: 'Resumes a paused execution and waits until it rests again.',
    description:
      'Refused with exit code 2 when the execution is not paused, or when the form of the pause does not accept the inputs; it stays paused then.',
    args: [executionArgument],
    options: [
      ...inputOptions,
      {
        name: 'answer',
        value: 'ANSWER',
        choices: ['happened', 'retry', 'fail'],
        summary: 'what became of an effect that may or may not have happened in a crash',
      },
      {
        name: 'outputs',
        value: 'JSON',
        summary: 'with `--answer happened`: an object with what the task gave',
      },
      {
        name: 'task-run',
        value: 'ID',
        summary: 'with `--answer`: which task run is meant; default: the first that asks',
      },
    ],
    examples: [
      {
        title: 'Answer what the pause asks',
        call: 'sluice execution resume 4fJ2kQ --input approved=true',
      },
      {
        title: 'Say that the mail did go out before the process ended',
        call: 'sluice execution resume 4fJ2kQ --answer happened',
      },
    ],
    load: async () => (await import('./resume-execution.ts')).resumeExecution,
  },
  {
    noun: 'execution',
    verb: 'kill',
    summary: 'Stops an execution and what it caused.',
    args: [executionArgument],
    options: [],
    examples: [{ title: 'Stop an execution', call: 'sluice execution kill 4fJ2kQ' }],
    load: async () => (await import('./kill-execution.ts')).killExecution,
  },
  {
    noun: 'execution',
    verb: 'restart',
    summary: 'Lets a failed execution go on from where it failed.',
    args: [executionArgument],
    options: [revisionOption],
    examples: [
      { title: 'Try again', call: 'sluice execution restart 4fJ2kQ' },
      {
        title: 'Try again with the mended flow',
        call: 'sluice execution restart 4fJ2kQ --revision 3',
      },
    ],
    load: async () => (await import('./restart-execution.ts')).restartExecution,
  },
  {
    noun: 'execution',
    verb: 'replay',
    summary: 'Runs an execution again as a new one, from the start or from a task.',
    args: [executionArgument],
    options: [
      { name: 'task', value: 'ID', summary: 'the task to begin with; what ran before is kept' },
      ...inputOptions,
      revisionOption,
    ],
    examples: [
      { title: 'All of it again', call: 'sluice execution replay 4fJ2kQ' },
      {
        title: 'From one task on',
        call: 'sluice execution replay 4fJ2kQ --task send-mail',
      },
    ],
    load: async () => (await import('./replay-execution.ts')).replayExecution,
  },
  {
    noun: 'execution',
    verb: 'recover',
    summary: 'Lets executions go on that were running when a process ended.',
    args: [],
    options: [],
    examples: [{ title: 'After a crash', call: 'sluice execution recover' }],
    load: async () => (await import('./recover-executions.ts')).recoverExecutions,
  },
];
