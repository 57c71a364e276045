/**
 * Kill switches: what is stopped, at once and until somebody releases it. What a switch covers does not
 * start, begins no further task, and what runs of it is killed or held.
 */
import type { ResourceType } from '../policy/index.ts';
import { isNamespaceWithin } from './scope.ts';

/** The kinds of things that a switch may stop. */
export const switchKinds = [
  'execution',
  'flow',
  'namespace',
  'model',
  'vendor',
  'everything',
] as const;

/** What a switch stops. */
export interface SwitchTarget {
  readonly kind: (typeof switchKinds)[number];
  /** An id or a name; `namespace/id` of a flow, `vendor/name` of a model; empty for everything. */
  readonly id: string;
}

/** A switch that is set. */
export interface KillSwitch extends SwitchTarget {
  /** What becomes of what runs: it is killed, or held until it is resumed. */
  readonly mode: 'kill' | 'pause';
  readonly reason: string;
  /** Handle of who set it. */
  readonly setBy: string;
  /** Epoch milliseconds. */
  readonly setAt: number;
}

/** What is about to start or go on. */
export interface Stoppable {
  readonly namespace: string;
  readonly flowId: string;
  /** The execution and those around it; none before it exists. */
  readonly executionIds: readonly string[];
  /** The models it may call: `openai/gpt-5-mini`. */
  readonly models: readonly string[];
}

/** Returns the name of a switch: there is one per target. */
export function switchId({ kind, id }: SwitchTarget): string {
  return `${kind}:${id}`;
}

/** Returns what is wrong with a target, as a clause. */
export function targetProblem({ kind, id }: SwitchTarget): string | undefined {
  if (kind === 'everything') return id === '' ? undefined : 'everything has no id';
  if (id === '') return `the ${kind} is not named`;
  if (kind === 'flow' && !/^[^/]+\/[^/]+$/.test(id)) return 'a flow is named as `namespace/id`';
  if (kind === 'model' && !/^[^/]+\/.+$/.test(id)) return 'a model is named as `vendor/name`';
  return undefined;
}

/** Returns the vendor of a model: what stands before the first slash. */
export function vendorOf(model: string): string {
  return model.split('/')[0] ?? '';
}

function covers({ kind, id }: SwitchTarget, what: Stoppable): boolean {
  switch (kind) {
    case 'everything':
      return true;
    case 'execution':
      return what.executionIds.includes(id);
    case 'flow':
      return id === `${what.namespace}/${what.flowId}`;
    case 'namespace':
      return isNamespaceWithin(what.namespace, id);
    case 'model':
      return what.models.includes(id);
    case 'vendor':
      return what.models.some((model) => vendorOf(model) === id);
  }
}

/** Returns the switch that stops `what`; one that kills before one that holds. */
export function stoppedBy(
  switches: readonly KillSwitch[],
  what: Stoppable,
): KillSwitch | undefined {
  const all = switches.filter((one) => covers(one, what));
  return all.find(({ mode }) => mode === 'kill') ?? all[0];
}

/** Returns the switch that stops calls of `model`, wherever they come from. */
export function modelStoppedBy(
  switches: readonly KillSwitch[],
  model: string,
): KillSwitch | undefined {
  return switches.find(
    (one) =>
      one.kind === 'everything' ||
      (one.kind === 'model' && one.id === model) ||
      (one.kind === 'vendor' && one.id === vendorOf(model)),
  );
}

const switchResources: Readonly<Record<SwitchTarget['kind'], ResourceType>> = {
  execution: 'Execution',
  flow: 'Flow',
  namespace: 'Namespace',
  model: 'Model',
  vendor: 'Vendor',
  everything: 'Installation',
};

/** What policy is asked about a switch. */
export interface SwitchPlace {
  readonly resource: ResourceType;
  /** Null for what belongs to no namespace. */
  readonly namespace: string | null;
  readonly flowId?: string;
}

/** Returns what policy is asked about; `of` is the execution of a target that is one. */
export function switchPlace(
  { kind, id }: SwitchTarget,
  of?: { readonly namespace: string; readonly flowId: string },
): SwitchPlace {
  const resource = switchResources[kind];
  switch (kind) {
    case 'execution':
      return of === undefined
        ? { resource, namespace: null }
        : { resource, namespace: of.namespace, flowId: of.flowId };
    case 'flow': {
      const [namespace = '', flowId = ''] = id.split('/');
      return { resource, namespace, flowId };
    }
    case 'namespace':
      return { resource, namespace: id };
    default:
      return { resource, namespace: null };
  }
}

/** Returns a target as people read it: the flow `shop/refund`. */
export function describeTarget({ kind, id }: SwitchTarget): string {
  return kind === 'everything' ? 'everything' : `the ${kind} \`${id}\``;
}
