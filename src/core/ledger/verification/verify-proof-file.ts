/**
 * Checks a proof file (`c2sp.org/tlog-proof@v1`) against an entry's header and the keys one trusts:
 * all an outsider needs to know that the entry is in the ledger.
 */
import type { NoteChecks } from './open-note.ts';
import { hashLeaf, verifyInclusion } from './check-proofs.ts';
import { type OpenedCheckpoint, openCheckpoint, type TrustedKeys } from './open-checkpoint.ts';
import { readBase64, readUtf8, readWhole } from './read-text.ts';
import { readHeader } from './scan-header.ts';

/** What a proof file says, before anything of it is believed. */
export interface ParsedProofFile {
  readonly index: number;
  readonly proof: readonly Uint8Array[];
  readonly checkpoint: string;
  /** Nothing vouches for it. */
  readonly extra?: Uint8Array;
}

/** The entry is in the ledger, or why that is not shown. */
export type ProofVerdict =
  | {
      readonly verdict: 'valid';
      readonly seq: number;
      readonly checkpoint: Exclude<OpenedCheckpoint, { readonly reason: string }>;
    }
  | { readonly verdict: 'broken'; readonly seq?: number; readonly reason: string };

/** A tree of 2^53 leaves has no longer way. */
const hashesMax = 64;

/** Returns what the text of a proof file says, or undefined when it has another form. */
export function parseProofFile(file: string | Uint8Array): ParsedProofFile | undefined {
  const text = typeof file === 'string' ? file : readUtf8(file);
  const end = text?.indexOf('\n\n') ?? -1;
  if (text === undefined || end < 0) return undefined;
  const [first, ...lines] = text.slice(0, end).split('\n');
  if (first !== 'c2sp.org/tlog-proof@v1') return undefined;
  let extra: Uint8Array | undefined;
  if (lines[0]?.startsWith('extra ')) {
    extra = readBase64(lines.shift()!.slice('extra '.length));
    if (extra === undefined) return undefined;
  }
  const indexLine = lines.shift() ?? '';
  const index = indexLine.startsWith('index ') ? readWhole(indexLine.slice(6)) : undefined;
  if (index === undefined || lines.length > hashesMax) return undefined;
  const proof: Uint8Array[] = [];
  for (const line of lines) {
    const hash = readBase64(line);
    if (hash?.length !== 32) return undefined;
    proof.push(hash);
  }
  const checkpoint = text.slice(end + 2);
  return { index, proof, checkpoint, ...(extra === undefined ? {} : { extra }) };
}

/** Returns whether `file` shows that the entry with the header `headerBytes` is in the ledger. */
export async function verifyProofFile(
  checks: NoteChecks,
  file: string | Uint8Array,
  headerBytes: Uint8Array,
  trusted: TrustedKeys,
): Promise<ProofVerdict> {
  const header = readHeader(headerBytes);
  if (header === undefined) {
    return { verdict: 'broken', reason: 'the header of the entry is not in canonical form' };
  }
  const { seq } = header;
  const broken = (reason: string): ProofVerdict => ({ verdict: 'broken', seq, reason });
  const parsed = parseProofFile(file);
  if (parsed === undefined) return broken(`the proof for entry ${seq} is no proof file`);
  if (parsed.index !== seq - 1) {
    return broken(`the proof is for entry ${parsed.index + 1}, not for entry ${seq}`);
  }
  const checkpoint = await openCheckpoint(checks, parsed.checkpoint, trusted);
  if ('reason' in checkpoint) {
    return broken(`the checkpoint in the proof for entry ${seq} ${checkpoint.reason}`);
  }
  const leaf = hashLeaf(checks.hasher, headerBytes);
  if (!verifyInclusion(checks.hasher, leaf, parsed.index, checkpoint, parsed.proof)) {
    return broken(`the proof does not lead from entry ${seq} to the root of the checkpoint`);
  }
  return { verdict: 'valid', seq, checkpoint };
}
