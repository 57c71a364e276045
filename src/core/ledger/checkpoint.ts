/**
 * The text of a checkpoint in C2SP's form: which log, how many entries, which root. Signed, it is the
 * log's promise that the first so many entries never change.
 *
 * INVARIANT: of two checkpoints of one log the smaller is always a beginning of the larger.
 */
import { assert } from '../failure/index.ts';
import { encodeBase64 } from './encode-text.ts';
import { hashSize } from './primitives.ts';

/** What a log says of itself at one size. */
export interface Checkpoint {
  /** Which log; by custom the name of its key. */
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
  /** Further lines; the format discourages them, because nobody audits them. */
  readonly extensions?: readonly string[];
}

/** Returns the text of a checkpoint, ready to be signed. */
export function checkpointText({ origin, size, root, extensions = [] }: Checkpoint): string {
  assert(Number.isSafeInteger(size) && size >= 0, 'a checkpoint has a size');
  assert(root.length === hashSize, 'the root in a checkpoint is a hash');
  const lines = [origin, `${size}`, encodeBase64(root), ...extensions];
  assert(
    lines.every((line) => line !== '' && !line.includes('\n')),
    'the lines of a checkpoint hold something and no newline',
  );
  return `${lines.join('\n')}\n`;
}
