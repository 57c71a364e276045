/** `sluice serve` as a process: says where it is, serves, stops in order when it is asked to. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

const sluice = new URL('../../bin/sluice', import.meta.url).pathname;

function folderOfTest(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-serve-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function textOf(child: ChildProcess): () => string {
  let text = '';
  child.stdout?.on('data', (chunk) => (text += String(chunk)));
  child.stderr?.on('data', (chunk) => (text += String(chunk)));
  return () => text;
}

async function until(isTrue: () => boolean): Promise<void> {
  for (let tries = 0; !isTrue(); tries += 1) {
    if (tries > 500) throw new Error('it did not come');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test('it serves until it is asked to stop, and another one on the same port is refused', async () => {
  const folder = folderOfTest();
  const child = spawn(sluice, ['serve', '--data', folder, '--port', '0'], { stdio: 'pipe' });
  onTestFinished(() => void child.kill('SIGKILL'));
  const text = textOf(child);
  await until(() => text().includes('Ctrl-C stops it'));
  const url = /up at (http:\/\/127\.0\.0\.1:\d+)\n/.exec(text())?.[1] ?? '';
  expect(text()).toContain(`${url}/setup#`);
  expect(await (await fetch(`${url}/health`)).json()).toMatchObject({ status: 'UP' });
  expect(await (await fetch(`${url}/health/readiness`)).json()).toEqual({
    status: 'UP',
    troubles: [],
  });
  const second = spawnSync(sluice, ['serve', '--data', folder, '--port', new URL(url).port], {
    encoding: 'utf8',
  });
  expect(second.status).toBe(1);
  expect(second.stderr).toContain('is in use');
  const ended = new Promise<number | null>((resolve) => child.on('exit', resolve));
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
  expect(text()).toContain('"msg":"the server has stopped"');
});

test('a wrong configuration is told with its place, and nothing starts', () => {
  const folder = folderOfTest();
  const config = join(folder, 'sluice.yaml');
  writeFileSync(config, 'server:\n  prot: 9000\n');
  for (const words of [['serve'], ['config', 'check']]) {
    const ran = spawnSync(sluice, [...words, '--data', folder, '--config', config], {
      encoding: 'utf8',
    });
    expect(ran.status).toBe(2);
    expect(ran.stderr).toContain(`${config}:2:3`);
    expect(ran.stderr).toContain('there is no setting `server.prot`');
  }
  const shown = spawnSync(sluice, ['config', 'show', '--data', folder], {
    encoding: 'utf8',
    cwd: folder.replace(/[^/]+$/, ''),
    env: { ...process.env, SLUICE_SERVER_PORT: '9000', SLUICE_TELEMETRY_HEADERS: 'key=s3cret' },
  });
  expect(shown.stdout).toMatch(/server\.port +9000 +environment SLUICE_SERVER_PORT/);
  expect(shown.stdout).toMatch(/telemetry\.headers +\*{6}/);
  expect(shown.stdout).not.toContain('s3cret');
});
