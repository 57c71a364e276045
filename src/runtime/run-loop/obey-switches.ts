/**
 * Kill switches in the run loop: what one covers does not start and begins no further task, and what
 * runs of it here is killed or held as soon as this process knows of the switch.
 */
import { type Execution, isTerminated } from '../../core/engine/index.ts';
import type { Failure } from '../../core/failure/index.ts';
import { type KillSwitch, modelsOf, type Stoppable } from '../../core/governance/index.ts';
import { stoppedFailure } from '../kill-switch/index.ts';
import type { Active } from './active.ts';
import type { RunLoop } from './loop.ts';

function stoppable({
  execution,
  around,
  models,
}: Pick<Active, 'execution' | 'around' | 'models'>): Stoppable {
  const { flow, causedBy } = execution;
  const caused = causedBy === undefined ? [] : [causedBy.executionId];
  const outer = around.map(({ id }: Execution) => id);
  return {
    namespace: flow.namespace,
    flowId: flow.id,
    executionIds: [execution.id, ...outer, ...caused],
    models:
      models === undefined || models.size === 0
        ? modelsOf(flow)
        : [...modelsOf(flow), ...[...models.values()].flat()],
  };
}

/**
 * Notes that a run of an execution asks `models`, which a template may have named; throws `kill-switch.set`
 * where one of them is stopped. What is noted is stopped with them.
 */
export function useModels(
  loop: RunLoop,
  one: Active,
  runId: string,
  models: readonly string[],
): void {
  one.models ??= new Map();
  one.models.set(runId, models);
  for (const model of models) {
    const by = loop.switches.stoppingModel(model);
    if (by !== undefined) throw stoppedFailure(by);
  }
}

/** Returns the switch that stops an execution. */
export function stopping(loop: RunLoop, one: Active): KillSwitch | undefined {
  return loop.switches.stopping(stoppable(one));
}

/** Kills or holds an execution that a switch covers. */
export function obey(loop: RunLoop, one: Active): void {
  const { execution } = one;
  if (isTerminated(execution.state)) return;
  const by = stopping(loop, one);
  if (by === undefined) return;
  if (by.mode === 'kill') loop.push(one, { type: 'execution-killed', by: by.setBy });
  else if (execution.state === 'RUNNING') {
    loop.push(one, { type: 'execution-paused', by: by.setBy });
  }
}

/** Looks whether switches were set, and has what runs here obey them. */
export async function obeySwitches(loop: RunLoop): Promise<void> {
  if (!(await loop.switches.refresh())) return;
  for (const one of loop.active.values()) obey(loop, one);
}

/** Throws `kill-switch.set` where a switch stops an execution before it exists. */
export async function assertMayStart(
  loop: RunLoop,
  execution: Execution,
  around: readonly Execution[],
): Promise<void> {
  await obeySwitches(loop);
  const by = loop.switches.stopping(stoppable({ execution, around }));
  if (by !== undefined) throw stoppedFailure(by);
}

/** Throws `kill-switch.set` where a switch stops an execution that somebody wants to go on. */
export async function assertMayGoOn(loop: RunLoop, one: Active): Promise<void> {
  await obeySwitches(loop);
  const by = stopping(loop, one);
  if (by !== undefined) throw stoppedFailure(by);
}

/**
 * Returns why a task of an execution may not begin. An execution that is about to be held begins what
 * it was about to begin in the same moment.
 */
export function refusedTask(loop: RunLoop, one: Active): Failure | undefined {
  const by = stopping(loop, one);
  if (by === undefined) return undefined;
  if (by.mode === 'pause' && one.queue.some(({ type }) => type === 'execution-paused')) {
    return undefined;
  }
  return stoppedFailure(by);
}
