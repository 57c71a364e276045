/**
 * Help, from the table of commands: all commands, the commands of a noun, one command. Plain text, 100
 * columns at most, the same on every machine, so that it can be pinned.
 */
import {
  type ArgumentDefinition,
  type Command,
  commandName,
  type OptionDefinition,
} from './command.ts';
import { exitCodeMeanings } from './output/exit-codes.ts';
import { universalOptions } from './parse-arguments.ts';

const columnsMax = 100;

function wrap(text: string, indent: number): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && indent + line.length + 1 + word.length > columnsMax) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].join(`\n${' '.repeat(indent)}`);
}

function listing(rows: readonly (readonly [left: string, right: string])[]): string {
  const width = Math.min(30, Math.max(...rows.map(([left]) => left.length)));
  return rows
    .map(([left, right]) => {
      const indent = width + 4;
      const head =
        left.length > width ? `  ${left}\n${' '.repeat(indent)}` : `  ${left.padEnd(width)}  `;
      return `${head}${wrap(right, indent)}\n`;
    })
    .join('');
}

function argumentText({ name, isOptional, isRepeatable }: ArgumentDefinition): string {
  const repeated = isRepeatable === true ? `${name}…` : name;
  return isOptional === true ? `[${repeated}]` : `<${repeated}>`;
}

/** Returns how `command` is called: `sluice kv get <KEY> [options]`. */
export function usageText(command: Command): string {
  return ['sluice', commandName(command), ...command.args.map(argumentText), '[options]'].join(' ');
}

function optionText({ name, short, value }: OptionDefinition): string {
  const letter = short === undefined ? '' : `-${short}, `;
  return `${letter}--${name}${value === undefined ? '' : ` ${value}`}`;
}

function optionRow(option: OptionDefinition): [string, string] {
  const again = option.isRepeatable === true ? ' (may be repeated)' : '';
  return [optionText(option), option.summary + again];
}

/** Returns the help of one command. */
export function commandHelp(command: Command): string {
  const parts = [
    `${wrap(command.summary, 0)}\n`,
    `Usage: ${usageText(command)}\n`,
    ...(command.description === undefined
      ? []
      : command.description.split('\n\n').map((part) => `${wrap(part, 0)}\n`)),
    ...(command.args.length === 0
      ? []
      : [`Arguments:\n${listing(command.args.map((arg) => [argumentText(arg), arg.summary]))}`]),
    ...(command.options.length === 0
      ? []
      : [`Options:\n${listing(command.options.map(optionRow))}`]),
    `Options of every command:\n${listing(universalOptions.map(optionRow))}`,
    `Examples:\n${command.examples.map(({ title, call }) => `  # ${title}\n  ${call}\n`).join('\n')}`,
  ];
  return parts.join('\n');
}

/** Returns the help of all commands of `noun`. */
export function nounHelp(noun: string, commands: readonly Command[]): string {
  const rows = commands
    .filter((command) => command.noun === noun)
    .map((command) => [commandName(command), command.summary] as const);
  return (
    `Usage: sluice ${noun} <command> [options]\n\nCommands:\n${listing(rows)}\n` +
    `See \`sluice ${noun} <command> --help\` for options and examples.\n`
  );
}

/** Returns the help of the whole command line. */
export function generalHelp(commands: readonly Command[]): string {
  const single = commands.filter(({ noun }) => noun === undefined);
  const verbs = new Map<string, string[]>();
  for (const { noun, verb } of commands) {
    if (noun !== undefined) verbs.set(noun, [...(verbs.get(noun) ?? []), verb]);
  }
  return [
    'Sluice runs declarative YAML flows and holds the gate.\n',
    'Usage: sluice <command> [options]\n',
    `Commands:\n${listing(single.map(({ verb, summary }) => [verb, summary]))}`,
    `Commands by noun:\n${listing([...verbs].map(([noun, some]) => [noun, some.join(', ')]))}`,
    `Options of every command:\n${listing(universalOptions.map(optionRow))}`,
    `Without a command:\n${listing([['-V, --version', 'prints the version']])}`,
    `Exit codes:\n${listing(exitCodeMeanings.map(([code, meaning]) => [String(code), meaning]))}`,
    'See `sluice <noun> --help` for its commands, `sluice help <command>` for options and examples.\n',
  ].join('\n');
}
