/**
 * Joins the command line to the real process: standard streams, signals, exit code. A closed pipe ends
 * the output and not the work; the first Ctrl-C asks, the second ends.
 */
import type { Outlet, Surroundings } from './command.ts';
import { commands } from './commands/index.ts';
import { exitCodes } from './output/exit-codes.ts';
import { runCommandLine } from './run-command-line.ts';

function outlet(stream: NodeJS.WriteStream): Outlet {
  let isClosed = false;
  // EPIPE means that the reader has seen enough (`sluice … | head`), which is no trouble of ours.
  stream.on('error', () => {
    isClosed = true;
  });
  return {
    write: (content) => {
      if (!isClosed) stream.write(content);
    },
    async settle() {
      if (!isClosed && stream.writableNeedDrain) {
        await new Promise<void>((resolve) => {
          const done = (): void => {
            for (const event of ['drain', 'error', 'close']) stream.off(event, done);
            resolve();
          };
          for (const event of ['drain', 'error', 'close']) stream.once(event, done);
        });
      }
      return !isClosed && !stream.destroyed;
    },
    isTerminal: stream.isTTY === true,
    get columns() {
      return stream.isTTY === true ? stream.columns : 0;
    },
    get rows() {
      return stream.isTTY === true ? stream.rows : 0;
    },
  };
}

async function flush(stream: NodeJS.WriteStream): Promise<void> {
  if (stream.destroyed || stream.writableLength === 0) return;
  await new Promise<void>((resolve) => {
    stream.write('', () => resolve());
  });
}

async function readInput(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks).toString('utf8');
}

async function ask(question: string): Promise<string> {
  const { createInterface } = await import('node:readline/promises');
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await reader.question(question);
  } finally {
    reader.close();
  }
}

type Signal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

/** Keeps who wants to know of signals and of the end of the process. */
function watchSignals(): Pick<Surroundings, 'onInterrupt' | 'onExit'> {
  const interrupts = new Set<() => void>();
  const exits = new Set<() => void>();
  let isAsked = false;
  const leave = () => {
    for (const listener of exits) listener();
    exits.clear();
  };
  process.on('exit', leave);
  const numbers: Record<Signal, number> = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 };
  const onSignal = (signal: Signal) => {
    if (isAsked || interrupts.size === 0) {
      leave();
      process.exit(signal === 'SIGINT' ? exitCodes.interrupted : 128 + numbers[signal]);
    }
    isAsked = true;
    for (const listener of interrupts) listener();
  };
  for (const signal of Object.keys(numbers) as Signal[]) process.on(signal, onSignal);
  const keep = (listeners: Set<() => void>) => (listener: () => void) => {
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  };
  return { onInterrupt: keep(interrupts), onExit: keep(exits) };
}

function surroundings(): Surroundings {
  return {
    out: outlet(process.stdout),
    err: outlet(process.stderr),
    environment: process.env,
    workingFolder: process.cwd(),
    isInteractive: process.stdin.isTTY === true && process.stdout.isTTY === true,
    readInput,
    ask,
    openApplication: async ({ dataFolder }) => {
      const { createApplication } = await import('../app/create-application.ts');
      return await createApplication({ dataFolder });
    },
    openTransient: async () => {
      const { createTransientApplication } = await import('../app/create-transient.ts');
      return await createTransientApplication();
    },
    loadBackupDesk: async () => {
      const { createBackupDesk } = await import('../app/backup/backup-desk.ts');
      return createBackupDesk();
    },
    loadCatalogue: async () => {
      const { readTypeCatalogue } = await import('../app/type-catalogue.ts');
      return readTypeCatalogue();
    },
    ...watchSignals(),
    now: () => Date.now(),
    every: (milliseconds, tick) => {
      const timer = setInterval(tick, milliseconds);
      timer.unref();
      return () => {
        clearInterval(timer);
      };
    },
  };
}

/** Runs the command line of this process and ends it with the exit code. */
export async function startProcess(): Promise<void> {
  const code = await runCommandLine(process.argv.slice(2), commands, surroundings());
  await Promise.all([flush(process.stdout), flush(process.stderr)]);
  process.exit(code);
}
