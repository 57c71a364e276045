/**
 * Answers what people ask about the ledger of a data folder: whether it holds, what it proves, who else
 * vouches for it. One who acts in a tenant sees the entries of that tenant; the tree is everybody's.
 */
import { Failure } from '../core/failure/index.ts';
import { openNote } from '../core/ledger/index.ts';
import type { SealedEntry } from '../ports/store.ts';
import {
  addAnchor,
  type AnchorParts,
  listAnchors,
  readAnchors,
  removeAnchor,
  runAnchors,
  testAnchor,
} from '../runtime/anchors/index.ts';
import {
  addCosignature,
  cosign,
  currentSigner,
  exportLedger,
  keptCosignatures,
  type LedgerParts,
  makeCheckpoint,
  notesOfLedger,
  proveEntry,
  proveGrowth,
  receiptOf,
  rotateKey,
  verifierKeyOf,
  verifyStore,
  withCosignatures,
  witnessKeyOf,
  witnessKeyText,
} from '../runtime/sealer/index.ts';
import type { AnchorDesk, LedgerDesk, LedgerQuestion, LedgerReport } from './application.ts';
import { mainTenant } from './tenants.ts';

/** What the desk works with. */
export interface LedgerTools {
  readonly ledger: LedgerParts;
  /** The same store with the key under which this data folder cosigns. */
  readonly witness: LedgerParts;
  readonly anchoring: Omit<AnchorParts, 'actor'>;
}

const pageSize = 256;
const anchoredMax = 500;

/** Returns the checkpoints of this ledger at `places`; throws where there is none. */
async function anchoredNotes(
  { ledger, anchoring }: LedgerTools,
  places: readonly string[],
): Promise<readonly string[]> {
  const notes: string[] = [];
  for (const place of places) {
    const kept = await anchoring.out.notebook.kept(place, anchoredMax);
    const own = kept.filter((note) => note.startsWith(`${ledger.signer.name}\n`));
    if (own.length === 0) {
      throw new Failure('anchor.not-kept', `\`${place}\` holds no checkpoint of this ledger`, {
        isRetryable: false,
        help: 'is this the right place? a ledger that was replaced has another name',
      });
    }
    notes.push(...own);
  }
  return notes;
}

/** Returns why a witness that must have cosigned did not, undefined when all did. */
async function missingWitness(
  parts: LedgerParts,
  witnesses: readonly string[],
  given: readonly string[],
): Promise<string | undefined> {
  const { store, hasher, signer } = parts;
  const records = await store.checkpoints();
  for (const witness of witnesses) {
    const key = witnessKeyOf(parts, witness);
    const notes = [...given];
    for (const record of records) notes.push((await withCosignatures(parts, record)).note);
    const opened = await Promise.all(
      notes.map((note) => openNote({ hasher, verifier: signer }, note, [key])),
    );
    if (opened.every((one) => 'reason' in one))
      return `no checkpoint is cosigned by \`${key.name}\``;
  }
  return undefined;
}

async function verify(tools: LedgerTools, question: LedgerQuestion): Promise<LedgerReport> {
  const { ledger, anchoring } = tools;
  const { notes = [], verifierKeys, anchorPlaces = [], witnesses = [] } = question;
  const held = await readAnchors({ ...anchoring, actor: '' });
  const found = held.flatMap((one) => one.notes);
  // What stands at an anchor and was not signed by the ledger is trouble there and not in the ledger.
  const own = await notesOfLedger(ledger, found, verifierKeys);
  const verdict = await verifyStore(ledger, {
    notes: [...new Set([...notes, ...(await anchoredNotes(tools, anchorPlaces)), ...own])],
    ...(verifierKeys === undefined ? {} : { verifierKeys }),
  });
  const anchors = held.map(({ notes: there, trouble, ...anchor }) => {
    const foreign = there.filter((note) => !own.includes(note)).length;
    const told =
      trouble ??
      (foreign > 0
        ? `it holds ${foreign} checkpoints that are not signed by this ledger`
        : undefined);
    return { ...anchor, ...(told === undefined ? {} : { trouble: told }) };
  });
  const cosignatures = await keptCosignatures(ledger, await ledger.store.checkpoints());
  const missing =
    verdict.verdict === 'broken' ? undefined : await missingWitness(ledger, witnesses, notes);
  if (missing !== undefined) {
    const lastSeq = 'size' in verdict ? Math.max(1, verdict.size) : 1;
    return { verdict: 'broken', seq: 1, lastSeq, reason: missing, anchors, cosignatures };
  }
  return { ...verdict, anchors, cosignatures };
}

function anchorDesk(parts: AnchorParts): AnchorDesk {
  return {
    list: () => listAnchors(parts),
    add: (place) => addAnchor(parts, place),
    remove: (id) => removeAnchor(parts, id),
    test: (id) => testAnchor(parts, id),
    run: () => runAnchors(parts),
  };
}

/** Returns the desk over a ledger, for one who acts in `tenant`. */
export function createLedgerDesk(tools: LedgerTools, tenant: string, actor: string): LedgerDesk {
  const { ledger: parts, witness } = tools;
  const { store } = parts;
  const isMain = tenant === mainTenant;
  const missing = (seq: number): Failure =>
    new Failure('ledger.entry-not-found', `the ledger has no entry \`${seq}\``);
  const entry = async (seq: number): Promise<SealedEntry> => {
    const [found] = await store.sealedEntries(seq - 1, 1);
    // Entries of other tenants are hidden, not denied.
    if (found?.seq === seq && (isMain || found.tenant === tenant)) return found;
    throw missing(seq);
  };
  return {
    verify: (question = {}) => verify(tools, question),
    async checkpoint() {
      const { size, note } = await makeCheckpoint(parts);
      return { size, note, verifierKey: verifierKeyOf(parts, await currentSigner(parts)) };
    },
    async prove(seq) {
      await entry(seq);
      return proveEntry(parts, seq);
    },
    proveGrowth: (note) => proveGrowth(parts, note),
    async receipt(seq) {
      await entry(seq);
      return receiptOf(parts, seq);
    },
    entry,
    search: (query) => store.searchEntries({ ...query, tenant }),
    async *read(from, to) {
      for (let last = from - 1; last < to; ) {
        const page = await store.sealedEntries(last, Math.min(pageSize, to - last));
        for (const one of page) {
          if (one.seq > to) return;
          if (isMain || one.tenant === tenant) yield one;
        }
        if (page.length === 0) return;
        last = page.at(-1)!.seq;
      }
    },
    export: (request = {}) => exportLedger(parts, { ...request, ...(isMain ? {} : { tenant }) }),
    async publish(folder, { hasPayloads = false } = {}) {
      const { publishLedger } = await import('./publish-ledger.ts');
      return publishLedger(parts, folder, hasPayloads);
    },
    rotateKey: () => rotateKey(parts, actor),
    cosign: (request) => cosign(witness, request, actor),
    witnessKey: () => witnessKeyText(witness),
    addCosignature: (text, key) => addCosignature(parts, text, key, actor),
    anchors: anchorDesk({ ...tools.anchoring, actor }),
  };
}
