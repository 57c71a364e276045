/** Options that a command cannot do without, and days among them. */
import type { Call } from './command.ts';
import { usageFailure } from './parse-arguments.ts';

/** Returns the text of an option that has to be there. */
export function neededText(call: Call, option: string): string {
  const text = call.text(option) ?? '';
  if (text === '') throw usageFailure(`option \`--${option}\` is missing`);
  return text;
}

/** Returns the moment at which `day` is over, in UTC. */
export function endOfDay(day: string): number {
  try {
    const next = Temporal.PlainDate.from(day).add({ days: 1 });
    return next.toZonedDateTime('UTC').epochMilliseconds;
  } catch {
    throw usageFailure(`\`${day}\` is no day like 2026-12-31`);
  }
}
