/** Telling trouble with the store as a whole from a write that the store refuses. */
import { Failure } from '../../core/failure/index.ts';

const codes: ReadonlySet<string> = new Set(['store.locked', 'store.unreachable']);

/** Tells whether `error` says that the store cannot be used: no write is to blame, and nobody knows which are durable. */
export function isStoreTrouble(error: unknown): boolean {
  return error instanceof Failure && isStoreTroubleCode(error.code);
}

/** Tells whether `code` is that of such trouble. */
export function isStoreTroubleCode(code: string | undefined): boolean {
  return code !== undefined && codes.has(code);
}
