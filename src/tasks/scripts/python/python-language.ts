/**
 * Python as a script language: finds an interpreter, installs the declared packages into an environment
 * of this run, and lets sources say `true`, `false` and `null`, which templates that print JSON do.
 */
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { Failure } from '../../../core/failure/index.ts';
import { minimalPath } from '../../../ports/process-runner.ts';
import { type ScriptLanguage, type ScriptSetting, shellWord, textsOf } from '../run-script.ts';

/**
 * Read by Python before any source. The names become built-ins there, so that the lines of a source keep
 * their numbers; a module of the same name further down the path still gets its turn.
 */
const startFile = `import builtins, os, sys
builtins.true, builtins.false, builtins.null = True, False, None
here = os.path.dirname(os.path.abspath(__file__))
sys.path[:] = [one for one in sys.path if os.path.abspath(one) != here]
del sys.modules["sitecustomize"]
try:
    import sitecustomize
except ImportError:
    pass
`;

/** Exits 0 when every requirement given as an argument, of the forms `name` and `name==version`, is met. */
const metCheck = `import re, sys
from importlib.metadata import PackageNotFoundError, version
for one in sys.argv[1:]:
    match = re.fullmatch(r"([A-Za-z0-9._-]+)(?:\\s*==\\s*([^=,;\\s]+))?", one)
    if match is None:
        sys.exit(1)
    try:
        if match[2] not in (None, version(match[1])):
            sys.exit(1)
    except PackageNotFoundError:
        sys.exit(1)
`;

/** Runs a program quietly; gives its exit code and what it wrote last to stderr. */
async function runQuietly(
  { context, folder, environment }: ScriptSetting,
  command: readonly string[],
): Promise<{ readonly exitCode: number; readonly lastError: string }> {
  let lastError = '';
  const { exitCode } = await context.processes.run({
    command,
    workingFolder: folder,
    environment,
    signal: context.signal,
    onLine: (stream, line) => {
      if (stream === 'stderr' && line.trim() !== '') lastError = line.trim();
      context.log('DEBUG', line);
    },
  });
  context.signal.throwIfAborted();
  return { exitCode, lastError };
}

async function findPython({ properties, context }: ScriptSetting): Promise<string> {
  const { pythonVersion } = properties;
  const names = pythonVersion === undefined ? ['python3', 'python'] : [`python${pythonVersion}`];
  for (const name of names) if (await context.processes.has(name)) return name;
  throw new Failure(
    'process.not-found',
    pythonVersion === undefined
      ? 'no Python is installed: neither `python3` nor `python` is found'
      : `version \`${pythonVersion}\` of Python is not installed: \`${names[0]}\` is not found`,
    { help: 'install Python, or leave `pythonVersion` out to run the version that is there' },
  );
}

/** Installs the declared packages where they are not there; gives the folders to import them from. */
async function installDependencies(setting: ScriptSetting, python: string): Promise<string[]> {
  const dependencies = textsOf(setting.properties.dependencies);
  if (dependencies.length === 0) return [];
  const met = await runQuietly(setting, [python, '-c', metCheck, ...dependencies]);
  if (met.exitCode === 0) return [];
  const { own, context } = setting;
  const place = join(own, 'packages');
  const refuse = (what: string, why: string): Failure =>
    new Failure('process.exited', `${what}${why === '' ? '' : `: ${why.replace(/[.\s]+$/, '')}`}`, {
      help: 'let the machine reach a package index, set `PIP_INDEX_URL` or `PIP_FIND_LINKS` in `env`, or install the packages beforehand',
    });
  const made = await runQuietly(setting, [python, '-m', 'venv', '--system-site-packages', place]);
  if (made.exitCode !== 0) {
    throw refuse('no Python environment can be made for `dependencies`', made.lastError);
  }
  const interpreter = join(place, 'bin', 'python');
  const pip = [interpreter, '-m', 'pip', 'install', '--disable-pip-version-check', '--quiet'];
  const installed = await runQuietly(setting, [...pip, ...dependencies]);
  if (installed.exitCode !== 0) {
    const list = dependencies.map((one) => `\`${one}\``).join(', ');
    throw refuse(`pip could not install ${list}`, installed.lastError);
  }
  context.log('INFO', `installed ${dependencies.join(', ')} for this run`);
  const versions = await readdir(join(place, 'lib'));
  return versions.map((version) => join(place, 'lib', version, 'site-packages'));
}

/**
 * Lets commands call Python by the names that they have in the images of Python: where a machine has
 * only `python3`, its own `python` and `pip` stand last in the search path.
 */
async function lendNames({ environment, own, context }: ScriptSetting, python: string) {
  const calls = { python, pip: `${python} -m pip` };
  const names = join(own, 'names');
  let isNeeded = false;
  for (const [name, call] of Object.entries(calls)) {
    if (await context.processes.has(name)) continue;
    if (!isNeeded) await mkdir(names, { recursive: true });
    isNeeded = true;
    await writeFile(join(names, name), `#!/bin/sh\nexec ${call} "$@"\n`, { mode: 0o755 });
  }
  if (!isNeeded) return;
  environment['PATH'] = [environment['PATH'] ?? minimalPath, names].join(delimiter);
}

/** Python. */
export const pythonLanguage: ScriptLanguage = {
  fileEnding: '.py',
  async prepare(setting) {
    const { environment, own } = setting;
    environment['PYTHONUNBUFFERED'] ??= '1';
    const python = await findPython(setting);
    await lendNames(setting, python);
    const packages = await installDependencies(setting, python);
    const start = join(own, 'start');
    await mkdir(start, { recursive: true });
    await writeFile(join(start, 'sitecustomize.py'), startFile);
    const declared = environment['PYTHONPATH'];
    const path = [start, ...packages, ...(declared === undefined ? [] : [declared])];
    environment['PYTHONPATH'] = path.join(delimiter);
    // An environment that `beforeCommands` activate comes first.
    return `"\${VIRTUAL_ENV:+$VIRTUAL_ENV/bin/}"${shellWord(python)}`;
  },
};
