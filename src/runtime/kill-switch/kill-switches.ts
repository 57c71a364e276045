/**
 * The kill switches of a tenant: set and released as records of a register, each with its entry; known
 * to every process that looks, and asked without waiting before a task begins.
 */
import { Failure } from '../../core/failure/index.ts';
import {
  describeTarget,
  type KillSwitch,
  type Stoppable,
  stoppedBy,
  switchId,
  type SwitchTarget,
  targetProblem,
} from '../../core/governance/index.ts';
import { decodeValue } from '../../core/value/index.ts';
import type { Store } from '../../ports/store.ts';
import type { RegisterDesk } from '../registers/index.ts';

/** The switches as this process knows them. */
export interface KillSwitches {
  /** Returns the switch that stops `what`, as far as this process knows. */
  stopping(what: Stoppable): KillSwitch | undefined;
  /** Looks again; tells whether a switch was set since. */
  refresh(): Promise<boolean>;
}

const kind = 'kill-switch';
const switchesMax = 1_000;

/** Returns the switches of a tenant; none are known before the first look. */
export function createKillSwitches({
  store,
  tenant,
}: {
  readonly store: Pick<Store, 'registerRecords'>;
  readonly tenant: string;
}): KillSwitches {
  let known: readonly KillSwitch[] = [];
  return {
    stopping: (what) => (known.length === 0 ? undefined : stoppedBy(known, what)),
    async refresh() {
      const records = await store.registerRecords({ tenant, kind, limit: switchesMax });
      const found = records.map(({ document }) => decodeValue(document) as unknown as KillSwitch);
      const keyOf = (one: KillSwitch): string => `${switchId(one)} ${one.setAt} ${one.mode}`;
      const before = new Set(known.map(keyOf));
      known = found;
      return found.some((one) => !before.has(keyOf(one)));
    },
  };
}

/** Returns the failure of what a switch stops. */
export function stoppedFailure(by: KillSwitch): Failure {
  return new Failure('kill-switch.set', `a kill switch stops ${describeTarget(by)}: ${by.reason}`, {
    details: { kind: by.kind, id: by.id, mode: by.mode, setBy: by.setBy },
  });
}

/** Returns the switches that are set, in order. */
export async function listSwitches(desk: RegisterDesk): Promise<readonly KillSwitch[]> {
  return (await desk.list<KillSwitch>(kind)).map(({ content }) => content);
}

/** Sets a switch, in place of one on the same target; throws `input.invalid`. */
export function setSwitch(
  desk: RegisterDesk,
  { kind: what, id, mode, reason }: Omit<KillSwitch, 'setBy' | 'setAt'>,
  actor: string,
): Promise<KillSwitch> {
  const target = { kind: what, id };
  const problem =
    targetProblem(target) ?? (reason.trim() === '' ? 'a reason is missing' : undefined);
  if (problem !== undefined) return Promise.reject(new Failure('input.invalid', problem));
  return desk.do(async (work) => {
    const made: KillSwitch = { ...target, mode, reason, setBy: actor, setAt: work.at };
    await work.put(kind, switchId(target), made);
    const payload = { ...target, mode, reason };
    work.enter({
      stream: `kill-switch:${switchId(target)}`,
      type: 'kill-switch-set',
      actor,
      payload,
    });
    return () => made;
  });
}

/** Keeps how far a switch has taken effect, and how long that took. */
export function noteEffect(
  desk: RegisterDesk,
  target: SwitchTarget,
  effect: {
    readonly executions: number;
    readonly left: readonly string[];
    readonly tookMs: number;
  },
): Promise<void> {
  return desk.do((work) => {
    const payload = { ...effect, left: [...effect.left], kind: target.kind, id: target.id };
    const stream = `kill-switch:${switchId(target)}`;
    work.enter({ stream, type: 'kill-switch-took-effect', actor: 'engine', payload });
    return Promise.resolve(() => undefined);
  });
}

/** Releases a switch; what it held waits to be resumed. Throws `kill-switch.not-found`. */
export function releaseSwitch(
  desk: RegisterDesk,
  target: SwitchTarget,
  reason: string,
  actor: string,
): Promise<void> {
  return desk.do(async (work) => {
    const before = await work.read<KillSwitch>(kind, switchId(target));
    if (before === undefined) {
      throw new Failure(
        'kill-switch.not-found',
        `there is no kill switch on ${describeTarget(target)}`,
      );
    }
    work.remove(kind, switchId(target));
    const payload = { kind: target.kind, id: target.id, reason, setAt: before.setAt };
    const stream = `kill-switch:${switchId(target)}`;
    work.enter({ stream, type: 'kill-switch-released', actor, payload });
    return () => undefined;
  });
}
