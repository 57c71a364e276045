/** The commands about key–value pairs. */
import type { Command } from '../../command.ts';
import { namespaceOption } from '../options.ts';

const key = { name: 'KEY', summary: 'the key' };

/** The commands about key–value pairs. */
export const keyValueCommands: readonly Command[] = [
  {
    noun: 'kv',
    verb: 'list',
    summary: 'Lists the pairs of a namespace.',
    args: [],
    options: [
      namespaceOption,
      { name: 'prefix', value: 'TEXT', summary: 'only keys that begin so' },
    ],
    examples: [{ title: 'All pairs', call: 'sluice kv list -n shop' }],
    load: async () => (await import('./list-pairs.ts')).listPairs,
  },
  {
    noun: 'kv',
    verb: 'get',
    summary: 'Prints the value of a key.',
    args: [key],
    options: [namespaceOption],
    examples: [{ title: 'One value', call: 'sluice kv get vat-rate -n shop' }],
    load: async () => (await import('./get-pair.ts')).getPair,
  },
  {
    noun: 'kv',
    verb: 'set',
    summary: 'Sets the value of a key.',
    description:
      'Without `--type` a value that is a JSON number, boolean, list or object is kept as one; everything else is text.',
    args: [key, { name: 'VALUE', summary: 'the value; `-` reads standard input' }],
    options: [
      namespaceOption,
      {
        name: 'type',
        short: 't',
        value: 'TYPE',
        choices: ['STRING', 'NUMBER', 'BOOLEAN', 'DATETIME', 'DATE', 'DURATION', 'JSON'],
        summary: 'forces a type: STRING, NUMBER, BOOLEAN, DATETIME, DATE, DURATION, JSON',
      },
      {
        name: 'ttl',
        value: 'DURATION',
        summary: 'how long it is kept: PT1H, P7D; default: for ever',
      },
      { name: 'description', value: 'TEXT', summary: 'what the pair is for' },
    ],
    examples: [
      { title: 'A number', call: 'sluice kv set vat-rate 0.19 -n shop' },
      {
        title: 'Text for an hour',
        call: 'sluice kv set token abc123 -n shop --type STRING --ttl PT1H',
      },
    ],
    load: async () => (await import('./set-pair.ts')).setPair,
  },
  {
    noun: 'kv',
    verb: 'delete',
    summary: 'Deletes a key.',
    args: [key],
    options: [namespaceOption],
    examples: [{ title: 'Delete a pair', call: 'sluice kv delete vat-rate -n shop' }],
    load: async () => (await import('./delete-pair.ts')).deletePair,
  },
];
