/** `sluice execution resume`. */
import type { Application } from '../../../app/application.ts';
import { isMap, type Value } from '../../../core/value/index.ts';
import type { Call, Perform } from '../../command.ts';
import { driveExecution } from '../../drive-execution.ts';
import { usageFailure } from '../../parse-arguments.ts';
import { readInputs } from '../../read-inputs.ts';
import { readJson } from '../../read-json.ts';
import { withApplication } from '../../with-application.ts';
import { executionId } from './find-execution.ts';

type GivenAnswer = Parameters<Application['answer']>[1];

/** Returns the answer that `call` gives, if it gives one. */
function answerOf(call: Call): GivenAnswer | undefined {
  const answer = call.text('answer') as GivenAnswer['answer'] | undefined;
  const [outputs, taskRunId] = [outputsOf(call), call.text('task-run')];
  if (answer !== undefined) {
    return {
      answer,
      ...(outputs !== undefined && { outputs }),
      ...(taskRunId !== undefined && { taskRunId }),
    };
  }
  if (outputs === undefined && taskRunId === undefined) return undefined;
  const option = outputs === undefined ? '--task-run' : '--outputs';
  throw usageFailure(`\`${option}\` belongs to an answer`, 'add `--answer happened`');
}

function outputsOf(call: Call): Readonly<Record<string, Value>> | undefined {
  const text = call.text('outputs');
  if (text === undefined) return undefined;
  const outputs = readJson(text, '`--outputs`');
  if (isMap(outputs)) return outputs;
  throw usageFailure('`--outputs` holds no JSON object', 'write `--outputs \'{"id": "m-1"}\'`');
}

/** Resumes a paused execution, or answers what it asks. */
export const resumeExecution: Perform = async (call, surroundings) => {
  const inputs = await readInputs(call, surroundings);
  const answer = answerOf(call);
  if (answer !== undefined && Object.keys(inputs).length > 0) {
    throw usageFailure('an answer takes no inputs', 'leave `--input` out, or `--answer`');
  }
  const id = executionId(call);
  return await withApplication(call, surroundings, (application) =>
    driveExecution({ call, surroundings, application }, async () => {
      if (answer === undefined) await application.resume(id, inputs);
      else await application.answer(id, answer);
      return id;
    }),
  );
};
