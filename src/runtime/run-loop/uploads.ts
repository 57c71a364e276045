/** Files of this machine that people give for inputs: stored with the execution, under the input. */
import { createExecutionFiles, type ExecutionPlace, inputFolder } from '../files/index.ts';
import type { RunLoop } from './loop.ts';
import { fileParts } from './run-evaluation.ts';

/** Returns what stores the local file at a path, or `file://` URI, for an input of an execution. */
export function uploadTo(
  loop: RunLoop,
  place: ExecutionPlace,
): (id: string, path: string) => Promise<string> {
  return async (id, path) => {
    const local = path.startsWith('file://') ? decodeURIComponent(new URL(path).pathname) : path;
    const files = createExecutionFiles({
      ...fileParts(loop.parts),
      place,
      folder: inputFolder(place, id),
    });
    return files.putFile(local.split('/').at(-1) ?? 'file', local);
  };
}
