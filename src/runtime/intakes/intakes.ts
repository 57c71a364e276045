/** Intakes as records of a register: what somebody wants to do, and what came of asking about it. */
import { Failure } from '../../core/failure/index.ts';
import {
  assessIntake,
  type Intake,
  intakeProblems,
  queuePosition,
} from '../../core/governance/index.ts';
import type { Value } from '../../core/value/index.ts';
import type { RegisterDesk } from '../registers/index.ts';

const kind = 'intake';

/** What somebody wants to do. */
export type IntakeOrder = Pick<Intake, 'title' | 'owner' | 'purpose' | 'answers'>;

/** An intake and its place in its queue, from 1. */
export type QueuedIntake = Intake & { readonly position: number };

/** Enters an intake; throws `input.invalid`. */
export function submitIntake(
  desk: RegisterDesk,
  order: IntakeOrder & { readonly id: string },
  actor: string,
): Promise<QueuedIntake> {
  const problems = [...intakeProblems(order.answers)];
  if (order.title.trim() === '') problems.push('a title is missing');
  if (order.owner.trim() === '') problems.push('nobody answers for it');
  if (problems.length > 0) {
    return Promise.reject(
      new Failure('input.invalid', problems.join('; '), { details: { problems } }),
    );
  }
  return desk.do(async (work) => {
    const result = assessIntake(order.answers);
    const intake: Intake = { ...order, ...result, submittedBy: actor, submittedAt: work.at };
    await work.put(kind, intake.id, intake, { queue: intake.queue });
    const { id, title, owner, tier, queue, controls } = intake;
    const answers = order.answers as Readonly<Record<string, Value>>;
    const payload = { id, title, owner, tier, queue, controls: [...controls], answers };
    work.enter({ stream: `intake:${id}`, type: 'intake-submitted', actor, payload });
    const all = (await work.list<Intake>(kind)).map(({ content }) => content);
    return () => ({ ...intake, position: queuePosition(all, intake) });
  });
}

/** Returns every intake, those of the committee first, in order of their queues. */
export async function listIntakes(desk: RegisterDesk): Promise<readonly QueuedIntake[]> {
  const all = (await desk.list<Intake>(kind)).map(({ content }) => content);
  return all
    .map((intake) => ({ ...intake, position: queuePosition(all, intake) }))
    .toSorted((a, b) => a.queue.localeCompare(b.queue) || a.position - b.position);
}

/** Returns an intake; throws `intake.not-found`. */
export async function findIntake(desk: RegisterDesk, id: string): Promise<QueuedIntake> {
  const found = (await listIntakes(desk)).find((one) => one.id === id);
  if (found !== undefined) return found;
  throw new Failure('intake.not-found', `there is no intake \`${id}\``);
}
