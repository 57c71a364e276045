/**
 * What is kept of the tests of flows: suites, and the newest run of each revision. A record comes from a
 * run of this system and from nowhere else; it and the entry that tells it are one write.
 */
import {
  type KeptSuite,
  type TestRecord,
  type TestStanding,
  testStanding,
} from '../../core/governance/index.ts';
import { decodeValue, type Value } from '../../core/value/index.ts';
import type { Store } from '../../ports/store.ts';
import type { FlowName } from '../flow-register/index.ts';
import type { RegisterDesk } from '../registers/index.ts';

/** The register of test runs. */
const runKind = 'flow-test';
/** The register of suites. */
export const suiteKind = 'test-suite';

const suitesMax = 500;

function idOf({ namespace, flowId }: FlowName, revision: number): string {
  return `${namespace}/${flowId}/${revision}`;
}

/** Returns whether the tests of a revision passed, and why. */
export async function testStandingOf(
  store: Pick<Store, 'registerRecord' | 'registerRecords'>,
  tenant: string,
  name: FlowName,
  revision: number,
): Promise<TestStanding> {
  const id = idOf(name, revision);
  const stored = await store.registerRecord({ tenant, kind: runKind, id });
  if (stored === undefined) return testStanding(revision, undefined);
  const key = { name: 'flow', value: `${name.namespace}/${name.flowId}` };
  const suites = await store.registerRecords({ tenant, kind: suiteKind, key, limit: suitesMax });
  return testStanding(
    revision,
    decodeValue(stored.document) as unknown as TestRecord,
    suites.map(({ document }) => decodeValue(document) as unknown as KeptSuite),
  );
}

/** Keeps what came of a run of tests; the entry that tells it is in the same write. */
export function recordTests(
  desk: RegisterDesk,
  record: Omit<TestRecord, 'at'>,
): Promise<TestRecord> {
  return desk.do(async (work) => {
    const kept: TestRecord = { ...record, at: work.at };
    const { namespace, flowId, revision, by, ...payload } = record;
    const flow = `${namespace}/${flowId}`;
    await work.put(runKind, idOf(record, revision), kept, { flow });
    work.enter({
      stream: `flow:${flow}`,
      type: 'flow-tested',
      actor: by,
      payload: { namespace, flowId, revision, by, ...payload } as unknown as Record<string, Value>,
    });
    return () => kept;
  });
}
