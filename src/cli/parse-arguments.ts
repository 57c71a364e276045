/**
 * Turns the words of a command line into a call of one command. What is not known is refused with the
 * nearest known word; nothing is guessed and nothing is ignored.
 */
import { parseArgs } from 'node:util';
import { Failure } from '../core/failure/index.ts';
import { type Call, type Command, commandName, type OptionDefinition } from './command.ts';
import { didYouMean } from './suggest.ts';

/** Options that every command takes. */
export const universalOptions: readonly OptionDefinition[] = [
  {
    name: 'data',
    value: 'DIR',
    summary:
      'data folder; default: $SLUICE_DATA, else .sluice in the working folder if it exists, else $XDG_DATA_HOME/sluice (~/.local/share/sluice)',
  },
  {
    name: 'output',
    short: 'o',
    value: 'FORM',
    choices: ['table', 'json'],
    summary: 'form of what is printed: table (default) or json',
  },
  { name: 'quiet', short: 'q', summary: 'prints only the result' },
  { name: 'help', short: 'h', summary: 'prints this help' },
];

/** What a command line asks for. */
export type Request =
  | { readonly kind: 'version' }
  /** `topic` is a noun, or nothing for all commands. */
  | { readonly kind: 'help'; readonly topic: string | undefined }
  | { readonly kind: 'command-help'; readonly command: Command }
  | { readonly kind: 'call'; readonly call: Call };

/** Returns a failure that says how a command line is wrong. */
export function usageFailure(message: string, help?: string): Failure {
  return new Failure('cli.usage-wrong', message, help === undefined ? {} : { help });
}

function helpOf(command: Command): string {
  return `see \`sluice ${commandName(command)} --help\``;
}

/** Splits off options that stand before the command. */
function leading(words: readonly string[]): [before: string[], rest: string[]] {
  let end = 0;
  while (end < words.length && words[end]?.startsWith('-') === true) {
    const word = words[end] as string;
    const option = universalOptions.find(
      ({ name, short }) => word === `--${name}` || word === `-${short}`,
    );
    end += option?.value === undefined ? 1 : 2;
  }
  return [words.slice(0, end), words.slice(end)];
}

function names(commands: readonly Command[]): readonly string[] {
  return [...new Set(commands.map(({ noun, verb }) => noun ?? verb))];
}

function isHelp(word: string | undefined): boolean {
  return word === '--help' || word === '-h';
}

/** Finds the command that `words` begin with and how many words name it. */
function find(
  words: readonly string[],
  commands: readonly Command[],
): { command: Command; length: number } | { topic: string } {
  const [first = '', second] = words;
  // `backup` is a command of its own, and `backup verify` another.
  const double = commands.find(({ noun, verb }) => noun === first && verb === second);
  if (double !== undefined) return { command: double, length: 2 };
  const single = commands.find(({ noun, verb }) => noun === undefined && verb === first);
  if (single !== undefined) return { command: single, length: 1 };
  const verbs = commands.filter(({ noun }) => noun === first);
  if (verbs.length === 0) {
    const meant = didYouMean(first, names(commands));
    throw usageFailure(
      `unknown command \`${first}\`${meant}`,
      'list the commands with `sluice help`',
    );
  }
  if (isHelp(second)) return { topic: first };
  const known = verbs.map(({ verb }) => verb);
  const all = `\`sluice ${first}\` takes ${known.join(', ')}`;
  if (second === undefined || second.startsWith('-')) {
    throw usageFailure(`\`${first}\` needs a word that says what to do`, all);
  }
  throw usageFailure(
    `unknown command \`${first} ${second}\`${didYouMean(second, known, `${first} `)}`,
    all,
  );
}

class ParsedCall implements Call {
  readonly command: Command;
  readonly args: readonly string[];
  readonly #values: ReadonlyMap<string, readonly string[]>;

  constructor(
    command: Command,
    args: readonly string[],
    values: ReadonlyMap<string, readonly string[]>,
  ) {
    this.command = command;
    this.args = args;
    this.#values = values;
  }

  has(option: string): boolean {
    return this.#values.has(option);
  }

  text(option: string): string | undefined {
    return this.#values.get(option)?.at(-1);
  }

  texts(option: string): readonly string[] {
    return this.#values.get(option) ?? [];
  }
}

interface OptionToken {
  readonly name: string;
  readonly rawName: string;
  readonly value: string | undefined;
  readonly isInline: boolean;
}

/** Checks one option against its definition; gives its value, '' for a switch. */
function checkOption(token: OptionToken, command: Command): string {
  const options = [...command.options, ...universalOptions];
  const option = options.find(
    ({ name, short }) => token.rawName === `--${name}` || token.rawName === `-${short}`,
  );
  if (option === undefined) {
    const known = options.map(({ name }) => name);
    const meant = didYouMean(token.name, known, '--');
    throw usageFailure(`unknown option \`${token.rawName}\`${meant}`, helpOf(command));
  }
  if (option.value === undefined) {
    if (token.value === undefined) return '';
    throw usageFailure(`option \`${token.rawName}\` takes no value`, helpOf(command));
  }
  const isNextOption =
    !token.isInline && options.some(({ name }) => token.value?.split('=')[0] === `--${name}`);
  if (token.value === undefined || isNextOption) {
    throw usageFailure(
      `option \`${token.rawName}\` needs a value: ${option.value}`,
      helpOf(command),
    );
  }
  const more = option.name === 'output' ? (command.forms ?? []) : [];
  const choices = option.choices === undefined ? undefined : [...option.choices, ...more];
  if (choices !== undefined && !choices.includes(token.value)) {
    throw usageFailure(
      `option \`${token.rawName}\` does not take \`${token.value}\`${didYouMean(token.value, choices)}`,
      `it takes ${choices.join(', ')}`,
    );
  }
  return token.value;
}

function checkArguments(args: readonly string[], command: Command): void {
  const missing = command.args[args.length];
  if (missing !== undefined && missing.isOptional !== true) {
    throw usageFailure(
      `\`${commandName(command)}\` needs ${missing.name}: ${missing.summary}`,
      helpOf(command),
    );
  }
  if (args.length > command.args.length && command.args.at(-1)?.isRepeatable !== true) {
    throw usageFailure(
      `\`${commandName(command)}\` takes no further argument \`${args[command.args.length] ?? ''}\``,
      helpOf(command),
    );
  }
  for (const [index, { name, choices }] of command.args.entries()) {
    const given = args[index];
    if (choices === undefined || given === undefined || choices.includes(given)) continue;
    throw usageFailure(
      `${name} cannot be \`${given}\`${didYouMean(given, choices)}`,
      `it is one of ${choices.join(', ')}`,
    );
  }
}

function parseCall(command: Command, words: readonly string[]): Request {
  const types = [...command.options, ...universalOptions].map(
    ({ name, short, value }) =>
      [
        name,
        {
          type: value === undefined ? ('boolean' as const) : ('string' as const),
          multiple: true,
          ...(short === undefined ? {} : { short }),
        },
      ] as const,
  );
  const { tokens } = parseArgs({
    args: [...words],
    options: Object.fromEntries(types),
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const asksHelp = tokens.some((token) => token.kind === 'option' && token.name === 'help');
  if (asksHelp) return { kind: 'command-help', command };
  const args: string[] = [];
  const values = new Map<string, string[]>();
  for (const token of tokens) {
    if (token.kind === 'positional') args.push(token.value);
    if (token.kind !== 'option') continue;
    const { name, rawName, value, inlineValue } = token;
    const checked = checkOption({ name, rawName, value, isInline: inlineValue === true }, command);
    const option = command.options.find((one) => one.name === name);
    values.set(
      name,
      option?.isRepeatable === true ? [...(values.get(name) ?? []), checked] : [checked],
    );
  }
  checkArguments(args, command);
  return { kind: 'call', call: new ParsedCall(command, args, values) };
}

/** Returns what the words of a command line ask for; throws `cli.usage-wrong`. */
export function parseArguments(words: readonly string[], commands: readonly Command[]): Request {
  const [before, rest] = leading(words);
  if (before.includes('--version') || before.includes('-V')) return { kind: 'version' };
  if (rest.length === 0) {
    const unknown = before.find((word) => !isHelp(word));
    if (unknown === undefined) return { kind: 'help', topic: undefined };
    const known = ['version', ...universalOptions.map(({ name }) => name)];
    const isKnown = known.includes(unknown.replace(/^-+/, ''));
    throw usageFailure(
      isKnown
        ? 'no command is given'
        : `unknown option \`${unknown}\`${didYouMean(unknown.replace(/^-+/, ''), known, '--')}`,
      'list the commands with `sluice help`',
    );
  }
  if (rest[0] === 'help') {
    const asked = rest.slice(1).filter((word) => !isHelp(word));
    if (asked.length === 0) return { kind: 'help', topic: undefined };
    const isSingle = commands.some(({ noun, verb }) => noun === undefined && verb === asked[0]);
    if (asked.length === 1 && !isSingle && commands.some(({ noun }) => noun === asked[0])) {
      return { kind: 'help', topic: asked[0] };
    }
    const found = find(asked, commands);
    return 'topic' in found
      ? { kind: 'help', topic: found.topic }
      : { kind: 'command-help', command: found.command };
  }
  const found = find(rest, commands);
  if ('topic' in found) return { kind: 'help', topic: found.topic };
  return parseCall(found.command, [...before, ...rest.slice(found.length)]);
}
