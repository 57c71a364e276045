/** Stored files as lists of values: one JSON value per line, or plain lines. */
import type { TaskRun } from '../../core/engine/index.ts';
import {
  flatten,
  isMap,
  joinMarks,
  joinProvenance,
  mapOf,
  marksOf,
  type Value,
} from '../../core/value/index.ts';
import type { RenderResult } from '../rendering/index.ts';
import type { Active } from './active.ts';
import { filesOf } from './run-evaluation.ts';
import type { RunLoop } from './loop.ts';

function valueOf(line: string): Value {
  try {
    return JSON.parse(line) as Value;
  } catch {
    return line;
  }
}

function isUri(value: Value | undefined): value is string {
  return typeof value === 'string' && /^(kestra|nsfile):\/\//.test(value.trim());
}

async function linesOf(loop: RunLoop, one: Active, run: TaskRun | null, uri: string) {
  const files = filesOf(loop, one, run);
  const text = new TextDecoder().decode(await files.read(uri.trim()));
  const trimmed = text.trim();
  const values: Value = trimmed.startsWith('[')
    ? valueOf(trimmed)
    : text
        .split('\n')
        .filter((line) => line.trim() !== '')
        .map(valueOf);
  return { values, provenance: await files.provenance(uri.trim()) };
}

/** Returns `result` with a stored file's URI, at the top or in `values`, replaced by the list of its lines. */
export async function readLines(
  loop: RunLoop,
  one: Active,
  run: TaskRun | null,
  result: Extract<RenderResult, { ok: true }>,
): Promise<RenderResult> {
  const { value, marks } = result;
  try {
    if (value === '') return { ok: true, value: [], marks };
    if (isUri(value)) {
      const read = await linesOf(loop, one, run, value);
      return {
        ok: true,
        value: read.values,
        marks: marksOf(joinProvenance(flatten(marks), read.provenance)),
      };
    }
    if (isMap(value) && isUri(value['values'])) {
      const read = await linesOf(loop, one, run, value['values']);
      return {
        ok: true,
        value: mapOf({ ...value, values: read.values }),
        marks: joinMarks(marks, read.provenance),
      };
    }
    return result;
  } catch (error) {
    return {
      ok: false,
      error: { message: error instanceof Error ? error.message : String(error) },
    };
  }
}
