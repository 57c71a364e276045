/**
 * Completes package-lock.json: npm leaves the entries of packages for other platforms out when the
 * machine that wrote the lock could not see them, and `npm ci` then refuses the lock on every machine.
 * What such an entry needs is known: its version stands in the parent, its platform in its name.
 * INVARIANT: entries that npm wrote are never changed.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

interface LockEntry {
  readonly version?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** The part of package-lock.json that is read here. */
export interface Lock {
  readonly packages: Record<string, LockEntry>;
}

const systems = [
  'android',
  'darwin',
  'freebsd',
  'linux',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
];
const processors = ['arm', 'arm64', 'ia32', 'loong64', 'ppc64', 'riscv64', 's390x', 'x64'];

/** Returns the platform that a package is for, read off its name (`binding-linux-x64-musl`). */
function platformOf(name: string): Pick<LockEntry, 'os' | 'cpu' | 'libc'> | undefined {
  const words = name.split(/[-/]/);
  const os = systems.find((one) => words.includes(one));
  const cpu = processors.find((one) => words.includes(one));
  if (os === undefined || cpu === undefined) return undefined;
  const isMusl = words.some((word) => word.startsWith('musl'));
  const isGlibc = words.some((word) => word.startsWith('gnu'));
  const libc = isMusl ? ['musl'] : isGlibc ? ['glibc'] : undefined;
  return { os: [os], cpu: [cpu], ...(os === 'linux' && libc ? { libc } : {}) };
}

/** Returns the packages for other platforms that `lock` names but has no entry for: place to entry. */
export function missingPlatforms(lock: Lock): Record<string, LockEntry> {
  const missing: Record<string, LockEntry> = {};
  for (const parent of Object.values(lock.packages)) {
    for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
      const place = `node_modules/${name}`;
      const platform = platformOf(name);
      if (Object.hasOwn(lock.packages, place) || platform === undefined) continue;
      missing[place] = {
        version,
        ...(parent.dev ? { dev: true } : {}),
        optional: true,
        ...platform,
      };
    }
  }
  return missing;
}

function completeLock(file: string): void {
  const lock = JSON.parse(readFileSync(file, 'utf8')) as Lock;
  const missing = missingPlatforms(lock);
  const packages = Object.entries({ ...lock.packages, ...missing });
  packages.sort(([a], [b]) => a.localeCompare(b, 'en'));
  const completed = { ...lock, packages: Object.fromEntries(packages) };
  writeFileSync(file, `${JSON.stringify(completed, null, 2)}\n`);
  console.log(`${Object.keys(missing).length} packages for other platforms added`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  completeLock(join(import.meta.dirname, '..', 'package-lock.json'));
}
