/**
 * What policies may know of the situation besides who, what and on which: the stage of a flow, its risk
 * tier, amounts, counts. One table gives the Cedar schema, the type of a question and the documents.
 *
 * INVARIANT: every fact is optional in the schema, so strict validation refuses a condition that reads one
 * without asking first whether it is there.
 */

/** The type of a fact. Amounts are whole numbers: minor units of money, per mille of a change. */
export type FactType = 'text' | 'number' | 'claim' | 'texts';

interface FactEntry {
  readonly type: FactType;
  readonly summary: string;
}

function fact<T extends FactType>(type: T, summary: string): FactEntry & { readonly type: T } {
  return { type, summary };
}

/** Every fact. */
export const factTable = {
  stage: fact(
    'text',
    'stage of the flow: design, development, testing, deployment, monitoring, retirement',
  ),
  toStage: fact('text', 'the stage it shall have'),
  riskTier: fact('text', 'risk tier of the flow: minimal, limited, high, prohibited'),
  autonomy: fact('text', 'what agents in the flow may do: none, suggest, act-with-approval, act'),
  effect: fact('text', 'effect of the task type: none, read, idempotent, external'),
  effects: fact('texts', 'effects of all tasks of the flow'),
  touches: fact(
    'texts',
    'what the task type touches: network, files, database, process, store, model',
  ),
  taskTypes: fact('texts', 'types of all tasks of the flow'),
  taskType: fact('text', 'type of the task that asks'),
  flowId: fact('text', 'id of the flow'),
  dataClasses: fact('texts', 'data classes that the flow declares or that its graph shows'),
  models: fact('texts', 'models that the flow may call'),
  vendors: fact('texts', 'vendors behind those models'),
  vendor: fact('text', 'vendor of the model or service'),
  agreementClasses: fact('texts', 'data classes that an agreement with the vendor covers'),
  trainsOnPrompts: fact('claim', 'whether the vendor trains on what it is sent'),
  region: fact('text', 'where the data is processed'),
  host: fact('text', 'host that is called'),
  scheme: fact('text', 'scheme of the address: https, http, smtp'),
  isPrivateAddress: fact('claim', 'whether the address is private or local'),
  hasOwner: fact('claim', 'whether an owner is set'),
  testsPassed: fact('claim', 'whether the tests of this revision passed'),
  reportsFresh: fact('claim', 'whether required reports (bias, quality) are in date'),
  modelsApproved: fact('claim', 'whether every model is approved'),
  vendorsApproved: fact('claim', 'whether every vendor is approved'),
  effectsGated: fact('claim', 'whether every external effect is behind its gate on every path'),
  subflowsLive: fact('claim', 'whether every flow that it starts is live'),
  isReviewDue: fact('claim', 'whether the review date of the flow has passed'),
  isReviewed: fact('claim', 'whether somebody other than the author reviewed it'),
  tierBefore: fact('text', 'risk tier of the revision before'),
  newEffects: fact('texts', 'effects that the revision before did not have'),
  newDataClasses: fact('texts', 'data classes that the revision before did not touch'),
  newRecipients: fact('texts', 'hosts and addresses that the revision before sent nothing to'),
  newModels: fact('texts', 'models that the revision before did not ask'),
  newVendors: fact('texts', 'vendors that the revision before did not need'),
  lostGates: fact('texts', 'effects that no gate stands before any more, each with a path'),
  losesGate: fact('claim', 'whether an effect lost its gate'),
  isRiskier: fact('claim', 'whether anything makes it riskier than the revision before'),
  isReplayed: fact('claim', 'whether it was replayed over recorded decisions'),
  isRollback: fact('claim', 'whether it goes back to a version that was active before'),
  author: fact('text', 'handle of the author of the revision'),
  involved: fact(
    'texts',
    'handles of everybody in the chain: requester, authors, their agents and delegates',
  ),
  approvers: fact('texts', 'who may decide: role:…, group:…, user:…'),
  amount: fact('number', 'money of this effect, in minor units'),
  currency: fact('text', 'currency of the amount'),
  amountSoFar: fact('number', 'money already spent for this subject in the period, in minor units'),
  changePermille: fact('number', 'size of a price change in per mille, without sign'),
  count: fact('number', 'how many things the effect concerns: recipients, rows, orders'),
  countSoFar: fact('number', 'how many effects of this kind this execution has had'),
  tokens: fact('number', 'tokens of the model call, estimated'),
  hasReadOutside: fact('claim', 'whether this execution or agent has read outside text'),
  hasReadPersonal: fact('claim', 'whether this execution or agent has read personal data'),
  readers: fact('texts', 'handles of the subjects who will read the content'),
  recipientDomains: fact(
    'texts',
    'domains of the addresses that a mail goes to, in lower case: `shop.example.com`',
  ),
  connector: fact('text', 'task type that asks for the secret'),
  role: fact('text', 'role that is given or taken'),
  scopes: fact('texts', 'what a token may do'),
  lifetimeDays: fact('number', 'days until it expires'),
  hasReason: fact('claim', 'whether a reason was written'),
  isExempt: fact('claim', 'whether a recorded exception covers it'),
  trigger: fact('text', 'type of the trigger that started it'),
} as const satisfies Record<string, FactEntry>;

/** The name of a fact. */
export type FactName = keyof typeof factTable;

interface FactValues {
  readonly text: string;
  readonly number: number;
  readonly claim: boolean;
  readonly texts: readonly string[];
}

/** The facts of one question. */
export type Facts = {
  readonly [Name in FactName]?: FactValues[(typeof factTable)[Name]['type']];
};
