/** `core.storage.Split`: cuts a file into several by lines, size, number or pattern. */
import { z } from 'zod';
import { Failure } from '../../../core/failure/index.ts';
import { defineTask } from '../../../ports/task.ts';
import { parseBytes } from './parse-bytes.ts';
import { splitLines } from './split-lines.ts';

/** Cuts a file into several. */
export const splitTask = defineTask({
  type: 'core.storage.Split',
  aliases: ['io.kestra.core.tasks.storages.Split'],
  summary: 'Cuts a file into several by lines, size, number or pattern.',
  description:
    'Exactly one of `rows`, `bytes`, `partitions` and `regexPattern` says how. Lines stay whole.',
  input: z.strictObject({
    from: z.string().describe('The file.'),
    rows: z.int().min(1).optional().describe('How many lines a part has.'),
    bytes: z.string().optional().describe('How large a part may grow: `10MB`.'),
    partitions: z.int().min(1).optional().describe('How many parts to deal the lines to, in turn.'),
    regexPattern: z
      .string()
      .optional()
      .describe(
        'Lines go together whose first group of this pattern is equal; others are left out.',
      ),
    separator: z.string().min(1).default('\n').describe('What ends a line.'),
  }),
  output: z.strictObject({ uris: z.array(z.string()).describe('The parts, in order.') }),
  effect: { kind: 'read', touches: ['files'] },
  provenance: { output: 'join' },
  failures: ['file.not-found', 'file.refused', 'task.input-invalid'],
  examples: [
    {
      title: 'Hand out orders two by two',
      flow: `id: split-orders
namespace: shop.orders
tasks:
  - id: orders
    type: core.storage.Write
    content: "811\\n812\\n813\\n"
  - id: parts
    type: core.storage.Split
    from: "{{ outputs.orders.uri }}"
    rows: 2
  - id: show
    type: core.debug.Return
    format: "{{ read(outputs.parts.uris[1]) }}"
`,
      outputs: { show: { value: '813\n' } },
    },
  ],
  async run(input, context) {
    const cut = chooseCut(input);
    const text = new TextDecoder().decode(await context.files.read(input.from));
    const parts = cut(splitLines(text, input.separator));
    const uris: string[] = [];
    for (const [index, lines] of parts.entries()) {
      context.signal.throwIfAborted();
      const content = lines.map((line) => `${line}${input.separator}`).join('');
      uris.push(await context.files.put(`split-${index + 1}.txt`, content));
    }
    return { uris };
  },
});

type Lines = readonly string[];
type Cut = (lines: Lines) => readonly Lines[];

interface Choice {
  readonly rows?: number | undefined;
  readonly bytes?: string | undefined;
  readonly partitions?: number | undefined;
  readonly regexPattern?: string | undefined;
  readonly separator: string;
}

function chooseCut({ rows, bytes, partitions, regexPattern, separator }: Choice): Cut {
  const given = [rows, bytes, partitions, regexPattern].filter((one) => one !== undefined);
  if (given.length !== 1) {
    throw new Failure(
      'task.input-invalid',
      `${given.length} of \`rows\`, \`bytes\`, \`partitions\` and \`regexPattern\` are given`,
      { help: 'give exactly one of them' },
    );
  }
  if (rows !== undefined) return (lines) => byRows(lines, rows);
  if (bytes !== undefined) {
    const bytesMax = parseBytes(bytes);
    return (lines) => byBytes(lines, bytesMax, separator);
  }
  if (partitions !== undefined) return (lines) => byTurns(lines, partitions);
  return byPattern(regexPattern ?? '');
}

function byRows(lines: Lines, rows: number): readonly Lines[] {
  const parts: Lines[] = [];
  for (let at = 0; at < lines.length; at += rows) parts.push(lines.slice(at, at + rows));
  return parts;
}

function byBytes(lines: Lines, bytesMax: number, separator: string): readonly Lines[] {
  const parts: string[][] = [];
  let room = 0;
  for (const line of lines) {
    const bytes = Buffer.byteLength(line) + Buffer.byteLength(separator);
    if (parts.length === 0 || bytes > room) {
      parts.push([]);
      room = bytesMax;
    }
    parts.at(-1)?.push(line);
    room -= bytes;
  }
  return parts;
}

function byTurns(lines: Lines, partitions: number): readonly Lines[] {
  const parts: string[][] = Array.from({ length: Math.min(partitions, lines.length) }, () => []);
  for (const [index, line] of lines.entries()) parts[index % partitions]?.push(line);
  return parts;
}

function byPattern(source: string): Cut {
  let pattern: RegExp;
  try {
    pattern = new RegExp(source);
  } catch (cause) {
    throw new Failure('task.input-invalid', `\`${source}\` is no pattern`, { cause });
  }
  return (lines) => {
    const groups = new Map<string, string[]>();
    for (const line of lines) {
      const key = pattern.exec(line)?.[1];
      if (key === undefined) continue;
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [line]);
      else group.push(line);
    }
    return [...groups.values()];
  };
}
