/**
 * Ids of executions that executions start. They follow from what asked for them, so that asking again
 * after a crash finds the execution instead of starting a second one.
 */
import type { RunLoop } from './loop.ts';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const idLength = 22;

/** Returns the id of the execution that `cause` names: a text that is never used for another one. */
export function derivedId(loop: RunLoop, cause: string): string {
  let rest = BigInt(`0x${loop.parts.cipher.digest(cause)}`);
  let id = '';
  while (id.length < idLength) {
    id += alphabet[Number(rest % 62n)];
    rest /= 62n;
  }
  return id;
}

/** Tells whether the execution `id` exists. */
export async function exists(loop: RunLoop, id: string): Promise<boolean> {
  return (await loop.parts.store.execution(loop.parts.tenant, id)) !== undefined;
}
