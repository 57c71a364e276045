/**
 * Child processes of the machine. Each runs in a process group of its own, with the environment that
 * was declared and nothing of this process's.
 *
 * INVARIANT: when a run is answered nobody of its group is alive: not after an end by itself that left
 * helpers behind, and not after an abort that was ignored.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { constants as osConstants } from 'node:os';
import { delimiter, join, resolve as resolvePath } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../../core/failure/index.ts';
import type { LeftProcesses } from '../../ports/left-processes.ts';
import {
  minimalPath,
  type ProcessOutcome,
  type ProcessRequest,
  type ProcessRunner,
} from '../../ports/process-runner.ts';
import { endGroup, waitForGroup } from './process-group.ts';

/** How processes are run. */
export interface SystemProcessRunnerOptions {
  /** The `PATH` of processes that declare none, and where `has` looks. */
  readonly path?: string;
  /** How long a group may take to end by itself after it was asked to. */
  readonly graceMs?: number;
  /** Notes the groups, so that they can be ended when this process no longer can. */
  readonly left?: LeftProcesses;
}

/** Characters of a line that are kept; a program that never ends its line must not fill the memory. */
const lineMax = 1_048_576;
/** How long helpers may run on after the program itself has ended. */
const lingerMs = 200;
/** How long pipes may stay open after the group is gone: somebody who left the group holds them. */
const drainMs = 500;

/** Returns a sink of bytes that calls `onLine` for each line; `end` gives the last one that was not ended. */
function splitLines(onLine: (line: string) => void) {
  const decoder = new StringDecoder('utf8');
  let line = '';
  let isCut = false;
  const emit = (): void => {
    const text = line.endsWith('\r') ? line.slice(0, -1) : line;
    onLine(isCut ? `${text} … (cut after ${lineMax} characters)` : text);
    line = '';
    isCut = false;
  };
  const add = (text: string): void => {
    const room = lineMax - line.length;
    line += text.slice(0, room);
    isCut ||= text.length > room;
  };
  const write = (text: string): void => {
    const pieces = text.split('\n');
    for (const piece of pieces.slice(0, -1)) {
      add(piece);
      emit();
    }
    add(pieces.at(-1) ?? '');
  };
  return {
    write: (chunk: Buffer) => write(decoder.write(chunk)),
    end: () => {
      write(decoder.end());
      if (line !== '') emit();
    },
  };
}

function started(child: ChildProcess, { command, workingFolder }: ProcessRequest): Promise<number> {
  const [program = ''] = command;
  return new Promise((resolve, reject) => {
    child.once('spawn', () => resolve(child.pid ?? 0));
    child.once('error', (cause) => {
      stat(workingFolder).then(
        () =>
          reject(
            new Failure('process.not-found', `the program \`${program}\` cannot be run`, { cause }),
          ),
        () =>
          reject(
            new Failure('file.not-found', `there is no folder \`${workingFolder}\``, { cause }),
          ),
      );
    });
  });
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'EACCES' || code === 'ENOTDIR') return false;
    throw error;
  }
}

/** Returns a runner of processes of this machine. */
export function createSystemProcessRunner(options: SystemProcessRunnerOptions = {}): ProcessRunner {
  const { path = minimalPath, graceMs = 2_000, left } = options;

  const run = async (request: ProcessRequest): Promise<ProcessOutcome> => {
    const { command, workingFolder, environment, signal, onLine } = request;
    signal.throwIfAborted();
    const [program, ...parameters] = command;
    if (program === undefined) {
      throw new Failure('process.not-found', 'the command is empty: it names no program');
    }
    const noted = left?.note(workingFolder);
    const child = spawn(program, parameters, {
      cwd: workingFolder,
      env: { PATH: path, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    if (child.pid !== undefined) noted?.started(child.pid);
    const exited = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>(
      (resolve) => {
        child.once('exit', (code, endedBy) => resolve({ code, signal: endedBy }));
      },
    );
    const closed = new Promise<void>((resolve) => {
      child.once('close', () => resolve());
    });
    const splitters = (['stdout', 'stderr'] as const).map((stream) => {
      const splitter = splitLines((line) => onLine(stream, line));
      child[stream].on('data', splitter.write);
      return splitter;
    });
    const group = await started(child, request).catch((error: unknown) => {
      noted?.over();
      throw error;
    });

    let ending: Promise<void> | undefined;
    const onAbort = (): void => {
      ending ??= endGroup(group, graceMs);
    };
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) onAbort();
    try {
      const { code, signal: endedBy } = await exited;
      // Helpers it left behind are ended as well: nothing of a task outlives the task. Those that only
      // pass on the last of its output (`> >(tee log)`) get a moment for it.
      if (ending === undefined) await waitForGroup(group, lingerMs);
      await (ending ?? endGroup(group, graceMs));
      await Promise.race([closed, sleep(drainMs, undefined, { ref: false })]);
      for (const splitter of splitters) splitter.end();
      return endedBy === null
        ? { exitCode: code ?? 0 }
        : { exitCode: 128 + osConstants.signals[endedBy], endedBy };
    } finally {
      signal.removeEventListener('abort', onAbort);
      child.stdout.destroy();
      child.stderr.destroy();
      noted?.over();
    }
  };

  return {
    run,
    async has(program) {
      const places = program.includes('/')
        ? [resolvePath(program)]
        : path.split(delimiter).map((folder) => join(folder, program));
      for (const place of places) if (await isExecutable(place)) return true;
      return false;
    },
  };
}
