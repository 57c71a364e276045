/**
 * Legal holds: what must be kept although its time has come or somebody asks for its erasure. A hold is
 * on a subject, an execution, or a namespace and everything below it.
 */
import { Failure } from '../../core/failure/index.ts';
import { decodeValue, encodeValue, isMap, plainText } from '../../core/value/index.ts';
import type { Store } from '../../ports/store.ts';
import { type ErasureParts, erasureEntry } from './erasure-parts.ts';

/** What a hold is on. */
export interface HoldTarget {
  readonly kind: 'subject' | 'execution' | 'namespace';
  readonly id: string;
}

/** A legal hold. */
export interface Hold extends HoldTarget {
  readonly reason: string;
  /** Handle of who set it. */
  readonly setBy: string;
  /** Epoch milliseconds. */
  readonly setAt: number;
}

/** What may be held: whom it is about, where it lies. */
export interface Holdable {
  readonly subjects: readonly string[];
  readonly executionId?: string | undefined;
  readonly namespace?: string | undefined;
}

/** Whose holds are read, from where. */
export interface HoldParts {
  readonly tenant: string;
  readonly ledger: { readonly store: Pick<Store, 'registerRecords'> };
}

const holdKind = 'hold';
const holdsMax = 10_000;

function idOf({ kind, id }: HoldTarget): string {
  return `${kind}:${id}`;
}

/** Returns the holds in force. */
export async function listHolds({ tenant, ledger }: HoldParts): Promise<readonly Hold[]> {
  const records = await ledger.store.registerRecords({ tenant, kind: holdKind, limit: holdsMax });
  return records.map(({ id, document }) => {
    const read = decodeValue(document);
    const fields = isMap(read) ? read : {};
    const kind = id.slice(0, id.indexOf(':')) as Hold['kind'];
    return {
      kind,
      id: id.slice(kind.length + 1),
      reason: plainText(fields['reason']),
      setBy: plainText(fields['setBy']),
      setAt: Number(fields['setAt']),
    };
  });
}

/** Sets a hold; one that is set already keeps its time and gets the reason. */
export async function setHold(
  parts: ErasureParts,
  target: HoldTarget,
  reason: string,
): Promise<void> {
  const { tenant, actor, ledger } = parts;
  const id = idOf(target);
  const before = await ledger.store.registerRecord({ tenant, kind: holdKind, id });
  const setAt = ledger.clock.now();
  await parts.commit({
    entries: [erasureEntry(parts, `hold:${id}`, 'hold-set', { ...target, reason })],
    registerRecords: [
      {
        tenant,
        kind: holdKind,
        id,
        version: (before?.version ?? 0) + 1,
        keys: {},
        document: encodeValue({ reason, setBy: actor, setAt }),
      },
    ],
  });
}

/** Releases a hold; throws `hold.not-found`. */
export async function releaseHold(
  parts: ErasureParts,
  target: HoldTarget,
  reason: string,
): Promise<void> {
  const { tenant, ledger } = parts;
  const id = idOf(target);
  if ((await ledger.store.registerRecord({ tenant, kind: holdKind, id })) === undefined) {
    throw new Failure('hold.not-found', `there is no hold on the ${target.kind} \`${target.id}\``);
  }
  await parts.commit({
    entries: [erasureEntry(parts, `hold:${id}`, 'hold-released', { ...target, reason })],
    removedRegisterRecords: [{ tenant, kind: holdKind, id }],
  });
}

/** Tells whether `inner` is the namespace `outer` or below it. */
export function isWithin(inner: string, outer: string): boolean {
  return inner === outer || inner.startsWith(`${outer}.`);
}

/** Returns the first of `holds` that covers `what`. */
export function coveringHold(holds: readonly Hold[], what: Holdable): Hold | undefined {
  return holds.find(({ kind, id }) => {
    if (kind === 'subject') return what.subjects.includes(id);
    if (kind === 'execution') return what.executionId === id;
    return what.namespace !== undefined && isWithin(what.namespace, id);
  });
}
