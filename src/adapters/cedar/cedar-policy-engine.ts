/**
 * The policy engine on Cedar. Policies are checked strictly, cut into slices and parsed once; a decision
 * hands over only what its slice reads, and the same question is answered from memory.
 *
 * INVARIANT: an error denies. Cedar by itself skips a `forbid` whose condition errs, so any error in an
 * answer makes it a denial, whatever the decision says.
 */
import { hash } from 'node:crypto';
import { assert, Failure } from '../../core/failure/index.ts';
import type {
  Answer,
  DenialCause,
  DeterminingPolicy,
  PolicyDiagnostic,
  PolicyEntry,
  PolicySet,
  Question,
  TaskAction,
  Verdict,
} from '../../core/policy/index.ts';
import type { LoadedPolicies, PolicyEngine } from '../../ports/policy-engine.ts';
import { type Cedar, openCedar } from './cedar-library.ts';
import { type CedarRequest, requestOf } from './cedar-request.ts';
import { cedarSchema, principalTypes } from './cedar-schema.ts';
import { type CallCedar, type CedarPolicy, indexSchema, readPolicies } from './read-policies.ts';
import { refusedText } from './refuse-text.ts';
import { type Slice, type SliceIndex, sliceKey, slicePolicies } from './slice-policies.ts';

/** What Cedar said of one request. */
interface Outcome {
  readonly verdict: 'allow' | 'deny' | 'failed';
  /** Those that determined it, or those that failed. */
  readonly policies: readonly string[];
}

const failed: Outcome = { verdict: 'failed', policies: [] };

/** The most answers that are remembered. */
const answersMax = 20_000;

/** Asks one instance of Cedar; an instance that broke is replaced. */
class Asker {
  #cedar: Cedar | undefined;
  readonly #parsed = new Set<string>();

  ask(
    slice: Slice,
    part: 'enforced' | 'permits' | 'observed' | 'observedPermits',
    action: string,
    request: CedarRequest,
  ): Outcome {
    const name = `${slice.id} ${part}`;
    try {
      const cedar = (this.#cedar ??= openCedar());
      if (!this.#parsed.has(name)) {
        const staticPolicies = { ...slice[part] };
        if (cedar.preparsePolicySet(name, { staticPolicies }).type === 'failure') return failed;
        this.#parsed.add(name);
      }
      const answer = cedar.statefulIsAuthorized({
        principal: request.principal,
        action: { type: 'Action', id: action },
        resource: request.resource,
        context: request.context,
        entities: request.entities,
        preparsedPolicySetId: name,
      });
      if (answer.type === 'failure') return failed;
      const { decision, diagnostics } = answer.response;
      if (diagnostics.errors.length === 0)
        return { verdict: decision, policies: diagnostics.reason };
      return { verdict: 'failed', policies: diagnostics.errors.map((one) => one.policyId) };
    } catch {
      // Whatever threw, the memory of this instance is not trusted again.
      this.forget();
      return failed;
    }
  }

  forget(): void {
    this.#cedar = undefined;
    this.#parsed.clear();
  }
}

class CedarPolicies implements LoadedPolicies {
  readonly version: string;
  readonly policies: readonly PolicyEntry[];
  readonly #byId: ReadonlyMap<string, PolicyEntry>;
  #slices: SliceIndex;
  readonly #asker = new Asker();
  readonly #answers = new Map<string, Answer>();
  readonly #actions: ReadonlySet<string>;
  #hasPolicies: boolean;

  constructor(policies: readonly CedarPolicy[], slices: SliceIndex, actions: ReadonlySet<string>) {
    this.policies = policies.map(({ entry }) => entry);
    this.#byId = new Map(this.policies.map((entry) => [entry.id, entry]));
    this.#slices = slices;
    this.#actions = actions;
    this.#hasPolicies = policies.some(({ entry }) => entry.mode === 'enforce');
    const content = this.policies
      .map(({ id, mode, text }) => [id, mode, text])
      .toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1));
    this.version = hash('sha256', JSON.stringify(content), 'hex');
  }

  decide(question: Question): Answer {
    try {
      return this.#decide(question);
    } catch {
      // A question that is not of the shape it promises, from a caller that the compiler does not see.
      return this.#denied('question-invalid');
    }
  }

  release(): void {
    this.#slices = new Map();
    this.#hasPolicies = false;
    this.#answers.clear();
    this.#asker.forget();
  }

  #decide(question: Question): Answer {
    const { principal, action, resource } = question;
    if (!this.#hasPolicies) return this.#denied('no-policies');
    if (principal.tenant !== resource.tenant) return this.#denied('other-tenant');
    const slice = this.#slices.get(sliceKey(action, resource.type, principalTypes[principal.kind]));
    if (slice === undefined) {
      return this.#denied(this.#actions.has(action) ? 'question-invalid' : 'action-unknown');
    }
    const request = requestOf(question, slice.projection);
    const key = `${slice.id} ${action} ${JSON.stringify(request)}`;
    const known = this.#answers.get(key);
    if (known !== undefined) return known;
    const answer = this.#ask(slice, action, request);
    if (answer.cause !== 'evaluation-failed') this.#remember(key, answer);
    return answer;
  }

  #remember(key: string, answer: Answer): void {
    if (this.#answers.size >= answersMax) {
      const [oldest] = this.#answers.keys();
      if (oldest !== undefined) this.#answers.delete(oldest);
    }
    this.#answers.set(key, answer);
  }

  #ask(slice: Slice, action: string, request: CedarRequest): Answer {
    const answer = this.#judge(slice, ['enforced', 'permits'], action, request);
    if (slice.observed === undefined) return answer;
    const other = this.#judge(slice, ['observed', 'observedPermits'], action, request);
    const isSame =
      other.verdict === answer.verdict &&
      other.policies.map(({ id }) => id).join() === answer.policies.map(({ id }) => id).join();
    if (isSame) return answer;
    return { ...answer, observed: { verdict: other.verdict, policies: other.policies } };
  }

  #judge(
    slice: Slice,
    [all, permits]: readonly ['enforced', 'permits'] | readonly ['observed', 'observedPermits'],
    action: string,
    request: CedarRequest,
  ): Answer {
    const { verdict, policies } = this.#asker.ask(slice, all, action, request);
    const entries = policies
      .toSorted()
      .map((id) => this.#byId.get(id))
      .filter((one) => one !== undefined);
    if (verdict === 'failed') return this.#denied('evaluation-failed', entries);
    if (verdict === 'allow') return this.#answer('allow', entries);
    if (entries.length === 0) return this.#denied('nothing-permits');
    const final = entries.filter((one) => one.obligations.length === 0);
    // One that nothing meets and from which nothing can be exempt is the end of it.
    if (final.some(({ control }) => control === undefined)) return this.#answer('deny', entries);
    // Cedar does not say whether there would be a yes without the forbids; obligations stand against one only.
    if (this.#asker.ask(slice, permits, action, request).verdict !== 'allow') {
      return this.#denied('nothing-permits');
    }
    return this.#answer(final.length > 0 ? 'deny' : 'obliged', entries);
  }

  #answer(verdict: Verdict, entries: readonly PolicyEntry[]): Answer {
    const all = entries.flatMap((one) => one.obligations);
    const obligations = verdict === 'obliged' ? all : [];
    const isFinal = entries.some(
      (one) => one.obligations.length === 0 && one.control === undefined,
    );
    const forbids = entries.flatMap(({ id, effect, control }) =>
      effect === 'forbid' && control !== undefined ? { policy: id, control } : [],
    );
    return {
      verdict,
      policies: entries.map(determining),
      obligations,
      version: this.version,
      ...(forbids.length > 0 && !isFinal && { exemptible: { forbids, obligations: all } }),
    };
  }

  #denied(cause: DenialCause, entries: readonly PolicyEntry[] = []): Answer {
    const policies = entries.map(determining);
    return { verdict: 'deny', policies, obligations: [], cause, version: this.version };
  }
}

function determining({ id, effect, reason }: PolicyEntry): DeterminingPolicy {
  return { id, effect, reason };
}

/** Calls an instance that reads texts from people; one that a text broke is replaced. */
function createReading(): CallCedar {
  let cedar: Cedar | undefined;
  return (work) => {
    try {
      cedar ??= openCedar();
      return work(cedar);
    } catch (cause) {
      cedar = undefined;
      // The parser ran out of stack. Anything else that throws is a bug of ours.
      if (cause instanceof Error && cause.name === 'RuntimeError') return undefined;
      throw cause;
    }
  };
}

/** Checking costs most; a set that is proposed, replayed and activated is checked once. */
const checkedMax = 8;

interface Checked {
  readonly policies: readonly CedarPolicy[];
  readonly diagnostics: readonly PolicyDiagnostic[];
  readonly slices: SliceIndex;
}

function createChecking(tasks: readonly TaskAction[], call: CallCedar) {
  const index = indexSchema(cedarSchema(tasks));
  const known = new Map<string, Checked>();
  const check = (set: PolicySet): Checked => {
    const parts = set.packs.map(({ id, mode, policies }) => [id, mode, policies]);
    const key = hash('sha256', JSON.stringify(parts), 'hex');
    const before = known.get(key);
    if (before !== undefined) return before;
    const { policies, diagnostics } = readPolicies(call, index, set);
    const isGood = diagnostics.every((one) => one.severity !== 'error');
    const slices = isGood
      ? slicePolicies(policies, index.resources, index.principals)
      : new Map<string, never>();
    const checked = { policies, diagnostics, slices };
    const [oldest] = known.keys();
    if (known.size >= checkedMax && oldest !== undefined) known.delete(oldest);
    known.set(key, checked);
    return checked;
  };
  return { check, actions: new Set(index.resources.keys()) };
}

/** Returns a policy engine that knows the actions of the table and the runs of `tasks`. */
export function createCedarPolicyEngine(tasks: readonly TaskAction[]): PolicyEngine {
  const call = createReading();
  const { check, actions } = createChecking(tasks, call);
  return {
    read: async (set) => {
      const { policies, diagnostics } = check(set);
      return { policies: policies.map(({ entry }) => entry), diagnostics };
    },
    async load(set) {
      const { policies, diagnostics, slices } = check(set);
      const count = diagnostics.filter((one) => one.severity === 'error').length;
      if (count > 0) {
        const what = count === 1 ? 'an error' : `${count} errors`;
        throw new Failure('policy.invalid', `the policies have ${what}`, {
          details: { diagnostics },
        });
      }
      return new CedarPolicies(policies, slices, actions);
    },
    async format(policyText) {
      if (refusedText(policyText) !== undefined) return undefined;
      const answer = call((cedar) =>
        cedar.formatPolicies({ policyText, lineWidth: 100, indentWidth: 2 }),
      );
      return answer?.type === 'success' ? answer.formatted_policy : undefined;
    },
  };
}

/** Returns the schema of everything that can be asked, as Cedar text. */
export function cedarSchemaText(tasks: readonly TaskAction[]): string {
  const schema = openCedar().schemaToText(cedarSchema(tasks));
  assert(schema.type === 'success', 'the schema of policies has a text');
  return schema.text.replaceAll('__cedar::', '');
}
