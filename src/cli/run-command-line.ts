/**
 * From words to an exit code: parse, load the one command that is meant, perform it, and say in one
 * sentence what went wrong if something did.
 */
import { readFileSync } from 'node:fs';
import type { Command, Surroundings } from './command.ts';
import { commandHelp, generalHelp, nounHelp } from './help.ts';
import { exitCodes } from './output/exit-codes.ts';
import { json } from './output/json.ts';
import { parseArguments } from './parse-arguments.ts';
import { reportTrouble } from './report-trouble.ts';

/** Returns the version of this package. */
function version(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

/** Tells whether the words ask for JSON; read before parsing, because parsing itself may fail. */
function wantsJson(words: readonly string[]): boolean {
  return words.some(
    (word, index) =>
      word === '--output=json' ||
      word === '-ojson' ||
      ((word === '--output' || word === '-o') && words[index + 1] === 'json'),
  );
}

/** Performs what `words` ask for; gives the exit code. */
export async function runCommandLine(
  words: readonly string[],
  commands: readonly Command[],
  surroundings: Surroundings,
): Promise<number> {
  const { out } = surroundings;
  try {
    const request = parseArguments(words, commands);
    switch (request.kind) {
      case 'version':
        out.write(wantsJson(words) ? json({ version: version() }) : `sluice ${version()}\n`);
        return exitCodes.success;
      case 'help': {
        const { topic } = request;
        out.write(topic === undefined ? generalHelp(commands) : nounHelp(topic, commands));
        return exitCodes.success;
      }
      case 'command-help':
        out.write(commandHelp(request.command));
        return exitCodes.success;
      case 'call': {
        const perform = await request.call.command.load();
        return await perform(request.call, surroundings);
      }
    }
  } catch (error) {
    return reportTrouble(error, wantsJson(words), surroundings);
  }
}
