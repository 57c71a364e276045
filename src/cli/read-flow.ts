/** A flow that a command only looks at: from a file, standard input or the data folder. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Failure } from '../core/failure/index.ts';
import { type Flow, parseFlow, type TypeCatalogue } from '../core/flow/index.ts';
import type { Call, Surroundings } from './command.ts';
import { usageFailure } from './parse-arguments.ts';
import { readLocalText } from './read-local-file.ts';
import { findFlow, readCount } from './read-names.ts';
import { withApplication } from './with-application.ts';

/** Returns the flow of `source`; throws `flow.invalid` with the diagnostics. */
export function readFlowText(source: string, file: string, catalogue: TypeCatalogue): Flow {
  const { flow, diagnostics } = parseFlow(source, { file, catalogue });
  if (flow !== undefined) return flow;
  throw new Failure('flow.invalid', `\`${file}\` is no valid flow`, { details: { diagnostics } });
}

/** Returns the flow that the first argument names. */
export async function readFlow(call: Call, surroundings: Surroundings): Promise<Flow> {
  const [name = ''] = call.args;
  const revision = readCount(call, 'revision');
  const isFile = name === '-' || existsSync(resolve(surroundings.workingFolder, name));
  if (isFile && revision !== undefined) {
    throw usageFailure('a file has no revisions', 'name a saved flow, or leave `--revision` out');
  }
  const catalogue = await surroundings.loadCatalogue();
  if (isFile || !/^[^/]+\/[^/]+$/.test(name)) {
    return readFlowText(await readLocalText(name, surroundings), name, catalogue);
  }
  const { source } = await withApplication(call, surroundings, (application) =>
    findFlow(application, name, revision),
  );
  return readFlowText(source, name, catalogue);
}
