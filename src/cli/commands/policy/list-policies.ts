/** `sluice policy list`. */
import type { PolicyEntry } from '../../../core/policy/index.ts';
import type { Call, Perform, Surroundings } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { printRows } from '../../print-rows.ts';
import { withApplication } from '../../with-application.ts';
import { openBench, readFolders } from './open-bench.ts';

/** Digits of a version that people see. */
export const shownDigits = 12;

/** Returns the policies that `call` is about: those of `--from`, or those in force. */
export async function chosenPolicies(
  call: Call,
  surroundings: Surroundings,
): Promise<readonly PolicyEntry[]> {
  const folders = call.texts('from');
  if (folders.length > 0) {
    return (await readFolders(await openBench(surroundings), folders)).policies;
  }
  return withApplication(call, surroundings, async (application) => {
    const { policies } = await (await application.policies()).version();
    return policies;
  });
}

function printVersions(call: Call, surroundings: Surroundings): Promise<void> {
  return withApplication(call, surroundings, async (application) => {
    const desk = await application.policies();
    const active = await desk.active();
    const rows = await desk.versions();
    const isActive = (version: string) => version === active;
    printRows(call, surroundings, {
      rows,
      documents: rows.map(({ set, ...rest }) => ({
        ...rest,
        isActive: isActive(rest.version),
        packs: set.packs.map(({ id, version }) => ({ id, version })),
      })),
      columns: [
        { title: 'VERSION', text: ({ version }) => version.slice(0, shownDigits) },
        { title: 'IN FORCE', text: ({ version }) => (isActive(version) ? 'yes' : '') },
        { title: 'PROPOSED', text: (one) => new Date(one.proposedAt).toISOString().slice(0, 19) },
        { title: 'BY', text: ({ author }) => author, isFlexible: true },
        {
          title: 'TESTS',
          text: ({ tests }) => (tests.passed ? `${tests.cases} passed` : 'failed'),
        },
        { title: 'REVIEWS', text: ({ reviews }) => `${reviews.length}` },
        {
          title: 'REPLAYED',
          text: ({ replay }) => (replay === null ? '' : `${replay.changed} changed`),
        },
        { title: 'REASON', text: ({ reason }) => reason, isFlexible: true },
      ],
      nothing: 'no policies were proposed; `sluice policy propose` does',
    });
  });
}

/** Lists policies. */
export const listPolicies: Perform = async (call, surroundings) => {
  if (call.has('versions')) {
    await printVersions(call, surroundings);
    return exitCodes.success;
  }
  const policies = (await chosenPolicies(call, surroundings)).toSorted((a, b) =>
    a.id < b.id ? -1 : 1,
  );
  printRows(call, surroundings, {
    rows: policies,
    documents: policies.map((one) => ({ ...one, text: undefined })),
    columns: [
      { title: 'ID', text: ({ id }) => id },
      { title: 'EFFECT', text: ({ effect }) => effect },
      { title: 'MODE', text: ({ mode }) => mode },
      {
        title: 'MET BY',
        text: ({ obligations }) => obligations.map(({ kind }) => kind).join(', '),
      },
      { title: 'TITLE', text: ({ title }) => title, isFlexible: true },
    ],
    nothing: 'there are no policies',
  });
  return exitCodes.success;
};
