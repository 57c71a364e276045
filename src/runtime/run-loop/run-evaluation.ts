/**
 * What is needed to evaluate templates of one execution or task run, and the files it may read. Made
 * when they are used: most steps read no file and call no function.
 */
import type { EvaluationContext } from '../../core/expression/index.ts';
import type { TaskRun } from '../../core/engine/index.ts';
import { plainText, plain, type ValueMap } from '../../core/value/index.ts';
import type { Cipher } from '../../ports/cipher.ts';
import type { ExecutionFiles } from '../../ports/execution-files.ts';
import type { KeyValues } from '../../ports/key-values.ts';
import type { KeyValueRecord, Write } from '../../ports/store.ts';
import type { NamespaceFiles } from '../../ports/namespace-files.ts';
import {
  createExecutionFiles,
  createNamespaceFiles,
  type ExecutionPlace,
  taskRunFolder,
} from '../files/index.ts';
import { createKeyValues } from '../key-values/index.ts';
import { contextFor, type FunctionParts, hostFunctions } from '../rendering/index.ts';
import { mayConcern, openHidden, pairPlace } from '../subjects/index.ts';
import type { Active } from './active.ts';
import { refuseHeld } from './refuse-held.ts';
import { joinedTo } from './joined-executions.ts';
import type { RunLoopParts } from './parts.ts';
import type { RunLoop } from './loop.ts';

/** Returns where the files of an execution are. */
export function placeOf({ execution }: Active): ExecutionPlace {
  return {
    namespace: execution.flow.namespace,
    flowId: execution.flow.id,
    executionId: execution.id,
  };
}

/** Returns the pairs of `namespace`. */
export function pairsOf(parts: RunLoopParts, namespace: string): KeyValues {
  const { store, clock, tenant, actor, cipher } = parts;
  return createKeyValues({
    store,
    open: (pair) => openPair(cipher, pair),
    refuseHeld: (pair) => refuseHeldPair(parts, pair),
    clock,
    commit: (write) => parts.committer.commit(write),
    tenant,
    namespace,
    actor,
  });
}

async function refuseHeldPair(parts: RunLoopParts, pair: KeyValueRecord): Promise<void> {
  const { key, namespace } = pair;
  await refuseHeld(parts, [{ what: `the pair \`${key}\``, place: pairPlace(pair), namespace }]);
}

async function refuseHeldFile(
  parts: RunLoopParts,
  { uri, owner }: { readonly uri: string; readonly owner: string },
): Promise<void> {
  const [kind = '', id = ''] = owner.split(/:(.*)/s);
  const isOfExecution = kind === 'execution';
  const { namespace } = (isOfExecution && (await parts.store.execution(parts.tenant, id))) || {
    namespace: isOfExecution ? undefined : id.split('/')[0],
  };
  const executionId = isOfExecution ? id : undefined;
  const file = { what: `the file \`${uri}\``, place: `file:${uri}`, executionId, namespace };
  await refuseHeld(parts, [file]);
}

/** Returns the pairs of `namespace` as people see them: what was made of secrets is stars. */
export function shownPairs(parts: RunLoopParts, namespace: string): KeyValues {
  const { store, clock, tenant, actor } = parts;
  const commit = (write: Write): Promise<void> => parts.committer.commit(write);
  const refuseHeld = (pair: KeyValueRecord): Promise<void> => refuseHeldPair(parts, pair);
  return createKeyValues({ store, clock, commit, tenant, namespace, actor, refuseHeld });
}

/** Returns the value of a pair with what was made of secrets readable. */
function openPair(cipher: Cipher, pair: KeyValueRecord): string {
  if (pair.marks === null || !mayConcern(pair.marks)) return pair.value;
  const place = pairPlace(pair);
  return openHidden(pair.value, (sealed) => cipher.decrypt(sealed, undefined, place));
}

/** Returns the files of `namespace`. */
export function namespaceFilesOf(parts: RunLoopParts, namespace: string): NamespaceFiles {
  return createNamespaceFiles({ ...fileParts(parts), namespace });
}

/** Returns what every store of files needs. */
export function fileParts(parts: RunLoopParts) {
  const { store, blobs, clock, tenant, actor, fileProtection } = parts;
  return {
    store,
    blobs,
    protection: fileProtection,
    refuseHeld: (file: { readonly uri: string; readonly owner: string }) =>
      refuseHeldFile(parts, file),
    clock,
    tenant,
    actor,
    commit: (write: Parameters<typeof parts.committer.commit>[0]) => parts.committer.commit(write),
  };
}

/** Returns the files that `run` may read and write. */
export function filesOf(loop: RunLoop, one: Active, run: TaskRun | null): ExecutionFiles {
  const { execution } = one;
  const place = placeOf(one);
  const readable: ExecutionPlace[] = one.around.map((outer) => ({
    namespace: outer.flow.namespace,
    flowId: outer.flow.id,
    executionId: outer.id,
  }));
  const trigger = execution.trigger;
  if (typeof trigger?.['executionId'] === 'string') {
    readable.push({
      namespace: plainText(trigger['namespace'] ?? ''),
      flowId: plainText(trigger['flowId'] ?? ''),
      executionId: trigger['executionId'],
    });
  }
  return createExecutionFiles({
    ...fileParts(loop.parts),
    place,
    folder: taskRunFolder(place, run?.task.id ?? 'execution', run?.id ?? execution.id),
    readable,
    findJoined: joinedTo(loop.parts, execution),
    provenance: run?.control ?? plain,
  });
}

/** Returns what the functions of expressions need of the system. */
export function functionParts(parts: RunLoopParts): FunctionParts {
  return {
    clock: parts.clock,
    random: parts.random,
    cipher: parts.cipher,
    secrets: parts.secrets,
    fetch: parts.fetch,
    environment: parts.environment,
    keyValues: (namespace) => pairsOf(parts, namespace),
    namespaceFiles: (namespace) => namespaceFilesOf(parts, namespace),
  };
}

/** Returns what is needed to evaluate templates of `run`, or of the execution itself. */
export function evaluationFor(
  loop: RunLoop,
  one: Active,
  run: TaskRun | null,
  more?: ValueMap,
  reveal: (secret: string) => void = (secret) => void one.secrets.add(secret),
): EvaluationContext {
  const { parts } = loop;
  const both = (secret: string): void => {
    one.secrets.add(secret);
    reveal(secret);
  };
  const { execution } = one;
  const functions = hostFunctions(functionParts(parts), {
    execution,
    files: () => filesOf(loop, one, run),
    reveal: both,
    errorLogs: async () => {
      const stored = await parts.store.logs({
        tenant: parts.tenant,
        executionId: execution.id,
        levels: ['ERROR'],
      });
      return [...stored, ...one.logs.filter((line) => line.level === 'ERROR')];
    },
  });
  return contextFor(parts, {
    execution,
    run,
    around: one.around,
    functions,
    reveal: both,
    ...(more !== undefined && { more }),
  });
}
