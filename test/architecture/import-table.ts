/**
 * Which folder may import which: the arrows of the architecture as data. An import that is not here
 * means that code stands in the wrong folder; a row is widened only together with its reason.
 */
import {
  importedPath,
  isGenerated,
  isTest,
  type SourceFile,
  type Violation,
} from './source-file.ts';

/** What one folder may import. */
interface ImportRow {
  /** A folder below the root; `*` stands for one name. The first row that matches applies. */
  readonly folder: string;
  /** Folders, written the same way; a folder may always import itself. */
  readonly folders: readonly string[];
  /** Folders of which only types may be imported. */
  readonly types?: readonly string[];
  /** Packages from npm. */
  readonly packages: readonly string[];
  /** Packages that are loaded when they are needed, by dynamic import; their types may be imported. */
  readonly late?: readonly string[];
  /** Modules of Node; `*` for all. */
  readonly node: readonly string[];
}

/** Modules of Node that compute and do not reach out. */
const computing = ['node:buffer', 'node:crypto', 'node:path', 'node:url', 'node:util', 'node:zlib'];

/** What a task type needs to handle the files of its own working folder. Processes, sockets and databases come through its context. */
const ownFiles = [
  ...computing,
  'node:fs',
  'node:fs/promises',
  'node:os',
  'node:readline',
  'node:stream',
  'node:stream/promises',
  'node:string_decoder',
];

/** The table. */
export const importTable: readonly ImportRow[] = [
  { folder: 'src/core/value', folders: [], packages: [], node: [] },
  { folder: 'src/core/failure', folders: [], packages: [], node: [] },
  { folder: 'src/core/statistics', folders: [], packages: [], node: [] },
  {
    folder: 'src/core/expression',
    folders: ['src/core/value', 'src/core/failure'],
    packages: [],
    node: [],
  },
  {
    folder: 'src/core/flow',
    folders: ['src/core/value', 'src/core/failure', 'src/core/expression'],
    packages: ['yaml', 'zod'],
    node: [],
  },
  {
    folder: 'src/core/engine',
    folders: ['src/core/value', 'src/core/failure', 'src/core/flow', 'src/core/expression'],
    packages: [],
    node: [],
  },
  {
    folder: 'src/core/triggers',
    folders: ['src/core/value', 'src/core/failure', 'src/core/flow', 'src/core/expression'],
    packages: [],
    node: [],
  },
  {
    folder: 'src/core/policy',
    folders: ['src/core/value', 'src/core/failure'],
    packages: [],
    node: [],
  },
  {
    folder: 'src/core/governance',
    folders: ['src/core/value', 'src/core/failure', 'src/core/flow', 'src/core/policy'],
    packages: [],
    node: [],
  },
  {
    folder: 'src/core/ledger',
    folders: ['src/core/value', 'src/core/failure'],
    packages: [],
    node: [],
  },
  { folder: 'src/ports', folders: ['src/core/*'], packages: ['zod'], node: [] },
  {
    // The list of all task types; the catalogue and the tests of all of them stand beside it.
    folder: 'src/tasks',
    folders: ['src/tasks/*', 'src/ports', 'src/core/flow'],
    packages: [],
    node: [],
  },
  {
    // A family may use the front door of another: a query places its files as a script does.
    folder: 'src/tasks/*',
    folders: [
      'src/tasks/*',
      'src/ports',
      'src/core/value',
      'src/core/failure',
      'src/core/statistics',
    ],
    packages: ['zod'],
    late: ['@duckdb/node-api', 'yaml'],
    node: ownFiles,
  },
  {
    folder: 'src/triggers',
    folders: ['src/ports', 'src/core/value', 'src/core/failure', 'src/core/statistics'],
    packages: ['zod'],
    node: ownFiles,
  },
  { folder: 'src/gateway', folders: ['src/core/*', 'src/ports'], packages: [], node: computing },
  {
    // The language's function `yaml()` reads text at run time.
    folder: 'src/runtime/rendering',
    folders: ['src/runtime/*', 'src/core/*', 'src/ports'],
    packages: ['yaml'],
    node: computing,
  },
  {
    // Packs and test cases of policies are YAML with diagnostics of their own.
    folder: 'src/runtime/policy',
    folders: ['src/runtime/*', 'src/core/*', 'src/ports'],
    packages: ['yaml'],
    node: computing,
  },
  {
    // The parts of the shell are one program; only what reaches out goes through a port.
    folder: 'src/runtime/*',
    folders: ['src/runtime/*', 'src/core/*', 'src/ports'],
    packages: [],
    node: [...computing, 'node:async_hooks', 'node:timers/promises'],
  },
  {
    folder: 'src/adapters/duckdb',
    folders: ['src/core/*', 'src/ports'],
    packages: ['@duckdb/node-api'],
    node: ['*'],
  },
  {
    // Loaded when policies are first needed, each instance anew; see cedar-library.ts.
    folder: 'src/adapters/cedar',
    folders: ['src/core/*', 'src/ports'],
    packages: ['@cedar-policy/cedar-wasm'],
    node: ['*'],
  },
  {
    // Loaded with the first mail: most processes send none.
    folder: 'src/adapters/smtp',
    folders: ['src/core/*', 'src/ports'],
    packages: [],
    late: ['nodemailer'],
    node: ['*'],
  },
  {
    // A login provider is asked by a library that is loaded when somebody first signs in there.
    folder: 'src/adapters/oidc',
    folders: ['src/core/*', 'src/ports'],
    packages: [],
    late: ['openid-client'],
    node: ['*'],
  },
  {
    // Passkeys are rare; their library is loaded when one is made or used.
    folder: 'src/adapters/webauthn',
    folders: ['src/core/*', 'src/ports'],
    packages: [],
    late: ['@simplewebauthn/server'],
    node: ['*'],
  },
  { folder: 'src/adapters/*', folders: ['src/core/*', 'src/ports'], packages: [], node: ['*'] },
  {
    folder: 'src/api/contract',
    folders: [],
    types: ['src/core/*'],
    packages: ['zod'],
    node: [],
  },
  {
    folder: 'src/api/*',
    folders: ['src/api/*', 'src/runtime/*', 'src/gateway', 'src/ports', 'src/core/*'],
    // Routes speak to the system through the interface of its view; who makes one stays unknown here.
    types: ['src/app'],
    packages: ['fastify', '@fastify/multipart', 'zod'],
    node: ['*'],
  },
  {
    // Offline commands (validate, render, verify) call the core; all others call the application,
    // whose interface speaks in types of the ports.
    folder: 'src/cli',
    folders: [
      'src/api/contract',
      'src/core/expression',
      'src/core/failure',
      'src/core/flow',
      'src/core/governance',
      'src/core/ledger',
      'src/core/policy',
      'src/core/value',
      'src/app',
      'generated',
    ],
    types: ['src/ports'],
    packages: [],
    node: ['*'],
  },
  {
    // The configuration is YAML, checked by a schema; the log is made here and handed in.
    folder: 'src/app',
    folders: ['src/*', 'src/*/*', 'generated'],
    packages: ['pino', 'yaml', 'zod'],
    node: ['*'],
  },
  {
    folder: 'console',
    folders: ['src/api/contract', 'src/core/ledger'],
    packages: ['react', 'react-dom'],
    node: [],
  },
];

function matches(pattern: string, folder: string): boolean {
  return new RegExp(`^${pattern.replaceAll('*', '[^/]+')}$`).test(folder);
}

/** Returns the folder whose row applies to `path`: the longest that the table names. */
export function folderOf(path: string): string {
  const parts = path.split('/').slice(0, -1);
  for (let length = Math.min(parts.length, 3); length > 0; length -= 1) {
    const folder = parts.slice(0, length).join('/');
    if (importTable.some((row) => matches(row.folder, folder))) return folder;
  }
  return parts[0] ?? '';
}

function allows(patterns: readonly string[], folder: string): boolean {
  return patterns.some((pattern) => matches(pattern, folder));
}

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/** Returns the imports of `files` that the table does not allow. */
export function importViolations(files: readonly SourceFile[]): readonly Violation[] {
  const violations: Violation[] = [];
  for (const file of files) {
    if (!/^(src|console)\//.test(file.path) || isTest(file.path)) continue;
    const folder = folderOf(file.path);
    const row = importTable.find((one) => matches(one.folder, folder));
    if (row === undefined) {
      violations.push({
        path: file.path,
        message: `\`${folder}\` is no folder of the architecture; move the file, or add a row to test/architecture/import-table.ts`,
      });
      continue;
    }
    for (const { specifier, kind, line } of file.imports) {
      const report = (what: string): void => {
        violations.push({
          path: file.path,
          line,
          message: `imports \`${specifier}\`, ${what}; move the code, or hand the thing in`,
        });
      };
      if (specifier.startsWith('node:')) {
        if (!row.node.includes('*') && !row.node.includes(specifier)) {
          report(`and ${folder} may import ${row.node.join(', ') || 'nothing of Node'}`);
        }
      } else if (!specifier.startsWith('.')) {
        const isLate = kind === 'dynamic' || kind === 'type';
        const allowed = [...row.packages, ...(isLate ? (row.late ?? []) : [])];
        if (!allowed.includes(packageOf(specifier))) {
          report(`and ${folder} may import ${allowed.join(', ') || 'no package'}`);
        }
      } else {
        const target = folderOf(importedPath(file, specifier));
        const allowed = kind === 'type' ? [...row.folders, ...(row.types ?? [])] : row.folders;
        if (target !== folder && !allows(allowed, target)) {
          report(`and ${folder} may import ${allowed.join(', ') || 'no other folder'}`);
        }
      }
    }
  }
  return violations;
}

/** Returns imports that end in nothing, and imports from outside that pass by a folder's front door. */
export function doorViolations(files: readonly SourceFile[]): readonly Violation[] {
  const violations: Violation[] = [];
  const doors = new Set(
    files.filter((file) => file.path.endsWith('/index.ts')).map((file) => file.path),
  );
  for (const file of files) {
    for (const { specifier, line } of file.imports) {
      if (!specifier.startsWith('.')) continue;
      const report = (message: string): void => {
        violations.push({ path: file.path, line, message });
      };
      if (!/\.(tsx?|json|cjs)$/.test(specifier)) {
        report(`imports \`${specifier}\`; write the ending: \`${specifier}.ts\``);
        continue;
      }
      const path = importedPath(file, specifier);
      const target = folderOf(path);
      const door = `${target}/index.ts`;
      const isInside = folderOf(file.path) === target || file.path.startsWith(`${target}/`);
      const isFree = isTest(file.path) || isGenerated(file.path) || !file.path.startsWith('src/');
      if (isInside || isFree || path === door || !target.startsWith('src/')) continue;
      if (target.startsWith('src/core/') && !doors.has(door)) {
        report(`imports \`${specifier}\`; add its front door \`${door}\``);
      } else if (doors.has(door)) {
        report(`imports \`${specifier}\`; export the name in \`${door}\` and import that`);
      }
    }
  }
  return violations;
}

/** Returns the shortest way from `start` back to itself along `edges`. */
function wayBack(start: string, edges: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const before = new Map<string, string>();
  const waiting = [start];
  for (const path of waiting) {
    for (const next of edges.get(path) ?? []) {
      if (next === start) {
        const way = [path];
        while (way[0] !== start) way.unshift(before.get(way[0] ?? '') ?? start);
        return [...way, start];
      }
      if (before.has(next)) continue;
      before.set(next, path);
      waiting.push(next);
    }
  }
  return [];
}

/** Returns the cycles between `files`, the shortest first met for each file, none of them twice. */
export function importCycles(files: readonly SourceFile[]): readonly Violation[] {
  const edges = new Map(
    files.map((file) => [
      file.path,
      file.imports
        // A dynamic import runs when both files are there; it breaks a cycle on purpose.
        .filter(({ specifier, kind }) => specifier.startsWith('.') && kind !== 'dynamic')
        .map(({ specifier }) => importedPath(file, specifier)),
    ]),
  );
  const told = new Set<string>();
  return files.flatMap(({ path }) => {
    const way = wayBack(path, edges);
    if (way.length === 0 || way.some((one) => told.has(one))) return [];
    for (const one of way) told.add(one);
    const message = `imports itself through ${way.join(' → ')}; move what both need into a file of its own`;
    return [{ path, message }];
  });
}
