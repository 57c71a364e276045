/**
 * Pairs and files of another namespace than a flow's own. What a task changes there is asked about for
 * whoever had it started, as it would be at the door of the API.
 */
import type { Execution } from '../../core/engine/index.ts';
import type { KeyValues } from '../../ports/key-values.ts';
import type { NamespaceFiles } from '../../ports/namespace-files.ts';
import { assertMayDo, type Deed } from '../approvals/index.ts';
import type { RunLoopParts } from './parts.ts';
import { namespaceFilesOf, pairsOf } from './run-evaluation.ts';

type Change = Extract<Deed['action'], 'edit' | 'delete'>;

/** Returns what asks before `caller` changes something in `namespace`; undefined in its own. */
function askIn(
  { approvals }: RunLoopParts,
  caller: Execution,
  namespace: string,
  resource: Deed['resource'],
): ((action: Change) => Promise<void>) | undefined {
  if (approvals === undefined || namespace === caller.flow.namespace) return undefined;
  return (action) => assertMayDo(approvals.parts, caller.by, { action, resource, namespace });
}

/** Returns the pairs of `namespace` as a task of `caller` may change them. */
export function pairsFor(parts: RunLoopParts, caller: Execution, namespace: string): KeyValues {
  const pairs = pairsOf(parts, namespace);
  const ask = askIn(parts, caller, namespace, 'KeyValue');
  if (ask === undefined) return pairs;
  return {
    ...pairs,
    async set(...pair) {
      await ask('edit');
      await pairs.set(...pair);
    },
    async delete(key) {
      await ask('delete');
      return pairs.delete(key);
    },
  };
}

/** Returns the files of `namespace` as a task of `caller` may change them. */
export function namespaceFilesFor(
  parts: RunLoopParts,
  caller: Execution,
  namespace: string,
): NamespaceFiles {
  const files = namespaceFilesOf(parts, namespace);
  const ask = askIn(parts, caller, namespace, 'File');
  if (ask === undefined) return files;
  return {
    ...files,
    async put(...file) {
      await ask('edit');
      return files.put(...file);
    },
    async delete(path) {
      await ask('delete');
      return files.delete(path);
    },
  };
}
