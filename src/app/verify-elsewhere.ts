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

/** The verdict on what was found at a place. */
export type ElsewhereVerdict =
  | { readonly kind: 'export'; readonly verdict: ExportVerdict }
  | { readonly kind: 'receipt'; readonly verdict: ProofVerdict }
  | {
      readonly kind: 'published';
      readonly verdict: LedgerVerdict;
      /** Whether payloads were published, and so compared. */
      readonly hasPayloads: boolean;
      readonly verifierKey: string;
    };

type ReadFile = (path: string) => Promise<Uint8Array | undefined>;

const bundleBytesMax = 256 * 1024 * 1024;

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
      yield entry;
    }
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
  const entries = publishedEntries(read, opened.size, hasPayloads, (seq) => changes.push(seq));
  const verdict = await verifyLedger(checks(), entries, {
    checkpoints: [note, ...notes].map((one) => ({ note: one })),
    trusted: logOnly,
    // Asked for less where entries are missing; what was published is as wide as the ledger is long.
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
  return { kind: 'published', verdict, hasPayloads, verifierKey };
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
  const verdict = await verifyExport(checks(), stream, {
    ...(verifierKeys === undefined ? {} : { log: verifierKeys }),
    ...(witnesses === undefined || witnesses.length === 0 ? {} : { witnesses }),
  });
  return { kind: 'export', verdict };
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
