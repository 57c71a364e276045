/** Reads files of consistency: from which size, which hashes, to which signed checkpoint. */
import { readBase64, readWhole } from './read-text.ts';

/** What a file of consistency says, before anything of it is believed. */
export interface ParsedConsistencyFile {
  readonly from: number;
  readonly proof: readonly Uint8Array[];
  readonly checkpoint: string;
}

/** No proof between trees below 2^53 leaves is longer. */
const hashesMax = 128;

/** Returns what the text of a file of consistency says, or undefined when it has another form. */
export function parseConsistencyFile(text: string): ParsedConsistencyFile | undefined {
  const end = text.indexOf('\n\n');
  if (end < 0) return undefined;
  const [form, fromLine = '', ...lines] = text.slice(0, end).split('\n');
  const from = fromLine.startsWith('from ') ? readWhole(fromLine.slice(5)) : undefined;
  if (form !== 'sluice/consistency-proof/v1' || from === undefined) return undefined;
  if (lines.length > hashesMax) return undefined;
  const proof: Uint8Array[] = [];
  for (const line of lines) {
    const hash = readBase64(line);
    if (hash?.length !== 32) return undefined;
    proof.push(hash);
  }
  return { from, proof, checkpoint: text.slice(end + 2) };
}
