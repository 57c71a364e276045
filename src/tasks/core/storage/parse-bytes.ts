/** Amounts of bytes: `512`, `10KB`, `1.5MB`, `1GiB`. */
import { Failure } from '../../../core/failure/index.ts';

const units: Record<string, number> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 };

/** Returns the number of bytes that `text` names; a kilobyte has 1024. */
export function parseBytes(text: string): number {
  const found = /^\s*(\d+(?:\.\d+)?)\s*([kmgt]?)(?:i?b)?\s*$/i.exec(text);
  const bytes = Math.floor(Number(found?.[1]) * (units[found?.[2]?.toLowerCase() ?? ''] ?? 1));
  if (found === null || bytes < 1) {
    throw new Failure('task.input-invalid', `\`${text}\` is no amount of bytes`, {
      help: 'write a number with a unit, such as `10MB`',
    });
  }
  return bytes;
}
