/** What every runner of child processes must do. */
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import type {
  ProcessOutcome,
  ProcessRequest,
  ProcessRunner,
} from '../../src/ports/process-runner.ts';

interface Run extends ProcessOutcome {
  readonly stdout: readonly string[];
  readonly stderr: readonly string[];
}

/** Calls the tests of a runner whose grace after an abort is `graceMs`. */
export function testProcessRunner(title: string, open: () => ProcessRunner, graceMs: number): void {
  describe(`${title} keeps the contract of a process runner`, () => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-processes-')));
    afterAll(() => rmSync(folder, { recursive: true }));
    const runner = open();

    const run = async (script: string, more: Partial<ProcessRequest> = {}): Promise<Run> => {
      const lines: { stdout: string[]; stderr: string[] } = { stdout: [], stderr: [] };
      const outcome = await runner.run({
        command: ['sh', '-c', script],
        workingFolder: folder,
        environment: {},
        signal: new AbortController().signal,
        onLine: (stream, line) => lines[stream].push(line),
        ...more,
      });
      return { ...outcome, ...lines };
    };
    /** Tells whether the process whose id a script wrote into `file` runs (a dead one may wait to be buried). */
    const isAlive = (file: string): boolean => {
      const stat = `/proc/${readFileSync(join(folder, file), 'utf8').trim()}/stat`;
      return existsSync(stat) && !/\) [ZX] /.test(readFileSync(stat, 'utf8'));
    };

    test('gives the exit code and the lines of both streams, the unended last one too', async () => {
      expect(await run('echo one; echo two >&2; printf "three\\r\\nfour"; exit 7')).toEqual({
        exitCode: 7,
        stdout: ['one', 'three', 'four'],
        stderr: ['two'],
      });
    });

    test('keeps characters whole that arrive in two pieces, and empty lines', async () => {
      const { stdout } = await run("printf '\\303'; sleep 0.1; printf '\\274\\n\\nend\\n'");
      expect(stdout).toEqual(['ü', '', 'end']);
    });

    test('gives all lines of a talkative program, in order', async () => {
      const { stdout } = await run('seq 1 50000');
      expect(stdout).toEqual(Array.from({ length: 50_000 }, (_, index) => String(index + 1)));
    });

    test('cuts a line that is too long, says so, and goes on', async () => {
      const { stdout } = await run('head -c 3000000 /dev/zero | tr "\\0" x; echo; echo next');
      expect(stdout).toHaveLength(2);
      expect(stdout[0]).toMatch(/^x{1048576} … \(cut after 1048576 characters\)$/);
      expect(stdout[1]).toBe('next');
    });

    test('hands over the declared environment, a minimal PATH, and nothing else', async () => {
      process.env['SLUICE_TEST_SECRET'] = 'secret';
      try {
        const { stdout } = await run('env | sort', { environment: { A: 'b c', EMPTY: '' } });
        // The shell itself adds the folder it stands in.
        const names = stdout.map((line) => line.split('=')[0]);
        expect(
          names.filter((name) => !['PWD', 'OLDPWD', 'SHLVL', '_'].includes(name ?? '')),
        ).toEqual(['A', 'EMPTY', 'PATH']);
        expect(stdout).toContain('A=b c');
        expect(
          (await run('echo $PATH', { environment: { PATH: '/bin:/usr/bin:/x' } })).stdout,
        ).toEqual(['/bin:/usr/bin:/x']);
      } finally {
        delete process.env['SLUICE_TEST_SECRET'];
      }
    });

    test('runs in the folder it is given, without anything to read', async () => {
      expect((await run('pwd; cat')).stdout).toEqual([folder]);
    });

    test('takes arguments as they are', async () => {
      const { stdout } = await run('', { command: ['printf', '%s|', '$HOME', 'a b', '*', "'"] });
      expect(stdout).toEqual(["$HOME|a b|*|'|"]);
    });

    test('says of a missing program, and of a file that is none, that it is not found', async () => {
      const plain = join(folder, 'plain.txt');
      writeFileSync(plain, 'text');
      for (const command of [['no-such-program'], [join(folder, 'none')], [plain], []]) {
        await expect(run('', { command })).rejects.toMatchObject({ code: 'process.not-found' });
      }
      await expect(run('', { workingFolder: join(folder, 'none') })).rejects.toMatchObject({
        code: 'file.not-found',
      });
    });

    test('knows which programs there are', async () => {
      expect(await runner.has('sh')).toBe(true);
      expect(await runner.has('/bin/sh')).toBe(true);
      expect(await runner.has('no-such-program')).toBe(false);
      expect(await runner.has(join(folder, 'none'))).toBe(false);
      expect(await runner.has(folder)).toBe(false);
    });

    test('tells the signal that ended it', async () => {
      expect(await run('kill -9 $$')).toMatchObject({ exitCode: 137, endedBy: 'SIGKILL' });
    });

    test('does not start what is aborted already', async () => {
      const signal = AbortSignal.abort();
      await expect(run('touch started', { signal })).rejects.toThrow();
      expect(existsSync(join(folder, 'started'))).toBe(false);
    });

    test('asks on abort, so that the program can tidy up', async () => {
      const abort = new AbortController();
      const running = run(
        'trap "echo tidied; exit 3" TERM; echo ready; while :; do sleep 0.05; done',
        {
          signal: abort.signal,
          onLine: () => abort.abort(),
        },
      );
      const started = performance.now();
      expect((await running).exitCode).toBe(3);
      expect(performance.now() - started).toBeLessThan(graceMs + 1_000);
    });

    test('kills on abort who does not listen, and all they started, before it answers', async () => {
      const abort = new AbortController();
      const running = run(
        'trap "" TERM; (trap "" TERM; sh -c "echo \\$\\$ > deaf-child; sleep 60; sleep 60") & echo $$ > deaf; wait; sleep 60',
        { signal: abort.signal },
      );
      while (
        !existsSync(join(folder, 'deaf-child')) ||
        statSync(join(folder, 'deaf-child')).size === 0
      )
        await sleep(5);
      const started = performance.now();
      abort.abort();
      expect((await running).endedBy).toBe('SIGKILL');
      expect(performance.now() - started).toBeGreaterThanOrEqual(graceMs - 5);
      expect(isAlive('deaf')).toBe(false);
      expect(isAlive('deaf-child')).toBe(false);
    });

    test('ends helpers that a program leaves behind when it ends by itself', async () => {
      const started = performance.now();
      const outcome = await run('sleep 60 & echo $! > helper; echo done');
      expect(outcome).toMatchObject({ exitCode: 0, stdout: ['done'] });
      expect(performance.now() - started).toBeLessThan(graceMs + 5_000);
      expect(isAlive('helper')).toBe(false);
    });

    test('keeps what helpers print in the moment after the end', async () => {
      const { stdout } = await run('(sleep 0.05; echo late) & echo early');
      expect(stdout).toEqual(['early', 'late']);
    });

    test('runs several at once without mixing their lines', async () => {
      const runs = await Promise.all(
        [1, 2, 3].map((one) => run(`for i in 1 2 3; do echo ${one}; done`)),
      );
      expect(runs.map(({ stdout }) => stdout.join(''))).toEqual(['111', '222', '333']);
    });
  });
}
