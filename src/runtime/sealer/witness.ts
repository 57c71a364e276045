/**
 * A witness of other ledgers: cosigns a checkpoint only when it continues the one it cosigned before.
 *
 * INVARIANT: of two checkpoints of one log that do not continue each other a witness signs at most one:
 * what it is about to sign is durable before the signature leaves it, and of two that race one loses.
 */
import { Failure } from '../../core/failure/index.ts';
import {
  cosignCheckpoint,
  encodeBase64,
  formatVerifierKey,
  openCheckpoint,
  parseConsistencyFile,
  readBase64,
  signatureTypes,
  verifyConsistency,
} from '../../core/ledger/index.ts';
import { encodeValue, mapOf } from '../../core/value/index.ts';
import { type LedgerParts, ledgerTenant, textIn } from './ledger-parts.ts';

/** What a witness is asked to cosign. */
export interface CosigningRequest {
  /** Verifier keys of the log. */
  readonly logKeys: readonly string[];
  /** The signed checkpoint. */
  readonly note: string;
  /** A file of consistency from the checkpoint it cosigned before. */
  readonly proof?: string;
}

/** A cosignature. */
export interface Cosigned {
  /** One line of a signed note, with its newline. */
  readonly cosignature: string;
  readonly origin: string;
  readonly size: number;
  readonly witnessKey: string;
}

const attemptMax = 5;

function refused(reason: string, help?: string): Failure {
  return new Failure('ledger.checkpoint-refused', reason, help === undefined ? {} : { help });
}

function isConflict(error: unknown): boolean {
  return error instanceof Failure && error.code === 'store.conflict';
}

/** Returns the cosignature of a checkpoint; `parts.signer` is the key of the witness. Throws when it must not sign. */
export async function cosign(
  parts: LedgerParts,
  request: CosigningRequest,
  actor: string,
): Promise<Cosigned> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await cosignOnce(parts, request, actor);
    } catch (error) {
      // Another process cosigned meanwhile: what was judged is judged again, against what it left.
      if (!isConflict(error) || attempt === attemptMax) throw error;
    }
  }
}

async function cosignOnce(
  parts: LedgerParts,
  { logKeys, note, proof }: CosigningRequest,
  actor: string,
): Promise<Cosigned> {
  const { store, hasher, signer, clock } = parts;
  const checks = { hasher, verifier: signer };
  const opened = await openCheckpoint(checks, note, { log: logKeys });
  if ('reason' in opened) throw refused(`the checkpoint ${opened.reason}`);
  const { origin, size, root } = opened;
  const id = { tenant: ledgerTenant, kind: 'witnessed-log', id: origin };
  const record = await store.registerRecord(id);
  if (record !== undefined) {
    const last = {
      size: Number(record.keys['size']),
      root: readBase64(textIn(record, 'root') ?? '') ?? new Uint8Array(0),
    };
    if (size < last.size) {
      throw refused(
        `the checkpoint has ${size} entries, and one of ${last.size} was cosigned before`,
        'hand in a checkpoint that is not older',
      );
    }
    const file = proof === undefined ? undefined : parseConsistencyFile(proof);
    if (size > last.size && file?.from !== last.size) {
      throw refused(
        `a proof is needed that the ledger grew from ${last.size} to ${size} entries`,
        'make it with `sluice ledger prove --from CHECKPOINT` from the checkpoint cosigned before, and name it with `--proof`',
      );
    }
    const hashes = size === last.size ? [] : (file?.proof ?? []);
    if (!verifyConsistency(hasher, last, { size, root }, hashes)) {
      throw new Failure(
        'ledger.fork-found',
        `the checkpoint of ${size} entries does not continue the one of ${last.size} that was cosigned before`,
        { details: { origin, earlier: textIn(record, 'note'), later: note } },
      );
    }
  }
  await store.commit([
    {
      entries: [
        {
          tenant: ledgerTenant,
          at: clock.now(),
          stream: 'witness',
          type: 'log-witnessed',
          actor,
          payload: encodeValue(mapOf({ origin, size, root: encodeBase64(root) })),
        },
      ],
      registerRecords: [
        {
          ...id,
          version: (record?.version ?? 0) + 1,
          keys: { size: `${size}` },
          document: encodeValue(mapOf({ root: encodeBase64(root), note })),
        },
      ],
    },
  ]);
  const signed = await cosignCheckpoint(hasher, note, signer, Math.floor(clock.now() / 1000));
  return {
    cosignature: signed.slice(note.length),
    origin,
    size,
    witnessKey: witnessKeyText(parts),
  };
}

/** Returns the verifier key of the witness. */
export function witnessKeyText({ hasher, signer }: LedgerParts): string {
  return formatVerifierKey(hasher, signer.name, signer.publicKey, signatureTypes.cosignature);
}
