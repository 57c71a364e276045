/** Whether a process runs, as a test sees it: one that is dead and not yet buried does not. */
import { readFile } from 'node:fs/promises';

/** Tells whether the process of `id` runs. */
export async function isAlive(id: number): Promise<boolean> {
  try {
    process.kill(id, 0);
  } catch {
    return false;
  }
  const text = await readFile(`/proc/${id}/stat`, 'utf8').catch(() => '');
  // After the name, which may hold anything, comes the state.
  const [state = ''] = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return !['Z', 'X', ''].includes(state);
}
