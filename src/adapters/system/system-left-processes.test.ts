/** Process groups that outlive their starter: ended when they are the noted ones, and no others. */
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { isAlive } from '../../../test/support/is-alive.ts';
import { createSystemLeftProcesses } from './system-left-processes.ts';

async function freshFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-left-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Starts a group that sleeps, in `folder`; it goes with the test. */
function startSleeper(folder: string, script = 'sleep 30'): number {
  const child = spawn('sh', ['-c', script], { cwd: folder, detached: true, stdio: 'ignore' });
  const group = child.pid ?? 0;
  onTestFinished(() => {
    try {
      process.kill(-group, 'SIGKILL');
    } catch {
      // It has ended, which is what most tests are about.
    }
  });
  return group;
}

/** Lets the one note in `folder` look as if it had been made by a process that is gone. */
async function orphan(folder: string, change: 'boot' | 'leader' | 'none' = 'none'): Promise<void> {
  const [name = ''] = await readdir(folder);
  const fields = name.split('.');
  // The start of the owner is another: the process of that number today is a later one.
  fields[1] = '1';
  if (change === 'boot') fields[2] = 'another';
  const file = join(folder, fields.join('.'));
  await rename(join(folder, name), file);
  if (change !== 'leader') return;
  const [, leader = ''] = (await readFile(file, 'utf8')).split('\n');
  await writeFile(file, `/nowhere\n${leader.split(' ')[0]} 1\n`);
}

test('ends a group whose starter is gone, and forgets it', async () => {
  const folder = await freshFolder();
  const group = startSleeper(tmpdir());
  const left = createSystemLeftProcesses(join(folder, 'notes'));
  left.note(folder).started(group);
  await orphan(join(folder, 'notes'));
  expect(await left.end()).toBe(1);
  expect(await isAlive(group)).toBe(false);
  expect(await readdir(join(folder, 'notes'))).toEqual([]);
});

test('leaves a group alone whose starter is alive', async () => {
  const folder = await freshFolder();
  const group = startSleeper(folder);
  const left = createSystemLeftProcesses(join(folder, 'notes'));
  const noted = left.note(folder);
  noted.started(group);
  expect(await createSystemLeftProcesses(join(folder, 'notes')).end()).toBe(0);
  expect(await isAlive(group)).toBe(true);
  noted.over();
  expect(await readdir(join(folder, 'notes'))).toEqual([]);
});

test.each(['leader', 'boot'] as const)(
  'leaves a process alone that only has the number of a noted one (another %s)',
  async (change) => {
    const folder = await freshFolder();
    const group = startSleeper(folder);
    const left = createSystemLeftProcesses(join(folder, 'notes'));
    left.note(folder).started(group);
    await orphan(join(folder, 'notes'), change);
    expect(await left.end()).toBe(0);
    expect(await isAlive(group)).toBe(true);
    expect(await readdir(join(folder, 'notes'))).toEqual([]);
  },
);

describe.runIf(process.platform === 'linux')('by the place where it works', () => {
  test('a group is found that was started and not noted any more', async () => {
    const folder = await freshFolder();
    const left = createSystemLeftProcesses(join(folder, 'notes'));
    left.note(join(folder, 'work'));
    await mkdir(join(folder, 'work/deep'), { recursive: true });
    await mkdir(join(folder, 'workshop'));
    const group = startSleeper(join(folder, 'work/deep'));
    const neighbour = startSleeper(join(folder, 'workshop'));
    await orphan(join(folder, 'notes'));
    expect(await left.end()).toBe(1);
    expect(await isAlive(group)).toBe(false);
    expect(await isAlive(neighbour)).toBe(true);
  });

  test('what a leader left behind is found', async () => {
    const folder = await freshFolder();
    const group = startSleeper(folder, 'sleep 30 & sleep 0.1');
    const left = createSystemLeftProcesses(join(folder, 'notes'));
    left.note(folder).started(group);
    await orphan(join(folder, 'notes'));
    for (let waits = 100; waits > 0 && (await isAlive(group)); waits -= 1) await sleep(20);
    expect(await isAlive(group)).toBe(false);
    expect(await left.end()).toBe(1);
  });
});

test('has nothing to end where nothing was noted, and reads past what is no note', async () => {
  const folder = await freshFolder();
  expect(await createSystemLeftProcesses(join(folder, 'none')).end()).toBe(0);
  await writeFile(join(folder, 'readme'), '');
  expect(await createSystemLeftProcesses(folder).end()).toBe(0);
});
