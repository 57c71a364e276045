/**
 * Makes the lines of an export: first what is exported, under which checkpoint, signed as a statement
 * of the log; then each entry with its header, its payload groups and its own proof of inclusion. An
 * entry can be checked by itself, and what is missing shows.
 */
import { assert } from '../failure/index.ts';
import { encodeBase64 } from './encode-text.ts';
import type { Hasher, Signer } from './primitives.ts';
import { signNote } from './signed-note.ts';
import type { StoredGroup } from './verification/check-entry.ts';
import { readUtf8 } from './verification/read-text.ts';

/** An entry and the way to the root of the checkpoint. */
export interface ExportedEntry {
  readonly seq: number;
  readonly header: Uint8Array;
  /** Without those that were erased. */
  readonly groups: readonly StoredGroup[];
  readonly proof: readonly Uint8Array[];
}

/** What an export says of itself. */
export interface ExportStatement {
  /** First and last place that was looked at, and how many entries follow. */
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** The only stream, and the only tenant, of which entries follow; without both all do, without a gap. */
  readonly stream?: string;
  readonly tenant?: string;
  /** Epoch milliseconds. */
  readonly at: number;
  /** The signed checkpoint that all proofs lead to, with its cosignatures. */
  readonly checkpoint: string;
  /** The key that signed it. */
  readonly verifierKey: string;
  /** Verifier keys of witnesses. */
  readonly witnesses: readonly string[];
  /** The entries that record changes of the key. */
  readonly rotations: readonly ExportedEntry[];
}

type GroupDocument =
  | { readonly name: string; readonly payload: string; readonly salt: string }
  | { readonly name: string; readonly base64: string; readonly salt: string };

function groupDocuments({ name, payload, salt }: StoredGroup): readonly GroupDocument[] {
  if (payload === undefined || salt === undefined) return [];
  const text = readUtf8(payload);
  return [
    text === undefined
      ? { name, base64: encodeBase64(payload), salt: encodeBase64(salt) }
      : { name, payload: text, salt: encodeBase64(salt) },
  ];
}

function entryDocument({ seq, header, groups, proof }: ExportedEntry) {
  const text = readUtf8(header);
  assert(text !== undefined, 'a header is text');
  return {
    seq,
    header: text,
    groups: groups.flatMap(groupDocuments),
    proof: proof.map(encodeBase64),
  };
}

/** Returns the line of an entry, with its newline. */
export function exportedLine(entry: ExportedEntry): string {
  return `${JSON.stringify(entryDocument(entry))}\n`;
}

/** Returns the first line of an export, with its newline. */
export async function statementLine(
  hasher: Hasher,
  statement: ExportStatement,
  signer: Signer,
): Promise<string> {
  const said = {
    form: 'sluice/export/v1',
    from: statement.from,
    to: statement.to,
    count: statement.count,
    stream: statement.stream ?? null,
    tenant: statement.tenant ?? null,
    at: statement.at,
    checkpoint: statement.checkpoint,
    key: statement.verifierKey,
    witnesses: statement.witnesses,
    rotations: statement.rotations.map(entryDocument),
  };
  const text = `${said.form}\n${JSON.stringify(said)}\n`;
  const note = await signNote(hasher, text, [signer]);
  return `${JSON.stringify({ export: said, signature: note.slice(text.length + 1) })}\n`;
}
