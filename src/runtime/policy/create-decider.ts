/**
 * Asks the policies in force, and keeps what was decided: every no and every obligation is an entry, and
 * so is every yes to a privileged action; a yes to the run of a task travels in the event of that run.
 * The question is kept once, by its digest, so that drafts can be replayed over it.
 *
 * INVARIANT: no policies in force, or none that could be loaded, answers no. While others come into force,
 * a question is answered by those before or by those after.
 */
import {
  type ActionDefinition,
  actionTable,
  type Answer,
  canonicalQuestion,
  type DecisionNote,
  type MetObligation,
  type Question,
  settle,
} from '../../core/policy/index.ts';
import { type DataClass, encodeValue, mapOf, type Value } from '../../core/value/index.ts';
import type { LoadedPolicies } from '../../ports/policy-engine.ts';
import type { NewEntry } from '../../ports/store.ts';
import { type PolicyParts, policyStream } from './policy-parts.ts';
import { findActive, findVersion } from './policy-records.ts';
import { keepQuestion, type KnownQuestions } from './recorded-questions.ts';

/** An answer with what is kept of it. */
export interface Decision {
  readonly question: Question;
  readonly answer: Answer;
  readonly note: DecisionNote;
  /** The canonical question, whose digest is in the note. */
  readonly text: string;
}

/** Asks the policies in force. */
export interface Decider {
  /** The version in force; undefined when there is none. */
  readonly version: string | undefined;
  /** The policies in force. */
  readonly policies: LoadedPolicies | undefined;
  /** Looks which policies are in force and loads them when they changed. */
  refresh(): Promise<void>;
  /** Decides without keeping anything; for a caller that keeps the note in an entry of its own. */
  decide(question: Question, met?: readonly MetObligation[]): Decision;
  /** Keeps the question of a decision; before the entry that holds its note. */
  keep(decision: Decision): Promise<void>;
  /** Returns the entry of a decision; undefined when it needs none of its own. */
  entryOf(decision: Decision): NewEntry | undefined;
  /** Decides and keeps what has to be kept; returns when it is durable. */
  ask(question: Question, met?: readonly MetObligation[]): Promise<Answer>;
  close(): void;
}

/** Policies that decide. */
interface InForce {
  readonly version: string;
  readonly policies: LoadedPolicies;
}

/** How many questions are known by their digests; most of a running flow are the same few. */
const digestsMax = 2_000;

const nothingInForce = 'none';

/** Tells whether a yes to `action` is an entry of its own. */
function isPrivileged(action: string): boolean {
  const table: Readonly<Record<string, ActionDefinition>> = actionTable;
  return Object.hasOwn(table, action) && table[action]?.isPrivileged === true;
}

/** Returns every class of data that a question names; it holds where arguments come from, and none of their values. */
function classesOf({ situation }: Question): readonly DataClass[] {
  const { arguments: given = {}, control } = situation;
  return [...Object.values(given).flatMap(({ classes }) => classes), ...(control?.classes ?? [])];
}

function payloadOf({ question, answer, note }: Decision): string {
  const { action, resource } = question;
  const optional: Record<string, Value> = {};
  if (answer.cause !== undefined) optional['cause'] = answer.cause;
  if (answer.obligations.length > 0) {
    optional['obligations'] = answer.obligations.map(({ kind, policy }) => mapOf({ kind, policy }));
  }
  if (answer.observed !== undefined) {
    optional['observed'] = mapOf({
      verdict: answer.observed.verdict,
      policies: answer.observed.policies.map(({ id }) => id),
    });
  }
  return encodeValue(
    mapOf({
      action,
      resource: mapOf({ type: resource.type, id: resource.id, namespace: resource.namespace }),
      decision: mapOf({ ...note, policies: [...note.policies] }),
      ...optional,
    }),
  );
}

/** Returns what of `met` a yes or a wait for people rests on. */
function metNote(
  { verdict }: Answer,
  met: readonly MetObligation[],
): Pick<DecisionNote, 'exceptions' | 'masked'> {
  const exceptions = met.flatMap(({ kind, by }) => (kind === 'exception' ? by : []));
  const masked = met.flatMap(({ classes = [] }) => classes);
  return {
    ...(exceptions.length > 0 && verdict === 'allow' && { exceptions: [...new Set(exceptions)] }),
    ...(masked.length > 0 && { masked: [...new Set(masked)] }),
  };
}

/** Returns `digest` that computes the digest of a text once; hashing costs as much as deciding. */
function rememberDigests(digest: (text: string) => string): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    if (known.size >= digestsMax) known.clear();
    const found = digest(text);
    known.set(text, found);
    return found;
  };
}

/** Returns a decider that has nothing in force until it is refreshed. */
export function createDecider(parts: PolicyParts): Decider {
  const { tenant, clock, committer, digests, engine } = parts;
  const known: KnownQuestions = new Set();
  const digestOf = rememberDigests((text) => digests.keyedDigest(text));
  let inForce: InForce | undefined;
  /** The number of the activation that was taken up, or could not be. */
  let taken = 0;
  let isClosed = false;
  /** Activations that are being loaded, by their numbers: whoever looks meanwhile waits for the same. */
  const loading = new Map<number, Promise<void>>();

  /** Puts `next` in the place of what is in force, unless a later activation is there already. */
  const takeUp = (number: number, next: InForce | undefined): void => {
    if (number < taken || isClosed) {
      next?.policies.release();
      return;
    }
    const before = inForce;
    taken = number;
    inForce = next;
    before?.policies.release();
  };

  const load = async (number: number, version: string): Promise<void> => {
    try {
      const found = await findVersion(parts, version);
      // What is in force decides until the other is there.
      const policies = found && (await engine.load(found.content.set));
      takeUp(number, policies && { version, policies });
    } catch (error) {
      // Nothing is in force rather than what no longer is.
      takeUp(number, undefined);
      throw error;
    }
  };

  const decider: Decider = {
    get version() {
      return inForce?.version;
    },
    get policies() {
      return inForce?.policies;
    },
    async refresh() {
      const active = await findActive(parts);
      if (active === undefined) {
        takeUp(taken, undefined);
        return;
      }
      const { number, content } = active;
      if (number < taken || (number === taken && inForce !== undefined)) return;
      let work = loading.get(number);
      if (work === undefined) {
        work = load(number, content.version).finally(() => loading.delete(number));
        loading.set(number, work);
      }
      await work;
    },
    decide(question, met = []) {
      const answer: Answer = inForce?.policies.decide(question) ?? {
        verdict: 'deny',
        policies: [],
        obligations: [],
        cause: 'no-policies',
        version: nothingInForce,
      };
      const settled = settle(answer, met);
      const text = canonicalQuestion(question);
      const note: DecisionNote = {
        verdict: settled.verdict,
        policies: settled.policies.map(({ id }) => id),
        version: settled.version,
        // Keyed: short texts from few parts could be tried out.
        digest: digestOf(text),
        ...(met.length > 0 && metNote(settled, met)),
      };
      return { question, answer: settled, note, text };
    },
    keep: ({ note, text, question }) =>
      keepQuestion(parts, known, note.digest, text, classesOf(question)),
    entryOf(decision) {
      const { answer, question } = decision;
      const isQuiet =
        answer.verdict === 'allow' &&
        answer.observed === undefined &&
        !isPrivileged(question.action);
      if (isQuiet) return undefined;
      return {
        tenant,
        at: clock.now(),
        stream: policyStream,
        type: 'policy-decided',
        actor: question.principal.id,
        payload: payloadOf(decision),
      };
    },
    async ask(question, met) {
      const decision = decider.decide(question, met);
      const entry = decider.entryOf(decision);
      if (entry !== undefined) {
        await decider.keep(decision);
        await committer.commit({ entries: [entry] });
      }
      return decision.answer;
    },
    close() {
      takeUp(taken, undefined);
      isClosed = true;
    },
  };
  return decider;
}
