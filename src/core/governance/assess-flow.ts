/**
 * What a flow is to governance, computed from its tasks and not from what it says of itself: effects,
 * data classes, models, vendors, autonomy, whether every outside effect stands behind a gate, and the
 * risk tier that follows, with each reason.
 *
 * INVARIANT: what a flow declares can raise its tier and never lower it.
 */
import {
  type EffectProof,
  type Flow,
  proveGates,
  type Task,
  waitsForPerson,
} from '../flow/index.ts';
import { modelNamed } from './flow-models.ts';
import { recipientsOf, type Volume, volumeOfFlow } from './flow-reach.ts';

/** Risk tiers, lowest first. */
export const riskTiers = ['minimal', 'limited', 'high', 'prohibited'] as const;

/** A risk tier. */
export type RiskTier = (typeof riskTiers)[number];

/** What the models of a flow may do: nothing, propose, act behind a gate, act. */
export type Autonomy = 'none' | 'suggest' | 'act-with-approval' | 'act';

/** What is known of a task type. */
export interface TypeEffect {
  readonly kind: 'none' | 'read' | 'idempotent' | 'external';
  readonly touches: readonly string[];
}

/** What the assessment must be told. */
export interface AssessmentWorld {
  /** Returns what a task type does; undefined for flowables. */
  effectOf(type: string): TypeEffect | undefined;
  subflow(namespace: string, id: string): Flow | undefined;
}

/** Why a flow has at least a tier. */
export interface TierReason {
  readonly tier: RiskTier;
  readonly reason: string;
}

/** What a flow is to governance. */
export interface FlowAssessment {
  readonly taskTypes: readonly string[];
  readonly effects: readonly string[];
  readonly touches: readonly string[];
  readonly dataClasses: readonly string[];
  readonly models: readonly string[];
  readonly vendors: readonly string[];
  /** Hosts and addresses that tasks with effects outside name. */
  readonly recipients: readonly string[];
  /** What nobody can know from the text, as clauses: a started flow whose name is a template. */
  readonly unknown: readonly string[];
  readonly volume: Volume;
  readonly autonomy: Autonomy;
  readonly proofs: readonly EffectProof[];
  readonly effectsGated: boolean;
  readonly tier: RiskTier;
  readonly reasons: readonly TierReason[];
}

/** What the protocol calls safe: whoever is asked does nothing by being asked. */
const safeMethods: ReadonlySet<unknown> = new Set([undefined, 'GET', 'HEAD', 'OPTIONS']);

/** Returns what a task does, as far as its text says that it does less than its type may. */
function effectOfTask({ type, properties }: Task, world: AssessmentWorld): TypeEffect | undefined {
  const effect = world.effectOf(type);
  const isSafe = type === 'core.http.Request' && safeMethods.has(properties['method']);
  return effect !== undefined && isSafe ? { ...effect, kind: 'read' } : effect;
}

function* tasksOf(tasks: readonly Task[]): Generator<Task> {
  for (const task of tasks) {
    if (task.isDisabled) continue;
    yield task;
    for (const inner of Object.values(task.blocks)) yield* tasksOf(inner);
  }
}

function everyTask(flow: Flow): readonly Task[] {
  const { tasks, errors, finally: last, afterExecution, listeners } = flow;
  const lists = [tasks, errors, last, afterExecution, ...listeners.map((one) => one.tasks)];
  return lists.flatMap((one) => [...tasksOf(one)]);
}

const startsFlows: ReadonlySet<string> = new Set(['core.flow.Subflow', 'core.flow.ForEachItem']);

/** Returns the names of a flow that a task starts; undefined for one that starts none. */
export function flowStartedBy({
  type,
  properties,
}: Task): { readonly namespace: string; readonly flowId: string } | undefined {
  const { namespace, flowId } = properties;
  if (!startsFlows.has(type)) return undefined;
  return {
    namespace: typeof namespace === 'string' ? namespace : '',
    flowId: typeof flowId === 'string' ? flowId : '',
  };
}

/** Returns the flow with those it starts, each once, and what cannot be known of them. */
function withSubflows(
  flow: Flow,
  world: AssessmentWorld,
): { readonly flows: readonly Flow[]; readonly unknown: readonly string[] } {
  const found = new Map<string, Flow>();
  const unknown: string[] = [];
  const waiting = [flow];
  for (const one of waiting) {
    const name = `${one.namespace}/${one.id}`;
    if (found.has(name)) continue;
    found.set(name, one);
    for (const task of everyTask(one)) {
      const started = flowStartedBy(task);
      if (started === undefined) continue;
      const { namespace, flowId } = started;
      const isNamed = !`${namespace}${flowId}`.includes('{{');
      const next = isNamed ? world.subflow(namespace, flowId) : undefined;
      if (next !== undefined) waiting.push(next);
      else unknown.push(`\`${task.id}\` starts \`${namespace}/${flowId}\`, which is not known`);
    }
  }
  return { flows: [...found.values()], unknown };
}

/** Returns what cannot be known of tasks that ask a model without naming it. */
function* unnamedModels(tasks: readonly Task[], world: AssessmentWorld): Generator<string> {
  for (const task of tasks) {
    const asksModel = effectOfTask(task, world)?.touches.includes('model') === true;
    if (asksModel && modelNamed(task) === undefined) {
      yield `\`${task.id}\` may ask a model that it does not name`;
    }
  }
}

function sorted(names: Iterable<string>): readonly string[] {
  return [...new Set(names)].toSorted();
}

function autonomyOf(
  hasModel: boolean,
  hasTools: boolean,
  proofs: readonly EffectProof[],
): Autonomy {
  if (!hasModel) return 'none';
  if (hasTools) return 'act';
  if (proofs.length === 0) return 'suggest';
  return proofs.every((one) => one.isGated) ? 'act-with-approval' : 'act';
}

type Found = Omit<FlowAssessment, 'tier' | 'reasons'>;

const grave = ['payment', 'credential', 'personal.special', 'personal.health'];

function isBelow(name: string, classes: readonly string[]): boolean {
  return classes.some((one) => name === one || name.startsWith(`${one}.`));
}

const oftenPerDay = 10_000;

function* reasonsFor(found: Found): Generator<TierReason> {
  const { autonomy, proofs, dataClasses, effects, touches, unknown, volume } = found;
  const open = proofs.filter((one) => !one.isGated);
  const actsOutside = effects.includes('external');
  if (autonomy === 'act') {
    yield { tier: 'high', reason: 'a model acts outside without a gate before it' };
  }
  if (touches.includes('money')) yield { tier: 'high', reason: 'it moves money' };
  for (const one of unknown) yield { tier: 'high', reason: one };
  if (open.length > 0 && volume.perDay !== null && volume.perDay > oftenPerDay) {
    const often = `it acts outside up to ${volume.perDay} times a day`;
    yield { tier: 'high', reason: `${often} without a gate before it` };
  }
  const sensitive = dataClasses.filter((one) => isBelow(one, grave));
  if (sensitive.length > 0 && actsOutside) {
    yield { tier: 'high', reason: `${sensitive.join(', ')} data and effects outside` };
  }
  const personal = dataClasses.filter((one) => isBelow(one, ['personal']));
  if (personal.length > 0 && open.length > 0) {
    yield {
      tier: 'high',
      reason: 'personal data and an effect outside that no gate stands before',
    };
  }
  if (personal.length > 0) yield { tier: 'limited', reason: 'personal data' };
  if (autonomy !== 'none') yield { tier: 'limited', reason: 'a model takes part' };
  if (actsOutside) yield { tier: 'limited', reason: 'effects outside' };
}

function worst(reasons: readonly TierReason[]): RiskTier {
  const levels = reasons.map(({ tier }) => riskTiers.indexOf(tier));
  return riskTiers[Math.max(0, ...levels)] ?? 'minimal';
}

function tierOf(flow: Flow, found: Found): Pick<FlowAssessment, 'tier' | 'reasons'> {
  const computed = [...reasonsFor(found)];
  const declared = flow.governance?.riskTier;
  if (declared === undefined) return { tier: worst(computed), reasons: computed };
  const isLower = riskTiers.indexOf(declared) < riskTiers.indexOf(worst(computed));
  const reason = isLower
    ? `the flow says ${declared}, which is lower and does not count`
    : 'the flow says so';
  const reasons = [...computed, { tier: isLower ? worst(computed) : declared, reason }];
  return { tier: worst(reasons), reasons };
}

/** Returns what `flow` is to governance, its subflows included. */
export function assessFlow(flow: Flow, world: AssessmentWorld): FlowAssessment {
  const { flows, unknown } = withSubflows(flow, world);
  const tasks = flows.flatMap(everyTask);
  const isEffect = (task: Task): boolean => effectOfTask(task, world)?.kind === 'external';
  const kinds = tasks.map((one) => effectOfTask(one, world)).filter((one) => one !== undefined);
  const named = tasks.map(modelNamed).filter((one) => one !== undefined);
  const declared = flows.flatMap((one) => one.governance?.models ?? []);
  const proofs = proveGates(flow, {
    isEffect,
    isGate: waitsForPerson,
    subflow: (namespace, id) => world.subflow(namespace, id),
  });
  const touchesModel = kinds.some(({ touches }) => touches.includes('model'));
  const hasTools = tasks.some(({ properties }) => {
    const tools = properties['tools'];
    return Array.isArray(tools) && tools.length > 0;
  });
  const found: Found = {
    taskTypes: sorted(tasks.map(({ type }) => type)),
    effects: sorted(kinds.map(({ kind }) => kind)),
    touches: sorted(kinds.flatMap(({ touches }) => touches)),
    dataClasses: sorted(flows.flatMap((one) => one.governance?.data?.classes ?? [])),
    models: sorted([...declared, ...named.map(([, model]) => model)]),
    vendors: sorted([
      ...declared.map((one) => one.split('/')[0] ?? one),
      ...named.map(([vendor]) => vendor),
    ]),
    recipients: sorted(tasks.filter(isEffect).flatMap(recipientsOf)),
    unknown: [...unknown, ...unnamedModels(tasks, world)],
    volume: volumeOfFlow(flow, isEffect),
    autonomy: autonomyOf(touchesModel, hasTools, proofs),
    proofs,
    effectsGated: proofs.every((one) => one.isGated),
  };
  return { ...found, ...tierOf(flow, found) };
}
