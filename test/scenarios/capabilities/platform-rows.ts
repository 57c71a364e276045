/**
 * Capabilities of governance in the platform: as code, step by step, over the life of software, with waits
 * for people. What is there is proven by tests that cite its id; what is missing is said.
 */
import type { CapabilityRow } from './capability-row.ts';

const steps = 'Governance as code';
const life = 'Software life cycle';
const waits = 'Waits for people';
const mail = 'Mail';

/** Capabilities of governance in the platform. */
export const platformRows: readonly CapabilityRow[] = [
  {
    id: 'G-216',
    area: steps,
    what: 'A policy says which goal it serves',
    status: 'partly',
    missing: 'a report of the policies that say none',
    proofs: ['src/core/policy/read-annotations.test.ts'],
  },
  {
    id: 'G-217',
    area: steps,
    what: 'A control is a query with a threshold, a period and an owner',
    status: 'not-yet',
    missing: 'controls',
  },
  {
    id: 'G-218',
    area: steps,
    what: 'Bias is measured by named definitions',
    status: 'not-yet',
    missing: 'statistics',
  },
  {
    id: 'G-219',
    area: steps,
    what: 'A model card is made when a model goes live',
    status: 'not-yet',
    missing: 'the register of models',
  },
  {
    id: 'G-220',
    area: steps,
    what: 'A model card says of each field whether it is computed, quoted or claimed',
    status: 'not-yet',
    missing: 'the register of models',
  },
  {
    id: 'G-221',
    area: steps,
    what: 'Roles come ready, and who may do what is a text that is tested',
    status: 'covered',
    proofs: ['test/pins/policy-matrix.test.ts'],
  },
  {
    id: 'G-222',
    area: steps,
    what: 'Each flow has a person for policy, controls, performance and incidents',
    status: 'not-yet',
    missing: 'duties; there is an owner and a sponsor',
  },
  {
    id: 'G-223',
    area: steps,
    what: 'A pipeline asks what a change does to governance and is stopped by the exit code',
    status: 'covered',
    proofs: ['test/scenarios/governance-diff.test.ts'],
  },
  {
    id: 'G-224',
    area: steps,
    what: 'Diagnostics have stable codes, with an example of each',
    status: 'partly',
    missing: 'automatic fixes',
    proofs: ['test/scenarios/malformed.test.ts'],
  },
  {
    id: 'G-225',
    area: steps,
    what: 'Flows, policies, controls and registers are applied from files',
    status: 'not-yet',
    missing: 'plan and apply',
  },
  {
    id: 'G-226',
    area: steps,
    what: 'What is in force is the digest of files, and the ledger names it',
    status: 'partly',
    missing: 'drift between files and store',
    proofs: ['test/scenarios/api-policies.test.ts'],
  },
  {
    id: 'G-227',
    area: steps,
    what: 'A training that checks its data first runs as it is written elsewhere',
    status: 'covered',
    proofs: ['test/scenarios/examples-of-the-plan.test.ts'],
  },
  {
    id: 'G-228',
    area: steps,
    what: 'A rule of a namespace binds the namespaces below it and no sibling',
    status: 'covered',
    proofs: ['src/core/governance/budget.test.ts', 'src/core/policy/principal.test.ts'],
  },
  {
    id: 'G-229',
    area: steps,
    what: 'SQL in DuckDB over Parquet, one row as output',
    status: 'covered',
    proofs: ['test/scenarios/examples-of-the-plan.test.ts'],
  },
  {
    id: 'G-230',
    area: steps,
    what: 'Branches by truthiness as in the original language',
    status: 'covered',
    proofs: ['test/scenarios/language/choices.test.ts'],
  },
  {
    id: 'G-231',
    area: steps,
    what: 'A flow fails with a message, and later tasks do not start',
    status: 'covered',
    proofs: ['test/scenarios/examples-of-the-plan.test.ts'],
  },
  {
    id: 'G-232',
    area: steps,
    what: 'Scripts run with limits of time and an environment of their own',
    status: 'partly',
    missing: 'a sandbox without network',
    proofs: ['src/tasks/scripts/run-script.test.ts'],
  },
  {
    id: 'G-233',
    area: steps,
    what: 'Expressions read inputs and outputs; what is undefined is an error',
    status: 'covered',
    proofs: ['test/scenarios/language/context.test.ts'],
  },
  {
    id: 'G-234',
    area: steps,
    what: 'Draft policies are replayed over what was decided, before they are in force',
    status: 'partly',
    missing: 'monitors that propose policies',
    proofs: ['src/runtime/policy/policy-changes.test.ts'],
  },
  {
    id: 'G-235',
    area: steps,
    what: 'The health of datasets is watched',
    status: 'not-yet',
    missing: 'monitors',
  },
  {
    id: 'G-248',
    area: life,
    what: 'Ideas are taken in with a provisional tier, the controls they will need, and a place in a queue',
    status: 'covered',
    proofs: ['src/core/governance/intake.test.ts', 'test/scenarios/exceptions-and-intakes.test.ts'],
  },
  {
    id: 'G-249',
    area: life,
    what: 'Governed templates with parts that stay',
    status: 'not-yet',
    missing: 'templates with locked parts',
  },
  {
    id: 'G-250',
    area: life,
    what: 'Business figures are computed from what happened',
    status: 'not-yet',
    missing: 'KPIs',
  },
  {
    id: 'G-251',
    area: life,
    what: 'What grows is limited by tier: executions, spending, audience, autonomy',
    status: 'not-yet',
    missing: 'shares and steps; spending is limited by budgets',
  },
  {
    id: 'G-256',
    area: waits,
    what: 'Approve, reject, send back, take back, expire, and decide twice: each has one outcome',
    status: 'covered',
    proofs: [
      'src/core/governance/decide-approval.test.ts',
      'test/scenarios/approval-people.test.ts',
      'test/scenarios/approval-deadlines.test.ts',
    ],
  },
  {
    id: 'G-270',
    area: waits,
    what: 'Approvals are claimed by one person, delegated with separation of duty kept, reminded, escalated, and decided on a page',
    status: 'covered',
    proofs: [
      'test/scenarios/approval-people.test.ts',
      'test/scenarios/approval-deadlines.test.ts',
      'test/scenarios/approval-page.test.ts',
    ],
  },
  {
    id: 'G-263',
    area: mail,
    what: 'A mail is an effect outside: policy and budgets limit whom it reaches and how many, and no crash sends it twice',
    status: 'covered',
    proofs: ['test/scenarios/mail-send.test.ts'],
  },
  {
    id: 'G-264',
    area: mail,
    what: 'Text from outside is text in a mail of HTML, unless the flow says otherwise',
    status: 'covered',
    proofs: ['test/scenarios/mail-send.test.ts'],
  },
];
