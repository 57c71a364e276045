/** `sluice policy test`. */
import type { Perform } from '../../command.ts';
import { paintFor } from '../../output/colour.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { json } from '../../output/json.ts';
import { harmless } from '../../output/terminal-text.ts';
import { openBench, readFolders } from './open-bench.ts';

/** Runs the cases beside the policies. */
export const testPolicies: Perform = async (call, surroundings) => {
  const { out, err, environment } = surroundings;
  const bench = await openBench(surroundings);
  const { set } = await readFolders(bench, call.args);
  const { results, unshown, neverMissing, passed } = await bench.test(set);
  const failed = results.filter(({ complaint }) => complaint !== undefined);
  if (call.text('output') === 'json') {
    const documents = results.map(({ case: one, answer, complaint }) => ({
      title: one.title,
      file: one.file,
      line: one.line,
      verdict: answer.verdict,
      policies: answer.policies.map(({ id }) => id),
      passed: complaint === undefined,
      ...(complaint === undefined ? {} : { complaint }),
    }));
    out.write(json({ passed, unshown, neverMissing, cases: documents }));
    return passed ? exitCodes.success : exitCodes.failed;
  }
  const paint = paintFor(out, environment);
  const cross = paint('✗', 'red');
  for (const { case: one, complaint = '' } of failed) {
    out.write(`${cross} ${harmless(`${one.file}:${one.line}  ${one.title}`)}\n`);
    out.write(`  ${harmless(complaint)}\n`);
  }
  for (const id of unshown) out.write(`${cross} no case shows \`${id}\`\n`);
  for (const one of neverMissing)
    out.write(`${cross} no case shows what a missing fact does: ${one}\n`);
  if (results.length === 0) out.write(`${cross} there are no cases\n`);
  if (!call.has('quiet')) {
    const good = results.length - failed.length;
    err.write(`${good} of ${results.length} cases passed\n`);
  }
  return passed ? exitCodes.success : exitCodes.failed;
};
