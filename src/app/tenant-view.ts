/**
 * The application as one who acts sees it: one tenant, one actor. Views of a tenant share its run loop;
 * what is written names the actor of the view.
 */
import { Failure } from '../core/failure/index.ts';
import { tellerOfAll } from '../runtime/approvals/index.ts';
import { createExecutionFiles, parseUri } from '../runtime/files/index.ts';
import {
  answerQuestion,
  approvalTeller,
  changeExecutionState,
  changeLabels,
  changeRunState,
  checkInputs,
  checkResume,
  evaluateTemplate,
  fileParts,
  forceExecution,
  killExecution,
  type LocalFiles,
  namespaceFilesOf,
  refuseHeldLines,
  shownPairs,
  pauseExecution,
  recoverExecutions,
  replayExecution,
  restartExecution,
  resumeExecution,
  type ReadExecution,
  type RunLoop,
  type RunLoopParts,
  startExecution,
  unqueueExecution,
  untilPromotedRest,
  untilRest,
} from '../runtime/run-loop/index.ts';
import type { Principal } from '../core/policy/index.ts';
import type { SubjectKeys } from '../ports/subject-keys.ts';
import type { TenantView } from './application.ts';
import { deciding } from './deciding.ts';
import { readDocument, readDocuments } from './documents.ts';
import { readFlowSchema } from './type-catalogue.ts';
import { checkFlow, checkFlowAmong, deleteFlow, saveFlow } from './flows.ts';
import { lateErasureDesks } from './late-erasure-desks.ts';
import { createLedgerDesk, type LedgerTools } from './ledger-desk.ts';

/** Whose view it is. */
export interface Viewer {
  /** Handle of who acts; stands in the ledger. */
  readonly actor: string;
  /** Which files of this machine inputs may name. */
  readonly localFiles?: LocalFiles;
  /** Who it is, as they proved it; absent: whoever is behind the handle. */
  readonly principal?: Principal;
}

/** What all views of a tenant share. */
export interface ViewParts {
  readonly dataFolder: string;
  readonly loop: RunLoop;
  readonly ledger: LedgerTools;
  readonly subjectKeys: SubjectKeys;
  /** Throws when nothing could be written, because a key is missing or another one. */
  readonly assertWritable: () => Promise<void>;
  /** Called when a flow or a trigger has changed: schedules are looked at again. */
  readonly flowsChanged: () => void;
  readonly close: () => Promise<void>;
}

async function readFile(parts: RunLoopParts, uri: string): Promise<Uint8Array> {
  const match = /^(.*)\/([^/]+)\/executions\/([^/]+)\//.exec(parseUri(uri, ''));
  const files = createExecutionFiles({
    ...fileParts(parts),
    place: {
      namespace: (match?.[1] ?? '').replaceAll('/', '.'),
      flowId: match?.[2] ?? '',
      executionId: match?.[3] ?? '',
    },
    folder: '',
  });
  return files.read(uri);
}

/** Returns who decides through a view; throws `access.denied` for somebody who is not known. */
async function principalOf(parts: RunLoopParts, viewer: Viewer): Promise<Principal> {
  if (viewer.principal !== undefined) return viewer.principal;
  const found = await parts.approvals?.parts.principals.find(parts.tenant, viewer.actor);
  if (found !== undefined) return found;
  throw new Failure('access.denied', `nobody is known as \`${viewer.actor}\``);
}

/** Returns `view` whose lists leave out what is not of `namespaces`. */
function limited(view: TenantView, namespaces: readonly string[]): TenantView {
  const shown = new Set(namespaces);
  const isShown = (one: { readonly namespace: string }): boolean => shown.has(one.namespace);
  return {
    ...view,
    limitedTo: (others) =>
      limited(
        view,
        others.filter((one) => shown.has(one)),
      ),
    withFilesBelow: (folder) => limited(view.withFilesBelow(folder), namespaces),
    namespaces: async () => (await view.namespaces()).filter((one) => shown.has(one)),
    flows: async (namespace) => (await view.flows(namespace)).filter(isShown),
    executions: (query) => view.executions({ ...query, namespaces }),
    executionCounts: (query) => view.executionCounts({ ...query, namespaces }),
    logs: (query) => view.logs({ ...query, namespaces }),
    triggers: async (namespace, flowId) =>
      (await view.triggers(namespace, flowId)).filter(({ place }) => isShown(place)),
  };
}

/** How long a timer may still have to go for `rest` to wait for it, when nobody says otherwise. */
const patienceDefaultMs = 60_000;

async function documentOf(loop: RunLoop, id: string, known?: ReadExecution) {
  const document = await readDocument(loop.parts.store, loop.parts.tenant, id, known);
  if (document === undefined) {
    throw new Failure('execution.not-found', `there is no execution \`${id}\``);
  }
  return document;
}

const endedWithinMs = 10_000;
const lookEveryMs = 50;

/** Waits until the process that has an execution in hand has stopped it. */
async function endedElsewhere({ store, clock, tenant }: RunLoopParts, id: string): Promise<void> {
  const until = clock.now() + endedWithinMs;
  for (;;) {
    const record = await store.execution(tenant, id);
    if (record?.state !== 'KILLING' || clock.now() > until) return;
    await new Promise<void>((resolve) => {
      clock.wakeAt(clock.now() + lookEveryMs, resolve);
    });
  }
}

/** Returns the application as `viewer` sees the tenant of the loop. */
export function viewOf(shared: ViewParts, viewer: Viewer): TenantView {
  const { loop, ledger } = shared;
  const { actor, localFiles } = viewer;
  const parts: RunLoopParts = { ...loop.parts, actor };
  const { store, tenant } = parts;
  const erasure = lateErasureDesks(async () => {
    const { createErasureDesks } = await import('./erasure-desk.ts');
    return createErasureDesks({ ...shared, ledger: ledger.ledger }, actor);
  });
  const files = localFiles === undefined ? {} : { localFiles };
  /** What was loaded for an operation, or for its refusal, leaves memory again when nothing is under way. */
  const released = <T>(id: string, work: Promise<T>): Promise<T> =>
    work.finally(() => {
      const one = loop.active.get(id);
      if (one !== undefined) loop.begin(one)();
    });
  const view: TenantView = {
    dataFolder: shared.dataFolder,
    tenant,
    actor,
    catalogue: parts.catalogue,
    withFilesBelow: (folder) => viewOf(shared, { ...viewer, localFiles: { below: folder } }),
    limitedTo: (namespaces) => limited(view, namespaces),
    namespaces: () => store.namespaces(tenant),
    flowSchema: readFlowSchema,
    checkFlow: (source, file) => checkFlow(parts, source, file),
    checkFlowAmong: (source, file) => checkFlowAmong(parts, loop.library, source, file),
    async saveFlow(source, file, revision) {
      const saved = await saveFlow(parts, loop.library, source, file, revision);
      if (saved.isChanged) shared.flowsChanged();
      return saved;
    },
    async deleteFlow(namespace, id, revision) {
      await deleteFlow(parts, namespace, id, revision);
      shared.flowsChanged();
    },
    flows: (namespace) => store.flows(tenant, namespace),
    flow: (namespace, id, revision) => store.flow(tenant, namespace, id, revision),
    flowRevisions: (namespace, id) => store.flowRevisions(tenant, namespace, id),
    start: (request) =>
      startExecution(loop, { ...request, ...files, isFromPerson: true, by: actor }),
    async rest(id, rest = {}) {
      const timerPatienceMs = rest.timerPatienceMs ?? patienceDefaultMs;
      return documentOf(loop, id, await untilRest(loop, id, { timerPatienceMs }));
    },
    restPromoted: () => untilPromotedRest(loop, { timerPatienceMs: patienceDefaultMs }),
    execution: (id) => readDocument(store, tenant, id),
    checkInputs: (request) => checkInputs(loop, { ...request, ...files }),
    checkResume: (id, inputs) => released(id, checkResume(loop, id, inputs, localFiles)),
    evaluate: (id, taskRunId, template) => evaluateTemplate(loop, id, taskRunId, template),
    record: (id) => store.execution(tenant, id),
    executions: (query) => store.executions({ ...query, tenant }),
    executionCounts: (query) => store.countExecutions({ ...query, tenant }),
    executionDocuments: (records) => readDocuments(store, records),
    logs: (query) => store.logs({ ...query, tenant }),
    async deleteLogs(query) {
      await refuseHeldLines(parts, query);
      return store.purgeLogs({ ...query, tenant });
    },
    metrics: (id) => store.metrics(tenant, id),
    resume: (id, inputs) =>
      released(id, resumeExecution(loop, id, inputs, { by: actor, ...files })),
    answer: (id, given) => answerQuestion(loop, id, given, actor),
    pause: (id) => released(id, pauseExecution(loop, id, actor)),
    async kill(id) {
      await released(id, killExecution(loop, id, actor));
      if (parts.presence.hasOthers()) await endedElsewhere(parts, id);
    },
    restart: (id, more = {}) => released(id, restartExecution(loop, id, actor, more.revision)),
    replay: (id, more = {}) =>
      released(id, replayExecution(loop, id, { ...more, ...files }, actor)),
    changeState: (id, order) => released(id, changeExecutionState(loop, id, order, actor)),
    changeRunState: (id, order) => released(id, changeRunState(loop, id, order, actor)),
    unqueue: (id) => released(id, unqueueExecution(loop, id, actor)),
    forceRun: (id) => released(id, forceExecution(loop, id, actor)),
    changeLabels: (id, labels) => released(id, changeLabels(loop, id, labels, actor)),
    async deleteExecutions(ids, what) {
      const { deleteExecutions } = await import('./delete-executions.ts');
      await deleteExecutions(parts, ids, what);
    },
    async recover() {
      if (parts.presence.hasOthers()) {
        throw new Failure('store.locked', 'another process works on the data folder', {
          help: 'what is unfinished is in its hands; try again when it has ended',
        });
      }
      await erasure.subjects.resume();
      return recoverExecutions(loop);
    },
    keyValues: (namespace) => shownPairs(parts, namespace),
    namespaceFiles: (namespace) => namespaceFilesOf(parts, namespace),
    readFile: (uri) => readFile(parts, uri),
    triggers: async (namespace, flowId) =>
      (await import('./triggers.ts')).listTriggers(loop, namespace, flowId),
    async changeTrigger(name, order) {
      const { orderTrigger } = await import('./triggers.ts');
      const row = await orderTrigger(loop, actor, name, order);
      shared.flowsChanged();
      return row;
    },
    callWebhook: async (call) => (await import('./triggers.ts')).callWebhook(loop, call),
    file: (uri) => store.file(tenant, uri),
    ledger: createLedgerDesk(ledger, tenant, actor),
    ...erasure,
    async approvals() {
      const { createApprovalDesk } = await import('./approval-desk.ts');
      if (parts.approvals === undefined) throw new Error('bug: nobody keeps approvals here');
      const desk = createLedgerDesk(ledger, tenant, actor);
      return createApprovalDesk({
        parts: parts.approvals.parts,
        teller: tellerOfAll(parts.approvals.parts, approvalTeller(loop)),
        principal: () => principalOf(parts, viewer),
        receipt: (seq) => desk.receipt(seq),
        newId: () => parts.random.id(),
      });
    },
    async identity() {
      const { createIdentityDesk } = await import('./identity-desk.ts');
      const { openIdentity } = await import('./open-identity.ts');
      const own = openIdentity({ ...parts, digests: parts.cipher }, () => 'http://localhost');
      return createIdentityDesk(own, tenant, actor);
    },
    async governance(principal) {
      const { createGovernanceDesk } = await import('./governance-desk.ts');
      return createGovernanceDesk(loop, {
        actor,
        ...(principal !== undefined && { principal }),
      });
    },
    async policies(principal) {
      const { createPolicyDesk } = await import('./policy-desk.ts');
      const decider = await deciding(parts).policies.decider();
      return createPolicyDesk(parts, decider, actor, principal);
    },
    async backup(request) {
      const { makeBackup } = await import('./backup/make-backup.ts');
      const commit = parts.committer.commit.bind(parts.committer);
      const { dataFolder, assertWritable } = shared;
      const own = { dataFolder, tenant, actor, ledger: ledger.ledger, commit, assertWritable };
      return makeBackup(own, request);
    },
    follow: (listener) => loop.followers.add(listener),
    entriesAfter: (id, seq) => store.entries(tenant, `execution:${id}`, seq),
    close: shared.close,
  };
  return view;
}
