/**
 * The test cases of policies: a question with the answer that is expected, and what the answer becomes
 * when something is not known.
 *
 * INVARIANT: a policy that no case shows, and a fact whose absence no case shows, fail the tests: an
 * untested policy is never activated by way of a green run.
 */
import {
  type Answer,
  type FactName,
  factTable,
  type PolicyDiagnostic,
  type PolicyEntry,
  type PolicyFile,
  type Question,
  type Situation,
} from '../../core/policy/index.ts';
import type { LoadedPolicies } from '../../ports/policy-engine.ts';
import { questionKeys, questionOf } from './read-question.ts';
import { isMap, readYaml, type YamlMap, YamlReader } from './read-yaml.ts';

const verdicts = ['allow', 'deny', 'obliged'] as const;

/** What a case expects. */
interface Expectation {
  readonly verdict: (typeof verdicts)[number];
  /** Ids of policies that determine the answer; more may do. */
  readonly policies: readonly string[];
  /** Kinds of obligations, all of them; undefined: not looked at. */
  readonly obligations: readonly string[] | undefined;
}

/** A question with the answer that is expected. */
export interface PolicyCase {
  readonly title: string;
  readonly file: string;
  readonly line: number;
  readonly question: Question;
  readonly expected: Expectation;
}

/** What became of a case. */
export interface CaseResult {
  readonly case: PolicyCase;
  readonly answer: Answer;
  /** What is not as expected; undefined when all is. */
  readonly complaint?: string;
}

/** What became of all cases. */
export interface PolicyTestReport {
  readonly results: readonly CaseResult[];
  /** Policies that no case shows. */
  readonly unshown: readonly string[];
  /** Facts whose absence no case shows: `money.above-fifty: amount`. */
  readonly neverMissing: readonly string[];
  readonly passed: boolean;
}

const caseKeys = [...questionKeys, 'title', 'expect', 'policies', 'obligations', 'without'];

/** Returns `situation` without the part that `name` names: a fact, `control`, `arguments` or one of them. */
function without(situation: Situation, name: string): Situation {
  if (name === 'control') {
    const { control: _, ...rest } = situation;
    return rest;
  }
  if (name === 'arguments') {
    const { arguments: _, ...rest } = situation;
    return rest;
  }
  if (name.startsWith('arguments.')) {
    const { [name.slice('arguments.'.length)]: _, ...rest } = situation.arguments ?? {};
    return { ...situation, arguments: rest };
  }
  const { [name as FactName]: _, ...facts } = situation.facts ?? {};
  return { ...situation, facts };
}

function isThere({ arguments: given, control, facts }: Situation, name: string): boolean {
  if (name === 'control') return control !== undefined;
  if (name === 'arguments') return given !== undefined;
  if (name.startsWith('arguments.')) {
    return Object.hasOwn(given ?? {}, name.slice('arguments.'.length));
  }
  return Object.hasOwn(facts ?? {}, name);
}

function merged(defaults: unknown, one: YamlMap): YamlMap {
  if (!isMap(defaults)) return one;
  const result: Record<string, unknown> = { ...defaults, ...one };
  for (const key of ['principal', 'resource', 'facts']) {
    const [below, above] = [defaults[key], one[key]];
    if (isMap(below) && isMap(above)) result[key] = { ...below, ...above };
  }
  return result;
}

class CaseReader {
  readonly cases: PolicyCase[] = [];
  readonly #file: PolicyFile;
  readonly #reader: YamlReader;
  readonly #tenant: string;

  constructor(file: PolicyFile, reader: YamlReader, tenant: string) {
    this.#file = file;
    this.#reader = reader;
    this.#tenant = tenant;
  }

  read(value: unknown): void {
    const map = this.#reader.map([], ['defaults', 'cases'], value);
    if (map === undefined) return;
    const defaults = map['defaults'];
    if (defaults !== undefined) this.#reader.map(['defaults'], questionKeys, defaults);
    const cases = map['cases'];
    if (!Array.isArray(cases)) {
      this.#reader.wrong(['cases'], 'a list of cases');
      return;
    }
    for (const [at, one] of cases.entries()) this.#case(defaults, one, ['cases', at]);
  }

  #case(defaults: unknown, value: unknown, path: readonly (string | number)[]): void {
    const reader = this.#reader;
    const map = reader.map(path, caseKeys, value);
    if (map === undefined) return;
    const title = reader.text(map['title'], [...path, 'title'], true) ?? '';
    const verdict = reader.choice(map['expect'], [...path, 'expect'], verdicts);
    const question = questionOf(reader, merged(defaults, map), path, this.#tenant);
    const { line } = reader.place(path);
    const place = { file: this.#file.path, line };
    const obligations = map['obligations'];
    const expected: Expectation = {
      verdict: (verdict ?? 'deny') as Expectation['verdict'],
      policies: reader.texts(map['policies'], [...path, 'policies']),
      obligations:
        obligations === undefined ? undefined : reader.texts(obligations, [...path, 'obligations']),
    };
    this.cases.push({ title, ...place, question, expected });
    const missing = map['without'];
    if (missing === undefined) return;
    if (!isMap(missing)) {
      reader.wrong([...path, 'without'], 'a map from what is missing to the verdict');
      return;
    }
    for (const [name, then] of Object.entries(missing)) {
      const at = [...path, 'without', name];
      const other = reader.choice(then, at, verdicts);
      if (!isThere(question.situation, name)) reader.wrong(at, 'among what the case gives');
      this.cases.push({
        title: `${title}, without ${name}`,
        ...place,
        question: { ...question, situation: without(question.situation, name) },
        expected: {
          verdict: (other ?? 'deny') as Expectation['verdict'],
          policies: [],
          obligations: undefined,
        },
      });
    }
  }
}

/** Returns the cases of `files`, and what is wrong with them. */
export function readCases(
  files: readonly PolicyFile[],
  tenant: string,
): { readonly cases: readonly PolicyCase[]; readonly diagnostics: readonly PolicyDiagnostic[] } {
  const cases: PolicyCase[] = [];
  const diagnostics: PolicyDiagnostic[] = [];
  for (const file of files) {
    const { document, diagnostics: wrong } = readYaml(file);
    diagnostics.push(...wrong);
    if (document === undefined) continue;
    const reader = new YamlReader(file, document);
    const caseReader = new CaseReader(file, reader, tenant);
    caseReader.read(document.value);
    cases.push(...caseReader.cases);
    diagnostics.push(...reader.diagnostics);
  }
  return { cases, diagnostics };
}

function complaintOf({ expected }: PolicyCase, answer: Answer): string | undefined {
  const ids = answer.policies.map(({ id }) => id);
  const by = answer.cause ?? (ids.join(', ') || 'no policy');
  if (answer.verdict !== expected.verdict) {
    return `expected ${expected.verdict}, got ${answer.verdict} by ${by}`;
  }
  const absent = expected.policies.filter((id) => !ids.includes(id));
  if (absent.length > 0) return `expected ${absent.join(', ')} to determine it, got ${by}`;
  if (expected.obligations === undefined) return undefined;
  const kinds = [...new Set(answer.obligations.map(({ kind }) => kind))].toSorted();
  const wanted = [...expected.obligations].toSorted();
  return kinds.join() === wanted.join()
    ? undefined
    : `expected the obligations ${wanted.join(', ')}, got ${kinds.join(', ') || 'none'}`;
}

/** Returns the facts of `policy` whose absence none of `cases` shows. */
function neverMissing(policy: PolicyEntry, cases: readonly PolicyCase[]): readonly string[] {
  const reaching = cases.filter(
    ({ question }) =>
      policy.actions.includes(question.action) && policy.resources.includes(question.resource.type),
  );
  return policy.reads.filter(
    (name) =>
      Object.hasOwn(factTable, name) &&
      !reaching.some(({ question }) => !isThere(question.situation, name)),
  );
}

/** Returns what `policies` answer to `cases`. */
export function testPolicies(
  policies: LoadedPolicies,
  cases: readonly PolicyCase[],
): PolicyTestReport {
  const results = cases.map((one): CaseResult => {
    const answer = policies.decide(one.question);
    const complaint = complaintOf(one, answer);
    return { case: one, answer, ...(complaint === undefined ? {} : { complaint }) };
  });
  const shown = new Set(
    results.flatMap(({ answer }) => [
      ...answer.policies.map(({ id }) => id),
      ...(answer.observed?.policies.map(({ id }) => id) ?? []),
    ]),
  );
  const unshown = policies.policies.map(({ id }) => id).filter((id) => !shown.has(id));
  const missing = policies.policies.flatMap((policy) =>
    neverMissing(policy, cases).map((name) => `${policy.id}: ${name}`),
  );
  const passed =
    results.length > 0 &&
    unshown.length === 0 &&
    missing.length === 0 &&
    results.every(({ complaint }) => complaint === undefined);
  return { results, unshown, neverMissing: missing, passed };
}
