/** The commands about API tokens. */
import type { Command } from '../../command.ts';

const id = { name: 'ID', summary: 'its id; `sluice token list` lists them' };
const lifetimeOption = {
  name: 'lifetime',
  value: 'DURATION',
  summary: 'how long it lasts, up to a year; default: P90D',
};

/** The commands about API tokens. */
export const tokenCommands: readonly Command[] = [
  {
    noun: 'token',
    verb: 'list',
    summary: 'Lists the API tokens, without their secrets.',
    args: [],
    options: [],
    examples: [{ title: 'All of them', call: 'sluice token list' }],
    load: async () => (await import('./change-token.ts')).listTokens,
  },
  {
    noun: 'token',
    verb: 'create',
    summary: 'Issues an API token and prints its secret, this once.',
    args: [{ name: 'OWNER', summary: 'a user, or the handle of a service account or agent' }],
    options: [
      { name: 'name', value: 'TEXT', summary: 'what it is for' },
      lifetimeOption,
      {
        name: 'action',
        value: 'ACTION',
        isRepeatable: true,
        summary: 'what it is for of what its owner may; default: all of it',
      },
    ],
    examples: [
      { title: 'A token that reads', call: 'sluice token create ada --name report --action view' },
    ],
    load: async () => (await import('./change-token.ts')).createToken,
  },
  {
    noun: 'token',
    verb: 'rotate',
    summary: 'Issues another token with the same scopes; the old one stays good for a while.',
    args: [id],
    options: [
      lifetimeOption,
      { name: 'overlap', value: 'DURATION', summary: 'how long it stays good; default: PT24H' },
    ],
    examples: [
      { title: 'In an hour', call: 'sluice token rotate 3f2a9c0d1e4b5a67 --overlap PT1H' },
    ],
    load: async () => (await import('./change-token.ts')).rotateToken,
  },
  {
    noun: 'token',
    verb: 'revoke',
    summary: 'Revokes an API token at once.',
    args: [id],
    options: [],
    examples: [{ title: 'It leaked', call: 'sluice token revoke 3f2a9c0d1e4b5a67' }],
    load: async () => (await import('./change-token.ts')).revokeToken,
  },
];
