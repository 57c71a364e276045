/** Dates given as properties: instants, dates with an offset or zone, and plain dates taken as UTC. */
import { Failure } from '../../core/failure/index.ts';

/** Returns `text` as an ISO instant; throws `task.input-invalid` when it is no date. */
export function readInstant(text: string): string {
  const trimmed = text.trim();
  try {
    const hasZone = /Z|[+-]\d\d:?\d\d|\[/.test(trimmed.slice(10));
    return hasZone
      ? Temporal.Instant.from(trimmed).toString()
      : Temporal.PlainDateTime.from(trimmed).toZonedDateTime('UTC').toInstant().toString();
  } catch (cause) {
    throw new Failure('task.input-invalid', `\`${text}\` is not a date`, {
      cause,
      help: 'write an ISO date such as `2026-03-02T10:00:00Z`',
    });
  }
}
