/**
 * `sluice validate`: what is wrong with flow files, as a compiler says it. It needs no data folder, so
 * that it runs in any pipeline.
 */
import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { compileTemplate } from '../../core/expression/index.ts';
import {
  type Diagnostic,
  parseFlow,
  parseSuite,
  type TypeCatalogue,
} from '../../core/flow/index.ts';
import type { Perform, Surroundings } from '../command.ts';
import { isOfPolicies, isSuite, suiteName } from '../find-suites.ts';
import { paintFor } from '../output/colour.ts';
import { exitCodes } from '../output/exit-codes.ts';
import { json } from '../output/json.ts';
import { countText, diagnosticText, validationDocument } from '../output/print-diagnostics.ts';
import { usageFailure } from '../parse-arguments.ts';
import { readLocalText } from '../read-local-file.ts';

/** Returns the flow files that `path` names: itself, or all below it when it is a folder. */
async function filesOf(path: string, { workingFolder }: Surroundings): Promise<readonly string[]> {
  if (path === '-') return [path];
  const place = resolve(workingFolder, path);
  const isFolder = await stat(place).then(
    (found) => found.isDirectory(),
    // What cannot be looked at is read as a file, where the reason is told.
    () => false,
  );
  if (!isFolder) return [path];
  const names = await readdir(place, { recursive: true });
  const files = names.filter((name) => /\.ya?ml$/.test(name)).toSorted();
  if (files.length === 0) {
    throw usageFailure(`there is no flow file in \`${path}\``, 'flow files end in .yaml or .yml');
  }
  return files.map((name) => join(path, name));
}

/** Returns what is wrong with a flow, or with a suite of tests; test cases of policies are another matter. */
function diagnose(
  source: string,
  file: string,
  catalogue: TypeCatalogue,
  strict: boolean,
): readonly Diagnostic[] {
  if (suiteName.test(file) && isOfPolicies(source)) return [];
  if (suiteName.test(file) || isSuite(source)) return parseSuite(source, { file }).diagnostics;
  return parseFlow(source, { file, catalogue, strict, compile: compileTemplate }).diagnostics;
}

/** Checks flow files. */
export const validate: Perform = async (call, surroundings) => {
  const { out, err, environment } = surroundings;
  const lists = await Promise.all(call.args.map((path) => filesOf(path, surroundings)));
  const files = [...new Set(lists.flat())];
  const catalogue = await surroundings.loadCatalogue();
  const diagnostics: Diagnostic[] = [];
  const isJson = call.text('output') === 'json';
  const paint = paintFor(out, environment);
  for (const file of files) {
    const source = await readLocalText(file, surroundings);
    const found = diagnose(source, file, catalogue, call.has('strict'));
    diagnostics.push(...found);
    for (const one of found) {
      if (isJson || (call.has('quiet') && one.severity === 'warning')) continue;
      out.write(diagnosticText(one, source, paint));
    }
  }
  const document = validationDocument(diagnostics);
  if (isJson) out.write(json(document));
  else if (!call.has('quiet')) {
    const counts = countText(document.errors.length, document.warnings.length);
    err.write(`${files.length} ${files.length === 1 ? 'file' : 'files'}: ${counts}\n`);
  }
  return document.valid ? exitCodes.success : exitCodes.invalid;
};
