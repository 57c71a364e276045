/** Ways to cut the lines of a file into parts; lines stay whole. */
import { Failure } from '../../../core/failure/index.ts';
import { parseBytes } from './parse-bytes.ts';

/** Lines of a file. */
export type Lines = readonly string[];

/** Cuts lines into parts. */
export type Cut = (lines: Lines) => readonly Lines[];

/** How to cut; exactly one way is given. */
export interface CutChoice {
  readonly rows?: number | undefined;
  readonly bytes?: string | undefined;
  readonly partitions?: number | undefined;
  readonly regexPattern?: string | undefined;
  readonly separator?: string;
}

/** Returns the way of cutting that `choice` names; throws `task.input-invalid` when it names none or several. */
export function cutLines(choice: CutChoice): Cut {
  const { rows, bytes, partitions, regexPattern, separator = '\n' } = choice;
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
