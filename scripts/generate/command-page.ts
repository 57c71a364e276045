/** Writes the page of commands from the table from which the command line parses and helps. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { GeneratedFile } from './generated-file.ts';
import { code, fence, generatedNote, table } from './markdown.ts';

/** The part of a command that its page shows. */
export interface DocumentedCommand {
  readonly noun?: string;
  readonly verb: string;
  readonly summary: string;
  readonly description?: string;
  readonly args: readonly {
    readonly name: string;
    readonly isOptional?: boolean;
    readonly isRepeatable?: boolean;
    readonly summary: string;
  }[];
  readonly options: readonly {
    readonly name: string;
    readonly short?: string;
    readonly value?: string;
    readonly isRepeatable?: boolean;
    readonly summary: string;
  }[];
  readonly examples: readonly { readonly title: string; readonly call: string }[];
}

const commandTable = 'src/cli/commands/index.ts';

function nameOf(command: DocumentedCommand): string {
  return command.noun === undefined ? command.verb : `${command.noun} ${command.verb}`;
}

function usage(command: DocumentedCommand): string {
  const args = command.args.map((arg) => {
    const shown = `<${arg.name}>${arg.isRepeatable === true ? '…' : ''}`;
    return arg.isOptional === true ? `[${shown}]` : shown;
  });
  const options = command.options.length === 0 ? [] : ['[options]'];
  return ['sluice', nameOf(command), ...args, ...options].join(' ');
}

function section(command: DocumentedCommand): string {
  const rows = [
    ...command.args.map((arg) => [code(`<${arg.name}>`), arg.summary]),
    ...command.options.map((option) => {
      const long = `--${option.name}${option.value === undefined ? '' : ` ${option.value}`}`;
      const both = option.short === undefined ? long : `-${option.short}, ${long}`;
      return [code(both), `${option.summary}${option.isRepeatable === true ? '; repeatable' : ''}`];
    }),
  ];
  return [
    `## ${code(`sluice ${nameOf(command)}`)}\n`,
    `${command.summary}\n`,
    ...(command.description === undefined ? [] : [`${command.description}\n`]),
    fence('text', usage(command)),
    ...(rows.length === 0 ? [] : [table(['argument or option', 'meaning'], rows)]),
    ...command.examples.flatMap(({ title, call }) => [`${title}:\n`, fence('sh', call)]),
  ].join('\n');
}

/** Returns the text of the page for `commands`. */
export function commandPageText(commands: readonly DocumentedCommand[]): string {
  return [generatedNote(commandTable), '# Commands\n', ...commands.map(section)].join('\n');
}

/** Returns `docs/reference/commands.md`, or nothing while there is no table of commands. */
export async function commandPage(root: string): Promise<readonly GeneratedFile[]> {
  const file = join(root, commandTable);
  if (!existsSync(file)) return [];
  const { commands } = (await import(pathToFileURL(file).href)) as {
    commands: readonly DocumentedCommand[];
  };
  return [{ path: 'docs/reference/commands.md', content: commandPageText(commands) }];
}
