/** Makes an export a page. */
import type { LedgerExport } from '../runtime/sealer/index.ts';

/** Returns the page of an export, in pieces. */
export async function* exportPage({ lines }: LedgerExport): AsyncGenerator<string> {
  yield* lines;
}
