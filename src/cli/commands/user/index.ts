/** The commands about users: whoever may write the data folder keeps them, also when nobody can sign in. */
import type { Command } from '../../command.ts';

const name = { name: 'NAME', summary: 'what they sign in with, or their handle' };
const roleOption = {
  name: 'role',
  short: 'r',
  value: 'ROLE[@NAMESPACE]',
  isRepeatable: true,
  summary: 'a role, and the namespace it holds in; everywhere when not said',
};
const urlOption = {
  name: 'url',
  value: 'URL',
  summary: 'where people reach the server; default: SLUICE_SERVER_URL, else http://127.0.0.1:8080',
};

/** The commands about users. */
export const userCommands: readonly Command[] = [
  {
    noun: 'user',
    verb: 'list',
    summary: 'Lists the users with their roles.',
    args: [],
    options: [],
    examples: [{ title: 'Everybody', call: 'sluice user list' }],
    load: async () => (await import('./list-users.ts')).listUsers,
  },
  {
    noun: 'user',
    verb: 'create',
    summary: 'Creates a user and prints the link that invites them.',
    args: [{ name: 'NAME', summary: 'what they will sign in with' }],
    options: [
      roleOption,
      { name: 'mail', value: 'ADDRESS', summary: 'their mail address' },
      urlOption,
    ],
    examples: [
      { title: 'Somebody who builds flows', call: 'sluice user create ada -r builder@shop' },
    ],
    load: async () => (await import('./change-user.ts')).createUser,
  },
  {
    noun: 'user',
    verb: 'invite',
    summary: 'Prints another invitation; the one of before works no more.',
    args: [name],
    options: [urlOption],
    examples: [{ title: 'The first one is lost', call: 'sluice user invite ada' }],
    load: async () => (await import('./change-user.ts')).inviteUser,
  },
  {
    noun: 'user',
    verb: 'disable',
    summary: 'Ends what a user is signed in with, and lets them in no more.',
    args: [name],
    options: [{ name: 'undo', summary: 'lets them in again' }],
    examples: [{ title: 'Somebody leaves', call: 'sluice user disable ada' }],
    load: async () => (await import('./change-user.ts')).disableUser,
  },
  {
    noun: 'user',
    verb: 'roles',
    summary: 'Sets the roles of a user; without any, takes all away.',
    description:
      'The default policies know viewer, builder, operator, approver, auditor, risk-officer, privacy-officer, security-officer, admin and executive; service accounts may be runner or provisioner.',
    args: [name],
    options: [roleOption],
    examples: [
      { title: 'Two roles', call: 'sluice user roles ada -r operator@shop -r approver@shop' },
    ],
    load: async () => (await import('./change-user.ts')).setRoles,
  },
  {
    noun: 'user',
    verb: 'reset',
    summary: 'Prints a link by which a user begins anew, without the factors of before.',
    args: [name],
    options: [urlOption],
    examples: [{ title: 'The phone is lost', call: 'sluice user reset ada' }],
    load: async () => (await import('./change-user.ts')).resetUser,
  },
];
