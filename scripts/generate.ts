/**
 * Writes everything that is derived: the registry of task types, the catalogue, the schema of flow
 * files, the reference pages and the examples in documents. With `--check` it changes nothing, names
 * the stale files and fails.
 * INVARIANT: the same sources give the same bytes on every machine.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { catalogueEntry } from './generate/catalogue-entry.ts';
import { commandPage } from './generate/command-page.ts';
import { capabilityPage } from './generate/capability-page.ts';
import { compatibilityPage } from './generate/compatibility-page.ts';
import { findDefinitions, taskFolder } from './generate/definitions.ts';
import { errorPage } from './generate/error-page.ts';
import { filledPages } from './generate/example-fences.ts';
import { suiteSchema } from '../src/core/flow/index.ts';
import { flowSchemaFile } from './generate/flow-schema.ts';
import {
  type GeneratedFile,
  type GeneratedFolder,
  jsonText,
  staleFiles,
  writeFiles,
} from './generate/generated-file.ts';
import { pageFiles } from './generate/page-files.ts';
import { policyPages } from './generate/policy-pages.ts';
import { openApiFiles } from './generate/open-api.ts';
import { registryFile } from './generate/registry.ts';
import { pollingTriggers } from '../src/triggers/index.ts';
import { triggerEntry } from './generate/trigger-entry.ts';
import { taskPageFolder, taskPages } from './generate/task-pages.ts';

/** The folders in which everything is generated. */
const generatedFolders: readonly GeneratedFolder[] = [{ path: taskPageFolder, ending: '.md' }];

/** Returns every generated file of the repository at `root`. */
export async function generate(root: string): Promise<readonly GeneratedFile[]> {
  const found = await findDefinitions(join(root, taskFolder));
  const definitions = found.map((one) => one.definition);
  return [
    registryFile(found),
    {
      path: 'generated/task-catalogue.json',
      content: jsonText([
        ...definitions.map(catalogueEntry),
        ...pollingTriggers.map((one) => triggerEntry(one, definitions)),
      ]),
    },
    flowSchemaFile(definitions),
    { path: 'generated/test-suite.schema.json', content: jsonText(suiteSchema()) },
    ...taskPages(definitions),
    errorPage(),
    ...policyPages(definitions.map(catalogueEntry)),
    compatibilityPage(),
    capabilityPage(),
    ...openApiFiles(root),
    ...(await commandPage(root)),
    ...pageFiles(root),
    ...filledPages(root),
  ];
}

async function main(root: string, isCheck: boolean): Promise<number> {
  const files = await generate(root);
  if (!isCheck) {
    const written = writeFiles(root, files, generatedFolders);
    for (const { path, state } of written) {
      console.log(`${state === 'superfluous' ? 'removed' : 'wrote'} ${path}`);
    }
    console.log(`${files.length} generated files, ${written.length} changed`);
    return 0;
  }
  const stale = staleFiles(root, files, generatedFolders);
  for (const { path, state } of stale) console.error(`${state}: ${path}`);
  if (stale.length > 0) console.error(`${stale.length} stale; run \`npm run generate\``);
  return stale.length === 0 ? 0 : 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  process.exitCode = await main(join(import.meta.dirname, '..'), process.argv.includes('--check'));
}
