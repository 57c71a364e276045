/** An intake as lines that people read. */
import type { QueuedIntake } from '../../../app/governance-desk.ts';

/** Returns the lines of an intake. */
export function intakeText(intake: QueuedIntake): string {
  const { id, title, owner, tier, reasons, controls, open, queue, position } = intake;
  return [
    `${id}: ${title}`,
    `owner: ${owner}`,
    `provisional risk tier: ${tier}`,
    ...reasons.map((one) => `  ${one.tier}: ${one.reason}`),
    `required controls: ${controls.length === 0 ? 'none' : controls.join(', ')}`,
    ...(open.length === 0 ? [] : [`not answered: ${open.join(', ')}`]),
    `place ${position} in the queue \`${queue}\``,
  ].join('\n');
}
