/** `sluice policy show`. */
import { Failure } from '../../../core/failure/index.ts';
import { describeObligation } from '../../../core/policy/index.ts';
import type { Perform } from '../../command.ts';
import { paintFor } from '../../output/colour.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { json } from '../../output/json.ts';
import { pairs } from '../../output/table.ts';
import { harmless } from '../../output/terminal-text.ts';
import { chosenPolicies } from './list-policies.ts';

/** Shows one policy. */
export const showPolicy: Perform = async (call, surroundings) => {
  const { out, environment } = surroundings;
  const [id = ''] = call.args;
  const policies = await chosenPolicies(call, surroundings);
  const found = policies.find((one) => one.id === id);
  if (found === undefined) throw new Failure('policy.not-found', `there is no policy \`${id}\``);
  if (call.text('output') === 'json') {
    out.write(json(found));
    return exitCodes.success;
  }
  const { title, reason, effect, mode, obligations, pack, file, line, reads, text } = found;
  const met = obligations.map((one) => ['met by', describeObligation(one)] as const);
  const rows = [
    ['policy', id],
    ['title', title],
    ['reason', reason],
    ['effect', `${effect}, ${mode}`],
    ...met,
    ['pack', `${pack}, ${file}:${line}`],
    ['reads', reads.join(', ')],
  ] as const;
  out.write(pairs(rows, paintFor(out, environment)));
  out.write(`\n${harmless(text)}\n`);
  return exitCodes.success;
};
