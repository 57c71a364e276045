/**
 * What an approval binds to: the arguments of an effect as they were rendered, where they come from, the
 * content of files among them, the revision of the flow, the version of the policies, who asked.
 *
 * INVARIANT: whatever changes what would be done, or why it needs an approval, changes a part.
 */
import type { Execution, TaskRun } from '../../core/engine/index.ts';
import {
  encodeValue,
  flatten,
  isList,
  isMap,
  type Marks,
  marksAt,
  type Value,
  type ValueMap,
} from '../../core/value/index.ts';
import type { Digests } from '../../ports/cipher.ts';

/** What an approval binds to. */
export interface Binding {
  readonly digest: string;
  readonly parts: Readonly<Record<string, string>>;
}

/** What a run is about to do, as far as an approval binds to it. */
export interface BoundEffect {
  readonly execution: Execution;
  readonly run: TaskRun;
  readonly type: string;
  readonly arguments: ValueMap;
  readonly marks: Marks;
  /** The version of the policies that are asked. */
  readonly version: string;
  readFile(uri: string): Promise<Uint8Array>;
}

const uriPattern = /\b(?:kestra|nsfile):\/{2,3}[^\s"'<>`|;)\]}]+/g;

function urisIn(value: Value, found: Set<string>): void {
  if (typeof value === 'string') {
    for (const [uri] of value.matchAll(uriPattern)) found.add(uri);
  } else if (isList(value)) {
    for (const one of value) urisIn(one, found);
  } else if (isMap(value)) {
    for (const one of Object.values(value)) urisIn(one, found);
  }
}

/** Where a value comes from, as one text; what only explains is left out. */
function originText(marks: Marks): string {
  const { trust, bits, classes } = flatten(marks);
  const named = classes.map(({ name, subject }) => `${name} ${subject ?? ''}`).toSorted();
  return JSON.stringify([trust, bits, named]);
}

async function contentOf(effect: BoundEffect, uri: string): Promise<string> {
  try {
    return Buffer.from(await effect.readFile(uri)).toString('base64');
  } catch {
    // One that cannot be read now and can be read later has changed.
    return 'unreadable';
  }
}

/** Returns what an approval of `effect` binds to. */
export async function bindingOf(digests: Digests, effect: BoundEffect): Promise<Binding> {
  const { execution, run } = effect;
  const keyed = (text: string): string => digests.keyedDigest(text);
  const parts: Record<string, string> = {
    type: keyed(effect.type),
    task: keyed(`${run.task.path} ${run.task.id}`),
    flow: keyed(`${execution.flow.namespace}/${execution.flow.id}@${execution.revision}`),
    policies: keyed(effect.version),
    requester: keyed([...execution.requesters].toSorted().join(' ')),
  };
  const uris = new Set<string>();
  for (const [name, value] of Object.entries(effect.arguments)) {
    parts[`argument ${name}`] = keyed(encodeValue(value));
    parts[`origin of ${name}`] = keyed(originText(marksAt(effect.marks, name)));
    urisIn(value, uris);
  }
  for (const uri of uris) parts[`file ${uri}`] = keyed(await contentOf(effect, uri));
  const rows = Object.entries(parts).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return { digest: keyed(JSON.stringify(rows)), parts: Object.fromEntries(rows) };
}
