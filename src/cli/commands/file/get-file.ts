/** `sluice file get`. */
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Perform } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { json } from '../../output/json.ts';
import { harmless } from '../../output/terminal-text.ts';
import { usageFailure } from '../../parse-arguments.ts';
import { printDone } from '../../print-rows.ts';
import { readNamespace } from '../../read-names.ts';
import { withApplication } from '../../with-application.ts';

async function write(path: string, bytes: Uint8Array): Promise<void> {
  try {
    await writeFile(path, bytes);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw usageFailure(`cannot write \`${path}\`: ${reason}`, 'name another file');
  }
}

/** Returns bytes as text, or undefined when they are none. */
function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Prints a file of a namespace or of an execution. */
export const getFile: Perform = async (call, surroundings) => {
  const { out, workingFolder } = surroundings;
  const [path = ''] = call.args;
  const namespace = path.includes('://') ? undefined : readNamespace(call);
  const bytes = await withApplication(call, surroundings, (application) =>
    namespace === undefined
      ? application.readFile(path)
      : application.namespaceFiles(namespace).read(path),
  );
  const target = call.text('to');
  if (target !== undefined) {
    await write(resolve(workingFolder, target), bytes);
    const document = { path, to: target, size: bytes.length };
    printDone(call, surroundings, `wrote ${bytes.length} bytes to \`${target}\``, document);
    return exitCodes.success;
  }
  const text = textOf(bytes);
  if (call.text('output') === 'json') {
    const content =
      text === undefined ? { base64: Buffer.from(bytes).toString('base64') } : { content: text };
    out.write(json({ path, size: bytes.length, ...content }));
    return exitCodes.success;
  }
  if (out.isTerminal && text === undefined) {
    throw usageFailure(`\`${path}\` is no text`, 'write it to a file with `--to FILE`');
  }
  out.write(out.isTerminal && text !== undefined ? harmless(text) : bytes);
  return exitCodes.success;
};
