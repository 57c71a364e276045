/**
 * Checks the export that the page holds: the same verifier as everywhere, with this browser's Ed25519.
 * It yields to the browser between pieces, so that the page stays alive.
 */
import { hashLeaf } from '../../src/core/ledger/verification/check-proofs.ts';
import type { NoteChecks } from '../../src/core/ledger/verification/open-note.ts';
import { readUtf8, toUtf8 } from '../../src/core/ledger/verification/read-text.ts';
import { type HeaderFields, readHeader } from '../../src/core/ledger/verification/scan-header.ts';
import {
  ExportChecker,
  type LineVerdict,
  type VerifiedStatement,
} from '../../src/core/ledger/verification/verify-export.ts';
import { plainHasher } from './sha256.ts';

/** One entry, with all that a reader may want to see of it. */
export interface CheckedEntry {
  readonly seq: number;
  readonly verdict: LineVerdict['verdict'];
  readonly reason: string | undefined;
  readonly erased: readonly string[];
  readonly header: HeaderFields | undefined;
  readonly headerText: string;
  /** Hash of the leaf, in hexadecimal digits. */
  readonly leaf: string;
  readonly payloads: readonly { readonly group: string; readonly text: string }[];
}

/** What was found. */
export interface CheckedExport {
  readonly statement: VerifiedStatement | undefined;
  readonly entries: readonly CheckedEntry[];
  /** Why the whole is refused, beyond what single entries say. */
  readonly reason: string | undefined;
}

const pieceSize = 200;

/** Returns whether this browser checks Ed25519. */
export async function canCheckSignatures(): Promise<boolean> {
  try {
    await crypto.subtle.importKey('raw', new Uint8Array(32), 'Ed25519', false, ['verify']);
    return true;
  } catch {
    // Browsers that do not know the name refuse it, each with a trouble of its own.
    return false;
  }
}

const checks: NoteChecks = {
  hasher: plainHasher,
  verifier: {
    async verify(publicKey, message, signature) {
      const raw = Uint8Array.from(publicKey);
      const key = await crypto.subtle.importKey('raw', raw, 'Ed25519', false, ['verify']);
      const parts = [Uint8Array.from(signature), Uint8Array.from(message)] as const;
      return crypto.subtle.verify('Ed25519', key, parts[0], parts[1]);
    },
  },
};

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function describe({ seq, verdict, reason, erased = [], entry }: LineVerdict): CheckedEntry {
  const headerBytes = entry?.headerBytes ?? new Uint8Array(0);
  const payloads = (entry?.groups ?? []).map(({ name, payload = new Uint8Array(0) }) => ({
    group: name,
    text: readUtf8(payload) ?? hexOf(payload),
  }));
  return {
    seq,
    verdict,
    reason,
    erased,
    header: readHeader(headerBytes),
    headerText: readUtf8(headerBytes) ?? '',
    leaf: entry === undefined ? '' : hexOf(hashLeaf(plainHasher, headerBytes)),
    payloads,
  };
}

/** Returns the bytes of a line as it was exported; the page holds it with `<` written otherwise. */
function lineBytes(line: string): Uint8Array {
  try {
    return toUtf8(JSON.stringify(JSON.parse(line))) ?? new Uint8Array(0);
  } catch {
    // What is no JSON is handed on as it is, and refused with the place it stands at.
    return toUtf8(line) ?? new Uint8Array(0);
  }
}

/** Returns what holds of `lines`; `log` are the keys that the reader trusts, if he named any. */
export async function checkExport(
  lines: readonly string[],
  log: readonly string[] | undefined,
  onProgress: (done: number) => void,
): Promise<CheckedExport> {
  const checker = new ExportChecker(checks);
  const [first, ...rest] = lines;
  const refused = await checker.begin(lineBytes(first ?? ''), log === undefined ? {} : { log });
  if (refused !== undefined) return { statement: undefined, entries: [], reason: refused };
  const entries: CheckedEntry[] = [];
  for (const line of rest) {
    entries.push(describe(checker.take(lineBytes(line))));
    if (entries.length % pieceSize > 0) continue;
    onProgress(entries.length);
    await new Promise((resolve) => {
      setTimeout(resolve);
    });
  }
  return { statement: checker.statement, entries, reason: checker.end() };
}
