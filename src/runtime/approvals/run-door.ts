/**
 * The door of a task run: what it is about to do is decided by the policies in force, after its arguments
 * are rendered and before it does anything. A no that names an approval opens it; a granted one is used
 * once, and only for exactly what was shown.
 *
 * INVARIANT: nothing is let through without a decision; an approval lets nothing through whose digest is
 * not the one that was decided about, nor an outside effect twice.
 */
import { type DecisionNote, idempotencyKeyOf, type TaskRun } from '../../core/engine/index.ts';
import type { ApprovalTerms, ExceptionUse } from '../../core/governance/index.ts';
import { termsOf } from '../../core/governance/index.ts';
import type { Task } from '../../core/flow/index.ts';
import {
  type ApprovalObligation,
  describeAnswer,
  type Facts,
  type MaskObligation,
  type MetObligation,
  type Question,
} from '../../core/policy/index.ts';
import {
  classesHeld,
  decodeValue,
  emptyMap,
  flatten,
  type Marks,
  plainMarks,
  type ValueMap,
} from '../../core/value/index.ts';
import type { NewEntry, RegisterRecord } from '../../ports/store.ts';
import { exemptionFor, useException } from '../exceptions/index.ts';
import type { Decider, Decision } from '../policy/index.ts';
import { registerDesk } from '../registers/index.ts';
import { approvalEntry, type ApprovalParts } from './approval-parts.ts';
import { approvalRecord, findApproval, type KeptApproval } from './approval-records.ts';
import { type Binding, bindingOf } from './binding.ts';
import { requesterOf } from './involved.ts';
import { approvalId, openApproval, type Opening } from './open-approval.ts';
import { runQuestion, type RunSituation } from './run-question.ts';

/** What a run is about to do. */
export interface RunRequest extends RunSituation {
  readonly arguments: ValueMap;
  /** The arguments as people may see them. */
  shown(): ValueMap;
  /** Values that another rendering would not give again. */
  readonly volatile: ValueMap;
  readFile(uri: string): Promise<Uint8Array>;
  /** The same with data of `classes` masked, or why that cannot be; absent where nothing is masked. */
  masked?(classes: readonly string[]): Promise<RunRequest | { readonly problem: string }>;
}

/** The use of an approval, written together with the intent that names it. */
export interface ApprovalUse {
  readonly id: string;
  readonly entries: readonly NewEntry[];
  readonly registerRecords: readonly RegisterRecord[];
  isCurrent(): Promise<boolean>;
}

/** Returns the use of two approvals, as one. */
export function joinUses(one: ApprovalUse, other: ApprovalUse): ApprovalUse {
  if (one === other) return one;
  return {
    id: other.id,
    entries: [...one.entries, ...other.entries],
    registerRecords: [...one.registerRecords, ...other.registerRecords],
    isCurrent: async () => (await one.isCurrent()) && other.isCurrent(),
  };
}

/** What the door says. */
export type Passage =
  | {
      readonly kind: 'pass';
      readonly decision: DecisionNote;
      readonly use?: ApprovalUse;
      /** The data classes that the run may only go on without. */
      readonly masked?: readonly string[];
    }
  | {
      readonly kind: 'denied';
      readonly decision: DecisionNote;
      readonly reasons: readonly string[];
    }
  | { readonly kind: 'waits'; readonly opening: Opening };

/** A wait for people that the flow itself asks for: a Pause, or a task that asks. */
export interface WaitRequest extends RunRequest {
  /** What the task itself asks for; absent for a Pause. */
  readonly own?: ApprovalTerms;
  readonly preview?: ValueMap;
  readonly previewMarks?: Marks;
}

/** The door of task runs of a tenant. */
export interface RunDoor {
  /** Returns the decision where it is known without asking: nothing is in force, or the same was asked. */
  known(
    run: TaskRun,
    by: string | undefined,
    effect: string,
    isMarked: boolean,
  ): DecisionNote | undefined;
  /** Returns values that were shown and would be others if they were rendered again. */
  held(run: TaskRun): Promise<ValueMap | undefined>;
  ask(request: RunRequest): Promise<Passage>;
  /** Decides about a wait for people; undefined where plain resuming is all there is to it. */
  wait(request: WaitRequest): Promise<Exclude<Passage, { kind: 'pass' }> | undefined>;
}

/** How long a granted approval may be used. */
const grantMs = 24 * 3_600_000;

/** A use of an exception that an answer rests on. */
interface PlannedUse {
  readonly use: ExceptionUse & { readonly useId: string };
  readonly id: string;
}

/** What is asked, with what is known to meet the answer. */
interface Asked {
  /** The run as it would be with nothing masked. */
  readonly whole: RunRequest;
  readonly request: RunRequest;
  readonly question: Question;
  readonly met: readonly MetObligation[];
  readonly masked: readonly string[];
  readonly uses: readonly PlannedUse[];
  readonly granted?: KeptApproval;
}

interface KnownAnswer {
  readonly version: string;
  /** The number of the watch before anything was looked up for it. */
  readonly upTo: number;
  readonly by: string | undefined;
  readonly effect: string;
  readonly note: DecisionNote;
}

/** Who decides about a Pause of which no policy says anything. */
function defaultTerms(reason: string): ApprovalTerms {
  const approvers = ['approver', 'operator'].map((name) => ({ kind: 'role', name }) as const);
  return {
    stages: [[{ policy: null, reason, approvers, quorum: 1 }]],
    deadlineMs: null,
    onDeadline: 'reject',
    escalatesTo: [],
  };
}

function approvalsIn({ answer }: Decision): readonly ApprovalObligation[] {
  return answer.obligations.filter((one) => one.kind === 'approval');
}

function metBy({ approval }: KeptApproval): readonly MetObligation[] {
  return approval.terms.stages
    .flat()
    .flatMap(({ policy }) =>
      policy === null ? [] : [{ policy, kind: 'approval' as const, by: approval.id }],
    );
}

/** Returns the use of an exception from `control` that a run would be: the same for each attempt at its effect. */
function exceptionUseOf({ execution, run, marks }: RunRequest, control: string): PlannedUse['use'] {
  const { flow, by = 'engine' } = execution;
  const subjects = new Set(flatten(marks).classes.flatMap(({ subject }) => subject ?? []));
  const [subject] = subjects;
  const isAboutOne = subjects.size === 1 && subject !== undefined;
  const where = { namespace: flow.namespace, flowId: flow.id, principal: by };
  return {
    control,
    where: isAboutOne ? { ...where, subject } : where,
    useId: `${idempotencyKeyOf(run)}:${control}`,
  };
}

/** Returns the door of task runs of a tenant. */
export function createRunDoor(parts: ApprovalParts): RunDoor {
  const desk = registerDesk(parts);
  const { clock, cipher, policies, flows, watch } = parts;
  const answers = new WeakMap<Task, KnownAnswer>();

  const factsOf = async ({ execution: { flow, revision } }: RunSituation): Promise<Facts> =>
    (await flows.find({ namespace: flow.namespace, flowId: flow.id }, revision)).facts;

  const questionOf = async (request: RunSituation): Promise<Question | undefined> => {
    const principal = await requesterOf(parts, request.execution);
    if (principal === undefined) return undefined;
    return runQuestion(request, principal, await factsOf(request));
  };

  /** The approvals of a run, the last one first: a task inside another has approvals of its own. */
  const approvalsOf = async (run: TaskRun): Promise<readonly KeptApproval[]> => {
    const all: KeptApproval[] = [];
    for (let ordinal = run.approvals; ordinal > 0; ordinal -= 1) {
      const one = await findApproval(parts, approvalId(run, ordinal));
      if (one !== undefined) all.push(one);
    }
    return all;
  };

  const isUsable = ({ approval }: KeptApproval, request: RunRequest, binding: Binding): boolean => {
    const { state, closedAt, digest, usedFor } = approval;
    const isOpen =
      state === 'granted' ||
      // What may be repeated is the same effect under the same key.
      (state === 'used' &&
        request.effect !== 'external' &&
        usedFor === idempotencyKeyOf(request.run));
    return isOpen && digest === binding.digest && clock.now() < (closedAt ?? 0) + grantMs;
  };

  const useOf = (kept: KeptApproval, run: TaskRun): ApprovalUse => {
    const { approval, version } = kept;
    const usedFor = idempotencyKeyOf(run);
    const used = { ...approval, state: 'used' as const, usedFor };
    const payload = { approval: approval.id, idempotencyKey: usedFor, digest: approval.digest };
    return {
      id: approval.id,
      entries: [approvalEntry(parts, approval.id, 'approval-used', 'engine', payload)],
      registerRecords: [approvalRecord(parts, { ...kept, approval: used })],
      isCurrent: async () => (await findApproval(parts, approval.id))?.version === version,
    };
  };

  /** The question with those arguments trusted that somebody vouched for, value by value. */
  const endorsed = (question: Question, kept: KeptApproval, binding: Binding): Question => {
    const { approval } = kept;
    const given = { ...question.situation.arguments };
    for (const name of [...approval.endorsed, ...approval.vouched]) {
      const part = `argument ${name}`;
      const origin = given[name];
      const isSame = approval.parts[part] === binding.parts[part];
      if (origin !== undefined && isSame) given[name] = { ...origin, trust: 'trusted', bits: 0 };
    }
    return { ...question, situation: { ...question.situation, arguments: given } };
  };

  const openFor = async (
    request: WaitRequest,
    decision: Decision | undefined,
    own: ApprovalTerms | undefined,
    isBinding: boolean,
    binding: Binding,
    replaces?: KeptApproval,
  ): Promise<Opening> => {
    const facts = await factsOf(request);
    // Why a policy permits the run is no reason to wait: then the flow itself is what asks.
    const isHeld = decision !== undefined && decision.answer.verdict !== 'allow';
    const reasons = [
      ...(isHeld ? describeAnswer(decision.answer) : []),
      ...new Set((own?.stages ?? []).flat().map(({ reason }) => reason)),
    ];
    return openApproval(parts, {
      execution: request.execution,
      run: request.run,
      type: request.type,
      effect: request.effect,
      binding,
      terms: termsOf(decision === undefined ? [] : approvalsIn(decision), own),
      isBinding,
      arguments: request.shown(),
      marks: request.marks,
      ...(request.preview !== undefined && { preview: request.preview }),
      ...(request.previewMarks !== undefined && { previewMarks: request.previewMarks }),
      reasons,
      ...(decision !== undefined && { decision: decision.note }),
      version: decision?.note.version ?? 'built-in',
      stageOfLife: facts.stage ?? null,
      riskTier: facts.riskTier ?? null,
      held: request.volatile,
      ...(replaces !== undefined && { replaces }),
    });
  };

  const bound = (request: RunRequest, version: string): Promise<Binding> =>
    bindingOf(cipher, {
      execution: request.execution,
      run: request.run,
      type: request.type,
      arguments: request.arguments,
      marks: request.marks,
      version,
      readFile: (uri) => request.readFile(uri),
    });

  const unknownRequester = (decider: Decider): Passage => ({
    kind: 'denied',
    decision: { verdict: 'deny', policies: [], version: decider.version ?? 'none', digest: '' },
    reasons: ['whoever had it started is not known any more'],
  });

  const remember = (request: RunRequest, note: DecisionNote, upTo: number): void => {
    const isPlain =
      request.marks === plainMarks &&
      request.run.control.trust === 'trusted' &&
      request.run.control.classes.length === 0;
    if (!isPlain || note === 'built-in' || Object.keys(request.facts).length > 0) return;
    // What a task runs inside itself may be another thing each time.
    if (request.type !== request.run.task.type) return;
    const { run, execution, effect } = request;
    answers.set(run.task, { version: note.version, upTo, by: execution.by, effect, note });
  };

  const decideAs = (decider: Decider, { question, met }: Pick<Asked, 'question' | 'met'>) =>
    decider.decide(question, met);

  /** Returns what is asked with the data masked that the answer wants masked, or why that cannot be. */
  const maskedAs = async (
    decider: Decider,
    asked: Asked,
    wanted: readonly MaskObligation[],
  ): Promise<Asked | string> => {
    const { request } = asked;
    const classes = [...new Set([...asked.masked, ...wanted.flatMap((one) => one.classes)])];
    const masked = (await asked.whole.masked?.(classes)) ?? { problem: 'nothing of it is masked' };
    if ('problem' in masked) return masked.problem;
    const question = await questionOf(masked);
    if (question === undefined) return 'whoever had it started is not known any more';
    const still = decideAs(decider, { question, met: asked.met }).answer.obligations;
    const control = still.flatMap((one) =>
      one.kind === 'mask' ? classesHeld(request.run.control, one.classes) : [],
    );
    if (control[0] !== undefined) {
      return `what decided that it happens holds data of \`${control[0]}\`, which is not masked`;
    }
    const met = wanted.map(({ policy, classes: gone }) => {
      return { policy, kind: 'mask' as const, by: 'engine', classes: gone };
    });
    // What people said yes to was something else.
    const { granted: _, ...rest } = asked;
    const before = asked.met.filter(({ kind }) => kind !== 'approval');
    return { ...rest, request: masked, question, met: [...before, ...met], masked: classes };
  };

  /** Returns what is asked with an approval taken into account that was granted for exactly this. */
  const approvedAs = async (
    asked: Asked,
    approvals: readonly KeptApproval[],
    version: string,
  ): Promise<Asked> => {
    const binding = await bound(asked.request, version);
    const last = approvals.find((one) => isUsable(one, asked.request, binding));
    if (last === undefined) return asked;
    // Who vouches for a value does not agree to what is done with it.
    const met = last.approval.endorsed.length > 0 ? [] : metBy(last);
    const question = endorsed(asked.question, last, binding);
    return { ...asked, question, met: [...asked.met, ...met], granted: last };
  };

  /** Returns what is asked without the forbids from whose controls it is exempt. */
  const exemptAs = async (asked: Asked, { answer }: Decision): Promise<Asked> => {
    const unmet = (policy: string): boolean =>
      answer.verdict === 'deny' || answer.obligations.some((one) => one.policy === policy);
    const uses: PlannedUse[] = [];
    const met: MetObligation[] = [];
    for (const { policy, control } of answer.exemptible?.forbids ?? []) {
      if (!unmet(policy)) continue;
      const use = exceptionUseOf(asked.request, control);
      const exception = await exemptionFor(desk, use, clock.now());
      if (exception === undefined) continue;
      if (!uses.some((one) => one.use.control === control)) uses.push({ use, id: exception.id });
      met.push({ policy, kind: 'exception', by: exception.id });
    }
    return { ...asked, met: [...asked.met, ...met], uses };
  };

  /**
   * Goes as far as an answer lets it without asking anybody: what can be masked is masked, a granted
   * approval counts, and only what is left may be exempt.
   */
  const settleFor = async (
    decider: Decider,
    whole: RunRequest,
    question: Question,
    approvals: readonly KeptApproval[],
  ): Promise<{ asked: Asked; decision: Decision; problem?: string }> => {
    let asked: Asked = { whole, request: whole, question, met: [], masked: [], uses: [] };
    let hasLooked = false;
    for (;;) {
      const decision = decideAs(decider, asked);
      const { verdict, obligations } = decision.answer;
      if (verdict === 'allow') return { asked, decision };
      const masks = verdict === 'deny' ? [] : obligations.filter((one) => one.kind === 'mask');
      if (masks.length > 0) {
        const next = await maskedAs(decider, asked, masks);
        if (typeof next === 'string') return { asked, decision, problem: next };
        asked = next;
        continue;
      }
      if (approvals.length > 0 && asked.granted === undefined) {
        const next = await approvedAs(asked, approvals, decision.note.version);
        if (next.granted !== undefined) {
          asked = next;
          continue;
        }
      }
      if (hasLooked || decision.answer.exemptible === undefined) return { asked, decision };
      hasLooked = true;
      asked = await exemptAs(asked, decision);
      if (asked.uses.length === 0) return { asked, decision };
    }
  };

  /** Spends the exceptions that an answer rests on; false when one was used up meanwhile. */
  const spend = async ({ uses, request }: Asked): Promise<boolean> => {
    for (const { use } of uses) {
      const used = await useException(desk, use, request.execution.by ?? 'engine');
      if (used === undefined) return false;
    }
    return true;
  };

  /** What is decided, with all that is known to meet what policies ask for. */
  const decide = async (decider: Decider, whole: RunRequest): Promise<Passage> => {
    const { run } = whole;
    const upTo = await watch.look();
    const question = await questionOf(whole);
    if (question === undefined) return unknownRequester(decider);
    const approvals = await approvalsOf(run);
    let settled = await settleFor(decider, whole, question, approvals);
    // Where somebody else had the last use of an exception, what holds without it is found out anew.
    while (settled.decision.answer.verdict === 'allow' && !(await spend(settled.asked))) {
      settled = await settleFor(decider, whole, question, approvals);
    }
    const { asked, decision, problem } = settled;
    await decider.keep(decision);
    if (decision.answer.verdict === 'allow') {
      const { granted, masked, uses } = asked;
      const isPlain = approvals.length === 0 && masked.length === 0 && uses.length === 0;
      if (isPlain) remember(whole, decision.note, upTo);
      return {
        kind: 'pass',
        decision: decision.note,
        ...(granted !== undefined && { use: useOf(granted, run) }),
        ...(masked.length > 0 && { masked }),
      };
    }
    const { verdict, obligations } = decision.answer;
    const isOnlyForPeople =
      verdict === 'obliged' && obligations.every(({ kind }) => kind === 'approval');
    if (!isOnlyForPeople || problem !== undefined) {
      const reasons = [
        ...(problem === undefined ? [] : [problem]),
        ...describeAnswer(decision.answer),
      ];
      return { kind: 'denied', decision: decision.note, reasons };
    }
    const binding = await bound(asked.request, decision.note.version);
    const before = approvals.find(
      ({ approval }) => approval.state === 'granted' && approval.taskType === whole.type,
    );
    const opening = await openFor(asked.request, decision, undefined, true, binding, before);
    return { kind: 'waits', opening };
  };

  const door: RunDoor = {
    known(run, by, effect, isMarked) {
      const inForce = policies.known();
      if (inForce === undefined) return undefined;
      if (inForce === 'built-in') return 'built-in';
      if (isMarked || run.approvals > 0) return undefined;
      const answer = answers.get(run.task);
      const isSame =
        answer !== undefined &&
        answer.version === inForce.version &&
        answer.upTo === watch.known() &&
        answer.by === by &&
        answer.effect === effect &&
        run.control.trust === 'trusted' &&
        run.control.classes.length === 0;
      return isSame ? answer.note : undefined;
    },
    async held(run) {
      let values: ValueMap | undefined;
      for (const { held } of (await approvalsOf(run)).toReversed()) {
        if (held === null) continue;
        values = Object.assign(values ?? emptyMap(), decodeValue(cipher.decrypt(held)));
      }
      return values;
    },
    async ask(request) {
      const inForce = await policies.look();
      if (inForce === 'built-in') return { kind: 'pass', decision: 'built-in' };
      const { run, execution, effect, marks } = request;
      const isMarked =
        marks !== plainMarks ||
        Object.keys(request.facts).length > 0 ||
        request.type !== run.task.type;
      const known = door.known(run, execution.by, effect, isMarked);
      return known === undefined ? decide(inForce, request) : { kind: 'pass', decision: known };
    },
    async wait(request) {
      const inForce = await policies.look();
      const { own } = request;
      if (inForce === 'built-in') {
        if (own === undefined) return undefined;
        const binding = await bound(request, 'built-in');
        const opening = await openFor(request, undefined, own, true, binding);
        return { kind: 'waits', opening };
      }
      const question = await questionOf(request);
      if (question === undefined) {
        const refused = unknownRequester(inForce);
        return refused.kind === 'denied' ? refused : undefined;
      }
      const decision = inForce.decide(question);
      await inForce.keep(decision);
      const { verdict, obligations } = decision.answer;
      if (verdict === 'deny' || obligations.some(({ kind }) => kind !== 'approval')) {
        const reasons = describeAnswer(decision.answer);
        return { kind: 'denied', decision: decision.note, reasons };
      }
      const isBinding = own !== undefined || verdict === 'obliged';
      const because = `\`${request.run.task.id}\` waits for somebody`;
      const terms = own ?? (isBinding ? undefined : defaultTerms(because));
      const binding = await bound(request, decision.note.version);
      return {
        kind: 'waits',
        opening: await openFor(request, decision, terms, isBinding, binding),
      };
    },
  };
  return door;
}
