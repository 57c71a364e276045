/** `sluice policy propose`. */
import type { Perform } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { printDone } from '../../print-rows.ts';
import { withApplication } from '../../with-application.ts';
import { shownDigits } from './list-policies.ts';
import { openBench, readFolders } from './open-bench.ts';
import { actingAs } from './acting-as.ts';

/** Stores policies as a proposal. */
export const proposePolicies: Perform = async (call, surroundings) => {
  const { set } = await readFolders(await openBench(surroundings), call.args);
  const reason = call.text('reason') ?? '';
  const { version, tests } = await withApplication(call, surroundings, async (application) =>
    (await application.policies()).propose(set, { reason, ...actingAs(call) }),
  );
  const result = tests.passed ? `${version.tests.cases} cases passed` : 'its tests fail';
  const sentence = `proposed ${version.version.slice(0, shownDigits)}: ${result}`;
  const { set: _, ...document } = version;
  printDone(call, surroundings, sentence, document);
  return tests.passed ? exitCodes.success : exitCodes.failed;
};
