/**
 * Waits that a flow asks for itself (a Pause, a task that asks people): the approval behind one is opened
 * in the same write in which its run begins to wait.
 */
import type { TaskRun } from '../../core/engine/index.ts';
import type { ApprovalTerms } from '../../core/governance/index.ts';
import { type ApproverRule, readApprovers } from '../../core/policy/index.ts';
import { Failure } from '../../core/failure/index.ts';
import { parseDuration } from '../../core/flow/index.ts';
import {
  emptyMap,
  isList,
  isMap,
  type Marks,
  mapOf,
  marksAt,
  marksOfParts,
  plainMarks,
  plainText,
  type Value,
  type ValueMap,
} from '../../core/value/index.ts';
import { describePassage, type WaitRequest } from '../approvals/index.ts';
import type { RenderResult } from '../rendering/index.ts';
import type { Active } from './active.ts';
import type { RunLoop } from './loop.ts';
import { filesOf } from './run-evaluation.ts';
import { hideSecrets } from './write-log.ts';

/** Purposes of evaluations after which a run waits for people. */
const waits: ReadonlySet<string> = new Set(['pause', 'approval']);

/** Tells whether a run waits for people once `purpose` is evaluated, and somebody keeps approvals. */
export function isWait(loop: RunLoop, run: TaskRun | null, purpose: string): run is TaskRun {
  return run !== null && loop.parts.approvals !== undefined && waits.has(purpose);
}

function invalid(name: string, what: string): Failure {
  return new Failure('task.input-invalid', `\`${name}\` ${what}`, {
    help: 'look at `sluice task docs govern.Approval`',
  });
}

function textOf(properties: ValueMap, name: string): string | undefined {
  const value = Object.hasOwn(properties, name) ? properties[name] : undefined;
  return value === undefined || value === null || value === '' ? undefined : plainText(value);
}

function approversIn(properties: ValueMap, name: string): readonly ApproverRule[] {
  const value = Object.hasOwn(properties, name) ? (properties[name] ?? null) : null;
  if (value === null) return [];
  const texts = isList(value) ? value.map(plainText) : [plainText(value)];
  const rules = readApprovers(texts.join(','));
  if (rules === undefined) throw invalid(name, 'names nobody: use `role:…`, `group:…` or `user:…`');
  return rules;
}

/** Who decides where a task names nobody. */
const usualApprover: ApproverRule = { kind: 'role', name: 'approver' };

function quorumIn(properties: ValueMap): number {
  const quorum = Number(textOf(properties, 'quorum') ?? 1);
  if (Number.isInteger(quorum) && quorum >= 1 && quorum <= 20) return quorum;
  throw invalid('quorum', 'must be a whole number from 1 to 20');
}

/** Returns what a task that asks people asks for; throws `task.input-invalid`. */
export function termsIn(properties: ValueMap): ApprovalTerms {
  const reason = textOf(properties, 'reason') ?? 'the flow asks for it';
  const requirementIn = (from: ValueMap) => {
    const named = approversIn(from, 'approvers');
    const approvers = named.length > 0 ? named : [usualApprover];
    return { policy: null, reason, approvers, quorum: quorumIn(from) };
  };
  const listed = Object.hasOwn(properties, 'stages') ? properties['stages'] : undefined;
  const stages = isList(listed) && listed.length > 0 ? listed : [properties];
  const deadline = textOf(properties, 'deadline');
  const deadlineMs = deadline === undefined ? null : parseDuration(deadline);
  if (deadlineMs === undefined) throw invalid('deadline', 'must be a duration such as `PT4H`');
  const onDeadline = textOf(properties, 'onDeadline') ?? 'reject';
  if (onDeadline !== 'reject' && onDeadline !== 'escalate') {
    throw invalid('onDeadline', 'must be `reject` or `escalate`');
  }
  const escalatesTo = approversIn(properties, 'escalateTo');
  if (onDeadline === 'escalate' && (escalatesTo.length === 0 || deadlineMs === null)) {
    throw invalid('onDeadline', 'is `escalate`, which needs `escalateTo` and `deadline`');
  }
  return {
    stages: stages.map((one) => [requirementIn(isMap(one) ? one : emptyMap())]),
    deadlineMs,
    onDeadline,
    escalatesTo,
  };
}

function previewOf(
  properties: ValueMap,
  marks: Marks,
): Pick<WaitRequest, 'preview' | 'previewMarks'> {
  const names = ['title', 'preview', 'description'].filter(
    (name) => textOf(properties, name) !== undefined,
  );
  if (names.length === 0) return {};
  const parts = names.map((name) => [name, marksAt(marks, name)] as const);
  const shown = Object.fromEntries(names.map((name) => [name, properties[name] ?? null]));
  return { preview: mapOf(shown as Record<string, Value>), previewMarks: marksOfParts(parts) };
}

function requestOf(
  loop: RunLoop,
  one: Active,
  run: TaskRun,
  properties: ValueMap,
  marks: Marks,
): WaitRequest {
  const isAsking = run.task.type === 'govern.Approval';
  const preview = previewOf(properties, marks);
  const shown = preview.preview ?? emptyMap();
  return {
    execution: one.execution,
    run,
    type: run.task.type,
    effect: 'none',
    touches: [],
    argumentNames: Object.keys(shown),
    arguments: shown,
    marks: preview.previewMarks ?? plainMarks,
    isAddressLike: () => false,
    facts: {},
    shown: () => shown,
    volatile: emptyMap(),
    readFile: (uri) => filesOf(loop, one, run).read(uri),
    ...preview,
    ...(isAsking && { own: termsIn(properties) }),
  };
}

/** Tells whether a Pause is a mere lapse of time, which concerns nobody. */
function isSleep(run: TaskRun, properties: ValueMap): boolean {
  return run.task.type !== 'govern.Approval' && textOf(properties, 'pauseDuration') !== undefined;
}

/** Reports what was rendered for a wait, and opens the approval behind it together with that. */
export async function openWait(
  loop: RunLoop,
  one: Active,
  run: TaskRun,
  purpose: string,
  result: Extract<RenderResult, { ok: true }>,
  report: () => void,
): Promise<void> {
  const about = { type: 'evaluated', taskRunId: run.id, purpose } as const;
  const properties = isMap(result.value) ? result.value : emptyMap();
  try {
    const request = requestOf(loop, one, run, properties, result.marks);
    const passage = await loop.parts.approvals?.door.wait(request);
    if (passage?.kind === 'denied') {
      const message = hideSecrets(one, describePassage(passage));
      loop.push(one, { ...about, error: { message, code: 'policy.denied' } });
      return;
    }
    const isNobodys =
      passage === undefined || (isSleep(run, properties) && !passage.opening.event.isBinding);
    report();
    if (isNobodys) return;
    const { event, ...rider } = passage.opening;
    // Opened twice, it is opened once: the id follows from the run.
    loop.push(one, event, { ...rider, over: () => undefined });
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'task.input-invalid') throw error;
    loop.push(one, { ...about, error: { message: error.message, code: error.code } });
  }
}
