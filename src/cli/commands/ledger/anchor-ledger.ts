/** `sluice ledger anchor`. */
import { resolve } from 'node:path';
import type { Application } from '../../../app/application.ts';
import type { Call, Perform, Surroundings } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { usageFailure } from '../../parse-arguments.ts';
import { printDone, printRows } from '../../print-rows.ts';
import { withApplication } from '../../with-application.ts';

type Anchors = Application['ledger']['anchors'];
type Outcome = Awaited<ReturnType<Anchors['test']>>;

function words(call: Call, names: readonly string[]): readonly string[] {
  const given = call.args.slice(1);
  if (given.length === names.length) return given;
  const action = call.args[0] ?? '';
  throw usageFailure(
    `\`${action}\` needs ${names.length === 0 ? 'nothing more' : names.join(' and ')}`,
    `write \`sluice ledger anchor ${[action, ...names].join(' ')}\``,
  );
}

function printOutcomes(
  call: Call,
  surroundings: Surroundings,
  outcomes: readonly Outcome[],
): number {
  printRows(call, surroundings, {
    rows: outcomes,
    documents: outcomes,
    columns: [
      { title: 'ID', text: ({ id }) => id },
      { title: 'ENTRIES', text: ({ size }) => `${size}` },
      { title: 'OUTCOME', text: ({ outcome }) => outcome },
      { title: 'REASON', text: ({ reason }) => reason ?? '', isFlexible: true },
    ],
    nothing: 'every anchor has seen the newest entries',
  });
  return outcomes.every(({ outcome }) => outcome === 'kept') ? exitCodes.success : exitCodes.failed;
}

async function add(call: Call, surroundings: Surroundings, anchors: Anchors): Promise<number> {
  const [kind = '', place = ''] = words(call, ['KIND', 'PLACE']);
  const variable = call.text('secret-env');
  // A secret on the command line would stand in the history of the shell.
  const secret = variable === undefined ? undefined : (surroundings.environment[variable] ?? '');
  const target = kind === 'file' ? resolve(surroundings.workingFolder, place) : place;
  const added = await anchors.add({ kind, target, ...(secret === undefined ? {} : { secret }) });
  const told = variable === undefined && added.secret !== undefined;
  const sentence = `set the anchor ${added.id}${told ? `\n  secret: ${added.secret} (it is not shown again)` : ''}`;
  printDone(call, surroundings, sentence, told ? { ...added } : { id: added.id });
  return exitCodes.success;
}

async function list(call: Call, surroundings: Surroundings, anchors: Anchors): Promise<number> {
  const rows = await anchors.list();
  const timeOf = (at: number | undefined): string =>
    at === undefined ? '' : new Date(at).toISOString();
  printRows(call, surroundings, {
    rows,
    documents: rows.map((one) => ({
      ...one,
      ...(one.lastAt === undefined ? {} : { lastAt: timeOf(one.lastAt) }),
    })),
    columns: [
      { title: 'ID', text: ({ id }) => id },
      { title: 'KIND', text: ({ kind }) => kind },
      { title: 'PLACE', text: ({ target }) => target, isFlexible: true },
      { title: 'ENTRIES', text: ({ lastSize }) => (lastSize === undefined ? '' : `${lastSize}`) },
      { title: 'LAST', text: ({ lastAt }) => timeOf(lastAt).slice(0, 19) },
      {
        title: 'TROUBLE',
        text: ({ failure, isGone }) => (isGone ? 'takes no more' : (failure ?? '')),
        isFlexible: true,
      },
    ],
    nothing: 'no anchor is set: checkpoints are kept in the data folder alone',
  });
  return exitCodes.success;
}

/** Sets, lists, removes and uses anchors. */
export const anchorLedger: Perform = (call, surroundings) =>
  withApplication(call, surroundings, async ({ ledger: { anchors } }) => {
    switch (call.args[0]) {
      case 'add':
        return add(call, surroundings, anchors);
      case 'remove': {
        const [id = ''] = words(call, ['ID']);
        await anchors.remove(id);
        printDone(call, surroundings, `removed the anchor ${id}`, { id });
        return exitCodes.success;
      }
      case 'test': {
        const [id = ''] = words(call, ['ID']);
        return printOutcomes(call, surroundings, [await anchors.test(id)]);
      }
      case 'run':
        return printOutcomes(call, surroundings, await anchors.run());
      default:
        words(call, []);
        return list(call, surroundings, anchors);
    }
  });
