/**
 * Files of this machine that people give for inputs: stored with the execution, under the input.
 *
 * INVARIANT: nothing is stored for a start that is refused: files come last, and if one of them cannot
 * be read those before it are deleted.
 */
import { Failure } from '../../core/failure/index.ts';
import { joinProvenance, type Provenance, unknownProvenance } from '../../core/value/index.ts';
import {
  createExecutionFiles,
  type ExecutionPlace,
  formatUri,
  inputFolder,
} from '../files/index.ts';
import type { Upload } from '../inputs/index.ts';
import type { RunLoop } from './loop.ts';
import { fileParts } from './run-evaluation.ts';

/** Returns a path of this machine as people write it: plain, or as a `file://` URI. */
function localPath(path: string): string {
  return path.startsWith('file://') ? decodeURIComponent(new URL(path).pathname) : path;
}

/** Returns the name under which a file is kept; that of a file about somebody may tell who it is. */
function nameOf({ path, about }: Upload): string {
  const name = localPath(path).split('/').at(-1) || 'file';
  return about === undefined ? name : `file${/\.[a-z0-9]{1,8}$/i.exec(name)?.[0] ?? ''}`;
}

/** What somebody gives is of unknown origin, whomever it is about. */
function provenanceOfUpload({ about }: Upload): Provenance {
  return about === undefined ? unknownProvenance : joinProvenance(unknownProvenance, about);
}

/**
 * Which files of this machine the values of inputs may name: all of them where the person sits at this
 * machine, only those in a folder of uploads where the values came over the network, none otherwise.
 */
export type LocalFiles = 'all' | { readonly below: string };

/**
 * Returns what gives the URI that a local file for an input of an execution will have.
 *
 * INVARIANT: a path that came over the network reaches no file but those that came with it.
 */
export function uploadUriIn(
  place: ExecutionPlace,
  files: LocalFiles | undefined,
): ((upload: Upload) => string) | undefined {
  if (files === undefined) return undefined;
  return (upload) => {
    const { id, path } = upload;
    if (files !== 'all' && !isBelow(path, files.below)) {
      const message = `the input \`${id}\` wants a file, and \`${path}\` is none that came with the request`;
      const help = 'send the file as a part of a form named after the input';
      throw new Failure('input.invalid', message, {
        help,
        details: { problems: [{ id, message, help }] },
      });
    }
    return formatUri(`${inputFolder(place, id)}/${nameOf(upload)}`);
  };
}

function isBelow(path: string, folder: string): boolean {
  return path.startsWith(`${folder}/`) && !path.split('/').includes('..');
}

/** Stores `uploads` with an execution; throws `input.invalid` when one cannot be read. */
export async function storeUploads(
  loop: RunLoop,
  place: ExecutionPlace,
  uploads: readonly Upload[],
): Promise<void> {
  const filesOf = (id: string) =>
    createExecutionFiles({ ...fileParts(loop.parts), place, folder: inputFolder(place, id) });
  const stored: { readonly id: string; readonly uri: string }[] = [];
  for (const upload of uploads) {
    const { id, path } = upload;
    try {
      const provenance = provenanceOfUpload(upload);
      const uri = await filesOf(id).putFile(nameOf(upload), localPath(path), provenance);
      stored.push({ id, uri });
    } catch (error) {
      for (const before of stored) await filesOf(before.id).delete(before.uri);
      const why = error instanceof Error ? error.message : String(error);
      const message = `the input \`${id}\` cannot be \`${path}\`: ${why}`;
      const help = 'give the path of a readable file';
      throw new Failure('input.invalid', message, {
        help,
        cause: error,
        details: { problems: [{ id, message, help }] },
      });
    }
  }
}
