/** Options that several commands share, so that they read the same everywhere. */
import type { ArgumentDefinition, OptionDefinition } from '../command.ts';

/** Options that give inputs. */
export const inputOptions: readonly OptionDefinition[] = [
  {
    name: 'input',
    short: 'i',
    value: 'NAME=VALUE',
    isRepeatable: true,
    summary: 'an input as text, turned into its type; for a FILE input the path of a local file',
  },
  {
    name: 'inputs',
    value: 'FILE',
    summary: 'a JSON file with an object of inputs; `--input` wins over it',
  },
];

/** The argument that names an execution. */
export const executionArgument: ArgumentDefinition = {
  name: 'ID',
  summary: 'id of the execution',
};

/** The argument that names a flow. */
export const flowArgument: ArgumentDefinition = {
  name: 'NAMESPACE/ID',
  summary: 'namespace and id of the flow',
};

/** The option that names a namespace and must be given. */
export const namespaceOption: OptionDefinition = {
  name: 'namespace',
  short: 'n',
  value: 'NAME',
  summary: 'the namespace (required)',
};

/** The option that names a revision. */
export const revisionOption: OptionDefinition = {
  name: 'revision',
  value: 'N',
  summary: 'a revision of the flow; default: the newest',
};
