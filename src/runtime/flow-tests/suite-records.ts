/** Suites that are kept with the flows they test: saved, disabled, removed; each change is an entry. */
import { Failure } from '../../core/failure/index.ts';
import type { TestSuite } from '../../core/flow/index.ts';
import type { KeptSuite } from '../../core/governance/index.ts';
import type { RegisterDesk, RegisterWork } from '../registers/index.ts';

/** The register of suites. */
export const suiteKind = 'test-suite';

/** A suite that is kept. */
export interface StoredSuite extends KeptSuite {
  readonly namespace: string;
  readonly flowId: string;
  readonly source: string;
  readonly savedBy: string;
  /** Epoch milliseconds. */
  readonly savedAt: number;
}

/** Names a suite. */
export interface SuiteName {
  readonly namespace: string;
  readonly id: string;
}

function idOf({ namespace, id }: SuiteName): string {
  return `${namespace}/${id}`;
}

function keysOf({ namespace, flowId }: StoredSuite): Readonly<Record<string, string>> {
  return { namespace, flow: `${namespace}/${flowId}` };
}

function notFound(name: SuiteName): Failure {
  return new Failure('test.suite-not-found', `there is no suite \`${idOf(name)}\``);
}

function enter(
  work: RegisterWork,
  type: 'test-suite-saved' | 'test-suite-removed' | 'test-suite-disabled' | 'test-suite-enabled',
  { namespace, id, flowId, digest }: StoredSuite,
  actor: string,
): void {
  const payload = { namespace, id, flowId, digest };
  work.enter({ stream: `flow:${namespace}/${flowId}`, type, actor, payload });
}

/** Keeps a suite; one of the same text stays as it is. */
export function saveSuite(
  desk: RegisterDesk,
  suite: TestSuite,
  digest: string,
  actor: string,
): Promise<StoredSuite> {
  const { namespace, id, flowId, isDisabled, source } = suite;
  return desk.do(async (work) => {
    const before = await work.read<StoredSuite>(suiteKind, idOf(suite));
    if (before?.digest === digest && before.isDisabled === isDisabled) return () => before;
    const place = { namespace, id, flowId };
    const saved = { savedBy: actor, savedAt: work.at };
    const stored: StoredSuite = { ...place, isDisabled, digest, source, ...saved };
    await work.put(suiteKind, idOf(suite), stored, keysOf(stored));
    enter(work, 'test-suite-saved', stored, actor);
    return () => stored;
  });
}

/** Disables or enables a suite without changing its text; throws `test.suite-not-found`. */
export function switchSuite(
  desk: RegisterDesk,
  name: SuiteName,
  isDisabled: boolean,
  actor: string,
): Promise<StoredSuite> {
  return desk.do(async (work) => {
    const before = await work.read<StoredSuite>(suiteKind, idOf(name));
    if (before === undefined) throw notFound(name);
    if (before.isDisabled === isDisabled) return () => before;
    const after = { ...before, isDisabled };
    await work.put(suiteKind, idOf(name), after, keysOf(after));
    enter(work, isDisabled ? 'test-suite-disabled' : 'test-suite-enabled', after, actor);
    return () => after;
  });
}

/** Removes a suite; throws `test.suite-not-found`. */
export function removeSuite(desk: RegisterDesk, name: SuiteName, actor: string): Promise<void> {
  return desk.do(async (work) => {
    const before = await work.read<StoredSuite>(suiteKind, idOf(name));
    if (before === undefined) throw notFound(name);
    work.remove(suiteKind, idOf(name));
    enter(work, 'test-suite-removed', before, actor);
    return () => undefined;
  });
}

/** Returns a suite; throws `test.suite-not-found`. */
export async function findSuite(desk: RegisterDesk, name: SuiteName): Promise<StoredSuite> {
  const found = await desk.read<StoredSuite>(suiteKind, idOf(name));
  if (found === undefined) throw notFound(name);
  return found;
}

/** Returns the suites that are kept, or those of one flow, in order of their names. */
export async function listSuites(
  desk: RegisterDesk,
  flow?: { readonly namespace: string; readonly flowId: string },
): Promise<readonly StoredSuite[]> {
  const key = flow && { name: 'flow', value: `${flow.namespace}/${flow.flowId}` };
  return (await desk.list<StoredSuite>(suiteKind, key)).map(({ content }) => content);
}
