/** The commands about the people whom values are about. */
import type { Command } from '../../command.ts';

const handle = { name: 'HANDLE', summary: 'the handle, as `sluice subject find` tells it' };

/** The commands about the people whom values are about. */
export const subjectCommands: readonly Command[] = [
  {
    noun: 'subject',
    verb: 'list',
    summary: 'Lists the people whom values are about.',
    args: [],
    options: [{ name: 'limit', value: 'N', summary: 'how many; default: 100' }],
    examples: [{ title: 'Everybody', call: 'sluice subject list' }],
    load: async () => (await import('./list-subjects.ts')).listSubjects,
  },
  {
    noun: 'subject',
    verb: 'find',
    summary: 'Tells the handle of somebody by the id that flows give.',
    args: [{ name: 'ID', summary: 'the id outside, as `governance.subject` of an input gives it' }],
    options: [],
    examples: [{ title: 'A customer', call: 'sluice subject find customer:812' }],
    load: async () => (await import('./find-subject.ts')).findSubject,
  },
  {
    noun: 'subject',
    verb: 'show',
    summary: 'Shows how much is known about somebody, and where.',
    args: [handle],
    options: [],
    examples: [{ title: 'One person', call: 'sluice subject show subject-2Xk9…' }],
    load: async () => (await import('./show-subject.ts')).showSubject,
  },
  {
    noun: 'subject',
    verb: 'erase',
    summary: 'Erases everything about somebody and prints the certificate.',
    description:
      'Deletes what entries of the ledger keep about the person, the values in executions, log lines, pairs, files and caches, and destroys the key under which all of it was encrypted, so that copies of the data folder become unreadable too. The ledger still verifies: `sluice ledger verify` says `erased`.\n\n' +
      'Refused while a legal hold covers any of it (`sluice hold list`), and while executions that have not ended need the values: wait for them, or let `--force` kill them first. An erasure that was interrupted is completed by the same call. For somebody erased before the certificate is printed again.\n\n' +
      'Values about more than 32 people at once are not told apart. They stand under a key of their own and fall to retention; `--with-many` erases all of them too.\n\n' +
      'The reason and the legal basis stand in the ledger for ever: name no person in them.',
    args: [handle],
    options: [
      { name: 'reason', value: 'TEXT', summary: 'why; stands in the ledger' },
      { name: 'basis', value: 'TEXT', summary: 'the legal basis, like `gdpr-17`' },
      { name: 'force', summary: 'kills executions that have not ended' },
      { name: 'with-many', summary: 'erases values about more than 32 people at once as well' },
    ],
    examples: [
      {
        title: 'Somebody asked for it',
        call: "sluice subject erase subject-2Xk9… --reason 'request 4711' --basis gdpr-17",
      },
      {
        title: 'Keep the certificate with its proof',
        call: "sluice subject erase subject-2Xk9… --reason 'request 4711' -o json > certificate.json",
      },
    ],
    load: async () => (await import('./erase-subject.ts')).eraseSubject,
  },
];
