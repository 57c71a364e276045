/** The commands about flows. */
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
      'Needs no data folder. Compared are risk tier, autonomy, effects, data classes, models, vendors and gates; a lost gate is shown with the path around it. What makes the flow riskier is marked.',
    args: [
      { name: 'before.yaml', summary: 'the flow as it was' },
      { name: 'after.yaml', summary: 'the flow as it shall be' },
    ],
    options: [
      { name: 'governance', summary: 'exit code 1 when something makes the flow riskier' },
      {
        name: 'with',
        value: 'FILE',
        isRepeatable: true,
        summary: 'a subflow that is looked into',
      },
    ],
    examples: [
      {
        title: 'In a pipeline, for a pull request',
        call: 'sluice flow diff old.yaml new.yaml --governance',
      },
    ],
    load: async () => (await import('./diff-flows.ts')).diffFlows,
  },
];
