/**
 * Outside anchors: where the ledger's checkpoints are kept outside the data folder, so that whoever
 * rewrites the ledger cannot rewrite what was said of it. Who set an anchor, and each time one was
 * used, is an entry.
 *
 * INVARIANT: an anchor that cannot be reached neither stops nor fails the work; it is tried again with
 * the next checkpoint.
 */
import { Failure } from '../../core/failure/index.ts';
import { encodeBase64, parseCheckpoint } from '../../core/ledger/index.ts';
import { decodeValue, encodeValue, isMap, mapOf, type ValueMap } from '../../core/value/index.ts';
import type { Random } from '../../ports/random.ts';
import type { NewEntry, RegisterRecord } from '../../ports/store.ts';
import {
  currentSigner,
  type LedgerParts,
  ledgerTenant,
  makeCheckpoint,
  verifierKeyOf,
  withCosignatures,
} from '../sealer/index.ts';
import {
  type AnchoredCheckpoint,
  type AnchorKind,
  keepOutside,
  type WaysOut,
} from './keep-outside.ts';
import { isWebhookSecret, webhookSecret } from './sign-webhook.ts';

/** What anchoring needs. */
export interface AnchorParts {
  readonly ledger: LedgerParts;
  readonly out: WaysOut;
  readonly random: Random;
  /** Handle of who acts. */
  readonly actor: string;
}

/** An anchor as people see it. */
export interface Anchor {
  readonly id: string;
  readonly kind: AnchorKind;
  /** A path, a URL or an address. */
  readonly target: string;
  /** Entries of the last checkpoint that it took; absent: none yet. */
  readonly lastSize?: number;
  /** Epoch milliseconds. */
  readonly lastAt?: number;
  /** Why the last attempt failed; absent: it did not. */
  readonly failure?: string;
  /** Whether its receiver said that it takes no more. */
  readonly isGone: boolean;
}

/** What became of one anchor with one checkpoint. */
export interface AnchorOutcome {
  readonly id: string;
  readonly size: number;
  readonly outcome: 'kept' | 'failed';
  readonly reason?: string;
}

const kind = 'anchor';
const anchorsMax = 100;
const lookedAtMax = 64;
const kinds: readonly string[] = ['file', 'webhook', 'email'];
const mailAddress = /^[^\s@<>,;:"()[\]\\]+@[^\s@<>,;:"()[\]\\]+$/;

function documentOf(record: RegisterRecord): ValueMap {
  const document = decodeValue(record.document);
  return isMap(document) ? document : mapOf({});
}

function anchorOf(record: RegisterRecord): Anchor & { readonly secret?: string } {
  const document = documentOf(record);
  const text = (name: string): string | undefined =>
    typeof document[name] === 'string' ? document[name] : undefined;
  const number = (name: string): number | undefined =>
    typeof document[name] === 'number' ? document[name] : undefined;
  const [secret, lastSize, lastAt] = [text('secret'), number('lastSize'), number('lastAt')];
  const failure = text('failure');
  return {
    id: record.id,
    kind: (text('kind') ?? 'file') as AnchorKind,
    target: text('target') ?? '',
    isGone: document['isGone'] === true,
    ...(secret === undefined ? {} : { secret }),
    ...(lastSize === undefined ? {} : { lastSize }),
    ...(lastAt === undefined ? {} : { lastAt }),
    ...(failure === undefined ? {} : { failure }),
  };
}

function entryOf(parts: AnchorParts, id: string, type: string, payload: ValueMap): NewEntry {
  return {
    tenant: ledgerTenant,
    at: parts.ledger.clock.now(),
    stream: `anchor:${id}`,
    type,
    actor: parts.actor,
    payload: encodeValue(payload),
  };
}

async function records({ ledger }: AnchorParts): Promise<readonly RegisterRecord[]> {
  return ledger.store.registerRecords({ tenant: ledgerTenant, kind, limit: anchorsMax });
}

async function recordOf({ ledger }: AnchorParts, id: string): Promise<RegisterRecord> {
  const record = await ledger.store.registerRecord({ tenant: ledgerTenant, kind, id });
  if (record !== undefined) return record;
  throw new Failure('anchor.not-found', `there is no anchor \`${id}\``);
}

/** Returns the anchors that are set. */
export async function listAnchors(parts: AnchorParts): Promise<readonly Anchor[]> {
  return (await records(parts)).map((record) => {
    const { secret: _, ...anchor } = anchorOf(record);
    return anchor;
  });
}

function checkTarget(anchorKind: string, target: string): void {
  const wrong = (help: string): Failure =>
    new Failure('input.invalid', `\`${target}\` is no place for a checkpoint`, { help });
  if (!kinds.includes(anchorKind)) {
    throw new Failure('input.invalid', `\`${anchorKind}\` is no kind of anchor`, {
      help: `name one of ${kinds.join(', ')}`,
    });
  }
  if (anchorKind === 'email' && !mailAddress.test(target)) throw wrong('write one plain address');
  if (anchorKind === 'webhook') {
    const url = URL.canParse(target) ? new URL(target) : undefined;
    if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== '') {
      throw wrong('write an address that begins with `https://`, without a password in it');
    }
  }
  if (anchorKind === 'file' && !target.startsWith('/')) throw wrong('write an absolute path');
}

/** What was set; a secret that was made is told once, here. */
export interface AddedAnchor {
  readonly id: string;
  readonly secret?: string;
}

/** Sets an anchor; of a webhook with `secret`, or one that is made. */
export async function addAnchor(
  parts: AnchorParts,
  place: { readonly kind: string; readonly target: string; readonly secret?: string },
): Promise<AddedAnchor> {
  const { target } = place;
  checkTarget(place.kind, target);
  if (place.secret !== undefined && !isWebhookSecret(place.secret)) {
    throw new Failure('input.invalid', 'the secret is none of a webhook', {
      help: 'it is `whsec_` and the Base64 of 24 to 64 bytes; without one it is made',
    });
  }
  const id = parts.random.id();
  const isWebhook = place.kind === 'webhook';
  const secret = isWebhook ? (place.secret ?? webhookSecret(parts.random.bytes(32))) : undefined;
  const said = { kind: place.kind, target };
  const sealed = secret === undefined ? {} : { secret: parts.out.cipher.encrypt(secret) };
  await parts.ledger.store.commit([
    {
      entries: [entryOf(parts, id, 'anchor-added', mapOf(said))],
      registerRecords: [
        {
          tenant: ledgerTenant,
          kind,
          id,
          version: 1,
          keys: { kind: place.kind },
          document: encodeValue(mapOf({ ...said, ...sealed })),
        },
      ],
    },
  ]);
  return { id, ...(secret === undefined ? {} : { secret }) };
}

/** Removes an anchor; what it keeps stays there. */
export async function removeAnchor(parts: AnchorParts, id: string): Promise<void> {
  const record = await recordOf(parts, id);
  const { kind: anchorKind, target } = anchorOf(record);
  await parts.ledger.store.commit([
    {
      entries: [entryOf(parts, id, 'anchor-removed', mapOf({ kind: anchorKind, target }))],
      removedRegisterRecords: [{ tenant: ledgerTenant, kind, id }],
    },
  ]);
}

async function anchoredCheckpoint({ ledger }: AnchorParts): Promise<AnchoredCheckpoint> {
  const checkpoint = await makeCheckpoint(ledger);
  const { note } = await withCosignatures(ledger, checkpoint);
  const said = parseCheckpoint(note.slice(0, note.lastIndexOf('\n\n') + 1))!;
  const verifierKey = verifierKeyOf(ledger, await currentSigner(ledger));
  return { origin: said.origin, size: said.size, root: encodeBase64(said.root), note, verifierKey };
}

/** Takes a checkpoint to one anchor and records what became of it. */
async function anchor(
  parts: AnchorParts,
  record: RegisterRecord,
  kept: AnchoredCheckpoint,
): Promise<AnchorOutcome> {
  const { id } = record;
  const { size, root } = kept;
  let reason: string | undefined;
  let isGone = false;
  try {
    await keepOutside(anchorOf(record), kept, parts.out);
  } catch (error) {
    // Whatever happened out there is told and tried again; it is never trouble of the work.
    reason = error instanceof Error ? error.message : String(error);
    isGone = error instanceof Failure && error.details['isGone'] === true;
  }
  const outcome = reason === undefined ? 'kept' : 'failed';
  const { failure: _, ...before } = documentOf(record);
  const document =
    reason === undefined
      ? { ...before, lastSize: size, lastAt: parts.ledger.clock.now(), isGone: false }
      : { ...before, failure: reason, isGone };
  const told = reason === undefined ? {} : { reason };
  await parts.ledger.store.commit([
    {
      entries: [entryOf(parts, id, 'ledger-anchored', mapOf({ size, root, outcome, ...told }))],
      registerRecords: [
        { ...record, version: record.version + 1, document: encodeValue(mapOf(document)) },
      ],
    },
  ]);
  return { id, size, outcome, ...told };
}

/** Tells whether anything but anchoring happened since `size` entries. */
async function hasNews({ ledger }: AnchorParts, size: number): Promise<boolean> {
  const entries = await ledger.store.allEntries(size, lookedAtMax);
  return entries.length === lookedAtMax || entries.some(({ type }) => type !== 'ledger-anchored');
}

/** Takes a checkpoint to every anchor that has not seen what happened since; gives what became of each. */
export async function runAnchors(parts: AnchorParts): Promise<readonly AnchorOutcome[]> {
  const due: RegisterRecord[] = [];
  for (const record of await records(parts)) {
    const { lastSize, failure, isGone } = anchorOf(record);
    if (isGone) continue;
    if (failure !== undefined || (await hasNews(parts, lastSize ?? 0))) due.push(record);
  }
  if (due.length === 0) return [];
  const kept = await anchoredCheckpoint(parts);
  const outcomes = await Promise.allSettled(due.map((record) => anchor(parts, record, kept)));
  const told: AnchorOutcome[] = [];
  for (const one of outcomes) {
    if (one.status === 'fulfilled') told.push(one.value);
    // Two processes may use one anchor at once; the later one leaves the record to the other.
    else if (!(one.reason instanceof Failure && one.reason.code === 'store.conflict')) {
      throw one.reason;
    }
  }
  await makeCheckpoint(parts.ledger);
  return told;
}

/** Takes a checkpoint to one anchor, whether or not it is due. */
export async function testAnchor(parts: AnchorParts, id: string): Promise<AnchorOutcome> {
  return anchor(parts, await recordOf(parts, id), await anchoredCheckpoint(parts));
}

/** What an anchor still holds, for a comparison with the ledger. */
export interface HeldByAnchor extends Anchor {
  /** Signed checkpoints; only of anchors that can be read. */
  readonly notes: readonly string[];
  /** Why it could not be read. */
  readonly trouble?: string;
}

const notesMax = 500;

/** Returns the anchors with the checkpoints that they hold; only files can be read. */
export async function readAnchors(parts: AnchorParts): Promise<readonly HeldByAnchor[]> {
  const anchors = await listAnchors(parts);
  return Promise.all(
    anchors.map(async (one): Promise<HeldByAnchor> => {
      if (one.kind !== 'file' || one.lastSize === undefined) return { ...one, notes: [] };
      try {
        const all = await parts.out.notebook.kept(one.target, notesMax);
        // A place may serve several ledgers.
        const notes = all.filter((note) => note.startsWith(`${parts.ledger.signer.name}\n`));
        const sizes = notes.map((note) => Number(note.split('\n')[1]));
        if (sizes.includes(one.lastSize)) return { ...one, notes };
        const trouble = `it does not hold the checkpoint of ${one.lastSize} entries that was kept there`;
        return { ...one, notes, trouble };
      } catch (error) {
        return {
          ...one,
          notes: [],
          trouble: error instanceof Error ? error.message : String(error),
        };
      }
    }),
  );
}
