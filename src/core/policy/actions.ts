/**
 * Every action that the system asks policy about, with what it may be done to and which facts come with
 * it. The Cedar schema, the policy matrix and the documents are generated from this one table; an action
 * that is not here is denied.
 */
import type { FactName } from './facts.ts';

/** The kinds of things that actions are done to. */
export const resourceTypes = [
  'Flow',
  'Execution',
  'Task',
  'Trigger',
  'Namespace',
  'KeyValue',
  'File',
  'Secret',
  'Model',
  'Vendor',
  'Tool',
  'Host',
  'Dataset',
  'Subject',
  'Approval',
  'Policy',
  'Exception',
  'Ledger',
  'Evidence',
  'Control',
  'Risk',
  'Incident',
  'Monitor',
  'Budget',
  'Blueprint',
  'Dashboard',
  'Account',
  'Group',
  'Role',
  'Token',
  'Installation',
] as const;

/** The kind of a thing that an action is done to. */
export type ResourceType = (typeof resourceTypes)[number];

/** What the table says of one action. */
export interface ActionDefinition {
  /** One clause in the third person: `saves a revision`. */
  readonly summary: string;
  readonly resources: readonly ResourceType[];
  /** Facts that may come with the question. */
  readonly facts: readonly FactName[];
  /** True when also a yes is an entry of its own in the ledger. */
  readonly isPrivileged: boolean;
}

function action(
  summary: string,
  resources: readonly ResourceType[],
  facts: readonly FactName[] = [],
): ActionDefinition {
  return { summary, resources, facts, isPrivileged: false };
}

function privileged(
  summary: string,
  resources: readonly ResourceType[],
  facts: readonly FactName[] = [],
): ActionDefinition {
  return { summary, resources, facts, isPrivileged: true };
}

const flowFacts = [
  'flowId',
  'stage',
  'riskTier',
  'autonomy',
  'effects',
  'taskTypes',
  'dataClasses',
  'models',
  'vendors',
  'author',
  'involved',
  'isReviewDue',
  'isExempt',
] as const satisfies readonly FactName[];

const gateFacts = [
  'hasOwner',
  'testsPassed',
  'reportsFresh',
  'modelsApproved',
  'vendorsApproved',
  'effectsGated',
  'subflowsLive',
  'isReviewed',
] as const satisfies readonly FactName[];

const changeFacts = [
  'tierBefore',
  'newEffects',
  'newDataClasses',
  'newRecipients',
  'newModels',
  'newVendors',
  'lostGates',
  'losesGate',
  'isRiskier',
] as const satisfies readonly FactName[];

const runFacts = [
  'flowId',
  'stage',
  'riskTier',
  'autonomy',
  'taskType',
  'effect',
  'touches',
  'trigger',
  'amount',
  'currency',
  'amountSoFar',
  'changePermille',
  'count',
  'countSoFar',
  'hasReadOutside',
  'hasReadPersonal',
  'readers',
  'recipientDomains',
  'involved',
  'isReviewDue',
  'isExempt',
] as const satisfies readonly FactName[];

const modelFacts = [
  'vendor',
  'agreementClasses',
  'trainsOnPrompts',
  'region',
  'tokens',
  'models',
  'modelsApproved',
  'vendorsApproved',
] as const satisfies readonly FactName[];

const registers = [
  'Dataset',
  'Model',
  'Vendor',
  'Risk',
  'Incident',
  'Monitor',
  'Control',
  'Budget',
  'Blueprint',
  'Dashboard',
] as const satisfies readonly ResourceType[];

/** Every action that is not the run of one task type. */
export const actionTable = {
  view: action('reads something', resourceTypes, [
    'flowId',
    'stage',
    'dataClasses',
    'approvers',
    'involved',
  ]),
  'view-personal': privileged(
    'reads personal data unmasked',
    ['Execution', 'KeyValue', 'File', 'Dataset', 'Ledger', 'Approval', 'Subject'],
    ['dataClasses', 'hasReason'],
  ),
  edit: action(
    'saves or changes something that does not run by itself',
    ['Flow', 'Trigger', 'Namespace', 'KeyValue', 'File', ...registers],
    [...flowFacts],
  ),
  delete: privileged(
    'deletes something',
    ['Flow', 'Execution', 'Trigger', 'Namespace', 'KeyValue', 'File', ...registers],
    [...flowFacts],
  ),
  'propose-revision': action(
    'proposes a revision, as a pull request does',
    ['Flow'],
    [...flowFacts, ...changeFacts, 'hasOwner', 'effectsGated'],
  ),
  deploy: privileged(
    'makes a revision the one that runs',
    ['Flow'],
    [...flowFacts, ...gateFacts, ...changeFacts],
  ),
  'change-stage': privileged(
    'moves a flow to another stage of its life',
    ['Flow'],
    [...flowFacts, ...gateFacts, ...changeFacts, 'toStage'],
  ),
  'lower-tier': privileged(
    'sets a risk tier below the computed one',
    ['Flow'],
    [...flowFacts, 'hasReason'],
  ),
  test: action('runs the tests of a flow and has the result kept', ['Flow'], [...flowFacts]),
  execute: action('starts an execution', ['Flow'], [...flowFacts, 'trigger']),
  pause: action('holds a running execution', ['Execution'], [...flowFacts]),
  resume: action('lets a paused execution go on', ['Execution'], [...flowFacts]),
  restart: action(
    'runs a failed execution again from where it failed',
    ['Execution'],
    [...flowFacts],
  ),
  replay: action('runs an execution again from a chosen place', ['Execution'], [...flowFacts]),
  'force-run': action(
    'lets an execution run whose limit or date holds it back',
    ['Execution'],
    [...flowFacts],
  ),
  'change-state': privileged(
    'sets the state of an execution or task run by hand',
    ['Execution'],
    [...flowFacts, 'hasReason'],
  ),
  kill: privileged(
    'stops what runs',
    ['Execution', 'Flow', 'Namespace', 'Model', 'Vendor', 'Installation'],
    ['flowId', 'stage', 'riskTier', 'hasReason'],
  ),
  revive: privileged(
    'lets what was stopped run again',
    ['Flow', 'Namespace', 'Model', 'Vendor', 'Installation'],
    ['flowId', 'stage', 'riskTier', 'involved', 'hasReason'],
  ),
  'call-model': action('asks a model', ['Model'], [...runFacts, ...modelFacts]),
  'call-tool': action('calls a tool of an agent', ['Tool'], [...runFacts]),
  'read-secret': action(
    'reads a secret for a task',
    ['Secret'],
    ['flowId', 'stage', 'taskType', 'connector', 'touches'],
  ),
  'set-secret': privileged('writes or removes a secret', ['Secret']),
  egress: action(
    'sends something to a host',
    ['Host'],
    [...runFacts, 'host', 'scheme', 'isPrivateAddress', 'vendor', 'agreementClasses', 'region'],
  ),
  approve: privileged(
    'decides an approval: approves, rejects or sends back',
    ['Approval'],
    ['approvers', 'involved', 'stage', 'riskTier', 'amount', 'currency', 'hasReason'],
  ),
  claim: action('takes an approval on', ['Approval'], ['approvers', 'involved']),
  withdraw: action('takes back what one has asked approval for', ['Approval'], ['involved']),
  delegate: privileged(
    'lets somebody else decide',
    ['Approval', 'Account'],
    ['approvers', 'involved'],
  ),
  'break-glass': privileged(
    'goes on without an approval, which others examine afterwards',
    ['Approval'],
    ['approvers', 'involved', 'riskTier', 'hasReason'],
  ),
  endorse: privileged(
    'vouches for one value from outside',
    ['Approval', 'Execution'],
    ['approvers', 'involved', 'dataClasses', 'hasReason'],
  ),
  'grant-exception': privileged(
    'exempts something from a control for a time',
    ['Exception'],
    ['involved', 'riskTier', 'lifetimeDays', 'count', 'hasOwner', 'hasReason'],
  ),
  'propose-policy': action('proposes policies', ['Policy'], ['author', 'hasReason']),
  'review-policy': privileged('reviews proposed policies', ['Policy'], ['author', 'involved']),
  'activate-policy': privileged(
    'makes proposed policies the ones that decide',
    ['Policy'],
    ['author', 'involved', 'testsPassed', 'isReviewed', 'isReplayed', 'isRollback'],
  ),
  'verify-ledger': action('verifies the ledger', ['Ledger']),
  'export-ledger': privileged('takes entries of the ledger out', ['Ledger'], ['dataClasses']),
  'export-evidence': privileged('takes an evidence pack out', ['Evidence'], ['dataClasses']),
  'export-subject': privileged(
    'gives a person what is stored about them',
    ['Subject'],
    ['hasReason'],
  ),
  erase: privileged('erases a person’s data', ['Subject'], ['hasReason', 'involved']),
  hold: privileged('keeps data from being erased', ['Subject', 'Ledger'], ['hasReason']),
  'approve-model': privileged(
    'allows a model or vendor',
    ['Model', 'Vendor'],
    [
      'vendor',
      'agreementClasses',
      'trainsOnPrompts',
      'region',
      'reportsFresh',
      'involved',
      'author',
    ],
  ),
  'administer-users': privileged(
    'makes, changes and locks users',
    ['Account', 'Group'],
    ['involved'],
  ),
  provision: privileged('brings users and groups from a directory', ['Account', 'Group']),
  'grant-role': privileged(
    'gives or takes a role',
    ['Role', 'Account', 'Group'],
    ['role', 'involved'],
  ),
  'issue-token': privileged(
    'issues, rotates or revokes a token',
    ['Token'],
    ['scopes', 'lifetimeDays', 'involved'],
  ),
  configure: privileged('changes how the system is set up', ['Installation', 'Namespace']),
  'back-up': privileged('copies or restores everything', ['Installation']),
} as const satisfies Record<string, ActionDefinition>;

/** The name of an action in the table. */
export type TableAction = keyof typeof actionTable;

/** An action: one of the table, or the run of a task type (`run:email.MailSend`). */
export type ActionId = TableAction | `run:${string}`;

/** What the question of a task run may hold. */
export const runFactNames: readonly FactName[] = runFacts;

/** Returns the action of running a task of `type`. */
export function runActionOf(type: string): ActionId {
  return `run:${type}`;
}

/** What policy must know of a task type. */
export interface TaskAction {
  readonly type: string;
  readonly effect: 'none' | 'read' | 'idempotent' | 'external';
  readonly touches: readonly string[];
  /** The names of its properties: each is an argument that policies may ask about. */
  readonly properties: readonly string[];
}

/** Actions of the table whose questions say where the values come from; runs of tasks all do. */
export const argumentActions: readonly TableAction[] = [
  'call-model',
  'call-tool',
  'egress',
  'endorse',
];

/** Tells whether questions about `action` say where the values come from. */
export function takesArguments(action: string): boolean {
  return action.startsWith('run:') || argumentActions.some((one) => one === action);
}
