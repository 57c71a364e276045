/**
 * What the annotations of a policy say: its id, why it is there, its mode, and what meets it.
 *
 * INVARIANT: an annotation that is unknown or unreadable is a problem that makes the policy invalid; a
 * misspelt `@approvers` never leaves a gate that anybody may open.
 */
import type { ApproverRule, Obligation, ObligationKind } from './obligation.ts';
import { obligationKinds } from './obligation.ts';
import type { PolicyMode } from './policy-set.ts';

/** What the annotations of one policy say. */
export interface Annotations {
  readonly id: string;
  readonly title: string;
  readonly reason: string;
  readonly mode: PolicyMode | undefined;
  /** True when its author says that it shall not apply where a fact is missing. */
  readonly passesMissing: boolean;
  readonly obligations: readonly Obligation[];
  /** The control that it enforces, from which something may be exempt. */
  readonly control?: string;
}

/** Something wrong with an annotation. */
export interface AnnotationProblem {
  readonly code: string;
  readonly message: string;
  readonly help: string;
}

/** Every annotation, and what it is for. */
export const annotationTable = {
  id: 'the name of the policy, unique in the set: lower case, digits, `-` and `.`',
  title: 'the policy in a few words',
  reason: 'why it refuses or permits, for the person who is refused',
  objective: 'the goal of the organisation that it serves',
  mode: '`enforce` or `observe`; else that of its pack',
  missing: '`passes` where a forbid shall not apply when a fact is missing',
  obligation: 'what meets a forbid: `approval`, `mask`, `step-up`, `reason`; several with commas',
  approvers: 'who may approve: `role:…`, `group:…`, `user:…`; several with commas',
  quorum: 'how many different people must approve; 1 if absent',
  deadline: 'how long an approval waits before it is refused: an ISO duration such as `PT4H`',
  escalate: 'who decides after the deadline, as in `approvers`',
  mask: 'the data classes that must be masked; several with commas',
  control: 'the control that a forbid enforces; an exception from it takes the forbid away',
} as const;

const idPattern = /^[a-z][a-z0-9]*(?:[-.][a-z0-9]+)*$/;
const approverPattern = /^(role|group|user):([A-Za-z0-9][A-Za-z0-9._@-]*)$/;
const durationPattern = /^P(?:(\d{1,4})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,4})M)?(?:(\d{1,5})S)?)?$/;
const textMax = 400;
const quorumMax = 20;

function listOf(text: string): readonly string[] {
  return text.split(',').map((one) => one.trim());
}

function durationOf(text: string): number | undefined {
  const match = durationPattern.exec(text);
  if (match === null) return undefined;
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = match
    .slice(1)
    .map((one) => Number(one ?? 0));
  const total = ((days * 24 + hours) * 60 + minutes) * 60 + seconds;
  return total > 0 ? total * 1_000 : undefined;
}

/** Returns the rules of a text such as `role:approver, user:ada`; undefined when it cannot be read. */
export function readApprovers(text: string): readonly ApproverRule[] | undefined {
  const matches = listOf(text).map((one) => approverPattern.exec(one));
  if (matches.includes(null)) return undefined;
  return matches.map((match) => ({
    kind: match?.[1] as ApproverRule['kind'],
    name: match?.[2] ?? '',
  }));
}

class Reader {
  readonly problems: AnnotationProblem[] = [];
  readonly #given: Readonly<Record<string, string | null>>;

  constructor(given: Readonly<Record<string, string | null>>) {
    this.#given = given;
  }

  problem(code: string, message: string, help: string): void {
    this.problems.push({ code, message, help });
  }

  text(name: keyof typeof annotationTable): string | undefined {
    if (!Object.hasOwn(this.#given, name)) return undefined;
    const text = (this.#given[name] ?? '').trim();
    if (text !== '' && text.length <= textMax && !/\p{Cc}/u.test(text)) return text;
    this.problem(
      'policy.annotation-wrong',
      `\`@${name}\` holds no usable text`,
      `give ${annotationTable[name]}; at most ${textMax} characters on one line`,
    );
    return undefined;
  }

  wrong(name: keyof typeof annotationTable, text: string): void {
    this.problem(
      'policy.annotation-wrong',
      `\`@${name}("${text}")\` cannot be read`,
      `give ${annotationTable[name]}`,
    );
  }

  approvers(name: 'approvers' | 'escalate'): readonly ApproverRule[] | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const rules: ApproverRule[] = [];
    for (const one of listOf(text)) {
      const match = approverPattern.exec(one);
      if (match === null) this.wrong(name, one);
      else rules.push({ kind: match[1] as ApproverRule['kind'], name: match[2] ?? '' });
    }
    return rules;
  }

  quorum(): number {
    const text = this.text('quorum');
    if (text === undefined) return 1;
    const quorum = /^[1-9]\d?$/.test(text) ? Number(text) : 0;
    if (quorum < 1 || quorum > quorumMax) this.wrong('quorum', text);
    return quorum;
  }

  deadline(): number | null {
    const text = this.text('deadline');
    if (text === undefined) return null;
    const deadline = durationOf(text);
    if (deadline === undefined) this.wrong('deadline', text);
    return deadline ?? null;
  }

  classes(): readonly string[] | undefined {
    const text = this.text('mask');
    if (text === undefined) return undefined;
    const classes = listOf(text);
    for (const one of classes) {
      if (!/^[a-z][a-z-]*(\.[a-z][a-z-]*)*$/.test(one)) this.wrong('mask', one);
    }
    return classes;
  }

  control(): string | undefined {
    const text = this.text('control');
    if (text === undefined) return undefined;
    if (idPattern.test(text) && text.length <= 80) return text;
    this.wrong('control', text);
    return undefined;
  }

  kinds(): readonly ObligationKind[] {
    const text = this.text('obligation');
    const kinds: ObligationKind[] = [];
    for (const one of text === undefined ? [] : listOf(text)) {
      const kind = obligationKinds.find((known) => known === one);
      if (kind === undefined) this.wrong('obligation', one);
      else if (!kinds.includes(kind)) kinds.push(kind);
    }
    if (Object.hasOwn(this.#given, 'mask') && !kinds.includes('mask')) kinds.push('mask');
    return kinds;
  }

  /** Refuses annotations that say something about an obligation that is not there. */
  belongs(names: readonly (keyof typeof annotationTable)[], isThere: boolean, to: string): void {
    for (const name of names) {
      if (isThere || !Object.hasOwn(this.#given, name)) continue;
      this.problem(
        'policy.annotation-alone',
        `\`@${name}\` says nothing without \`@obligation("${to}")\``,
        'add the obligation, or remove the annotation',
      );
    }
  }

  unknown(): void {
    for (const name of Object.keys(this.#given)) {
      if (Object.hasOwn(annotationTable, name)) continue;
      this.problem(
        'policy.annotation-unknown',
        `there is no annotation \`@${name}\``,
        `the annotations are ${Object.keys(annotationTable).join(', ')}`,
      );
    }
  }
}

function obligationsOf(reader: Reader, policy: string, reason: string): readonly Obligation[] {
  const kinds = reader.kinds();
  const approvers = reader.approvers('approvers');
  const escalatesTo = reader.approvers('escalate');
  const quorum = reader.quorum();
  const deadlineMs = reader.deadline();
  const classes = reader.classes();
  const hasApproval = kinds.includes('approval');
  reader.belongs(['approvers', 'quorum', 'deadline', 'escalate'], hasApproval, 'approval');
  if (hasApproval && approvers === undefined) {
    reader.problem(
      'policy.approvers-missing',
      'an approval needs `@approvers`',
      'say who may approve: `@approvers("role:approver")`',
    );
  }
  if (kinds.includes('mask') && classes === undefined) {
    reader.problem(
      'policy.classes-missing',
      'masking needs `@mask` with the data classes',
      'say what is masked: `@mask("personal")`',
    );
  }
  if (escalatesTo !== undefined && deadlineMs === null) {
    reader.problem(
      'policy.annotation-alone',
      '`@escalate` says nothing without `@deadline`',
      'say after which time: `@deadline("PT4H")`',
    );
  }
  return kinds.map((kind): Obligation => {
    if (kind === 'mask') return { kind, policy, reason, classes: classes ?? [] };
    if (kind !== 'approval') return { kind, policy, reason };
    const escalation = escalatesTo === undefined ? {} : { escalatesTo };
    return { kind, policy, reason, approvers: approvers ?? [], quorum, deadlineMs, ...escalation };
  });
}

/** Returns what the annotations of a policy say, and what is wrong with them. */
export function readAnnotations(
  given: Readonly<Record<string, string | null>>,
  effect: 'permit' | 'forbid',
): { readonly annotations: Annotations; readonly problems: readonly AnnotationProblem[] } {
  const reader = new Reader(given);
  reader.unknown();
  const id = reader.text('id') ?? '';
  if (!Object.hasOwn(given, 'id')) {
    reader.problem('policy.id-missing', 'a policy needs `@id`', `give ${annotationTable.id}`);
  } else if (id !== '' && !(idPattern.test(id) && id.length <= 80)) reader.wrong('id', id);
  const title = reader.text('title') ?? id;
  const givenReason = reader.text('reason');
  if (effect === 'forbid' && !Object.hasOwn(given, 'reason')) {
    reader.problem(
      'policy.reason-missing',
      'a forbid needs `@reason`',
      'say in one sentence why it refuses; the person who is refused reads it',
    );
  }
  const reason = givenReason ?? title;
  const mode = reader.text('mode');
  if (mode !== undefined && mode !== 'enforce' && mode !== 'observe') reader.wrong('mode', mode);
  const missing = reader.text('missing');
  if (missing !== undefined && missing !== 'passes') reader.wrong('missing', missing);
  reader.text('objective');
  const obligations = obligationsOf(reader, id, reason);
  if (effect === 'permit' && obligations.length > 0) {
    reader.problem(
      'policy.obligation-misplaced',
      'a permit cannot ask for something to be met',
      'write a forbid with the obligation beside the permit',
    );
  }
  const control = reader.control();
  if (effect === 'permit' && control !== undefined) {
    reader.problem(
      'policy.control-misplaced',
      'a permit enforces no control',
      'name the control at the forbid that enforces it',
    );
  }
  const annotations: Annotations = {
    id,
    title,
    reason,
    mode: mode === 'observe' || mode === 'enforce' ? mode : undefined,
    passesMissing: missing === 'passes',
    obligations,
    ...(control !== undefined && { control }),
  };
  return { annotations, problems: reader.problems };
}
