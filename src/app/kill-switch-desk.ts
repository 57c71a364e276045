/**
 * The desk of kill switches: an order is decided by policy, recorded, obeyed here at once and by other
 * processes as soon as they see it; how far it took effect, and how fast, is recorded too.
 */
import { isTerminated } from '../core/engine/index.ts';
import { Failure } from '../core/failure/index.ts';
import {
  describeTarget,
  isNamespaceWithin,
  type KillSwitch,
  modelsOf,
  stoppedBy,
  switchPlace,
  type SwitchTarget,
} from '../core/governance/index.ts';
import type { ActionId } from '../core/policy/index.ts';
import type { ExecutionRecord } from '../ports/store.ts';
import {
  listSwitches,
  noteEffect,
  releaseSwitch,
  setSwitch,
} from '../runtime/kill-switch/index.ts';
import type { RegisterDesk } from '../runtime/registers/index.ts';
import {
  killExecution,
  obeySwitches,
  pauseExecution,
  type RunLoop,
} from '../runtime/run-loop/index.ts';
import { assertAllowed, type Changer } from './assert-allowed.ts';

/** How far a switch has taken effect. */
export interface SwitchEffect {
  /** How many executions it stopped. */
  readonly executions: number;
  /** Those that still ran when it was no longer waited for. */
  readonly left: readonly string[];
  /** From the order to the last effect. */
  readonly tookMs: number;
}

/** Kill switches, as people set and release them. */
export interface KillSwitchDesk {
  list(): Promise<readonly KillSwitch[]>;
  /** Stops something and waits until it has stopped; throws `input.invalid`, `policy.denied`. */
  set(order: Omit<KillSwitch, 'setBy' | 'setAt'>): Promise<KillSwitch & SwitchEffect>;
  /** Throws `kill-switch.not-found`, `policy.denied`. */
  release(target: SwitchTarget, reason: string): Promise<void>;
}

const waiting = ['QUEUED', 'PAUSED'];
const running = ['CREATED', 'RESTARTED', 'RUNNING', 'RETRYING', 'KILLING'];
const patienceMs = 10_000;
const lookEveryMs = 10;
const pageSize = 500;

async function changeOf(loop: RunLoop, target: SwitchTarget, action: ActionId, reason: string) {
  const { kind, id } = target;
  const { store, tenant } = loop.parts;
  const record = kind === 'execution' ? await store.execution(tenant, id) : undefined;
  const { resource, namespace, flowId } = switchPlace(target, record);
  return {
    action,
    resource: { type: resource, id, namespace },
    facts: { hasReason: reason.trim() !== '', ...(flowId !== undefined && { flowId }) },
    what: `${action === 'kill' ? 'stopping' : 'releasing'} ${describeTarget(target)}`,
  };
}

/** Returns the executions that are not over and that `by` covers. */
async function covered(loop: RunLoop, by: KillSwitch): Promise<readonly ExecutionRecord[]> {
  const { store, tenant } = loop.parts;
  const found: ExecutionRecord[] = [];
  let after: string | undefined;
  for (;;) {
    const page = await store.executions({
      tenant,
      states: [...running, ...waiting],
      limit: pageSize,
      ...(after !== undefined && { after }),
    });
    for (const record of page) {
      if (await isCovered(loop, by, record)) found.push(record);
    }
    if (page.length < pageSize) return found;
    after = page.at(-1)?.id;
  }
}

async function isCovered(loop: RunLoop, by: KillSwitch, record: ExecutionRecord): Promise<boolean> {
  const { namespace, flowId, id, causedBy, parentId } = record;
  if (by.kind === 'namespace' && !isNamespaceWithin(namespace, by.id)) return false;
  const needsModels = by.kind === 'model' || by.kind === 'vendor';
  const models = needsModels
    ? modelsOf((await loop.library.find(namespace, flowId, record.revision)).flow)
    : [];
  const executionIds = [id, causedBy, parentId].filter((one) => one !== null);
  return stoppedBy([by], { namespace, flowId, executionIds, models }) !== undefined;
}

async function stop(loop: RunLoop, by: KillSwitch, { id, state }: ExecutionRecord): Promise<void> {
  try {
    if (by.mode === 'kill') await killExecution(loop, id, by.setBy);
    else if (running.includes(state)) await pauseExecution(loop, id, by.setBy);
  } catch (error) {
    // It ended, or was stopped by the process that has it in hand.
    if (!(error instanceof Failure && error.code === 'execution.wrong-state')) throw error;
  }
}

/** Returns which of `ids` still run. */
async function stillRunning(
  { parts: { store, tenant } }: RunLoop,
  by: KillSwitch,
  ids: readonly string[],
): Promise<readonly string[]> {
  const left: string[] = [];
  for (const id of ids) {
    const state = (await store.execution(tenant, id))?.state;
    if (state === undefined || isTerminated(state as never)) continue;
    if (by.mode === 'pause' && !running.includes(state)) continue;
    left.push(id);
  }
  return left;
}

async function enforce(loop: RunLoop, by: KillSwitch, startedAt: number): Promise<SwitchEffect> {
  const { clock } = loop.parts;
  // What runs in this process hears of it before anything else is looked up.
  await obeySwitches(loop);
  const records = await covered(loop, by);
  for (const record of records) await stop(loop, by, record);
  const ids = records.map(({ id }) => id);
  for (let left = ids; ; ) {
    left = [...(await stillRunning(loop, by, left))];
    const tookMs = clock.elapsedMs() - startedAt;
    if (left.length === 0 || tookMs > patienceMs) {
      return { executions: ids.length - left.length, left, tookMs: Math.round(tookMs) };
    }
    await new Promise<void>((resolve) => {
      clock.wakeAt(clock.now() + lookEveryMs, resolve);
    });
  }
}

/** Returns the desk of kill switches over the tenant of `loop`. */
export function createKillSwitchDesk(
  loop: RunLoop,
  registers: RegisterDesk,
  changer: Changer,
): KillSwitchDesk {
  const { actor } = changer;
  return {
    list: () => listSwitches(registers),
    async set(order) {
      const startedAt = loop.parts.clock.elapsedMs();
      await assertAllowed(loop.parts, changer, await changeOf(loop, order, 'kill', order.reason));
      const made = await setSwitch(registers, order, actor);
      const effect = await enforce(loop, made, startedAt);
      await noteEffect(registers, made, effect);
      return { ...made, ...effect };
    },
    async release(target, reason) {
      const action = target.kind === 'execution' ? 'resume' : 'revive';
      await assertAllowed(loop.parts, changer, await changeOf(loop, target, action, reason));
      await releaseSwitch(registers, target, reason, actor);
      await loop.switches.refresh();
    },
  };
}
