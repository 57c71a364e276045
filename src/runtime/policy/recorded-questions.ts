/**
 * The questions that were decided, each kept once under its digest, and the decisions about them as the
 * ledger tells them. What a draft of policies is replayed over.
 */
import { type Question, readQuestion, type Verdict } from '../../core/policy/index.ts';
import {
  type DataClass,
  decodeValue,
  encodeMarks,
  encodeValue,
  isMap,
  mapOf,
  marksOf,
  provenanceOf,
  type Value,
} from '../../core/value/index.ts';
import { Failure } from '../../core/failure/index.ts';
import type { PolicyParts } from './policy-parts.ts';

/** Digests that are known to be kept; bounded. */
export type KnownQuestions = Set<string>;

const kind = 'policy-question';
const knownMax = 50_000;
const pageSize = 1_000;

/**
 * Keeps the text of a question under its digest; once is enough. It names handles of people and what is
 * known of the situation, so that its marks stand beside it, and it goes with whom it is about.
 */
export async function keepQuestion(
  { tenant, store, committer }: PolicyParts,
  known: KnownQuestions,
  digest: string,
  text: string,
  classes: readonly DataClass[],
): Promise<void> {
  if (known.has(digest)) return;
  if (known.size >= knownMax) known.clear();
  const id = { tenant, kind, id: digest };
  if ((await store.registerRecord(id)) === undefined) {
    const marks = encodeMarks(marksOf(provenanceOf({ classes })));
    const document = encodeValue(
      mapOf({ text, ...(classes.length > 0 && { textMarks: marks as Value }) }),
    );
    const record = { ...id, version: 1, keys: {}, document };
    try {
      await committer.commit({ entries: [], registerRecords: [record] });
    } catch (failure) {
      // Somebody kept the same text in the same moment: it is kept.
      if (!(failure instanceof Failure && failure.code === 'store.conflict')) throw failure;
    }
  }
  known.add(digest);
}

/** A question that was decided, and how often with which verdict. */
export interface RecordedDecision {
  readonly digest: string;
  readonly verdict: Verdict;
  /** Ids of the policies that determined it the last time. */
  readonly policies: readonly string[];
  readonly count: number;
  readonly lastAt: number;
}

/** Which decisions to read; epoch milliseconds, bounds included. */
export interface DecisionPeriod {
  readonly from: number;
  readonly to: number;
}

/** Returns the place of the first entry that is not before `from`, found by halving. */
async function firstSeq({ store }: PolicyParts, from: number): Promise<number> {
  let low = 0;
  let high = 1;
  const atOf = async (after: number) => (await store.allEntries(after, 1))[0]?.at;
  for (let at = await atOf(high); at !== undefined && at < from; at = await atOf(high)) {
    low = high;
    high *= 2;
  }
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const at = await atOf(middle);
    if (at !== undefined && at < from) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Any entry may carry the note of the decision that allowed it; the text is looked at before it is read. */
function noteIn(payload: string): Value | undefined {
  if (!payload.includes('"decision":{')) return undefined;
  const event = decodeValue(payload);
  return isMap(event) ? event['decision'] : undefined;
}

/** Returns the decisions of `period`, equal ones together. */
export async function recordedDecisions(
  parts: PolicyParts,
  { from, to }: DecisionPeriod,
): Promise<readonly RecordedDecision[]> {
  const found = new Map<string, RecordedDecision>();
  for (let after = await firstSeq(parts, from); ; ) {
    const page = await parts.store.allEntries(after, pageSize);
    for (const { seq, tenant, at, payload } of page) {
      after = seq;
      if (tenant !== parts.tenant || at < from || at > to) continue;
      const note = noteIn(payload);
      if (!isMap(note)) continue;
      const { digest, verdict, policies } = note as unknown as Omit<RecordedDecision, 'count'>;
      const key = `${digest} ${verdict}`;
      const count = (found.get(key)?.count ?? 0) + 1;
      found.set(key, { digest, verdict, policies, count, lastAt: at });
    }
    if (page.length < pageSize) return [...found.values()];
  }
}

/** Returns the question of a digest; undefined when it was not kept, or erased with whom it was about. */
export async function recordedQuestion(
  { tenant, store }: PolicyParts,
  digest: string,
): Promise<Question | undefined> {
  const record = await store.registerRecord({ tenant, kind, id: digest });
  if (record === undefined) return undefined;
  const document = decodeValue(record.document);
  const text = isMap(document) ? document['text'] : undefined;
  return typeof text === 'string' ? readQuestion(text) : undefined;
}
