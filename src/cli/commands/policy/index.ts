/**
 * The commands about policies: those that read folders of files need no data folder, the others ask and
 * change what is in force.
 */
import type { Command, OptionDefinition } from '../../command.ts';

const folderArgument = {
  name: 'folder',
  isRepeatable: true,
  summary: 'a folder with `pack.yaml` and `*.cedar` files',
};
const versionArgument = {
  name: 'VERSION',
  summary: 'a version, or its first 8 digits; `sluice policy list --versions` lists them',
};
const fromOption: OptionDefinition = {
  name: 'from',
  value: 'FOLDER',
  isRepeatable: true,
  summary: 'reads the policies of this folder instead of those in force',
};
const asOption: OptionDefinition = {
  name: 'as',
  value: 'HANDLE',
  summary: 'who acts; stands in the ledger; default: user:local',
};
const daysOption: OptionDefinition = {
  name: 'days',
  value: 'N',
  summary: 'how many days back to look; default: 30',
};

/** The commands about policies. */
export const policyCommands: readonly Command[] = [
  {
    noun: 'policy',
    verb: 'list',
    summary: 'Lists the policies in force, or every version.',
    args: [],
    options: [
      fromOption,
      { name: 'versions', summary: 'lists every set of policies that was proposed' },
    ],
    examples: [
      { title: 'What is in force', call: 'sluice policy list' },
      { title: 'What a folder holds', call: 'sluice policy list --from policies/default' },
    ],
    load: async () => (await import('./list-policies.ts')).listPolicies,
  },
  {
    noun: 'policy',
    verb: 'show',
    summary: 'Shows a policy with its reason and text.',
    args: [{ name: 'ID', summary: 'its `@id`' }],
    options: [fromOption],
    examples: [
      {
        title: 'One policy of the default pack',
        call: 'sluice policy show money.above-fifty --from policies/default',
      },
    ],
    load: async () => (await import('./show-policy.ts')).showPolicy,
  },
  {
    noun: 'policy',
    verb: 'schema',
    summary: 'Prints the Cedar schema: every action with what may be asked about it.',
    args: [],
    options: [],
    examples: [{ title: 'For an editor', call: 'sluice policy schema > sluice.cedarschema' }],
    load: async () => (await import('./print-schema.ts')).printSchema,
  },
  {
    noun: 'policy',
    verb: 'validate',
    summary: 'Checks policies and their cases and names what is wrong by line and column.',
    description:
      'Needs no data folder and no network. Every condition is checked against the schema: a misspelt action, an attribute that nothing has, a fact that is read without asking first whether it is there.',
    args: [folderArgument],
    options: [],
    examples: [
      { title: 'Check a pack', call: 'sluice policy validate policies/default' },
      { title: 'For a program', call: 'sluice policy validate policies/default -o json' },
    ],
    load: async () => (await import('./validate-policies.ts')).validatePolicies,
  },
  {
    noun: 'policy',
    verb: 'test',
    summary: 'Runs the test cases beside the policies.',
    description:
      'Needs no data folder. Besides the cases themselves two things fail: a policy that no case shows, and a fact whose absence no case shows.',
    args: [folderArgument],
    options: [],
    examples: [{ title: 'Test a pack', call: 'sluice policy test policies/default' }],
    load: async () => (await import('./test-policies.ts')).testPolicies,
  },
  {
    noun: 'policy',
    verb: 'format',
    summary: 'Lays policy files out in the one canonical way.',
    args: [{ name: 'file', isRepeatable: true, summary: 'a `*.cedar` file, or `-`' }],
    options: [{ name: 'check', summary: 'changes nothing; fails when a file differs' }],
    examples: [
      { title: 'Lay a file out', call: 'sluice policy format policies/shop/refunds.cedar' },
      { title: 'In a pipeline', call: 'sluice policy format --check policies/default/roles.cedar' },
    ],
    load: async () => (await import('./format-policies.ts')).formatPolicies,
  },
  {
    noun: 'policy',
    verb: 'explain',
    summary: 'Asks one question and says why the answer is what it is.',
    description:
      'The question is put to the policies in force, or to those of `--from`. Nothing is recorded. `--context` names a YAML file with `facts`, `arguments` and `control`, and `principal` or `resource` in more detail, as in test cases.\n\n' +
      'Exit code 1 when the answer is not yes.',
    args: [],
    options: [
      {
        name: 'principal',
        value: 'KIND:ID',
        summary: 'who asks: `user:ada`, `agent:…`, `service-account:…`, `system:…`',
      },
      {
        name: 'role',
        value: 'ROLE[@NAMESPACE]',
        isRepeatable: true,
        summary: 'a role it holds, everywhere or in a namespace',
      },
      { name: 'action', value: 'ACTION', summary: 'what it asks: `execute`, `run:email.MailSend`' },
      {
        name: 'resource',
        value: 'TYPE:ID',
        summary: 'on which: `Flow:shop/refund`; the namespace is what stands before the slash',
      },
      { name: 'context', value: 'FILE', summary: 'a YAML file with the rest of the question' },
      fromOption,
    ],
    examples: [
      {
        title: 'May an operator start this flow',
        call: 'sluice policy explain --principal user:ada --role operator@shop --action execute --resource Flow:shop/refund --context context.yaml',
      },
    ],
    load: async () => (await import('./explain-decision.ts')).explainDecision,
  },
  {
    noun: 'policy',
    verb: 'propose',
    summary: 'Stores the policies of folders as a proposal and runs their tests.',
    description:
      'All folders together are one set: what is in force is always a whole set. The version is the digest of what decides; the same policies are the same version.',
    args: [folderArgument],
    options: [{ name: 'reason', value: 'TEXT', summary: 'why; stands in the ledger' }, asOption],
    examples: [
      {
        title: 'Propose the default policies',
        call: "sluice policy propose policies/default --reason 'first policies'",
      },
    ],
    load: async () => (await import('./propose-policies.ts')).proposePolicies,
  },
  {
    noun: 'policy',
    verb: 'review',
    summary: 'Enters that a person reviewed a proposal and agrees.',
    args: [versionArgument],
    options: [{ name: 'note', value: 'TEXT', summary: 'what was looked at' }, asOption],
    examples: [
      { title: 'Review a proposal', call: 'sluice policy review 5ffd988b --as user:rita' },
    ],
    load: async () => (await import('./review-policies.ts')).reviewPolicies,
  },
  {
    noun: 'policy',
    verb: 'replay',
    summary: 'Shows which recorded decisions a proposal would have changed.',
    args: [versionArgument],
    options: [daysOption, asOption],
    examples: [
      { title: 'Over the last month', call: 'sluice policy replay 5ffd988b' },
      { title: 'Over a quarter', call: 'sluice policy replay 5ffd988b --days 90 -o json' },
    ],
    load: async () => (await import('./replay-policies.ts')).replayPolicies,
  },
  {
    noun: 'policy',
    verb: 'activate',
    summary: 'Puts a proposal in force, or goes back to one that was.',
    description:
      'The policies in force decide about it: the default ones ask for green tests, a review by another person and a replay. The first policies of a data folder are put in force without a decision, because nothing is there that could decide.',
    args: [versionArgument],
    options: [asOption],
    examples: [{ title: 'Put a proposal in force', call: 'sluice policy activate 5ffd988b' }],
    load: async () => (await import('./activate-policies.ts')).activatePolicies,
  },
  {
    noun: 'policy',
    verb: 'coverage',
    summary: 'Shows what the policies in force leave open.',
    description:
      'Actions that nothing permits or nothing restrains, risk tiers that no policy of an action names, and policies that determined no recorded decision.',
    args: [],
    options: [daysOption],
    examples: [{ title: 'Over the last month', call: 'sluice policy coverage' }],
    load: async () => (await import('./cover-policies.ts')).coverPolicies,
  },
];
