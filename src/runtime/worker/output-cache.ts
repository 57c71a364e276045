/**
 * Outputs of earlier runs, reused: a task with `taskCache` whose rendered properties are those of an
 * earlier run of the same task of the same flow does not run again. Files among the outputs are kept
 * with them and belong to the run that reuses them, so that nothing points into another execution.
 *
 * INVARIANT: what is reused keeps its marks; a cached value is as trusted as it was when it was made.
 */
import {
  decodeMarks,
  decodeValue,
  emptyMap,
  encodeMarks,
  encodeValue,
  flatten,
  isList,
  isMap,
  mapOf,
  type Marks,
  type Value,
  type ValueMap,
} from '../../core/value/index.ts';
import type { ExecutionFiles } from '../../ports/execution-files.ts';
import type { TaskCache } from '../files/index.ts';

/** Outputs with where they come from. */
export interface CachedOutputs {
  readonly outputs: ValueMap;
  readonly marks: Marks;
}

/** Outputs of earlier runs of one task. */
export interface OutputCache {
  /** Returns the outputs kept under `key`; undefined when there are none, or only too old ones. */
  find(key: string): Promise<CachedOutputs | undefined>;
  keep(key: string, cached: CachedOutputs): Promise<void>;
}

/** What a cache of outputs is made of. */
export interface OutputCacheParts {
  readonly store: TaskCache;
  readonly files: ExecutionFiles;
  /** Beginning of the URIs of files that belong to the execution. */
  readonly ownUri: string;
  /** How long outputs are good; absent: for ever. */
  readonly ttlMs: number | undefined;
  now(): number;
}

const keptFile = 'sluice:kept-file';

/** Returns `value` with every text in it turned by `turn`. */
async function mapTexts(value: Value, turn: (text: string) => Promise<Value>): Promise<Value> {
  if (typeof value === 'string') return turn(value);
  if (isList(value)) {
    const items: Value[] = [];
    for (const one of value) items.push(await mapTexts(one, turn));
    return items;
  }
  if (!isMap(value)) return value;
  const mapped = emptyMap();
  for (const [key, one] of Object.entries(value)) mapped[key] = await mapTexts(one, turn);
  return mapped;
}

/** Returns `value` with every kept file in it put into the files of the run. */
async function restoreFiles(parts: OutputCacheParts, value: Value): Promise<Value> {
  if (isList(value)) {
    const items: Value[] = [];
    for (const one of value) items.push(await restoreFiles(parts, one));
    return items;
  }
  if (!isMap(value)) return value;
  const { type, path, name } = value;
  if (type === keptFile && typeof path === 'string' && typeof name === 'string') {
    const content = await parts.store.read(path);
    // INVARIANT: outputs stand in the cache only after, and no longer than, all their files.
    if (content === undefined) throw new Error(`the kept file ${path} is gone`);
    return parts.files.put(name, content, await parts.store.provenance(path));
  }
  const mapped = emptyMap();
  for (const [key, one] of Object.entries(value)) mapped[key] = await restoreFiles(parts, one);
  return mapped;
}

function lastPart(uri: string): string {
  return decodeURIComponent(uri.slice(uri.lastIndexOf('/') + 1));
}

/** Returns the outputs of earlier runs that `parts.store` keeps. */
export function createOutputCache(parts: OutputCacheParts): OutputCache {
  const { store, files } = parts;
  return {
    async find(key) {
      const stored = await store.read(`${key}/outputs.json`);
      if (stored === undefined) return undefined;
      const kept = decodeValue(new TextDecoder().decode(stored)) as ValueMap;
      if (parts.ttlMs !== undefined && Number(kept['at']) + parts.ttlMs <= parts.now()) {
        await store.remove(`${key}/`);
        return undefined;
      }
      const outputs = await restoreFiles(parts, kept['outputs'] ?? null);
      return { outputs: outputs as ValueMap, marks: decodeMarks(kept['marks'] ?? null) };
    },
    async keep(key, { outputs, marks }) {
      let count = 0;
      const withFiles = await mapTexts(outputs, async (text) => {
        if (!text.startsWith(parts.ownUri) || !(await files.exists(text))) return text;
        const path = `${key}/files/${(count += 1)}`;
        await store.putFile(path, await files.localPath(text), await files.provenance(text));
        // Files of one name may come from several folders.
        return mapOf({ type: keptFile, path, name: `cached/${count}/${lastPart(text)}` });
      });
      const kept = mapOf({
        at: parts.now(),
        outputs: withFiles,
        marks: encodeMarks(marks) as Value,
      });
      // Last, so that outputs are only found when all their files are there.
      await store.put(`${key}/outputs.json`, encodeValue(kept), flatten(marks));
    },
  };
}
