/**
 * The commands about flows: what is stored, how it looks, how it differs, what it is to governance, and its
 * way through the stages of its life.
 */
import type { Command } from '../../command.ts';
import { flowArgument, revisionOption } from '../options.ts';

/** The commands about flows. */
export const flowCommands: readonly Command[] = [
  {
    noun: 'flow',
    verb: 'list',
    summary: 'Lists flows.',
    args: [],
    options: [
      { name: 'namespace', short: 'n', value: 'NAME', summary: 'only those of a namespace' },
    ],
    examples: [
      { title: 'All flows', call: 'sluice flow list' },
      { title: 'Those of a namespace', call: 'sluice flow list -n shop.pricing' },
    ],
    load: async () => (await import('./list-flows.ts')).listFlows,
  },
  {
    noun: 'flow',
    verb: 'show',
    summary: 'Shows a flow: its inputs, tasks and revisions, or its source.',
    args: [flowArgument],
    options: [revisionOption, { name: 'source', summary: 'prints the YAML as it was saved' }],
    examples: [
      { title: 'What a flow is made of', call: 'sluice flow show shop/reprice' },
      {
        title: 'Its first revision as a file',
        call: 'sluice flow show shop/reprice --revision 1 --source > reprice.yaml',
      },
    ],
    load: async () => (await import('./show-flow.ts')).showFlow,
  },
  {
    noun: 'flow',
    verb: 'save',
    summary: 'Checks flow files and saves each as a revision.',
    args: [{ name: 'FILE', isRepeatable: true, summary: 'a flow file; `-` reads standard input' }],
    options: [],
    examples: [{ title: 'Save two flows', call: 'sluice flow save parent.yaml child.yaml' }],
    load: async () => (await import('./save-flows.ts')).saveFlows,
  },
  {
    noun: 'flow',
    verb: 'test',
    summary: 'Runs the tests of a saved flow and keeps the result as evidence.',
    description:
      'Runs the suites that are kept with the flow, and those of files, on its newest revision. The result is an entry of the ledger and makes the gate `testsPassed` of this revision open or shut. Nothing acts outside: a task that would needs a fixture.',
    args: [
      flowArgument,
      {
        name: 'FILE',
        isOptional: true,
        isRepeatable: true,
        summary: 'a suite; `-` reads standard input',
      },
    ],
    options: [{ name: 'save', summary: 'keeps the suites of the files with the flow first' }],
    examples: [
      {
        title: 'Keep a suite with its flow and run it',
        call: 'sluice flow test shop/refund refund.test.yaml --save',
      },
      { title: 'Run what is kept', call: 'sluice flow test shop/refund' },
    ],
    load: async () => (await import('./test-flow.ts')).testFlow,
  },
  {
    noun: 'flow',
    verb: 'graph',
    summary: 'Draws the tasks of a flow and what follows what.',
    args: [
      {
        name: 'flow',
        summary: 'a flow file, `-` for standard input, or NAMESPACE/ID of a saved flow',
      },
    ],
    options: [
      {
        name: 'format',
        short: 'f',
        value: 'FORMAT',
        choices: ['text', 'mermaid', 'dot'],
        summary: 'text (default), mermaid or dot',
      },
      revisionOption,
    ],
    examples: [
      { title: 'See the shape of a flow', call: 'sluice flow graph flow.yaml' },
      {
        title: 'A picture by Graphviz',
        call: 'sluice flow graph shop/reprice --format dot | dot -Tsvg > reprice.svg',
      },
    ],
    load: async () => (await import('./graph-flow.ts')).graphFlow,
  },
  {
    noun: 'flow',
    verb: 'diff',
    summary: 'Shows how two revisions of a flow differ to governance.',
    description:
      'Of two files (no data folder is needed), or of two saved revisions. Told are the risk tier with its reasons, new effects, data classes and recipients, lost gates each with a path around them, models and vendors, the duties that come with it, and the evidence that is missing to go live. A file that is empty is a flow that is not there yet.\n\n' +
      'With `--governance` policy decides how it ends: 0 for yes, 1 for no, 3 when people have to agree. Asked are the policies of `--policies`, else those in force in the data folder; where there are none, anything riskier is a no.\n\n' +
      '`--output markdown` prints a comment for a pull request.',
    args: [
      { name: 'before.yaml', summary: 'the flow as it was', isOptional: true },
      { name: 'after.yaml', summary: 'the flow as it shall be', isOptional: true },
    ],
    options: [
      { name: 'governance', summary: 'ends as policy says' },
      {
        name: 'policies',
        value: 'DIR',
        isRepeatable: true,
        summary: 'a folder of policies to ask, in place of those in force',
      },
      {
        name: 'with',
        value: 'FILE',
        isRepeatable: true,
        summary: 'a subflow that is looked into',
      },
      { name: 'namespace', short: 'n', value: 'NAME', summary: 'of a saved flow' },
      { name: 'id', value: 'ID', summary: 'of a saved flow' },
      { name: 'from', value: 'N', summary: 'its revision before' },
      { name: 'to', value: 'N', summary: 'its revision after; default: the newest' },
    ],
    forms: ['markdown'],
    examples: [
      {
        title: 'In a pipeline, for a pull request',
        call: 'sluice flow diff old.yaml new.yaml --governance --policies policies -o markdown',
      },
      {
        title: 'What revision 4 would change',
        call: 'sluice flow diff -n shop --id reprice --from 3 --to 4',
      },
    ],
    load: async () => (await import('./diff-flows.ts')).diffFlows,
  },
  {
    noun: 'flow',
    verb: 'register',
    summary: 'Shows flows as governance sees them, adds to them, reviews them.',
    description:
      'Risk tier, effects, data classes, models and gates are computed from the flow. Owner, sponsor, purpose, review date, controls and a higher tier may be added without changing its text; an empty text takes an addition back.\n\n' +
      '`review` says that you have read the newest revision and agree; the author’s own review does not count.',
    args: [
      {
        name: 'ACTION',
        choices: ['list', 'show', 'set', 'review'],
        summary: 'list, show, set or review',
      },
      { name: 'FLOW', isOptional: true, summary: 'NAMESPACE/ID; for `list` a namespace' },
    ],
    options: [
      { name: 'owner', value: 'NAME', summary: 'who answers for it' },
      { name: 'sponsor', value: 'NAME', summary: 'who wants it' },
      { name: 'purpose', value: 'TEXT', summary: 'what it is for' },
      {
        name: 'tier',
        value: 'TIER',
        choices: ['minimal', 'limited', 'high', 'prohibited'],
        summary: 'minimal, limited, high or prohibited; not below the computed one',
      },
      { name: 'review-date', value: 'DAY', summary: 'when it is looked at again: 2027-01-31' },
      { name: 'control', value: 'ID', isRepeatable: true, summary: 'a control it is under' },
      { name: 'note', value: 'TEXT', summary: 'what the reviewer says' },
      {
        name: 'revision',
        value: 'NUMBER',
        summary: 'with `show` a revision in place of the newest',
      },
    ],
    examples: [
      { title: 'All flows with stage, tier and owner', call: 'sluice flow register list' },
      {
        title: 'Somebody answers for it',
        call: 'sluice flow register set shop/reprice --owner pricing-team --review-date 2027-01-31',
      },
      { title: 'What is missing to go live', call: 'sluice flow register show shop/reprice' },
    ],
    load: async () => (await import('./register-flows.ts')).registerFlows,
  },
  {
    noun: 'flow',
    verb: 'stage',
    summary: 'Moves a flow to another stage of its life.',
    description:
      'design, development, testing, deployment, monitoring, retirement: forward one by one, back to any, to retirement from everywhere. Policy decides over what is computed of the flow. What is designed or retired does not run outside tests; from testing on somebody must answer for it.',
    args: [flowArgument],
    options: [
      {
        name: 'to',
        value: 'STAGE',
        choices: ['design', 'development', 'testing', 'deployment', 'monitoring', 'retirement'],
        summary: 'the stage it shall have (required)',
      },
      { name: 'reason', value: 'TEXT', summary: 'why; stands in the ledger' },
    ],
    examples: [
      { title: 'It is ready to be tested', call: 'sluice flow stage shop/reprice --to testing' },
    ],
    load: async () => (await import('./stage-flow.ts')).stageFlow,
  },
  {
    noun: 'flow',
    verb: 'deploy',
    summary: 'Makes a revision of a live flow the one that runs.',
    description:
      'A revision that is saved while a flow is live waits; the live one goes on running. Policy decides over what is computed of the revision. Where others have to agree, an approval is opened; call the same again when it is granted.',
    args: [flowArgument],
    options: [
      revisionOption,
      { name: 'reason', value: 'TEXT', summary: 'why; stands in the ledger' },
    ],
    examples: [
      {
        title: 'The newest revision goes live',
        call: "sluice flow deploy shop/reprice --reason 'rounds to cents'",
      },
      { title: 'Back to one before', call: 'sluice flow deploy shop/reprice --revision 3' },
    ],
    load: async () => (await import('./deploy-flow.ts')).deployFlow,
  },
  {
    noun: 'flow',
    verb: 'report',
    summary: 'Enters a bias or quality report about the newest revision of a flow.',
    description:
      'Kept are the digest of the file, its name, who entered it and until when it holds; the file stays where it is. A report is in date only while the flow uses the models and data that it used then. Flows of high risk go live with both reports in date.',
    args: [flowArgument, { name: 'FILE', summary: 'the report' }],
    options: [
      {
        name: 'kind',
        value: 'KIND',
        choices: ['bias', 'quality'],
        summary: 'bias or quality (required)',
      },
      {
        name: 'until',
        value: 'DAY',
        summary: 'its last day, at most 366 days from today (required)',
      },
    ],
    examples: [
      {
        title: 'A report that holds until summer',
        call: 'sluice flow report shop/reprice bias.pdf --kind bias --until 2027-06-30',
      },
    ],
    load: async () => (await import('./report-on-flow.ts')).reportOnFlow,
  },
];
