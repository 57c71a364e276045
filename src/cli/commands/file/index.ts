/** The commands about namespace files. */
import type { Command } from '../../command.ts';
import { namespaceOption } from '../options.ts';

const path = { name: 'PATH', summary: 'path of the namespace file' };

/** The commands about namespace files. */
export const fileCommands: readonly Command[] = [
  {
    noun: 'file',
    verb: 'list',
    summary: 'Lists the files of a namespace.',
    args: [],
    options: [namespaceOption],
    examples: [{ title: 'All files', call: 'sluice file list -n shop' }],
    load: async () => (await import('./list-files.ts')).listFiles,
  },
  {
    noun: 'file',
    verb: 'get',
    summary: 'Prints a namespace file, or what a kestra:// URI names.',
    args: [{ name: 'PATH', summary: 'path of the namespace file, or a kestra:// URI' }],
    options: [
      { ...namespaceOption, summary: 'the namespace; not needed for a URI' },
      { name: 'to', value: 'FILE', summary: 'writes a local file instead of standard output' },
    ],
    examples: [
      { title: 'A namespace file', call: 'sluice file get prompts/reply.md -n shop' },
      {
        title: 'A file that an execution made',
        call: 'sluice file get kestra:///shop/reprice/executions/4fJ2kQ/report.csv --to report.csv',
      },
    ],
    load: async () => (await import('./get-file.ts')).getFile,
  },
  {
    noun: 'file',
    verb: 'put',
    summary: 'Puts a local file into a namespace.',
    args: [
      { name: 'FILE', summary: 'the local file; `-` reads standard input' },
      { name: 'PATH', isOptional: true, summary: 'its path there; default: its name' },
    ],
    options: [namespaceOption],
    examples: [{ title: 'Put a file', call: 'sluice file put reply.md prompts/reply.md -n shop' }],
    load: async () => (await import('./put-file.ts')).putFile,
  },
  {
    noun: 'file',
    verb: 'delete',
    summary: 'Deletes a namespace file.',
    args: [path],
    options: [namespaceOption],
    examples: [{ title: 'Delete a file', call: 'sluice file delete prompts/reply.md -n shop' }],
    load: async () => (await import('./delete-file.ts')).deleteFile,
  },
];
