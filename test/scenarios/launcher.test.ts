/**
 * Tests of `bin/sluice` with the real launcher and the real Node, and a small program in place of the
 * command line: every way in which npm lays out a package, from any folder, through any link.
 */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

const repository = join(import.meta.dirname, '../..');
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice launcher #'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const program = `
import { Worker } from 'node:worker_threads';
import { answer } from './answer.ts';
const words: string[] = process.argv.slice(2);
if (words[0] === 'worker') new Worker(new URL('./answer.ts', import.meta.url));
else console.log(JSON.stringify({ words, answer, isMain: import.meta.main, hasProto: '__proto__' in {} }));
`;

function writePackage(place: string): string {
  const root = join(folder, place);
  mkdirSync(join(root, 'src/cli'), { recursive: true });
  cpSync(join(repository, 'bin'), join(root, 'bin'), { recursive: true });
  writeFileSync(join(root, 'package.json'), '{"type":"module"}');
  writeFileSync(join(root, 'src/cli/main.ts'), program);
  const answer = `import { isMainThread } from 'node:worker_threads';
export const answer: number = 42;
if (!isMainThread) console.log('worker' satisfies string);`;
  writeFileSync(join(root, 'src/cli/answer.ts'), answer);
  return root;
}

function placeNode(place: string): void {
  const node = join(folder, place, 'node/bin/node');
  mkdirSync(dirname(node), { recursive: true });
  symlinkSync(process.execPath, node);
}

function run(
  command: string,
  words: readonly string[] = [],
  options: { readonly path?: string; readonly cache?: string; readonly cwd?: string } = {},
): { readonly code: number | null; readonly out: string; readonly err: string } {
  const ran = spawnSync(command, words, {
    cwd: options.cwd ?? folder,
    encoding: 'utf8',
    env: {
      PATH: options.path ?? '/usr/bin:/bin',
      HOME: folder,
      XDG_CACHE_HOME: options.cache ?? join(folder, 'cache'),
    },
  });
  return { code: ran.status, out: ran.stdout, err: ran.stderr };
}

const expected = {
  code: 0,
  out: '{"words":["a b","--c"],"answer":42,"isMain":true,"hasProto":false}\n',
  err: '',
};
const words = ['a b', '--c'];

test('it starts from a clone, by a relative path and from another folder', () => {
  const root = writePackage('clone');
  placeNode('clone/node_modules');
  expect(run(join(root, 'bin/sluice'), words)).toEqual(expected);
  expect(run('clone/bin/sluice', words)).toEqual(expected);
  expect(run('./sluice', words, { cwd: join(root, 'bin') })).toEqual(expected);
});

test('it starts where npm installs it, with the Node inside, beside or above it', () => {
  for (const [index, node] of ['node_modules/sluice/node_modules', 'node_modules', ''].entries()) {
    const outer = node === '' ? `${index}/node_modules/host` : `${index}`;
    const root = writePackage(`${outer}/node_modules/sluice`);
    placeNode(node === '' ? `${index}/node_modules` : `${outer}/${node}`);
    mkdirSync(join(root, '../.bin'));
    symlinkSync('../sluice/bin/sluice', join(root, '../.bin/sluice'));
    expect(run(join(root, '../.bin/sluice'), words)).toEqual(expected);
  }
});

test('it starts through chains of links, to the file and to the folder', () => {
  const root = writePackage('clone');
  placeNode('clone/node_modules');
  mkdirSync(join(folder, 'global/node_modules'), { recursive: true });
  mkdirSync(join(folder, 'bin'));
  symlinkSync(root, join(folder, 'global/node_modules/sluice'));
  symlinkSync('../global/node_modules/sluice/bin/sluice', join(folder, 'bin/one'));
  symlinkSync('one', join(folder, 'bin/sluice'));
  expect(run(join(folder, 'bin/sluice'), words)).toEqual(expected);
  expect(run('sluice', words, { path: `${join(folder, 'bin')}:/usr/bin:/bin` })).toEqual(expected);
});

test('under node_modules worker threads strip types too, and the result is kept', () => {
  const root = writePackage('node_modules/sluice');
  placeNode('node_modules');
  const sluice = join(root, 'bin/sluice');
  expect(run(sluice, ['worker'])).toEqual({ code: 0, out: 'worker\n', err: '' });
  const kept = (): readonly string[] =>
    readdirSync(join(folder, 'cache/sluice'), { recursive: true, encoding: 'utf8' }).filter(
      (name) => name.endsWith('.js'),
    );
  expect(kept()).toHaveLength(2);
  expect(run(sluice, words)).toEqual(expected);
  expect(kept()).toHaveLength(2);
});

test('code is not kept in a folder that others can write to', () => {
  const root = writePackage('node_modules/sluice');
  placeNode('node_modules');
  mkdirSync(join(folder, 'cache/sluice'), { recursive: true });
  chmodSync(join(folder, 'cache/sluice'), 0o777);
  expect(run(join(root, 'bin/sluice'), words)).toEqual(expected);
  expect(readdirSync(join(folder, 'cache/sluice'))).toEqual([]);
});

test('it starts where nothing can be written', () => {
  const root = writePackage('node_modules/sluice');
  placeNode('node_modules');
  expect(run(join(root, 'bin/sluice'), words, { cache: '/dev/null' })).toEqual(expected);
  expect(existsSync(join(folder, 'cache'))).toBe(false);
});

test('without the pinned Node it takes the Node of the shell when that is new enough', () => {
  const root = writePackage('clone');
  const path = `${dirname(process.execPath)}:/usr/bin:/bin`;
  expect(run(join(root, 'bin/sluice'), words, { path })).toEqual(expected);
});

test('without any fitting Node it says what to do', () => {
  const root = writePackage('clone');
  mkdirSync(join(folder, 'old'));
  writeFileSync(join(folder, 'old/node'), '#!/bin/sh\necho v20.1.0\n', { mode: 0o755 });
  const old = run(join(root, 'bin/sluice'), [], { path: `${join(folder, 'old')}:/bin` });
  expect(old.code).toBe(2);
  expect(old.err).toContain('v20.1.0 was found instead of Node 26 or later');
  expect(old.err).toContain('npm approve-scripts node');
});
