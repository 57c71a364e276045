/** Durations as the language writes them: ISO text with days, hours, minutes and seconds. */
import { Failure } from '../../core/failure/index.ts';

/** Returns the milliseconds of the ISO duration `text`; throws `task.input-invalid` for anything else. */
export function parseDuration(text: string): number {
  try {
    const duration = Temporal.Duration.from(text.trim());
    if (duration.years === 0 && duration.months === 0 && duration.weeks === 0) {
      return duration.total({ unit: 'milliseconds' });
    }
  } catch (cause) {
    throw new Failure('task.input-invalid', `\`${text}\` is not a duration`, {
      cause,
      help: 'write an ISO duration such as `PT30S` or `P1D`',
    });
  }
  throw new Failure('task.input-invalid', `the duration \`${text}\` has years, months or weeks`, {
    help: 'write it in days, hours, minutes and seconds: `P7D`',
  });
}
