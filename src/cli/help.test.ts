/**
 * Help is what people learn the command line from: each page is pinned, letter by letter, in
 * `test/pins/cli-help`, and every command keeps the promises that all of them make.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { commandName } from './command.ts';
import { commands } from './commands/index.ts';
import { commandHelp, generalHelp, nounHelp } from './help.ts';
import { universalOptions, parseArguments } from './parse-arguments.ts';

const pins = new URL('../../test/pins/cli-help/', import.meta.url);
const singles = commands.flatMap(({ noun, verb }) => (noun === undefined ? [verb] : []));
// A noun that is also a command has the help of the command.
const nouns = [...new Set(commands.flatMap(({ noun = '' }) => (noun === '' ? [] : [noun])))].filter(
  (noun) => !singles.includes(noun),
);
const pages = new Map<string, string>([
  ['sluice', generalHelp(commands)],
  ...nouns.map((noun) => [noun, nounHelp(noun, commands)] as const),
  ...commands.map(
    (command) => [commandName(command).replace(' ', '-'), commandHelp(command)] as const,
  ),
]);

test.each([...pages])('the help of %s is as it is pinned', (name, text) => {
  expect(text).toBe(readFileSync(new URL(`${name}.txt`, pins), 'utf8'));
});

test('every pin belongs to a page', () => {
  expect(readdirSync(pins).toSorted()).toEqual(
    [...pages.keys()].map((one) => `${one}.txt`).toSorted(),
  );
});

test.each(commands.map((command) => [commandName(command), command] as const))(
  '%s has a summary, one to three examples that parse, and options of its own only',
  (name, command) => {
    expect(command.summary).toMatch(/^[A-Z][a-z]+s .*\.$/);
    expect(command.examples.length).toBeGreaterThan(0);
    expect(command.examples.length).toBeLessThan(4);
    const common = universalOptions.flatMap((option) => [option.name, option.short ?? '']);
    const own = command.options.flatMap((option) => [option.name, option.short ?? '']);
    expect(own.filter((one) => one !== '' && common.includes(one))).toEqual([]);
    const letters = command.options.flatMap(({ short }) => (short === undefined ? [] : [short]));
    expect(new Set(letters).size).toBe(letters.length);
    for (const { call } of command.examples) {
      const line = /sluice ((?:'[^']*'|[^'|>)])+)/.exec(call)?.[1] ?? '';
      const words = [...line.matchAll(/'([^']*)'|(\S+)/g)].map(
        ([, quoted, bare]) => quoted ?? bare ?? '',
      );
      const request = parseArguments(words, commands);
      expect(request.kind === 'call' && commandName(request.call.command)).toBe(name);
    }
  },
);

test('no line of help is wider than a hundred columns', () => {
  for (const text of pages.values()) {
    for (const line of text.split('\n')) {
      if (!line.startsWith('  sluice ')) expect(line.length).toBeLessThanOrEqual(100);
    }
  }
});
