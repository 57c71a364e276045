/** `sluice intake questions`. */
import { intakeQuestions } from '../../../core/governance/index.ts';
import type { Perform } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { json } from '../../output/json.ts';

/** Prints the questionnaire. */
export const printQuestions: Perform = (call, { out }) => {
  if (call.text('output') === 'json') {
    out.write(json(intakeQuestions));
    return Promise.resolve(exitCodes.success);
  }
  const questions = intakeQuestions.map(({ id, text, choices }) => {
    const answers = choices.map((one) => `  #   ${one.id}: ${one.text}\n`).join('');
    return `  # ${text}\n${answers}  ${id}:\n`;
  });
  out.write(`title:\nowner:\npurpose:\nanswers:\n${questions.join('')}`);
  return Promise.resolve(exitCodes.success);
};
