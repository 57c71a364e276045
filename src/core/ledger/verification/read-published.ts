/**
 * Reads a ledger that was published as files, bundle by bundle: headers with their lengths, payload
 * groups as lines of JSON, and what the log says of itself. Nothing of it is believed.
 */
import type { StoredEntry, StoredGroup } from './check-entry.ts';
import type { RotationClaim } from './follow-rotations.ts';
import { asTexts, readJsonMap } from './read-json.ts';
import { readUtf8 } from './read-text.ts';
import { readGroup } from './verify-export.ts';
import { readRotationClaims } from './verify-receipt.ts';

/** What a published log says of itself. */
export interface PublishedLog {
  readonly verifierKey: string;
  readonly witnesses: readonly string[];
  readonly rotations: readonly RotationClaim[];
  readonly hasPayloads: boolean;
}

/** Returns what `log.json` says, or undefined when it has another form. */
export function readPublishedLog(bytes: Uint8Array): PublishedLog | undefined {
  const end = bytes.at(-1) === 0x0a ? bytes.length - 1 : bytes.length;
  const keys = ['form', 'key', 'witnesses', 'rotations', 'payloads'];
  const said = readJsonMap(bytes.subarray(0, end), keys);
  const { key, payloads } = said ?? {};
  const witnesses = asTexts(said?.['witnesses']);
  const rotations = readRotationClaims(said?.['rotations']);
  if (said?.['form'] !== 'sluice/log/v1' || typeof key !== 'string') return undefined;
  if (typeof payloads !== 'boolean' || witnesses === undefined || rotations === undefined) {
    return undefined;
  }
  return { verifierKey: key, witnesses, rotations, hasPayloads: payloads };
}

/** Returns the headers in a bundle (16 bits of length each), or undefined when it is cut off. */
export function readHeaderBundle(bytes: Uint8Array): readonly Uint8Array[] | undefined {
  const headers: Uint8Array[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (at + 2 > bytes.length) return undefined;
    const end = at + 2 + bytes[at]! * 256 + bytes[at + 1]!;
    if (end > bytes.length) return undefined;
    headers.push(bytes.subarray(at + 2, end));
    at = end;
  }
  return headers;
}

/** Returns the groups of each entry in a bundle of payloads, or undefined when a line has another form. */
export function readPayloadBundle(
  bytes: Uint8Array,
): readonly (readonly StoredGroup[])[] | undefined {
  const text = readUtf8(bytes);
  if (text === undefined || !text.endsWith('\n')) return undefined;
  const entries: (readonly StoredGroup[])[] = [];
  for (const line of text.slice(0, -1).split('\n')) {
    try {
      const listed: unknown = JSON.parse(line);
      if (!Array.isArray(listed)) return undefined;
      const groups = listed.map(readGroup);
      if (!groups.every((group) => group !== undefined)) return undefined;
      entries.push(groups);
    } catch {
      return undefined;
    }
  }
  return entries;
}

/** Joins headers and groups; groups that are not there count as erased. */
export function joinBundles(
  headers: readonly Uint8Array[],
  groups: readonly (readonly StoredGroup[])[] | undefined,
): readonly StoredEntry[] {
  return headers.map((headerBytes, at) => ({ headerBytes, groups: groups?.[at] ?? [] }));
}
