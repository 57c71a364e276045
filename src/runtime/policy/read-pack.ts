/**
 * A folder of policies as a pack: `pack.yaml` says what it is, `*.cedar` hold the policies and
 * `*.tests.yaml` the cases beside them.
 */
import type {
  PolicyDiagnostic,
  PolicyFile,
  PolicyMode,
  PolicyPack,
} from '../../core/policy/index.ts';
import { readYaml, YamlReader } from './read-yaml.ts';

/** The name of the file that says what a pack is. */
export const manifestName = 'pack.yaml';

const manifestKeys = ['id', 'title', 'description', 'owner', 'version', 'mode'] as const;

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Returns the pack of `files`; undefined when something is wrong with its manifest. */
export function readPack(files: readonly PolicyFile[]): {
  readonly pack: PolicyPack | undefined;
  readonly diagnostics: readonly PolicyDiagnostic[];
} {
  const manifest = files.find(({ path }) => baseName(path) === manifestName);
  if (manifest === undefined) {
    const problem: PolicyDiagnostic = {
      severity: 'error',
      code: 'policy.manifest-missing',
      file: files[0]?.path ?? manifestName,
      line: 1,
      column: 1,
      message: `the folder has no \`${manifestName}\``,
      help: 'write one with id, title, owner and version',
    };
    return { pack: undefined, diagnostics: [problem] };
  }
  const { document, diagnostics } = readYaml(manifest);
  if (document === undefined) return { pack: undefined, diagnostics };
  const reader = new YamlReader(manifest, document);
  const map = reader.map([], manifestKeys);
  const text = (key: (typeof manifestKeys)[number], isRequired: boolean): string =>
    reader.text(map?.[key], [key], isRequired) ?? '';
  const mode = reader.choice(map?.['mode'] ?? 'enforce', ['mode'], ['enforce', 'observe']);
  const pack: PolicyPack = {
    id: text('id', true),
    title: text('title', true),
    description: text('description', false),
    owner: text('owner', true),
    version: text('version', true),
    mode: (mode ?? 'enforce') as PolicyMode,
    policies: files.filter(({ path }) => path.endsWith('.cedar')),
    tests: files.filter(({ path }) => path.endsWith('.tests.yaml')),
  };
  const problems = reader.diagnostics;
  return { pack: problems.length === 0 ? pack : undefined, diagnostics: problems };
}
