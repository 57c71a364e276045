/**
 * The folder that the tasks of a WorkingDirectory share: filled before them, collected after them, kept
 * between executions as far as its cache says.
 */
import { matchesGlob } from 'node:path';
import { enclosing, isTerminated, type State, type TaskRun } from '../../core/engine/index.ts';
import { Failure } from '../../core/failure/index.ts';
import { parseDuration } from '../../core/flow/index.ts';
import {
  plainText,
  emptyMap,
  flatten,
  isList,
  isMap,
  joinProvenance,
  mapOf,
  type Marks,
  marksOf,
  plain,
  type Provenance,
  readProvenance,
  unknownProvenance,
  type Value,
  type ValueMap,
} from '../../core/value/index.ts';
import { render } from '../rendering/index.ts';
import { blobPlace, protectedClasses, subjectsOf } from '../subjects/index.ts';
import type { Active } from './active.ts';
import { evaluationFor, filesOf, namespaceFilesOf } from './run-evaluation.ts';
import type { RunLoop } from './loop.ts';
import { writeLog } from './write-log.ts';

/** Returns the run whose folder `run` shares with others, if it does. */
export function runWithFolder(run: TaskRun): TaskRun | undefined {
  return enclosing(run).find((outer) => outer.task.type === 'core.flow.WorkingDirectory');
}

/** Returns the id of the folder that `run` shares with others, if it does. */
export function folderAround(run: TaskRun): string | undefined {
  return runWithFolder(run)?.id;
}

interface Steps {
  readonly loop: RunLoop;
  readonly one: Active;
  readonly run: TaskRun;
  folder: string;
  provenance: Provenance;
}

async function renderedProperty(steps: Steps, name: string): Promise<Value | undefined> {
  const value = steps.run.task.properties[name];
  if (value === undefined || value === null) return undefined;
  const result = await render(evaluationFor(steps.loop, steps.one, steps.run), value, 'text');
  if (!result.ok) throw new Error(result.error.message);
  steps.provenance = joinProvenance(steps.provenance, flatten(result.marks));
  if (typeof result.value !== 'string' || !/^\s*[[{]/.test(result.value)) return result.value;
  return JSON.parse(result.value) as Value;
}

async function writeInputFiles(steps: Steps): Promise<void> {
  const inputFiles = await renderedProperty(steps, 'inputFiles');
  if (!isMap(inputFiles)) return;
  const { folders } = steps.loop.parts;
  const files = filesOf(steps.loop, steps.one, steps.run);
  for (const [path, content] of Object.entries(inputFiles)) {
    const isStored = typeof content === 'string' && /^(kestra|nsfile):\/\//.test(content);
    if (isStored)
      steps.provenance = joinProvenance(steps.provenance, await files.provenance(content));
    const bytes = isStored ? await files.read(content) : textOf(content);
    await folders.write(steps.folder, path, bytes);
  }
}

function textOf(content: Value): string {
  if (content === null) return '';
  return typeof content === 'string' ? content : JSON.stringify(content);
}

/** Tells whether `path` is among those that `include` and `exclude` leave. */
function isWanted(path: string, wanted: ValueMap): boolean {
  const matches = (name: string): boolean | undefined => {
    const globs = wanted[name];
    if (!isList(globs) || globs.length === 0) return undefined;
    return globs.some((glob) => matchesGlob(path, plainText(glob).replace(/^\/+/, '')));
  };
  return matches('include') !== false && matches('exclude') !== true;
}

/** Tells whether a namespace file may be written where the folder may have one already. */
function mayWrite(steps: Steps, path: string, taken: ReadonlySet<string>, rule: string): boolean {
  if (rule === 'OVERWRITE' || !taken.has(path)) return true;
  const message = `\`${path}\` is already in the working folder`;
  if (rule === 'ERROR') throw new Failure('file.refused', message);
  if (rule === 'WARN') writeLog(steps.loop, steps.one, steps.run, 'WARN', `${message} and kept`);
  return false;
}

async function writeNamespaceFiles(steps: Steps): Promise<void> {
  const wanted = await renderedProperty(steps, 'namespaceFiles');
  if (!isMap(wanted) || plainText(wanted['enabled'] ?? true) === 'false') return;
  const { folders } = steps.loop.parts;
  const own = steps.one.execution.flow.namespace;
  const namespaces = isList(wanted['namespaces']) ? wanted['namespaces'].map(plainText) : [own];
  const rule = plainText(wanted['ifExists'] ?? 'OVERWRITE').toUpperCase();
  const hasFolders = plainText(wanted['folderPerNamespace'] ?? false) === 'true';
  const taken = new Set<string>();
  for (const namespace of namespaces) {
    const files = namespaceFilesOf(steps.loop.parts, namespace);
    for (const path of await files.list()) {
      const place = hasFolders ? `${namespace}/${path}` : path;
      if (!isWanted(path, wanted) || !mayWrite(steps, place, taken, rule)) continue;
      taken.add(place);
      steps.provenance = joinProvenance(steps.provenance, await files.provenance(path));
      await folders.write(steps.folder, place, await files.read(path));
    }
  }
}

interface CachePlan {
  readonly name: string;
  readonly ttlMs: number | undefined;
  readonly patterns: readonly string[];
}

/** Returns where the cache of `run` is kept, if it has one. */
function cachePlan(steps: Steps): CachePlan | undefined {
  const cache = steps.run.task.properties['cache'];
  if (!isMap(cache) || !isList(cache['patterns'])) return undefined;
  const { flow, tenant } = steps.one.execution;
  const value =
    steps.run.value === undefined
      ? ''
      : `/${steps.loop.parts.cipher.keyedDigest(plainText(steps.run.value))}`;
  const ttl = cache['ttl'];
  return {
    name: `${tenant}/${flow.namespace.replaceAll('.', '/')}/${flow.id}/${steps.run.task.id}/folder${value}`,
    ttlMs: typeof ttl === 'string' ? parseDuration(ttl) : undefined,
    patterns: cache['patterns'].map(String),
  };
}

async function restoreCache(steps: Steps): Promise<void> {
  const plan = cachePlan(steps);
  if (plan === undefined) return;
  const { blobs, folders } = steps.loop.parts;
  if (!(await blobs.exists(`${plan.name}/index.json`))) return;
  const index = JSON.parse(
    new TextDecoder().decode(await blobs.get(`${plan.name}/index.json`)),
  ) as {
    at: number;
    paths: string[];
    provenance?: Provenance;
  };
  if (plan.ttlMs !== undefined && index.at + plan.ttlMs < steps.loop.now()) {
    for (const name of await blobs.list(`${plan.name}/`)) await blobs.delete(name);
    return;
  }
  const provenance = readProvenance(index.provenance ?? unknownProvenance);
  steps.provenance = joinProvenance(steps.provenance, provenance);
  for (const path of index.paths) {
    await folders.write(steps.folder, path, await blobs.get(`${plan.name}/files/${path}`));
  }
  steps.run.facts['cacheRestoredAt'] = steps.loop.now();
}

async function saveCache(steps: Steps): Promise<void> {
  const plan = cachePlan(steps);
  if (plan === undefined) return;
  const { blobs, committer, fileProtection, folders, tenant } = steps.loop.parts;
  const found = await folders.find(steps.folder, plan.patterns);
  const restoredAt = Number(steps.run.facts['cacheRestoredAt'] ?? 0);
  if (found.length === 0 || (restoredAt > 0 && found.every((one) => one.changedAt <= restoredAt)))
    return;
  for (const { path } of found) {
    const name = `${plan.name}/files/${path}`;
    await blobs.put(name, await folders.read(steps.folder, path));
    await fileProtection?.seal(name, steps.provenance);
  }
  const traces = subjectsOf(protectedClasses(steps.provenance.classes)).map((subject) => ({
    tenant,
    subject,
    place: blobPlace(`${plan.name}/`),
  }));
  if (traces.length > 0) await committer.commit({ entries: [], traces });
  const index = JSON.stringify({
    at: steps.loop.now(),
    paths: found.map((one) => one.path),
    provenance: steps.provenance,
  });
  await blobs.put(`${plan.name}/index.json`, new TextEncoder().encode(index));
  await fileProtection?.seal(`${plan.name}/index.json`, steps.provenance);
}

async function collect(steps: Steps): Promise<ValueMap> {
  await saveCache(steps);
  const globs = await renderedProperty(steps, 'outputFiles');
  if (!isList(globs) || globs.length === 0) return emptyMap();
  const { folders } = steps.loop.parts;
  const files = filesOf(steps.loop, steps.one, steps.run);
  const uris = emptyMap();
  for (const { path } of await folders.find(steps.folder, globs.map(String))) {
    uris[path] = await files.put(path, await folders.read(steps.folder, path), steps.provenance);
  }
  return mapOf({ outputFiles: uris });
}

async function perform(
  loop: RunLoop,
  one: Active,
  run: TaskRun,
  step: 'prepare-folder' | 'collect-folder',
  work: (steps: Steps) => Promise<ValueMap>,
): Promise<void> {
  const done = loop.begin(one);
  const steps: Steps = {
    loop,
    one,
    run,
    folder: '',
    provenance: joinProvenance(run.control, run.folder),
  };
  try {
    const { folders } = loop.parts;
    if (step === 'prepare-folder') await folders.remove(run.id);
    // Only what prepares it makes it: an empty one in place of a lost one would go unseen.
    steps.folder = await (step === 'prepare-folder' ? folders.make(run.id) : folders.open(run.id));
    const outputs = await work(steps);
    const marks: Marks = marksOf(steps.provenance);
    loop.push(one, { type: 'performed', taskRunId: run.id, step, outputs, outputsMarks: marks });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    loop.push(one, {
      type: 'performed',
      taskRunId: run.id,
      step,
      error: { message },
      ...(steps.provenance !== plain && { outputsMarks: marksOf(steps.provenance) }),
    });
  } finally {
    done();
  }
}

/** Fills the folder of a WorkingDirectory and reports it. */
export function prepareFolder(loop: RunLoop, one: Active, run: TaskRun): Promise<void> {
  return perform(loop, one, run, 'prepare-folder', async (steps) => {
    await writeNamespaceFiles(steps);
    await restoreCache(steps);
    await writeInputFiles(steps);
    return emptyMap();
  });
}

/** Tells whether `run` is a WorkingDirectory that has ended, however it ended. */
export function isFolderOver(run: TaskRun): boolean {
  return run.task.type === 'core.flow.WorkingDirectory' && isTerminated(run.state);
}

/** Removes the folder of a WorkingDirectory. */
export async function dropFolder(loop: RunLoop, one: Active, run: TaskRun): Promise<void> {
  const done = loop.begin(one);
  try {
    await loop.parts.folders.remove(run.id);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    writeLog(loop, one, run, 'WARN', `the working folder could not be removed: ${why}`);
  } finally {
    done();
  }
}

/** Removes the folders of task runs that have ended: an ended process may not have come to it. */
export async function dropLeftFolders(loop: RunLoop): Promise<void> {
  const { folders, store, tenant } = loop.parts;
  for (const id of await folders.list()) {
    const executionId = id.slice(0, id.lastIndexOf('-'));
    const run = loop.active.get(executionId)?.execution.runsById.get(id);
    const record = run === undefined ? await store.execution(tenant, executionId) : undefined;
    // What is not known here belongs to somebody else.
    const state = (run?.state ?? record?.state) as State | undefined;
    if (state !== undefined && isTerminated(state)) await folders.remove(id);
  }
}

/** Keeps what the folder of a WorkingDirectory shall give and reports it. */
export function collectFolder(loop: RunLoop, one: Active, run: TaskRun): Promise<void> {
  return perform(loop, one, run, 'collect-folder', collect);
}
