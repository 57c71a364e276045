/** Node as a script language: a source file, run by the machine's `node` or else by the one this runs on. */
import { type ScriptLanguage, shellWord } from '../run-script.ts';

/** Node. */
export const nodeLanguage: ScriptLanguage = {
  fileEnding: '.js',
  async prepare({ context }) {
    return (await context.processes.has('node')) ? 'node' : shellWord(process.execPath);
  },
};
