/** Node as a script language: a source file, run by the machine's `node` or else by the one this runs on. */
import { dirname } from 'node:path';
import { type ScriptLanguage, shellWord } from '../run-script.ts';

/** Node. */
export const nodeLanguage: ScriptLanguage = {
  fileEnding: '.js',
  async prepare({ context, environment }) {
    if (await context.processes.has('node')) return 'node';
    environment['PATH'] ??= `/usr/local/bin:/usr/bin:/bin:${dirname(process.execPath)}`;
    return shellWord(process.execPath);
  },
};
