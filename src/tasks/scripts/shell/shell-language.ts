/** The shell as a script language: the source is the command text itself. */
import type { ScriptLanguage } from '../run-script.ts';

/** The shell. */
export const shellLanguage: ScriptLanguage = {
  async prepare() {
    return '';
  },
};
