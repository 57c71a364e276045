/** The commands about the ledger. */
import type { Command } from '../../command.ts';

const entryArgument = { name: 'SEQ', summary: 'place of the entry in the ledger' };
const rangeSummary = 'a time like 2026-01-31 or 2026-01-31T12:00:00Z; included';

/** The commands about the ledger. */
export const ledgerCommands: readonly Command[] = [
  {
    noun: 'ledger',
    verb: 'verify',
    summary: 'Verifies that nothing in the ledger was changed or removed.',
    description:
      'Reads every entry, its seal and the tree over them, and compares them with the signed checkpoints of the data folder. The verdict is `valid`, `erased` (all as it was sealed, but payloads were deleted) or `broken`, with the first bad entry; exit code 1 when it is broken.\n\n' +
      'Whoever can write the data folder can also write a ledger of his own into it. A checkpoint that was kept elsewhere (`--from`), or the key that signed it (`--vkey`), shows that.',
    args: [],
    options: [
      {
        name: 'from',
        value: 'FILE',
        isRepeatable: true,
        summary: 'a checkpoint that was kept elsewhere; the ledger must have grown from it',
      },
      {
        name: 'vkey',
        value: 'KEY',
        isRepeatable: true,
        summary: 'a key to trust instead of the one in the data folder',
      },
    ],
    examples: [
      { title: 'Verify the ledger', call: 'sluice ledger verify' },
      {
        title: 'Against a checkpoint that was kept elsewhere',
        call: 'sluice ledger verify --from checkpoint.txt',
      },
    ],
    load: async () => (await import('./verify-ledger.ts')).verifyLedger,
  },
  {
    noun: 'ledger',
    verb: 'checkpoint',
    summary: 'Signs how the ledger looks now and prints the signed note.',
    description:
      'The note is standard output, so that it can be kept in a file; the key that verifies it is told on standard error. Keep both somewhere else than the data folder.',
    args: [],
    options: [],
    examples: [
      { title: 'Keep a checkpoint', call: 'sluice ledger checkpoint > checkpoint.txt' },
      { title: 'The note and its key', call: 'sluice ledger checkpoint -o json' },
    ],
    load: async () => (await import('./make-checkpoint.ts')).makeCheckpoint,
  },
  {
    noun: 'ledger',
    verb: 'show',
    summary: 'Shows an entry: its header and its payload.',
    args: [entryArgument],
    options: [],
    examples: [{ title: 'One entry', call: 'sluice ledger show 17' }],
    load: async () => (await import('./show-entry.ts')).showEntry,
  },
  {
    noun: 'ledger',
    verb: 'search',
    summary: 'Finds entries, the newest first.',
    args: [],
    options: [
      { name: 'actor', value: 'NAME', summary: 'who caused them' },
      { name: 'type', value: 'TYPE', summary: 'what happened, like `task-ended`' },
      {
        name: 'stream',
        value: 'NAME',
        summary: 'what they belong to, like `execution:ID` or `flow:NAMESPACE/ID`',
      },
      { name: 'from', value: 'TIME', summary: rangeSummary },
      { name: 'to', value: 'TIME', summary: rangeSummary },
      { name: 'text', value: 'TEXT', summary: 'what the payload holds, letter by letter' },
      { name: 'limit', value: 'N', summary: 'how many; default: 25' },
    ],
    examples: [
      { title: 'What Ada did', call: 'sluice ledger search --actor user:ada' },
      {
        title: 'What was saved in January',
        call: 'sluice ledger search --type flow-saved --from 2026-01-01 --to 2026-01-31',
      },
    ],
    load: async () => (await import('./search-entries.ts')).searchEntries,
  },
  {
    noun: 'ledger',
    verb: 'prove',
    summary: 'Prints a proof that an entry is in the ledger.',
    description:
      'The proof is a text (c2sp.org/tlog-proof@v1) that holds a signed checkpoint. With it, the header of the entry and the key anybody can check that the entry is in the ledger, without the ledger.',
    args: [entryArgument],
    options: [],
    examples: [{ title: 'Prove an entry', call: 'sluice ledger prove 17 > entry-17.proof' }],
    load: async () => (await import('./prove-entry.ts')).proveEntry,
  },
  {
    noun: 'ledger',
    verb: 'export',
    summary: 'Prints entries with their seals, one JSON document a line.',
    args: [],
    options: [
      { name: 'from', value: 'SEQ', summary: 'the first entry; default: 1' },
      { name: 'to', value: 'SEQ', summary: 'the last entry; default: the newest' },
    ],
    examples: [{ title: 'All entries', call: 'sluice ledger export > ledger.jsonl' }],
    load: async () => (await import('./export-entries.ts')).exportEntries,
  },
];
