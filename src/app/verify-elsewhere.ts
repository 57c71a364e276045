/**
 * Verifies what is not in a data folder: an export, a receipt, a published ledger in a folder or behind
 * a URL. It opens no store and needs no key but the one that the caller trusts.
 */
import { createReadStream, existsSync, statSync } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createGuardedFetch } from '../adapters/system/guarded-fetch.ts';
import { systemVerifier } from '../adapters/system/key-file-signer.ts';
import { systemHasher } from '../adapters/system/system-sealer.ts';
import { Failure } from '../core/failure/index.ts';
import {
  type ExportVerdict,
  isRotation,
  joinBundles,
  type LedgerVerdict,
  type NoteChecks,
  openCheckpoint,
  type ProofVerdict,
  parseCheckpoint,
  parseVerifierKey,
  type PublishedLog,
  readHeaderBundle,
  readPayloadBundle,
  readPublishedLog,
  type StoredEntry,
  tileOf,
  tilePath,
  tileWidth,
  type TrustedKeys,
  verifyExport,
  verifyLedger,
  verifyReceipt,
} from '../core/ledger/index.ts';
import { erasureRecordIn, ErasureRecords } from '../runtime/sealer/index.ts';
import { bundlePath } from './publish-ledger.ts';
import { privateHosts } from './private-hosts.ts';

/** Whom the caller trusts, and what he kept. */
export interface ElsewhereQuestion {
  /** Keys of the log; by default the one that the file or the publisher names. */
  readonly verifierKeys?: readonly string[];
  /** Checkpoints that were kept; of a published ledger only. */
  readonly notes?: readonly string[];
  /** Keys of witnesses, each of whom must have cosigned. */
  readonly witnesses?: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * What entries say of what is erased: all of it was `recorded`, or the entries that would record it are
 * `not-shown`. What would have to be recorded and is not makes the verdict broken.
 */
export type ShownErasures = 'recorded' | 'not-shown';

/** The verdict on what was found at a place. */
export type ElsewhereVerdict =
  | { readonly kind: 'export'; readonly verdict: ExportVerdict; readonly erasures?: ShownErasures }
  | { readonly kind: 'receipt'; readonly verdict: ProofVerdict }
  | {
      readonly kind: 'published';
      readonly verdict: LedgerVerdict;
      /** Whether payloads were published, and so compared. */
      readonly hasPayloads: boolean;
      readonly verifierKey: string;
      readonly erasures?: ShownErasures;
    };

type ReadFile = (path: string) => Promise<Uint8Array | undefined>;

const bundleBytesMax = 256 * 1024 * 1024;

/** Returns the first of `keys` that is no verifier key of a log. */
export function wrongVerifierKey(keys: readonly string[]): string | undefined {
  return keys.find((key) => parseVerifierKey(systemHasher, key)?.kind !== 'note');
}

/** Tells whether `note` has the form of a signed checkpoint; whether it holds is told by verifying. */
export function isCheckpointNote(note: string): boolean {
  return parseCheckpoint(note.slice(0, note.lastIndexOf('\n\n') + 1)) !== undefined;
}

function checks(): NoteChecks {
  return { hasher: systemHasher, verifier: systemVerifier };
}

function refused(place: string, why: string): Failure {
  return new Failure('ledger.checkpoint-refused', `\`${place}\` ${why}`, {
    help: 'name a data folder, an export, a receipt, a published ledger or its URL',
  });
}

function webReader(base: string, environment: ElsewhereQuestion['environment']): ReadFile {
  const fetch = createGuardedFetch({
    allowPrivate: privateHosts(environment),
    bodyBytesMax: bundleBytesMax,
  });
  const root = base.endsWith('/') ? base : `${base}/`;
  return async (path) => {
    const answer = await fetch(new URL(path, root), { redirect: 'error' });
    if (answer.status === 404) {
      await answer.body?.cancel();
      return undefined;
    }
    if (!answer.ok) {
      throw new Failure(
        'http.status',
        `\`${root}${path}\` answers with the status ${answer.status}`,
      );
    }
    return new Uint8Array(await answer.arrayBuffer());
  };
}

function folderReader(folder: string): ReadFile {
  return async (path) => {
    const place = join(folder, path);
    return existsSync(place) ? readFile(place) : undefined;
  };
}

/** Reads the entries of a published ledger and notices where its key changed. */
async function* publishedEntries(
  read: ReadFile,
  size: number,
  hasPayloads: boolean,
  onRotation: (seq: number) => void,
  erasures: ErasureRecords,
): AsyncGenerator<StoredEntry> {
  for (let index = 0; index * tileWidth < size; index += 1) {
    const bundle = await read(bundlePath('entries', index, size));
    const headers = bundle === undefined ? undefined : readHeaderBundle(bundle);
    // What is missing shows as entries that end too early.
    if (headers === undefined) return;
    const payloads = hasPayloads ? await read(bundlePath('payloads', index, size)) : undefined;
    const groups = payloads === undefined ? undefined : readPayloadBundle(payloads);
    for (const [at, entry] of joinBundles(headers, groups).entries()) {
      if (isRotation(entry.headerBytes)) onRotation(index * tileWidth + at + 1);
      noteRecord(erasures, entry);
      yield entry;
    }
  }
}

/** Notes what an entry records of erasures; what is no such record makes no difference. */
function noteRecord(erasures: ErasureRecords, entry: StoredEntry): void {
  const record = erasureRecordIn(entry);
  if (record === undefined) return;
  try {
    erasures.noteRecord(record);
  } catch {
    // Not in the form of a record, so it records nothing: what is gone stays unrecorded.
  }
}

async function verifyPublished(
  place: string,
  read: ReadFile,
  question: ElsewhereQuestion,
): Promise<ElsewhereVerdict> {
  const [noteBytes, logBytes] = [await read('checkpoint'), await read('log.json')];
  const log: PublishedLog | undefined =
    logBytes === undefined ? undefined : readPublishedLog(logBytes);
  if (noteBytes === undefined || log === undefined) throw refused(place, 'is no published ledger');
  const note = Buffer.from(noteBytes).toString('utf8');
  const { verifierKeys, notes = [], witnesses = [] } = question;
  const trusted: TrustedKeys = {
    log: verifierKeys ?? [log.verifierKey],
    rotations: log.rotations,
    witnesses: witnesses.length > 0 ? witnesses : log.witnesses,
    witnessMin: witnesses.length,
  };
  const { hasPayloads, verifierKey } = log;
  const opened = await openCheckpoint(checks(), note, trusted);
  if ('reason' in opened) {
    const reason = `the checkpoint ${opened.reason}`;
    const verdict: LedgerVerdict = { verdict: 'broken', seq: 1, lastSeq: 1, reason };
    return { kind: 'published', verdict, hasPayloads, verifierKey };
  }
  // Whoever kept a checkpoint compares it; it needs no cosignature.
  const { witnesses: _, witnessMin: __, ...logOnly } = trusted;
  const changes: number[] = [];
  const erasures = new ErasureRecords();
  const onRotation = (seq: number): void => void changes.push(seq);
  const entries = publishedEntries(read, opened.size, hasPayloads, onRotation, erasures);
  const verdict = await verifyLedger(checks(), entries, {
    checkpoints: [note, ...notes].map((one) => ({ note: one })),
    trusted: logOnly,
    // Asked for less where entries are missing; what was published is as wide as the ledger is long.
    onErased: (seq, group) => erasures.noteGone(seq, group),
    readTile: ({ level, index }) => read(tilePath(tileOf(level, index * tileWidth, opened.size))),
  });
  // The changes of key were taken from beside the ledger; they must be the ones that stand in it.
  const claimed = log.rotations.map(({ seq }) => seq);
  const wrong = [...claimed, ...changes].find(
    (seq) => !claimed.includes(seq) || !changes.includes(seq),
  );
  if (verdict.verdict !== 'broken' && wrong !== undefined) {
    const reason = `entry ${wrong} and what is published of changes of the key contradict each other`;
    const broken: LedgerVerdict = { verdict: 'broken', seq: wrong, lastSeq: wrong, reason };
    return { kind: 'published', verdict: broken, hasPayloads, verifierKey };
  }
  if (verdict.verdict !== 'erased' || !hasPayloads) {
    return { kind: 'published', verdict, hasPayloads, verifierKey };
  }
  // All entries were published, so what records an erasure is among them.
  const lost = erasures.unrecorded();
  if (lost === undefined) {
    return { kind: 'published', verdict, hasPayloads, verifierKey, erasures: 'recorded' };
  }
  const { seq } = lost;
  const broken: LedgerVerdict = { verdict: 'broken', seq, lastSeq: seq, reason: unrecorded(lost) };
  return { kind: 'published', verdict: broken, hasPayloads, verifierKey };
}

function unrecorded({ seq, group }: { readonly seq: number; readonly group: string }): string {
  return `entry ${seq} lacks its group \`${group}\`, and no entry records that it was erased`;
}

/** Compares what is erased in an export with the entries in it that record erasures. */
function compareErasures(
  verdict: ExportVerdict,
  erasures: ErasureRecords,
  lines: ReadonlyMap<number, number>,
): ElsewhereVerdict {
  if (verdict.verdict !== 'erased') return { kind: 'export', verdict };
  const lost = erasures.unrecorded();
  if (lost === undefined) return { kind: 'export', verdict, erasures: 'recorded' };
  const { stream, tenant, to, checkpoint } = verdict.statement;
  // A record stands behind what it records: only who shows everything up to the end has to show it.
  const isAllShown = stream === null && tenant === null && to === checkpoint.size;
  if (!isAllShown) return { kind: 'export', verdict, erasures: 'not-shown' };
  const { seq } = lost;
  const line = lines.get(seq) ?? 1;
  return { kind: 'export', verdict: { verdict: 'broken', line, seq, reason: unrecorded(lost) } };
}

async function verifyFile(path: string, question: ElsewhereQuestion): Promise<ElsewhereVerdict> {
  const { verifierKeys, witnesses } = question;
  const file = await open(path, 'r');
  const { buffer, bytesRead } = await file.read(Buffer.alloc(64), 0, 64, 0);
  await file.close();
  const beginning = buffer.subarray(0, bytesRead).toString('latin1');
  if (beginning.startsWith('c2sp.org/tlog-proof@v1')) {
    const verdict = await verifyReceipt(checks(), await readFile(path), verifierKeys);
    return { kind: 'receipt', verdict };
  }
  if (/^<!doctype html/i.test(beginning)) {
    throw refused(path, 'is a page that verifies itself: open it in a browser');
  }
  const stream: AsyncIterable<Buffer> = createReadStream(path);
  const erasures = new ErasureRecords();
  const lines = new Map<number, number>();
  const trust = {
    ...(verifierKeys === undefined ? {} : { log: verifierKeys }),
    ...(witnesses === undefined || witnesses.length === 0 ? {} : { witnesses }),
  };
  const verdict = await verifyExport(checks(), stream, trust, ({ seq, entry, erased }, line) => {
    for (const group of erased ?? []) erasures.noteGone(seq, group);
    if (erased !== undefined) lines.set(seq, line);
    if (entry !== undefined) noteRecord(erasures, entry);
  });
  return compareErasures(verdict, erasures, lines);
}

/** Returns the verdict on what is at `place`: a URL, or a path. */
export async function verifyElsewhere(
  place: string,
  question: ElsewhereQuestion,
): Promise<ElsewhereVerdict> {
  if (/^https?:\/\//.test(place)) {
    return verifyPublished(place, webReader(place, question.environment), question);
  }
  if (!existsSync(place)) throw refused(place, 'is not there');
  if (statSync(place).isDirectory()) return verifyPublished(place, folderReader(place), question);
  return verifyFile(place, question);
}
