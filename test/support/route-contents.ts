/**
 * What is sent to the routes whose content says what they are about, and what policy is to be asked then:
 * written by hand, so that a test does not believe what the route says of itself.
 */
import type { ActionId, Facts, ResourceType } from '../../src/core/policy/index.ts';

/** What policy is to be asked. */
export interface RouteQuestion {
  readonly action: ActionId;
  readonly resource: ResourceType;
  readonly namespace: string | null;
  readonly facts?: Facts;
}

/** A request, and what policy is to be asked about it; the answer has to be yes for each. */
export interface RouteContent {
  readonly type: 'application/json' | 'application/x-yaml' | `multipart/form-data; ${string}`;
  /** Absent where the path alone is looked up. */
  readonly body?: string;
  readonly asks: readonly RouteQuestion[];
}

/** What is known of a flow that is not there. */
export const nothingKnown = { stage: 'development', riskTier: 'minimal' } as const satisfies Facts;

function json(body: unknown, ...asks: readonly RouteQuestion[]): RouteContent {
  return { type: 'application/json', body: JSON.stringify(body), asks };
}

function yaml(body: string, ...asks: readonly RouteQuestion[]): RouteContent {
  return { type: 'application/x-yaml', body, asks };
}

const boundary = 'between-parts';

/** A form with one file. */
function form(file: string, ...asks: readonly RouteQuestion[]): RouteContent {
  const head = `content-disposition: form-data; name="fileUpload"; filename="flows.yml"`;
  const body = `--${boundary}\r\n${head}\r\n\r\n${file}\r\n--${boundary}--\r\n`;
  return { type: `multipart/form-data; boundary=${boundary}`, body, asks };
}

const flow =
  'id: sent\nnamespace: demo\ntasks:\n  - id: a\n    type: core.log.Log\n    message: hi\n';
const other = flow.replace('demo', 'demo.other');
const editsFlow: RouteQuestion = {
  action: 'edit',
  resource: 'Flow',
  namespace: 'demo',
  facts: nothingKnown,
};

/** What is asked about executions that are named and not there. */
function ofExecutions(action: ActionId, resource: ResourceType = 'Execution'): RouteContent {
  const facts = resource === 'Execution' ? nothingKnown : {};
  return json(['nothing'], { action, resource, namespace: null, facts });
}

function ofFlows(action: ActionId): RouteContent {
  return json([{ namespace: 'demo', id: 'nothing' }], {
    action,
    resource: 'Flow',
    namespace: 'demo',
    facts: nothingKnown,
  });
}

function ofSuites(): RouteContent {
  return json({ ids: [{ namespace: 'demo', id: 'nothing' }] }, editsFlow);
}

const reason = 'to see who may';
const told = { hasReason: true };

/** One request for each kind of thing that a switch stops. */
function switches(action: 'kill' | 'revive'): readonly RouteContent[] {
  const one = (kind: string, id: string, ask: Omit<RouteQuestion, 'action'>): RouteContent =>
    json({ kind, id, reason }, { ...ask, action, facts: { ...told, ...ask.facts } });
  const none = { namespace: null };
  return [
    json(
      { kind: 'execution', id: 'nothing', reason },
      {
        action: action === 'kill' ? 'kill' : 'resume',
        resource: 'Execution',
        namespace: null,
        facts: { ...nothingKnown, ...told },
      },
    ),
    one('flow', 'demo/nothing', { resource: 'Flow', namespace: 'demo', facts: nothingKnown }),
    one('namespace', 'demo', { resource: 'Namespace', namespace: 'demo' }),
    one('model', 'maker/model', { resource: 'Model', ...none }),
    one('vendor', 'maker', { resource: 'Vendor', ...none }),
    one('everything', '', { resource: 'Installation', ...none }),
  ];
}

const grants = (resource: ResourceType, involved: string): RouteContent =>
  json(
    { roles: [{ role: 'viewer', namespace: '*' }] },
    {
      action: 'grant-role',
      resource,
      namespace: null,
      facts: { role: 'viewer', involved: [involved] },
    },
  );

const exception = {
  id: 'e1',
  control: 'a-control',
  scope: { kind: 'namespace', id: 'demo' },
  reason,
  owner: 'user:somebody-else',
  countMax: 1,
  endsAt: new Date(Date.now() + 86_400_000 * 10).toISOString(),
};

/** An approval that is not there: nothing is known of it but that somebody asks. */
function ofApproval(action: ActionId, body?: object): RouteContent {
  const asks = [{ action, resource: 'Approval', namespace: null }] as const;
  const type = 'application/json';
  return body === undefined ? { type, asks } : { type, body: JSON.stringify(body), asks };
}

/** A dashboard that is not there, of a tenant and so of no namespace. */
function ofDashboard(body?: object): RouteContent {
  const asks = [{ action: 'view', resource: 'Dashboard', namespace: null }] as const;
  const type = 'application/json';
  return body === undefined ? { type, asks } : { type, body: JSON.stringify(body), asks };
}

const holds = json(
  { kind: 'namespace', id: 'demo', reason },
  { action: 'hold', resource: 'Subject', namespace: null, facts: told },
);

/** A model or vendor that is proposed, or decided about though nobody proposed it. */
function allowances(resource: 'Model' | 'Vendor', name: string) {
  const { owner, endsAt } = exception;
  const asks = { resource, namespace: null };
  return {
    [`propose${resource}`]: [json({ name, owner, reason, endsAt }, { ...asks, action: 'edit' })],
    [`decide${resource}`]: [
      json({ name, state: 'allowed', reason }, { ...asks, action: 'approve-model' }),
    ],
  } as const;
}

const trigger = { namespace: 'demo', flowId: 'nothing', triggerId: 'nothing' };

/** What is asked about a trigger of a flow that is not there. */
function ofTrigger(body: unknown, action: ActionId = 'edit'): readonly RouteContent[] {
  const ask = { action, resource: 'Trigger', namespace: 'demo', facts: nothingKnown } as const;
  return [json(body, ask)];
}

/** Requests by the id of their route. */
export const routeContents: Readonly<Record<string, readonly RouteContent[]>> = {
  updateTrigger: ofTrigger({ ...trigger, disabled: true }),
  pauseBackfill: ofTrigger(trigger),
  unpauseBackfill: ofTrigger(trigger),
  deleteBackfill: ofTrigger(trigger),
  setTriggersDisabledByIds: ofTrigger({ triggers: [trigger], disabled: true }),
  unlockTriggersByIds: ofTrigger([trigger]),
  pauseBackfillsByIds: ofTrigger([trigger]),
  unpauseBackfillsByIds: ofTrigger([trigger]),
  deleteBackfillsByIds: ofTrigger([trigger]),
  forgetTriggersByIds: ofTrigger([trigger], 'delete'),
  getDashboard: [ofDashboard()],
  getDashboardChartData: [ofDashboard({})],
  getApproval: [ofApproval('view')],
  approveApproval: [ofApproval('approve', {})],
  rejectApproval: [ofApproval('approve', { reason })],
  sendBackApproval: [ofApproval('approve', { reason })],
  withdrawApproval: [ofApproval('withdraw', { reason })],
  endorseValues: [ofApproval('approve', { arguments: ['to'], reason })],
  breakGlass: [ofApproval('break-glass', { reason })],
  examineBrokenGlass: [ofApproval('approve', { isAccepted: true, note: reason })],
  claimApproval: [ofApproval('claim')],
  unclaimApproval: [ofApproval('claim')],
  changeStage: [
    json(
      { to: 'testing', reason },
      {
        action: 'change-stage',
        resource: 'Flow',
        namespace: 'demo',
        facts: { ...nothingKnown, toStage: 'testing' },
      },
    ),
  ],
  deployFlow: [
    json(
      { reason },
      { action: 'deploy', resource: 'Flow', namespace: 'demo', facts: nothingKnown },
    ),
  ],
  ...allowances('Model', 'maker/model'),
  ...allowances('Vendor', 'maker'),
  createFlow: [yaml(flow, editsFlow), yaml(other, { ...editsFlow, namespace: 'demo.other' })],
  bulkUpdateFlows: [
    yaml(`${flow}---\n${other}`, editsFlow, { ...editsFlow, namespace: 'demo.other' }),
  ],
  updateFlowsInNamespace: [yaml(flow, editsFlow)],
  deleteExecutionsByIds: [ofExecutions('delete')],
  killExecutionsByIds: [ofExecutions('kill')],
  pauseExecutionsByIds: [ofExecutions('pause')],
  resumeExecutionsByIds: [ofExecutions('resume')],
  restartExecutionsByIds: [ofExecutions('restart')],
  replayExecutionsByIds: [ofExecutions('replay')],
  unqueueExecutionsByIds: [ofExecutions('force-run')],
  forceRunExecutionsByIds: [ofExecutions('force-run')],
  updateExecutionsStatusByIds: [ofExecutions('change-state')],
  updateTaskRunState: [
    json(
      { taskRunId: 'nothing', state: 'SUCCESS', reason },
      {
        action: 'change-state',
        resource: 'Execution',
        namespace: null,
        facts: { ...nothingKnown, ...told },
      },
    ),
  ],
  setLabelsOnTerminatedExecutionsByIds: [
    json(
      { executionsId: ['nothing'], executionLabels: [{ key: 'a', value: 'b' }] },
      { action: 'edit', resource: 'Flow', namespace: null },
    ),
  ],
  deleteFlowsByIds: [ofFlows('delete')],
  exportFlowsByIds: [ofFlows('view')],
  importFlows: [form(flow, editsFlow), form(other, { ...editsFlow, namespace: 'demo.other' })],
  createTestSuite: [
    yaml('id: s\nnamespace: demo\nflowId: nothing\ntestCases: []\n', editsFlow),
    yaml('id: s\nnamespace: demo.other\nflowId: nothing\ntestCases: []\n', {
      ...editsFlow,
      namespace: 'demo.other',
    }),
  ],
  deleteTestSuitesByIds: [ofSuites()],
  disableTestSuitesByIds: [ofSuites()],
  enableTestSuitesByIds: [ofSuites()],
  disableFlowsByIds: [ofFlows('edit')],
  enableFlowsByIds: [ofFlows('edit')],
  setKillSwitch: switches('kill'),
  releaseKillSwitch: switches('revive'),
  setUserRoles: [grants('Account', 'user:nothing')],
  setGroupRoles: [grants('Group', 'group:nothing')],
  setAccountRoles: [grants('Account', 'agent:nothing')],
  setGroupMembers: [
    json(
      { members: ['user:nothing'] },
      {
        action: 'grant-role',
        resource: 'Group',
        namespace: null,
        facts: { role: 'none', involved: ['user:nothing'] },
      },
    ),
  ],
  issueToken: [
    json(
      { name: 'a token', owner: 'agent:nothing', lifetime: 'P30D' },
      {
        action: 'issue-token',
        resource: 'Token',
        namespace: null,
        facts: { involved: ['agent:nothing'], scopes: ['*'], lifetimeDays: 30 },
      },
    ),
  ],
  eraseSubject: [
    json({ reason }, { action: 'erase', resource: 'Subject', namespace: null, facts: told }),
  ],
  setHold: [holds],
  releaseHold: [holds],
  grantException: [
    json(exception, {
      action: 'grant-exception',
      resource: 'Exception',
      namespace: null,
      facts: {
        ...told,
        involved: ['user:somebody-else'],
        hasOwner: true,
        count: 1,
        lifetimeDays: 10,
      },
    }),
  ],
  withdrawException: [
    json(
      { reason },
      {
        action: 'grant-exception',
        resource: 'Exception',
        namespace: null,
        facts: { ...told, involved: [], hasOwner: true, lifetimeDays: 0 },
      },
    ),
  ],
  proposePolicies: [
    json(
      {
        packs: [{ id: 'p', title: 'a pack', owner: 'nobody', version: '1', policies: [] }],
        reason,
      },
      {
        action: 'propose-policy',
        resource: 'Policy',
        namespace: null,
        facts: { author: 'user:somebody', hasReason: true },
      },
    ),
  ],
  reviewPolicies: [json({}, { action: 'review-policy', resource: 'Policy', namespace: null })],
  activatePolicies: [json({}, { action: 'activate-policy', resource: 'Policy', namespace: null })],
};
