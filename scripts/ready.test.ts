/** Tests of `ready.cjs`: real processes in folders of their own, with a small program in npm's place. */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-ready-'));
  write('package.json', '{"type":"module"}');
  mkdirSync(join(folder, 'scripts'));
  cpSync(join(import.meta.dirname, 'ready.cjs'), join(folder, 'scripts/ready.cjs'));
  write('package-lock.json', lock({ 'node_modules/node': { version: '26.1.0' } }));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(path: string, content: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content, { mode: 0o755 });
}

function lock(packages: Readonly<Record<string, object>>): string {
  return JSON.stringify({ packages: { '': {}, ...packages } });
}

/** Writes a program in npm's place that notes its arguments and installs `files`. */
function npmThatInstalls(files: Readonly<Record<string, string>>): void {
  const script = `
    const fs = require('node:fs');
    const path = require('node:path');
    fs.appendFileSync('calls', process.argv.slice(2).join(' ') + '\\n');
    for (const [file, content] of Object.entries(${JSON.stringify(files)})) {
      fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.writeFileSync(file, content, { mode: 0o755 });
    }`;
  write('npm/npm-cli.js', script);
  write('npm/package.json', '{"type":"commonjs"}');
}

function run(): { readonly code: number | null; readonly text: string } {
  const ran = spawnSync(process.execPath, ['scripts/ready.cjs'], {
    cwd: folder,
    encoding: 'utf8',
    env: {
      PATH: process.env['PATH'],
      npm_execpath: join(folder, 'npm/npm-cli.js'),
      npm_node_execpath: process.execPath,
    },
  });
  return { code: ran.status, text: ran.stdout + ran.stderr };
}

const installed = {
  'node_modules/.package-lock.json': lock({ 'node_modules/node': { version: '26.1.0' } }),
  'node_modules/node/bin/node': 'a program',
  'node_modules/.bin/node': 'a link to it',
};

test('a fresh clone is installed with one line, and then nothing happens', () => {
  npmThatInstalls(installed);
  expect(run()).toEqual({
    code: 0,
    text: 'sluice: installing what package-lock.json names (npm ci) …\n',
  });
  expect(run()).toEqual({ code: 0, text: '' });
  expect(readFileSync(join(folder, 'calls'), 'utf8')).toBe(
    'ci --no-audit --no-fund --loglevel=error\n',
  );
});

test('another version in the lock installs again, a package for another platform does not', () => {
  npmThatInstalls(installed);
  for (const [path, content] of Object.entries(installed)) write(path, content);
  const other = { 'node_modules/left-win32-x64': { version: '1.0.0', optional: true } };
  write('package-lock.json', lock({ 'node_modules/node': { version: '26.1.0' }, ...other }));
  expect(run()).toEqual({ code: 0, text: '' });
  write('package-lock.json', lock({ 'node_modules/node': { version: '26.2.0' }, ...other }));
  expect(run().text).toContain('npm ci');
});

test('a failing installation ends with the advice to mend it', () => {
  write('npm/npm-cli.js', 'process.exit(1);');
  const { code, text } = run();
  expect(code).toBe(1);
  expect(text).toContain('npm ci ended with exit code 1');
});

test('a linked node_modules that lacks something is left alone', () => {
  npmThatInstalls(installed);
  write('elsewhere/.package-lock.json', lock({}));
  symlinkSync('elsewhere', join(folder, 'node_modules'));
  const { code, text } = run();
  expect(code).toBe(1);
  expect(text).toContain('node_modules is a link and lacks `node_modules/node`');
  expect(existsSync(join(folder, 'calls'))).toBe(false);
});

test('without install scripts the pinned Node is fetched by its own installer', () => {
  write('node_modules/.package-lock.json', installed['node_modules/.package-lock.json']);
  write('node_modules/node/package.json', '{}');
  write(
    'node_modules/node/installArchSpecificPackage.js',
    "const fs = require('node:fs'); fs.mkdirSync('bin'); fs.writeFileSync('bin/node', 'x', { mode: 0o755 });",
  );
  expect(run()).toEqual({
    code: 0,
    text: 'sluice: npm ran no install scripts; fetching the pinned Node …\n',
  });
  expect(readlinkSync(join(folder, 'node_modules/.bin/node'))).toBe('../node/bin/node');
  expect(run()).toEqual({ code: 0, text: '' });
});

test('where that fails too it says what to allow', () => {
  write('node_modules/.package-lock.json', installed['node_modules/.package-lock.json']);
  mkdirSync(join(folder, 'node_modules/node'));
  write('node_modules/node/installArchSpecificPackage.js', 'process.exit(1);');
  const { code, text } = run();
  expect(code).toBe(1);
  expect(text).toContain('npm approve-scripts node');
});

test('an old Node is refused with a sentence', () => {
  write('old.cjs', "Object.defineProperty(process.versions, 'node', { value: '18.20.0' });");
  const ran = spawnSync(process.execPath, ['--require', './old.cjs', 'scripts/ready.cjs'], {
    cwd: folder,
    encoding: 'utf8',
  });
  expect(ran.status).toBe(1);
  expect(ran.stderr).toContain('Node 18.20.0 is too old');
});

test('it costs little when all is ready', () => {
  for (const [path, content] of Object.entries(installed)) write(path, content);
  const time = (args: readonly string[]): number => {
    const times = Array.from({ length: 7 }, () => {
      const start = performance.now();
      execFileSync(process.execPath, args, { cwd: folder });
      return performance.now() - start;
    });
    return Math.min(...times);
  };
  const empty = time(['-e', '0']);
  expect(time(['scripts/ready.cjs']) - empty).toBeLessThan(30);
});
