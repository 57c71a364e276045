/**
 * Events as text and back: what the ledger keeps. Values are written without loss; provenance is
 * written only where something is marked.
 */
import {
  decodeMarks,
  decodeValue,
  encodeMarks,
  encodeValue,
  type Marks,
  plainMarks,
  type Value,
  type ValueMap,
} from '../value/index.ts';
import type { CopiedRun, ExecutionEvent } from './event.ts';

const marksKeys = [
  'marks',
  'inputsMarks',
  'outputsMarks',
  'triggerMarks',
  'variablesMarks',
  'itemMarks',
  'valueMarks',
  'changesMarks',
  'seenMarks',
  'controlMarks',
  'labelsMarks',
  'valuesMarks',
  'argumentsMarks',
  'previewMarks',
];

function withEncodedMarks(record: Readonly<Record<string, unknown>>): Record<string, unknown> {
  let changed: Record<string, unknown> | undefined;
  for (const key of marksKeys) {
    const marks = record[key] as Marks | undefined;
    if (marks === undefined) continue;
    changed ??= { ...record };
    if (marks === plainMarks) delete changed[key];
    else changed[key] = encodeMarks(marks);
  }
  return changed ?? (record as Record<string, unknown>);
}

function withDecodedMarks(record: Record<string, unknown>): Record<string, unknown> {
  for (const key of marksKeys) {
    if (record[key] !== undefined) record[key] = decodeMarks(record[key]);
  }
  return record;
}

/** Returns `event` as text; its type stands beside it in the ledger and is left out. */
export function encodeEvent(event: ExecutionEvent): string {
  const {
    type: _type,
    at: _at,
    ...rest
  } = withEncodedMarks(event as unknown as Record<string, unknown>);
  const copied = rest['copied'] as readonly CopiedRun[] | undefined;
  if (copied !== undefined) {
    rest['copied'] = copied.map((run) =>
      withEncodedMarks(run as unknown as Record<string, unknown>),
    );
  }
  return encodeValue(rest as ValueMap);
}

/** Returns the event that `encodeEvent` wrote. */
export function decodeEvent(type: string, at: number, payload: string): ExecutionEvent {
  const record = decodeValue(payload) as ValueMap;
  const event = withDecodedMarks({ ...record, type, at });
  const copied = event['copied'] as Value[] | undefined;
  if (copied !== undefined) {
    event['copied'] = copied.map((run) => withDecodedMarks({ ...(run as ValueMap) }));
  }
  return event as unknown as ExecutionEvent;
}
