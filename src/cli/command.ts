/**
 * What a command is: data (noun, verb, options, examples) from which the parser, help, completion and
 * the reference page follow, and a function that is loaded only when the command runs.
 *
 * INVARIANT: a command reaches the world only through `Surroundings`, so that a test can be its world.
 */
import type { Application } from '../app/application.ts';
import type { BackupDesk } from '../app/backup/backup-desk.ts';
import type { TypeCatalogue } from '../core/flow/index.ts';

/** An option of a command. */
export interface OptionDefinition {
  /** Long name without dashes. */
  readonly name: string;
  /** One letter. */
  readonly short?: string;
  /** What stands for its value in help; absent: the option is a switch. */
  readonly value?: string;
  readonly isRepeatable?: boolean;
  /** The only values it takes. */
  readonly choices?: readonly string[];
  readonly summary: string;
}

/** An argument of a command that is told by its place. */
export interface ArgumentDefinition {
  readonly name: string;
  readonly isOptional?: boolean;
  /** Takes all that are left. */
  readonly isRepeatable?: boolean;
  /** The only values it takes. */
  readonly choices?: readonly string[];
  readonly summary: string;
}

/** A call of a command, shown in its help. */
export interface CommandExample {
  readonly title: string;
  readonly call: string;
}

/** The arguments and options of one call. */
export interface Call {
  readonly command: Command;
  readonly args: readonly string[];
  /** Tells whether a switch is on. */
  has(option: string): boolean;
  /** Returns the value of an option; the last one when it was repeated. */
  text(option: string): string | undefined;
  /** Returns every value of a repeatable option. */
  texts(option: string): readonly string[];
}

/** Does what a command is for; gives the exit code. */
export type Perform = (call: Call, surroundings: Surroundings) => Promise<number>;

/** A command of the command line. */
export interface Command {
  /** What it is about; absent for commands of one word. */
  readonly noun?: string;
  readonly verb: string;
  /** One sentence that starts with a verb in the third person. */
  readonly summary: string;
  readonly description?: string;
  readonly args: readonly ArgumentDefinition[];
  readonly options: readonly OptionDefinition[];
  readonly examples: readonly CommandExample[];
  /** Forms that `--output` takes besides those of every command. */
  readonly forms?: readonly string[];
  readonly load: () => Promise<Perform>;
}

/** Where text goes: standard output or standard error. */
export interface Outlet {
  write(content: string | Uint8Array): void;
  /** Resolves when the reader keeps up again; false when it is gone. For output that is long. */
  settle(): Promise<boolean>;
  readonly isTerminal: boolean;
  /** Size of the terminal; zero when it is none. */
  readonly columns: number;
  readonly rows: number;
}

/** The world as a command sees it. */
export interface Surroundings {
  readonly out: Outlet;
  readonly err: Outlet;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly workingFolder: string;
  /** True when a person can be asked. */
  readonly isInteractive: boolean;
  /** Reads standard input to its end. */
  readInput(): Promise<string>;
  /** Asks for one line on the terminal. */
  ask(question: string): Promise<string>;
  openApplication(options: { readonly dataFolder: string }): Promise<Application>;
  /** Opens an application over a folder that goes when it is closed, and a store in memory. */
  openTransient(): Promise<Application>;
  /** Returns what is asked of backups without opening a data folder. */
  loadBackupDesk(): Promise<BackupDesk>;
  /** Returns every type the language knows, without opening a data folder. */
  loadCatalogue(): Promise<TypeCatalogue>;
  /** Calls `listener` at the first request to stop (Ctrl-C) until the returned function is called. */
  onInterrupt(listener: () => void): () => void;
  /** Calls `listener` if the process ends before the returned function is called. */
  onExit(listener: () => void): () => void;
  /** Epoch milliseconds. */
  now(): number;
  /** Calls `tick` again and again until the returned function is called. */
  every(milliseconds: number, tick: () => void): () => void;
}

/** Returns the words that name `command`: `execution list`. */
export function commandName(command: Command): string {
  return command.noun === undefined ? command.verb : `${command.noun} ${command.verb}`;
}
