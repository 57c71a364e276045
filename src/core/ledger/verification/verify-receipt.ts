/** Checks receipts: a proof file that carries its entry's header and the keys of the log. */
import type { RotationClaim } from './follow-rotations.ts';
import type { TrustedKeys } from './open-checkpoint.ts';
import { type NoteChecks, parseVerifierKey } from './open-note.ts';
import { asMap, asWhole, readJsonMap } from './read-json.ts';
import { toUtf8 } from './read-text.ts';
import { parseProofFile, type ProofVerdict, verifyProofFile } from './verify-proof-file.ts';

/** What a receipt says beside its proof, before anything of it is believed. */
export interface ParsedReceipt {
  readonly header: Uint8Array;
  readonly verifierKey: string;
  readonly rotations: readonly RotationClaim[];
}

/** Returns what a receipt says, or undefined when `text` is none. */
export function parseReceipt(text: string | Uint8Array): ParsedReceipt | undefined {
  const extra = parseProofFile(text)?.extra;
  if (extra === undefined) return undefined;
  const said = readJsonMap(extra, ['form', 'header', 'key', 'rotations']);
  if (said?.['form'] !== 'sluice/receipt/v1') return undefined;
  const { header, key, rotations } = said;
  const headerBytes = typeof header === 'string' ? toUtf8(header) : undefined;
  const claims = readRotationClaims(rotations);
  if (headerBytes === undefined || typeof key !== 'string' || claims === undefined) {
    return undefined;
  }
  return { header: headerBytes, verifierKey: key, rotations: claims };
}

/** Returns the changes of key in `value`, or undefined when it is no list of them. */
export function readRotationClaims(value: unknown): readonly RotationClaim[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const claims: RotationClaim[] = [];
  for (const one of value) {
    const map = asMap(one, ['seq', 'note']);
    const seq = asWhole(map?.['seq']);
    const note = map?.['note'];
    if (seq === undefined || typeof note !== 'string') return undefined;
    claims.push({ seq, note });
  }
  return claims;
}

/** Returns whether a receipt holds; `log` are the keys one trusts, by default the one that it names. */
export async function verifyReceipt(
  checks: NoteChecks,
  text: string | Uint8Array,
  log?: TrustedKeys['log'],
): Promise<ProofVerdict> {
  const receipt = parseReceipt(text);
  if (receipt === undefined) return { verdict: 'broken', reason: 'the file is no receipt' };
  const { header, verifierKey, rotations } = receipt;
  if (parseVerifierKey(checks.hasher, verifierKey) === undefined) {
    return { verdict: 'broken', reason: 'the receipt names what is no key' };
  }
  return verifyProofFile(checks, text, header, { log: log ?? [verifierKey], rotations });
}
