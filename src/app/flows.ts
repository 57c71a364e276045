/**
 * Saving, checking and deleting flows: each change is a revision and an entry of the ledger. What is wrong
 * with a flow by itself, or among the flows there are, is found before it is saved. A live flow is not
 * deleted, and saving it changes nothing of what runs.
 */
import { compileTemplate } from '../core/expression/index.ts';
import { Failure } from '../core/failure/index.ts';
import { type Flow, type ParsedFlow, parseFlow } from '../core/flow/index.ts';
import { encodeValue } from '../core/value/index.ts';
import type { FlowRecord, RegisterId } from '../ports/store.ts';
import { liveRevisionIn } from '../runtime/flow-register/index.ts';
import type { FlowLibrary, RunLoopParts } from '../runtime/run-loop/index.ts';
import type { SavedFlow } from './application.ts';
import { mayListen } from './may-listen.ts';

/** Who writes flows, with what. */
export type FlowParts = Pick<
  RunLoopParts,
  'tenant' | 'actor' | 'store' | 'committer' | 'clock' | 'cipher' | 'catalogue'
>;

/** Returns `source` read as a flow, with everything that is wrong in it. */
export function checkFlow({ catalogue }: FlowParts, source: string, file: string): ParsedFlow {
  return parseFlow(source, { file, catalogue, compile: compileTemplate });
}

async function newestRevision(
  { store, tenant }: FlowParts,
  namespace: string,
  id: string,
): Promise<FlowRecord | undefined> {
  const revisions = await store.flowRevisions(tenant, namespace, id);
  return revisions.toSorted((a, b) => a.revision - b.revision).at(-1);
}

function changed(found: FlowRecord | undefined, wanted: number): Failure {
  const now = found === undefined || found.isDeleted ? 'none' : String(found.revision);
  return new Failure(
    'store.conflict',
    `the newest revision is ${now}, and the change is meant for ${wanted}`,
  );
}

/** Refuses a change that is meant for another revision than the newest. */
function expectRevision(found: FlowRecord | undefined, wanted: number | undefined): void {
  if (wanted === undefined) return;
  if (found === undefined || found.isDeleted || found.revision !== wanted) {
    throw changed(found, wanted);
  }
}

/** Returns `source` read as a flow, with everything that is wrong in it, also together with the flows there are. */
export async function checkFlowAmong(
  parts: FlowParts,
  library: FlowLibrary,
  source: string,
  file: string,
): Promise<ParsedFlow> {
  const read = checkFlow(parts, source, file);
  if (read.flow === undefined) return read;
  const { store, tenant } = parts;
  const others = await store.flows(tenant);
  if (![source, ...others.map((one) => one.source)].some(mayListen)) return read;
  // Loaded where somebody listens: most data folders have nobody who does.
  const { flowCircles } = await import('./flow-circles.ts');
  const circles = await flowCircles({ store, tenant, library }, read.flow, file);
  const diagnostics = [...read.diagnostics, ...circles];
  const isRefused = circles.some(({ severity }) => severity === 'error');
  return isRefused ? { diagnostics } : { flow: read.flow, diagnostics };
}

/** Parses and stores a flow; throws `flow.invalid` with its diagnostics. */
export async function saveFlow(
  parts: FlowParts,
  library: FlowLibrary,
  source: string,
  file: string,
  expectedRevision?: number,
): Promise<SavedFlow> {
  const { tenant } = parts;
  const { flow, diagnostics } = await checkFlowAmong(parts, library, source, file);
  if (flow === undefined) {
    const count = diagnostics.filter((one) => one.severity === 'error').length;
    const what = `\`${file}\` has ${count} ${count === 1 ? 'error' : 'errors'}`;
    throw new Failure('flow.invalid', what, { details: { diagnostics } });
  }
  const warnings = diagnostics.filter((one) => one.severity === 'warning');
  const newest = await newestRevision(parts, flow.namespace, flow.id);
  expectRevision(newest, expectedRevision);
  if (newest !== undefined && !newest.isDeleted && newest.source === source) {
    const live = await otherLive(parts, flow, newest.revision);
    return { flow, revision: newest.revision, isChanged: false, ...live, warnings };
  }
  const record: FlowRecord = {
    tenant,
    namespace: flow.namespace,
    id: flow.id,
    revision: (newest?.revision ?? 0) + 1,
    source,
    isDeleted: false,
    at: parts.clock.now(),
  };
  await writeRevision(parts, record, 'flow-saved');
  const live = await otherLive(parts, flow, record.revision);
  return { flow, revision: record.revision, isChanged: true, ...live, warnings };
}

async function otherLive(
  parts: FlowParts,
  { namespace, id: flowId }: Flow,
  revision: number,
): Promise<Pick<SavedFlow, 'liveRevision'>> {
  const liveRevision = await liveRevisionIn(parts, { namespace, flowId });
  return liveRevision === undefined || liveRevision === revision ? {} : { liveRevision };
}

/** Deletes a flow: its last revision says so, and the ones before stay; throws `flow.not-found`. */
export async function deleteFlow(
  parts: FlowParts,
  namespace: string,
  id: string,
  expectedRevision?: number,
): Promise<void> {
  const newest = await newestRevision(parts, namespace, id);
  if (newest === undefined || newest.isDeleted) {
    throw new Failure('flow.not-found', `there is no flow \`${namespace}/${id}\``);
  }
  expectRevision(newest, expectedRevision);
  const live = await liveRevisionIn(parts, { namespace, flowId: id });
  if (live !== undefined) {
    throw new Failure(
      'flow.stage-forbids',
      `revision ${live} of \`${namespace}/${id}\` is live; the flow is retired before it is deleted`,
      { help: 'retire it with `sluice flow stage FLOW --to retirement`' },
    );
  }
  const record = { ...newest, revision: newest.revision + 1, isDeleted: true };
  // A flow that comes to be again under this name is another one: its triggers begin anew.
  const kept = await triggerRecords(parts, `${namespace}/${id}`);
  await writeRevision(parts, { ...record, at: parts.clock.now() }, 'flow-deleted', kept);
}

const recordsMax = 10_000;

/** Returns the names of what is kept about the triggers of a flow. */
async function triggerRecords(
  { store, tenant }: FlowParts,
  flow: string,
): Promise<readonly RegisterId[]> {
  const key = { name: 'flow', value: flow };
  const found = await Promise.all(
    ['trigger', 'trigger-window'].map((kind) =>
      store.registerRecords({ tenant, kind, key, limit: recordsMax }),
    ),
  );
  return found.flat().map(({ kind, id }) => ({ tenant, kind, id }));
}

async function writeRevision(
  parts: FlowParts,
  record: FlowRecord,
  type: string,
  removed: readonly RegisterId[] = [],
): Promise<void> {
  const { namespace, id, revision, source } = record;
  const digest = parts.cipher.digest(source);
  await parts.committer.commit({
    entries: [
      {
        tenant: record.tenant,
        at: record.at,
        stream: `flow:${namespace}/${id}`,
        type,
        actor: parts.actor,
        payload: encodeValue({ namespace, id, revision, source: digest }),
      },
    ],
    flows: [record],
    ...(removed.length > 0 && { removedRegisterRecords: removed }),
  });
}
