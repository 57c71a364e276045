/**
 * The names of files in internal storage: `kestra:///<namespace as path>/…` URIs to parts and back.
 * A part of a path is escaped in the URI and plain in the store of bytes.
 *
 * INVARIANT: no URI and no file name leads out of its folder: `..`, empty parts, NUL and a host are refused.
 */
import { Failure } from '../../core/failure/index.ts';

/** Where an execution lives. */
export interface ExecutionPlace {
  readonly namespace: string;
  readonly flowId: string;
  readonly executionId: string;
}

const scheme = 'kestra:///';
const namespaceScheme = 'nsfile:///';

function refuse(text: string, why: string): never {
  const shown = text.replaceAll('\0', '␀');
  throw new Failure('file.refused', `the file \`${shown}\` is refused: ${why}`);
}

/** Returns the parts of a path that a task or a person wrote; throws `file.refused` when it leads elsewhere. */
export function partsOf(path: string): readonly string[] {
  const parts = path.split('/');
  for (const part of parts) {
    if (part === '' || part === '.' || part === '..') refuse(path, 'its path leads elsewhere');
    if (part.includes('\0')) refuse(path, 'it holds a NUL');
  }
  return parts;
}

/** Returns the URI of the file at `path`. */
export function formatUri(path: string): string {
  return scheme + path.split('/').map(escapePart).join('/');
}

function escapePart(part: string): string {
  return encodeURIComponent(part.toWellFormed()).replaceAll('%3D', '=').replaceAll('%40', '@');
}

function unescapePart(part: string, uri: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return refuse(uri, 'a `%` in it is not followed by two digits');
  }
}

/**
 * Returns the path that `uri` names. `nsfile:///…` is a file of `namespace`. Throws `file.refused` for
 * what is no URI of internal storage.
 */
export function parseUri(uri: string, namespace: string): string {
  const isOfNamespace = uri.startsWith(namespaceScheme);
  if (!isOfNamespace && !uri.startsWith(scheme)) {
    refuse(uri, `it does not start with \`${scheme}\` or \`${namespaceScheme}\``);
  }
  const rest = uri.slice(isOfNamespace ? namespaceScheme.length : scheme.length);
  const parts = rest.split('/').map((part) => unescapePart(part, uri));
  // An escaped slash would make two parts of one.
  if (parts.some((part) => part.includes('/'))) refuse(uri, 'its path leads elsewhere');
  const path = partsOf(parts.join('/')).join('/');
  return isOfNamespace ? `${namespaceFolder(namespace)}/${path}` : path;
}

/** Returns the folder of a namespace's files. */
export function namespaceFolder(namespace: string): string {
  return `${namespace.replaceAll('.', '/')}/_files`;
}

/** Returns an id as it stands in a path. */
function slug(id: string): string {
  return id.toLowerCase().replaceAll('_', '-');
}

/** Returns the folder of everything that belongs to an execution. */
export function executionFolder({ namespace, flowId, executionId }: ExecutionPlace): string {
  return `${namespace.replaceAll('.', '/')}/${slug(flowId)}/executions/${executionId}`;
}

/** Returns the folder of what one task run writes. */
export function taskRunFolder(place: ExecutionPlace, taskId: string, taskRunId: string): string {
  return `${executionFolder(place)}/tasks/${slug(taskId)}/${taskRunId}`;
}

/** Returns the folder of what a task keeps from execution to execution. */
export function cacheFolder(
  { namespace, flowId }: Pick<ExecutionPlace, 'namespace' | 'flowId'>,
  taskId: string,
): string {
  return `${namespace.replaceAll('.', '/')}/${slug(flowId)}/${slug(taskId)}/cache`;
}

/** Returns the folder of the file that was given for an input. */
export function inputFolder(place: ExecutionPlace, inputId: string): string {
  return `${executionFolder(place)}/inputs/${inputId}`;
}
