/**
 * What a run of a task gives in a test instead of being run: the outputs and the state of its fixture,
 * with the origin that the type itself would give its outputs, so that policy sees what it would see.
 */
import type { TaskRun } from '../../core/engine/index.ts';
import { Failure } from '../../core/failure/index.ts';
import type { TaskFixture } from '../../core/flow/index.ts';
import { mapOf, type ValueMap } from '../../core/value/index.ts';
import { render, sealSecrets } from '../rendering/index.ts';
import { outputMarks } from '../worker/index.ts';
import type { Active } from './active.ts';
import type { EventDraft, RunLoop } from './loop.ts';
import { evaluationFor } from './run-evaluation.ts';
import { hideSecrets, writeLog } from './write-log.ts';

type TaskEnd = Extract<EventDraft, { type: 'task-ended' }>;

async function outputsOf(
  loop: RunLoop,
  one: Active,
  run: TaskRun,
  { files, outputs }: TaskFixture,
): Promise<ValueMap> {
  const context = evaluationFor(loop, one, run, mapOf({ files: mapOf(files) }));
  const rendered = await render(context, outputs, 'text');
  if (rendered.ok) return sealSecrets(rendered.value, one.secrets, loop.parts.cipher) as ValueMap;
  throw new Failure(
    'test.fixture-wrong',
    `the fixture of \`${run.task.id}\` cannot be rendered: ${rendered.error.message}`,
  );
}

/** Returns the end of `run` as `fixture` says; a fixture that cannot be used fails the run. */
export async function endByFixture(
  loop: RunLoop,
  one: Active,
  run: TaskRun,
  fixture: TaskFixture,
): Promise<TaskEnd> {
  const about = { type: 'task-ended' as const, taskRunId: run.id };
  const failed = (message: string, code: string): TaskEnd => {
    writeLog(loop, one, run, 'ERROR', message);
    // What is given does not change by asking again.
    return { ...about, outcome: 'FAILED', error: { message, code }, mayRetry: false };
  };
  const definition = loop.parts.registry.loaded(run.task.type);
  const isRunnable = definition?.kind === 'runnable';
  try {
    const outputs = await outputsOf(loop, one, run, fixture);
    const given =
      Object.keys(outputs).length === 0
        ? {}
        : { outputs, ...(isRunnable && { outputsMarks: outputMarks(definition, outputs) }) };
    if (fixture.state === 'FAILED') {
      const message = `the fixture of \`${run.task.id}\` says that it failed`;
      return { ...failed(message, 'task.failed'), ...given };
    }
    const outcome = fixture.state === 'SKIPPED' ? 'SUCCESS' : fixture.state;
    return { ...about, outcome, ...given };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return failed(hideSecrets(one, error.message), error.code);
  }
}
