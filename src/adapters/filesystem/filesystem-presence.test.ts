/** Presence in a real folder, with a real process that comes and goes. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createFilesystemPresence } from './filesystem-presence.ts';

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'presence-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

test('a process that is alone sees nobody else', async () => {
  const presence = createFilesystemPresence(await folder());
  expect(presence.hasOthers()).toBe(false);
  presence.leave();
});

test('two see each other until one leaves', async () => {
  const path = await folder();
  const [one, two] = [createFilesystemPresence(path), createFilesystemPresence(path)];
  expect([one.hasOthers(), two.hasOthers()]).toEqual([true, true]);
  two.leave();
  expect(one.hasOthers()).toBe(false);
});

test('a process that was killed does not count', async () => {
  const path = await folder();
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  await writeFile(join(path, `${child.pid}-1`), '');
  const presence = createFilesystemPresence(path);
  expect(presence.hasOthers()).toBe(true);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(presence.hasOthers()).toBe(false);
  expect(await readdir(path)).toEqual([
    `${process.pid}-${(await readdir(path))[0]?.split('-')[1]}`,
  ]);
});

test('a process that was given the number of one that is gone does not count', async () => {
  const path = await folder();
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  onTestFinished(() => void child.kill('SIGKILL'));
  await writeFile(join(path, `${child.pid}-1`), 'another-boot 1');
  const tells = existsSync('/proc/self/stat');
  expect(createFilesystemPresence(path).hasOthers()).toBe(!tells);
});

test('a process that has ended and that nobody has asked about does not count', async () => {
  const path = await folder();
  // The shell starts a child, becomes a program that never asks after it, and says its number.
  const shell = spawn('sh', ['-c', 'sleep 0 & echo $!; exec sleep 5']);
  onTestFinished(() => void shell.kill('SIGKILL'));
  const [told] = (await once(shell.stdout, 'data')) as [Buffer];
  await writeFile(join(path, `${told.toString().trim()}-1`), '');
  const presence = createFilesystemPresence(path);
  await expect.poll(() => presence.hasOthers()).toBe(false);
});
