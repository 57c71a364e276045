/**
 * Suites of tests and the flows that they test, as files: suites by their names, flows by what they hold,
 * beside the suites unless somebody says where they are.
 */
import { readdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { SuiteSource } from '../app/flow-test-desk.ts';
import { flowDocument } from '../core/flow/index.ts';
import type { Surroundings } from './command.ts';
import { usageFailure } from './parse-arguments.ts';
import { readLocalText } from './read-local-file.ts';

/** A flow file that was found, and which flow it holds. */
export interface FoundFlow extends SuiteSource {
  /** NAMESPACE/ID. */
  readonly name: string;
}

/** The names of suites of tests; those of test cases of policies are alike. */
export const suiteName = /\.tests?\.ya?ml$/;
const yamlName = /\.ya?ml$/;
const filesMax = 10_000;

function isPassedOver(path: string): boolean {
  return path.split('/').some((part) => part.startsWith('.') || part === 'node_modules');
}

async function isFolder(path: string, { workingFolder }: Surroundings): Promise<boolean> {
  return stat(resolve(workingFolder, path)).then(
    (found) => found.isDirectory(),
    // What cannot be looked at is read as a file, where the reason is told.
    () => false,
  );
}

async function filesBelow(
  folder: string,
  { workingFolder }: Surroundings,
  isRecursive: boolean,
): Promise<readonly string[]> {
  const entries = await readdir(resolve(workingFolder, folder), {
    recursive: isRecursive,
    withFileTypes: true,
  });
  const top = resolve(workingFolder, folder);
  const names = entries
    .filter((one) => one.isFile() && yamlName.test(one.name))
    .map((one) => join(one.parentPath, one.name).slice(top.length + 1))
    .filter((name) => !isPassedOver(name))
    .toSorted();
  if (names.length > filesMax) {
    throw usageFailure(
      `\`${folder}\` holds more than ${filesMax} YAML files`,
      'name a smaller one',
    );
  }
  return names.map((name) => join(folder, name));
}

/** Tells whether a text is that of a suite of tests. */
export function isSuite(source: string): boolean {
  return /^testCases:/m.test(source);
}

/** Tells whether a text is that of test cases of policies, whose files have such names as well. */
export function isOfPolicies(source: string): boolean {
  // Read as text: they may hold what the language itself refuses.
  return /^cases:/m.test(source) && !isSuite(source);
}

/** Returns the suites that `paths` name: files, or folders that are searched. */
export async function findSuites(
  paths: readonly string[],
  surroundings: Surroundings,
): Promise<readonly SuiteSource[]> {
  const found = new Map<string, SuiteSource>();
  for (const path of paths) {
    if (!(await isFolder(path, surroundings))) {
      found.set(path, { file: path, source: await readLocalText(path, surroundings) });
      continue;
    }
    for (const file of await filesBelow(path, surroundings, true)) {
      if (!suiteName.test(file) || found.has(file)) continue;
      const source = await readLocalText(file, surroundings);
      if (!isOfPolicies(source)) found.set(file, { file, source });
    }
  }
  if (found.size > 0) return [...found.values()];
  throw usageFailure(
    `there is no suite of tests in ${paths.map((path) => `\`${path}\``).join(', ')}`,
    'suites end in .test.yaml or .tests.yaml and hold `testCases`',
  );
}

/** Returns the flow that a file holds, if it holds one. */
function asFlow(file: string, source: string): FoundFlow | undefined {
  const { id, namespace, tasks } = flowDocument(source) ?? {};
  if (!Array.isArray(tasks) || typeof id !== 'string' || typeof namespace !== 'string') {
    return undefined;
  }
  return { file, source, name: `${namespace}/${id}` };
}

/** Where flows are looked for. */
export interface FlowPlaces {
  readonly files: readonly string[];
  readonly folders: readonly string[];
}

/** Returns the flows of files and folders; where none are named, those beside the suites. */
export async function findFlows(
  { files, folders }: FlowPlaces,
  paths: readonly string[],
  suites: readonly SuiteSource[],
  surroundings: Surroundings,
): Promise<readonly FoundFlow[]> {
  const all = new Set(files);
  for (const folder of folders) {
    for (const file of await filesBelow(folder, surroundings, true)) all.add(file);
  }
  if (files.length === 0 && folders.length === 0) {
    for (const path of paths) {
      if (!(await isFolder(path, surroundings))) continue;
      for (const file of await filesBelow(path, surroundings, true)) all.add(file);
    }
    for (const place of new Set(suites.map(({ file }) => dirname(file)))) {
      for (const file of await filesBelow(place, surroundings, false)) all.add(file);
    }
  }
  const found = new Map<string, FoundFlow>();
  for (const file of all) {
    if (suiteName.test(file)) continue;
    const flow = asFlow(file, await readLocalText(file, surroundings));
    if (flow === undefined) continue;
    const before = found.get(flow.name);
    const isTested = suites.some(({ source }) => {
      const { namespace, flowId } = flowDocument(source) ?? {};
      return `${String(namespace)}/${String(flowId)}` === flow.name;
    });
    if (before !== undefined && before.source !== flow.source && isTested) {
      throw usageFailure(
        `the flow \`${flow.name}\` stands in \`${before.file}\` and in \`${file}\``,
        'name the one that is meant with `--flow`',
      );
    }
    if (before === undefined) found.set(flow.name, flow);
  }
  return [...found.values()];
}
