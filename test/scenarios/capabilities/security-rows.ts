/**
 * Capabilities of secured workflows: roles, sensitive data, building blocks, zero trust. What is there is
 * proven by tests that cite its id; what is missing is said.
 */
import type { CapabilityRow } from './capability-row.ts';

const roles = 'Roles';
const data = 'Sensitive data';
const blocks = 'Building blocks';
const zeroTrust = 'Zero trust';

/** Capabilities of secured workflows. */
export const securityRows: readonly CapabilityRow[] = [
  {
    id: 'G-120',
    area: roles,
    what: 'Seeing, building, approving, running and stopping are separate rights in a namespace; nobody makes their own change live',
    status: 'covered',
    proofs: ['test/pins/policy-matrix.test.ts', 'policies/default/duties.tests.yaml'],
  },
  {
    id: 'G-121',
    area: roles,
    what: 'Access to datasets has a purpose and an end',
    status: 'not-yet',
    missing: 'the register of datasets',
  },
  {
    id: 'G-122',
    area: roles,
    what: 'Administrators approve nothing and run nothing of the business',
    status: 'covered',
    proofs: ['policies/default/duties.tests.yaml', 'test/scenarios/first-steps.test.ts'],
  },
  {
    id: 'G-123',
    area: roles,
    what: 'Privileged activity is in the ledger; a broken glass opens a review',
    status: 'partly',
    missing: 'alerts on what is unusual',
    proofs: ['test/scenarios/approvals.test.ts'],
  },
  {
    id: 'G-124',
    area: roles,
    what: 'Rights that nobody uses are found',
    status: 'not-yet',
    missing: 'the report; the decisions it needs are in the ledger',
  },
  {
    id: 'G-125',
    area: roles,
    what: 'A change of the database behind the system’s back is found',
    status: 'covered',
    proofs: ['test/scenarios/sealed-ledger.test.ts', 'test/scenarios/flipped-bytes.test.ts'],
  },
  {
    id: 'G-139',
    area: data,
    what: 'Deleting by rules can be tried, is kept off by holds, and is proven',
    status: 'covered',
    proofs: ['test/scenarios/retention.test.ts'],
  },
  {
    id: 'G-171',
    area: blocks,
    what: 'Standing policies come with the product, with owner, version and tests',
    status: 'covered',
    proofs: ['test/scenarios/api-policies.test.ts'],
  },
  {
    id: 'G-172',
    area: blocks,
    what: 'A risk assessment is guided, and what can be computed is computed',
    status: 'partly',
    missing: 'answers of the questionnaire filled in from a flow that exists',
    proofs: ['test/scenarios/exceptions-and-intakes.test.ts'],
  },
  {
    id: 'G-173',
    area: blocks,
    what: 'A kind of change asks for a security review',
    status: 'not-yet',
    missing: 'reviews by kind of change',
  },
  {
    id: 'G-174',
    area: blocks,
    what: 'A revision is approved as it is: another one needs another approval',
    status: 'covered',
    proofs: ['test/scenarios/flow-lifecycle.test.ts'],
  },
  {
    id: 'G-175',
    area: blocks,
    what: 'A checkpoint in a flow evaluates named controls',
    status: 'not-yet',
    missing: 'controls',
  },
  {
    id: 'G-176',
    area: blocks,
    what: 'Incidents are answered by flows against the clocks of the law',
    status: 'not-yet',
    missing: 'the register of incidents',
  },
  {
    id: 'G-177',
    area: blocks,
    what: 'Evidence is verified by software that shares nothing with its writer',
    status: 'covered',
    proofs: ['test/scenarios/ledger-proofs.test.ts', 'test/scenarios/ledger-page.test.ts'],
  },
  {
    id: 'G-178',
    area: zeroTrust,
    what: 'Every request and every run of a task is authenticated and decided',
    status: 'partly',
    missing: 'credentials of a single task run',
    proofs: ['test/scenarios/api-roles.test.ts'],
  },
  {
    id: 'G-179',
    area: zeroTrust,
    what: 'Privileges ask for proof again, and an approval after half an hour of rest does too',
    status: 'covered',
    proofs: ['policies/default/sessions.tests.yaml', 'test/scenarios/identity.test.ts'],
  },
  {
    id: 'G-180',
    area: zeroTrust,
    what: 'A task reaches only the hosts it may',
    status: 'partly',
    missing: 'an allow list for each task; addresses must be trusted, public and encrypted',
    proofs: ['policies/default/egress.tests.yaml'],
  },
  {
    id: 'G-181',
    area: zeroTrust,
    what: 'Each revision of a flow has an identity of its own',
    status: 'not-yet',
    missing: 'identities of workloads',
  },
  {
    id: 'G-182',
    area: zeroTrust,
    what: 'A task gets the rights of its declared effect and no others',
    status: 'partly',
    missing: 'tokens made for one task run; secrets are given to declared connectors',
    proofs: ['policies/default/egress.tests.yaml'],
  },
  {
    id: 'G-183',
    area: zeroTrust,
    what: 'Decisions and effects are visible within a second',
    status: 'not-yet',
    missing: 'its measurement; entries stream as they are durable',
  },
  {
    id: 'G-184',
    area: zeroTrust,
    what: 'The same person is answered by context: freshness, factors, amount, trust of the data',
    status: 'partly',
    missing: 'place and device',
    proofs: ['policies/default/sessions.tests.yaml', 'policies/default/money.tests.yaml'],
  },
  {
    id: 'G-185',
    area: zeroTrust,
    what: 'Many sites and regions',
    status: 'not-yet',
    missing: 'several nodes',
  },
];
