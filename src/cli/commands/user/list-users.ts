/** `sluice user list`. */
import type { Perform } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { printRows } from '../../print-rows.ts';
import { withApplication } from '../../with-application.ts';

/** Lists the users. */
export const listUsers: Perform = async (call, surroundings) => {
  const found = await withApplication(call, surroundings, async (application) =>
    (await application.identity()).users(),
  );
  printRows(call, surroundings, {
    rows: found,
    documents: found,
    columns: [
      { title: 'NAME', text: ({ name }) => name },
      { title: 'HANDLE', text: ({ id }) => id },
      {
        title: 'ROLES',
        text: ({ roles }) =>
          roles
            .map(({ role, namespace }) => (namespace === '*' ? role : `${role}@${namespace}`))
            .join(' '),
        isFlexible: true,
      },
      { title: 'SECOND FACTOR', text: ({ hasSecondFactor }) => (hasSecondFactor ? 'yes' : 'no') },
      { title: 'STATE', text: ({ isDisabled }) => (isDisabled ? 'disabled' : 'enabled') },
    ],
    nothing: 'there are no users: start `sluice serve`, or `sluice user create NAME -r admin`',
  });
  return exitCodes.success;
};
