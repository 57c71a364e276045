/** The words of a command line become a call, or a sentence that says what is wrong with them. */
import { describe, expect, test } from 'vitest';
import { Failure } from '../core/failure/index.ts';
import type { Call, Command } from './command.ts';
import { parseArguments } from './parse-arguments.ts';

const load = () => Promise.reject(new Error('not loaded in this test'));
const some: readonly Command[] = [
  {
    verb: 'run',
    summary: 'Runs.',
    args: [{ name: 'file', summary: 'a file' }],
    options: [
      { name: 'input', short: 'i', value: 'NAME=VALUE', isRepeatable: true, summary: 'an input' },
      { name: 'inputs', value: 'FILE', summary: 'inputs' },
      { name: 'strict', summary: 'strictly' },
    ],
    examples: [],
    load,
  },
  {
    noun: 'kv',
    verb: 'get',
    summary: 'Gets.',
    args: [{ name: 'KEY', summary: 'the key' }],
    options: [],
    examples: [],
    load,
  },
  {
    noun: 'kv',
    verb: 'delete',
    summary: 'Deletes.',
    args: [{ name: 'KEY', isRepeatable: true, summary: 'keys' }],
    options: [],
    examples: [],
    load,
  },
  {
    verb: 'completion',
    summary: 'Completes.',
    args: [{ name: 'shell', choices: ['bash', 'zsh'], summary: 'a shell' }],
    options: [],
    examples: [],
    load,
  },
];

function call(...words: string[]): Call {
  const request = parseArguments(words, some);
  if (request.kind !== 'call') throw new Error(`it is ${request.kind}`);
  return request.call;
}

function refusal(...words: string[]): string {
  try {
    parseArguments(words, some);
  } catch (error) {
    if (error instanceof Failure) {
      expect(error.code).toBe('cli.usage-wrong');
      return error.message;
    }
    throw error;
  }
  throw new Error('it is accepted');
}

describe('a call', () => {
  test('has arguments, switches and values in any order', () => {
    const parsed = call('run', '--strict', 'flow.yaml', '--inputs', 'a.json', '-q');
    expect(parsed.args).toEqual(['flow.yaml']);
    expect(parsed.has('strict')).toBe(true);
    expect(parsed.has('quiet')).toBe(true);
    expect(parsed.text('inputs')).toBe('a.json');
    expect(parsed.has('data')).toBe(false);
  });

  test('keeps every value of a repeatable option, equals signs included', () => {
    const parsed = call('run', 'f', '--input', 'a=1', '-i', 'b=c=d', '--input=e=-5', '-i', '-x');
    expect(parsed.texts('input')).toEqual(['a=1', 'b=c=d', 'e=-5', '-x']);
  });

  test('takes the last value of an option that is not repeatable', () => {
    expect(call('run', 'f', '--inputs', 'a', '--inputs', 'b').text('inputs')).toBe('b');
  });

  test('takes a dash as an argument and words after two dashes as they are', () => {
    expect(call('run', '-').args).toEqual(['-']);
    expect(call('kv', 'delete', '--', '--odd', '-k').args).toEqual(['--odd', '-k']);
  });

  test('accepts options of every command before the command', () => {
    const parsed = call('--data', 'd', '-o', 'json', 'kv', 'get', 'k');
    expect(parsed.text('data')).toBe('d');
    expect(parsed.text('output')).toBe('json');
    expect(parsed.args).toEqual(['k']);
  });
});

describe('help', () => {
  test.each([
    [['help'], undefined],
    [['--help'], undefined],
    [[], undefined],
    [['help', 'kv'], 'kv'],
    [['kv', '--help'], 'kv'],
  ])('of %j is about %s', (words, topic) => {
    expect(parseArguments(words, some)).toEqual({ kind: 'help', topic });
  });

  test.each([[['help', 'kv', 'get']], [['kv', 'get', '-h']], [['kv', 'get', 'a', 'b', '--help']]])(
    'of %j is about one command, however wrong the rest is',
    (words) => {
      const request = parseArguments(words, some);
      expect(request.kind === 'command-help' && request.command.verb).toBe('get');
    },
  );

  test('gives the version', () => {
    expect(parseArguments(['--version'], some)).toEqual({ kind: 'version' });
    expect(parseArguments(['-V'], some)).toEqual({ kind: 'version' });
  });
});

describe('wrong usage', () => {
  test.each([
    [['rum'], 'unknown command `rum`; did you mean `run`?'],
    [['frobnicate'], 'unknown command `frobnicate`'],
    [['kv'], '`kv` needs a word that says what to do'],
    [['kv', 'gte'], 'unknown command `kv gte`; did you mean `kv get`?'],
    [['run', 'f', '--imput', 'a=b'], 'unknown option `--imput`; did you mean `--input`?'],
    [['run', 'f', '-x'], 'unknown option `-x`'],
    [['run', 'f', '--inputs'], 'option `--inputs` needs a value: FILE'],
    [['run', 'f', '--inputs', '--strict'], 'option `--inputs` needs a value: FILE'],
    [['run', 'f', '--strict=yes'], 'option `--strict` takes no value'],
    [['run', 'f', '-o', 'jsn'], 'option `-o` does not take `jsn`; did you mean `json`?'],
    [['run'], '`run` needs file: a file'],
    [['run', 'f', 'g'], '`run` takes no further argument `g`'],
    [['completion', 'bsh'], 'shell cannot be `bsh`; did you mean `bash`?'],
    [['--dta', 'x'], 'unknown command `x`'],
    [['--verbose'], 'unknown option `--verbose`'],
  ])('%j: %s', (words, message) => {
    expect(refusal(...words)).toBe(message);
  });
});
