/**
 * The commands about the ledger, as data: what verifies it, what proves parts of it to others, and who
 * else keeps or cosigns what it said. The code of each is loaded when it runs.
 */
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
      'Reads every entry, its seal and the tree over them, and compares them with the signed checkpoints. The verdict is `valid`, `erased` (all as it was sealed, but payloads were deleted) or `broken`, with the first bad entry; exit code 1 when it is broken.\n\n' +
      'Without PLACE it is the ledger of the data folder, and checkpoints that anchors keep in files are compared as well. PLACE may be another data folder, an export, a receipt, a folder that `sluice ledger publish` wrote, or its URL.\n\n' +
      'Whoever can write the data folder can also write a ledger of his own into it. A checkpoint that was kept elsewhere (`--from`, `--anchor`), or the key that signed it (`--vkey`), shows that. Changes of the key are followed from a key that you trust.',
    args: [
      { name: 'PLACE', isOptional: true, summary: 'a path or a URL; default: the data folder' },
    ],
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
        summary: 'a key to trust instead of the one that is there',
      },
      {
        name: 'anchor',
        value: 'PATH',
        isRepeatable: true,
        summary: 'a file or folder in which an anchor keeps checkpoints of this ledger',
      },
      {
        name: 'witness',
        value: 'KEY',
        isRepeatable: true,
        summary: 'a witness who must have cosigned a checkpoint',
      },
    ],
    examples: [
      { title: 'Verify the ledger', call: 'sluice ledger verify' },
      {
        title: 'Against a checkpoint that was kept elsewhere',
        call: 'sluice ledger verify --from checkpoint.txt',
      },
      {
        title: 'What somebody published',
        call: 'sluice ledger verify https://ledger.example.org/shop --vkey KEY',
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
    summary: 'Prints a proof that an entry is in the ledger, or that the ledger only grew.',
    description:
      'The proof of an entry is a text (c2sp.org/tlog-proof@v1) that holds a signed checkpoint. With it, the header of the entry and the key anybody can check that the entry is in the ledger, without the ledger.\n\n' +
      'With `--from` it is a proof that the newest checkpoint continues the one in the file; witnesses ask for it.',
    args: [{ ...entryArgument, isOptional: true }],
    options: [{ name: 'from', value: 'FILE', summary: 'a checkpoint from which the ledger grew' }],
    examples: [
      { title: 'Prove an entry', call: 'sluice ledger prove 17 > entry-17.proof' },
      {
        title: 'For a witness',
        call: 'sluice ledger prove --from cosigned.txt > growth.proof',
      },
    ],
    load: async () => (await import('./prove-entry.ts')).proveEntry,
  },
  {
    noun: 'ledger',
    verb: 'receipt',
    summary: 'Prints a receipt: a proof of an entry with its header and the key of the log.',
    description:
      'The receipt is one text that anybody checks with `sluice ledger verify FILE --vkey KEY`; other tools read it as a proof (c2sp.org/tlog-proof@v1).',
    args: [entryArgument],
    options: [],
    examples: [{ title: 'A receipt', call: 'sluice ledger receipt 17 > receipt.txt' }],
    load: async () => (await import('./print-receipt.ts')).printReceipt,
  },
  {
    noun: 'ledger',
    verb: 'export',
    summary:
      'Exports entries with their proofs, as lines of JSON or as one page that verifies itself.',
    description:
      'The first line says what is exported and under which checkpoint, signed by the log; then comes each entry with its payloads and its proof. `sluice ledger verify FILE` checks it, without the ledger.\n\n' +
      'With `--format html` it is one page that holds the entries and the verifier, needs no network and works from a file.',
    args: [],
    options: [
      { name: 'from', value: 'SEQ', summary: 'the first entry; default: 1' },
      { name: 'to', value: 'SEQ', summary: 'the last entry; default: the newest' },
      { name: 'stream', value: 'NAME', summary: 'only entries of this stream' },
      {
        name: 'format',
        value: 'FORM',
        choices: ['jsonl', 'html'],
        summary: '`jsonl` or `html`; default: jsonl',
      },
      { name: 'output-file', value: 'FILE', summary: 'where to write; default: standard output' },
    ],
    examples: [
      { title: 'All entries', call: 'sluice ledger export > ledger.jsonl' },
      {
        title: 'A page for an auditor',
        call: 'sluice ledger export --from 1 --to 500 --format html --output-file ledger.html',
      },
    ],
    load: async () => (await import('./export-entries.ts')).exportEntries,
  },
  {
    noun: 'ledger',
    verb: 'publish',
    summary: 'Writes the ledger as files that any web server can serve.',
    description:
      'Checkpoint, tree and headers are laid out as C2SP’s tlog-tiles; what is there already is not written again. Payloads are left out unless you ask for them: whoever may read the files may read them.',
    args: [{ name: 'FOLDER', summary: 'where to write' }],
    options: [{ name: 'payloads', summary: 'publishes payloads as well' }],
    examples: [
      { title: 'Publish headers and tree', call: 'sluice ledger publish /srv/www/ledger' },
    ],
    load: async () => (await import('./publish-ledger.ts')).publishLedger,
  },
  {
    noun: 'ledger',
    verb: 'rotate-key',
    summary: 'Changes the key that signs checkpoints.',
    description:
      'Both keys sign the change, and an entry records it; the private key that was is overwritten and removed. What was signed before still verifies: from either key the verifier follows the changes to the other.',
    args: [],
    options: [],
    examples: [{ title: 'Change the key', call: 'sluice ledger rotate-key' }],
    load: async () => (await import('./rotate-key.ts')).rotateKey,
  },
  {
    noun: 'ledger',
    verb: 'anchor',
    summary: 'Sets where checkpoints are kept outside: files, webhooks, mailboxes.',
    description:
      '`add file PATH`, `add webhook URL` and `add email ADDRESS` set one, `list` shows them, `remove ID` and `test ID` do what they say, and `run` takes a checkpoint to each that has not seen what happened since. That happens by itself whenever a command that wrote something ends; a place that cannot be reached is tried again the next time.\n\n' +
      'PATH is a file that is added to, or a folder that gets a file for each checkpoint; choose one that is not on this machine. Webhooks are signed as Standard Webhooks; mail goes by `SLUICE_SMTP_URL` from `SLUICE_MAIL_FROM`.',
    args: [
      {
        name: 'ACTION',
        choices: ['add', 'list', 'remove', 'test', 'run'],
        summary: 'what to do',
      },
      { name: 'WORD', isOptional: true, isRepeatable: true, summary: 'kind and place, or the id' },
    ],
    options: [
      {
        name: 'secret-env',
        value: 'NAME',
        summary: 'the variable that holds the secret of a webhook; default: one is made',
      },
    ],
    examples: [
      {
        title: 'On another machine’s disk',
        call: 'sluice ledger anchor add file /mnt/audit/log.txt',
      },
      { title: 'To an auditor', call: 'sluice ledger anchor add email audit@example.org' },
      { title: 'What is set', call: 'sluice ledger anchor list' },
    ],
    load: async () => (await import('./anchor-ledger.ts')).anchorLedger,
  },
  {
    noun: 'ledger',
    verb: 'witness',
    summary: 'Cosigns a checkpoint of another ledger, as its witness.',
    description:
      'The data folder of this command is the witness. It signs only what continues the checkpoint of that ledger that it signed before, and remembers what it signs before it does. The cosignature is standard output, the key of the witness standard error; hand both to `sluice ledger add-cosignature`. Without `--checkpoint` it prints its key.',
    args: [],
    options: [
      {
        name: 'log-vkey',
        value: 'KEY',
        isRepeatable: true,
        summary: 'the key of the other ledger',
      },
      { name: 'checkpoint', value: 'FILE', summary: 'its checkpoint' },
      {
        name: 'proof',
        value: 'FILE',
        summary: 'the proof that it grew, of `sluice ledger prove --from`',
      },
    ],
    examples: [
      {
        title: 'Cosign',
        call: 'sluice ledger witness --log-vkey KEY --checkpoint checkpoint.txt --proof growth.proof',
      },
      { title: 'The key of the witness', call: 'sluice ledger witness' },
    ],
    load: async () => (await import('./witness-ledger.ts')).witnessLedger,
  },
  {
    noun: 'ledger',
    verb: 'add-cosignature',
    summary: 'Keeps the cosignature of a witness with its checkpoint.',
    args: [{ name: 'FILE', summary: 'what the witness printed; `-` reads standard input' }],
    options: [{ name: 'witness', value: 'KEY', summary: 'the key of the witness' }],
    examples: [
      {
        title: 'Keep a cosignature',
        call: 'sluice ledger add-cosignature cosignature.txt --witness KEY',
      },
    ],
    load: async () => (await import('./add-cosignature.ts')).addCosignature,
  },
];
