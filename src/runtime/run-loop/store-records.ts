/** Storing what the iterations of a Loop gave as a file: one record per line. */
import { iterationRecords, type TaskRun } from '../../core/engine/index.ts';
import { mapOf, marksOf, toPlain } from '../../core/value/index.ts';
import type { Active } from './active.ts';
import type { RunLoop } from './loop.ts';
import { filesOf } from './run-evaluation.ts';

/** Stores what the iterations of `run` gave and reports the file. */
export async function storeRecords(loop: RunLoop, one: Active, run: TaskRun): Promise<void> {
  const done = loop.begin(one);
  const about = { type: 'performed', taskRunId: run.id, step: 'store-records' } as const;
  try {
    const { records, provenance } = iterationRecords(run);
    const lines = records.map((record) => `${JSON.stringify(toPlain(record))}\n`);
    const uri = await filesOf(loop, one, run).put('outputs.jsonl', lines.join(''), provenance);
    loop.push(one, { ...about, outputs: mapOf({ uri }), outputsMarks: marksOf(provenance) });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    loop.push(one, { ...about, error: { message } });
  } finally {
    done();
  }
}
