/** Real child processes for the fake world: the declared environment only, ended as a group. */
import { spawn } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { Failure } from '../../src/core/failure/index.ts';
import type {
  ProcessOutcome,
  ProcessRequest,
  ProcessRunner,
} from '../../src/ports/process-runner.ts';

const pathDefault = process.env['PATH'] ?? '/usr/bin:/bin';

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

async function runProcess(request: ProcessRequest): Promise<ProcessOutcome> {
  const [program = '', ...args] = request.command;
  request.signal.throwIfAborted();
  const child = spawn(program, args, {
    cwd: request.workingFolder,
    env: { PATH: pathDefault, ...request.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const endGroup = () => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch (error) {
      if (!hasCode(error, 'ESRCH')) throw error;
    }
  };
  request.signal.addEventListener('abort', endGroup, { once: true });
  for (const stream of ['stdout', 'stderr'] as const) {
    createInterface({ input: child[stream] }).on('line', (line) => request.onLine(stream, line));
  }
  try {
    return await new Promise<ProcessOutcome>((resolve, reject) => {
      child.on('error', (error) =>
        reject(
          hasCode(error, 'ENOENT')
            ? new Failure('process.not-found', `the program \`${program}\` is not installed`)
            : error,
        ),
      );
      child.on('close', (exitCode, endedBy) => {
        if (request.signal.aborted) reject(request.signal.reason as Error);
        else resolve({ exitCode: exitCode ?? 1, ...(endedBy === null ? {} : { endedBy }) });
      });
    });
  } finally {
    request.signal.removeEventListener('abort', endGroup);
    endGroup();
  }
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** Returns a runner of real processes; `note` is told each program. */
export function worldProcesses(note: (program: string) => void): ProcessRunner {
  return {
    run(request) {
      note(request.command[0] ?? '');
      return runProcess(request);
    },
    async has(program) {
      if (program.includes('/')) return isExecutable(program);
      for (const folder of pathDefault.split(delimiter)) {
        if (await isExecutable(join(folder, program))) return true;
      }
      return false;
    },
  };
}
