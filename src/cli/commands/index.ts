/**
 * Every command of the command line. Parsing, help, completion and the reference page follow from this
 * table; the code of a command is loaded when it runs and not before.
 */
import type { Command } from '../command.ts';
import { configCommands } from './config/index.ts';
import { modelCommands, vendorCommands } from './allowance/index.ts';
import { approvalCommands } from './approval/index.ts';
import { backupCommands } from './backup/index.ts';
import { budgetCommands } from './budget/index.ts';
import { exceptionCommands } from './exception/index.ts';
import { executionCommands } from './execution/index.ts';
import { fileCommands } from './file/index.ts';
import { flowCommands } from './flow/index.ts';
import { holdCommands } from './hold/index.ts';
import { keyValueCommands } from './kv/index.ts';
import { intakeCommands } from './intake/index.ts';
import { killSwitchCommands } from './kill-switch/index.ts';
import { ledgerCommands } from './ledger/index.ts';
import { inputOptions } from './options.ts';
import { retentionCommands } from './retention/index.ts';
import { subjectCommands } from './subject/index.ts';
import { policyCommands } from './policy/index.ts';
import { taskCommands } from './task/index.ts';
import { tokenCommands } from './token/index.ts';
import { triggerCommands } from './trigger/index.ts';
import { userCommands } from './user/index.ts';

const run: Command = {
  verb: 'run',
  summary: 'Runs a flow from a file and waits until its execution rests.',
  description:
    'The flow is saved as a revision of its own and executed in the data folder, so that `sluice execution` finds it later. On a terminal the task runs are shown live; in a pipe each change is one line.\n\n' +
    'With `--output json` standard output is exactly one JSON document: the execution with its task runs, or what is wrong.\n\n' +
    '`--then` takes a JSON object and acts once the execution rests; repeat it for several acts: {"op":"resume","inputs":{…}}, {"op":"kill"}, {"op":"restart"}, {"op":"replay","taskId":"…","inputs":{…}}, {"op":"run","flowId":"…","inputs":{…}}. The document printed is that of the last execution; `steps` holds the ones before each act.\n\n' +
    'Ctrl-C asks the execution to stop, a second Ctrl-C ends at once.',
  args: [{ name: 'flow.yaml', summary: 'the file of the flow; `-` reads standard input' }],
  options: [
    {
      name: 'with',
      value: 'FILE',
      isRepeatable: true,
      summary: 'saves another flow first, for example a subflow',
    },
    ...inputOptions,
    {
      name: 'label',
      short: 'l',
      value: 'KEY=VALUE',
      isRepeatable: true,
      summary: 'a label of the execution',
    },
    {
      name: 'kv',
      value: 'FILE',
      summary: 'sets pairs first, from JSON: {"namespace": {"key": value}}',
    },
    {
      name: 'then',
      value: 'JSON',
      isRepeatable: true,
      summary: 'acts once the execution rests',
    },
  ],
  examples: [
    { title: 'Run a flow with an input', call: 'sluice run flow.yaml --input name=Ada' },
    {
      title: 'Read one output in a script',
      call: "sluice run flow.yaml --output json | jq '.outputs.total'",
    },
    {
      title: 'Run a flow that pauses, and resume it at once',
      call: 'sluice run approval.yaml --then \'{"op":"resume","inputs":{"approved":true}}\'',
    },
  ],
  load: async () => (await import('./run.ts')).run,
};

const validate: Command = {
  verb: 'validate',
  summary: 'Checks flow files and names what is wrong by line and column.',
  description:
    'Needs no data folder and no network. A folder is searched for *.yaml and *.yml. Suites of tests (*.test.yaml) are checked as such; `sluice test` measures them against their flows.',
  args: [
    {
      name: 'path',
      isRepeatable: true,
      summary: 'a flow file, a folder, or `-` for standard input',
    },
  ],
  options: [{ name: 'strict', summary: 'refuses spellings that only Sluice accepts' }],
  examples: [
    { title: 'Check one flow', call: 'sluice validate flow.yaml' },
    { title: 'Check all flows of a folder, for a program', call: 'sluice validate flows -o json' },
  ],
  load: async () => (await import('./validate.ts')).validate,
};

const test: Command = {
  verb: 'test',
  summary: 'Runs the unit tests of flows from files.',
  description:
    'Needs no data folder and keeps nothing. A folder is searched for *.test.yaml and *.tests.yaml; flows are those beside the suites unless `--flow` or `--flows` names them. Secrets come from the environment, as with `sluice run`.\n\n' +
    'A task with a fixture does not run. A task without one runs for real, but nothing acts outside unless `--allow-effects` is given: such a task is refused and its case fails.\n\n' +
    'Exit code 0 says that every case passed, 1 that some failed, 2 that a suite or a flow has errors or that no case is meant.',
  args: [
    {
      name: 'path',
      isOptional: true,
      isRepeatable: true,
      summary: 'a suite, a folder, or `-` for standard input; default: the working folder',
    },
  ],
  options: [
    { name: 'flow', value: 'FILE', isRepeatable: true, summary: 'a flow, or one that it starts' },
    { name: 'flows', value: 'DIR', isRepeatable: true, summary: 'a folder of flows' },
    {
      name: 'filter',
      value: 'TEXT',
      isRepeatable: true,
      summary: 'only cases with this in SUITE/CASE',
    },
    {
      name: 'policies',
      value: 'DIR',
      isRepeatable: true,
      summary: 'policies that are asked, as if they were in force',
    },
    {
      name: 'kv',
      value: 'FILE',
      summary: 'sets pairs first, from JSON: {"namespace": {"key": value}}',
    },
    {
      name: 'files',
      value: 'DIR',
      summary: 'a folder with the namespace files that the flows read',
    },
    { name: 'timeout', value: 'SECONDS', summary: 'the longest time of a case; default: 60' },
    { name: 'allow-effects', summary: 'lets tasks without a fixture act outside' },
    { name: 'junit', value: 'FILE', summary: 'writes the results as JUnit XML as well' },
  ],
  examples: [
    { title: 'All tests below the working folder', call: 'sluice test' },
    {
      title: 'In a pipeline',
      call: 'sluice test flows --junit results.xml',
    },
    {
      title: 'One case, with the policies of production',
      call: 'sluice test refund.test.yaml --filter large-refund --policies policies/default',
    },
  ],
  load: async () => (await import('./run-tests.ts')).runTests,
};

const render: Command = {
  verb: 'render',
  summary: 'Renders a template against a context.',
  description:
    'Needs no data folder. Functions that need a running system (`secret`, `kv`, `read` …) are refused.',
  args: [{ name: 'template', summary: 'the template; `-` reads standard input' }],
  options: [
    {
      name: 'context',
      short: 'c',
      value: 'FILE',
      summary: 'a JSON file with the names that the template may read',
    },
    { name: 'typed', summary: 'prints the value as JSON; a lone expression keeps its type' },
  ],
  examples: [
    {
      title: 'Render text',
      call: "sluice render --context context.json 'Hello {{ inputs.name | upper }}'",
    },
    { title: 'See the type of a value', call: "sluice render --typed '{{ [1, 2] | first }}'" },
  ],
  load: async () => (await import('./render.ts')).render,
};

const example: Command = {
  verb: 'example',
  summary: 'Runs a small guided example: a flow that waits for a person.',
  args: [],
  options: [],
  examples: [{ title: 'See the example', call: 'sluice example' }],
  load: async () => (await import('./example.ts')).example,
};

const serve: Command = {
  verb: 'serve',
  summary: 'Serves the HTTP API over a data folder until it is asked to stop.',
  description:
    'One process with everything: API, timers and workers. It listens on 127.0.0.1:8080 unless the configuration says otherwise. The first start prints a link that makes the first administrator.\n\n' +
    'Settings come from options, then the environment (`SLUICE_SERVER_PORT` and so on), then the file; `sluice config show` tells each value and where it comes from.\n\n' +
    'Ctrl-C stops: no more requests, then what runs comes to its end. A second Ctrl-C ends at once.',
  args: [],
  options: [
    { name: 'host', value: 'ADDRESS', summary: 'the address that is listened on' },
    { name: 'port', value: 'PORT', summary: 'the port; 0 takes a free one' },
    {
      name: 'config',
      value: 'FILE',
      summary: 'the configuration; default: sluice.yaml in the working folder if it exists',
    },
  ],
  examples: [
    { title: 'Serve the usual data folder', call: 'sluice serve' },
    { title: 'Another folder on another port', call: 'sluice serve --data ./data --port 9000' },
  ],
  load: async () => (await import('./serve.ts')).serve,
};

const completion: Command = {
  verb: 'completion',
  summary: 'Prints a script that completes commands and options in a shell.',
  args: [{ name: 'shell', choices: ['bash', 'zsh', 'fish'], summary: 'bash, zsh or fish' }],
  options: [],
  examples: [
    { title: 'In bash, for this session', call: 'source <(sluice completion bash)' },
    {
      title: 'In fish, for good',
      call: 'sluice completion fish > ~/.config/fish/completions/sluice.fish',
    },
  ],
  load: async () => {
    const { printCompletion } = await import('./completion.ts');
    return (call, surroundings) => Promise.resolve(printCompletion(commands, call, surroundings));
  },
};

/** Every command, in the order of help. */
export const commands: readonly Command[] = [
  run,
  validate,
  test,
  render,
  example,
  serve,
  completion,
  ...flowCommands,
  ...executionCommands,
  ...approvalCommands,
  ...keyValueCommands,
  ...fileCommands,
  ...taskCommands,
  ...triggerCommands,
  ...userCommands,
  ...tokenCommands,
  ...ledgerCommands,
  ...policyCommands,
  ...budgetCommands,
  ...modelCommands,
  ...vendorCommands,
  ...killSwitchCommands,
  ...exceptionCommands,
  ...intakeCommands,
  ...configCommands,
  ...subjectCommands,
  ...holdCommands,
  ...retentionCommands,
  ...backupCommands,
];
