/**
 * The properties that all script types have in one place, so that a flow written for one language
 * reads the same in another. What is about containers is accepted and said to have no container here.
 */
import { z } from 'zod';
import type { EffectKind, EffectTarget, OutputProvenance } from '../../ports/task.ts';
import type { FailureCode } from '../../core/failure/index.ts';

/** A list of texts, or one text that renders to the JSON of a list. */
const texts = z.union([z.array(z.string()), z.string()]);

/** The schema of `inputFiles`. */
export const inputFilesSchema = z
  .union([
    z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
    z.string(),
  ])
  .describe(
    'Files to lay into the working folder, by name, or the JSON of such a map: a `kestra://` or `nsfile://` URI is fetched, anything else is the content, null makes an empty file.',
  );

/** The schema of `namespaceFiles`. */
export const namespaceFilesSchema = z
  .strictObject({
    enabled: z.boolean().default(true).describe('Whether files are laid into the folder at all.'),
    include: z.array(z.string()).optional().describe('Glob patterns of the files to take.'),
    exclude: z.array(z.string()).optional().describe('Glob patterns of the files to leave out.'),
    namespaces: z
      .array(z.string())
      .optional()
      .describe('The namespaces whose files are taken; the one of the flow when absent.'),
    ifExists: z
      .enum(['OVERWRITE', 'ERROR', 'WARN', 'IGNORE'])
      .default('OVERWRITE')
      .describe('What happens when the working folder has a file of that name.'),
    folderPerNamespace: z
      .boolean()
      .default(false)
      .describe('Whether each namespace gets a folder of its own.'),
  })
  .describe('Files of the namespace to lay into the working folder.');

/** Properties of every script type. */
export const processProperties = {
  beforeCommands: texts
    .optional()
    .describe('Commands that run first, in the same shell as the rest.'),
  env: z
    .union([
      z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
      z.string(),
    ])
    .optional()
    .describe('Environment variables of the process; it gets no others of this machine.'),
  interpreter: texts
    .optional()
    .describe('The program that is given the commands as its last argument: `/bin/sh -c`.'),
  failFast: z
    .boolean()
    .default(true)
    .describe('Whether the first command that fails ends the task; otherwise the last one counts.'),
  inputFiles: inputFilesSchema.optional(),
  outputFiles: texts
    .optional()
    .describe('Glob patterns of the files of the working folder to keep after the run.'),
  outputDirectory: z
    .boolean()
    .default(false)
    .describe('Whether everything in `{{ outputDir }}` is kept; `outputFiles` is the better way.'),
  namespaceFiles: namespaceFilesSchema.optional(),
  warningOnStdErr: z
    .boolean()
    .optional()
    .describe('Whether a line on stderr ends the task in WARNING; off when absent.'),
  taskRunner: z
    .looseObject({ type: z.string().describe('The type of the task runner.') })
    .optional()
    .describe('Where the process runs. It runs on this machine, as `core.runner.Process` says.'),
  runner: z
    .enum(['PROCESS', 'DOCKER'])
    .optional()
    .describe('An older spelling of `taskRunner`; wins over it.'),
  docker: z.looseObject({}).optional().describe('Settings of a container; has no effect here.'),
  containerImage: z
    .string()
    .optional()
    .describe('The image of a container runner; has no effect here.'),
  targetOS: z
    .enum(['AUTO', 'LINUX', 'WINDOWS'])
    .default('AUTO')
    .describe('The operating system the commands are written for; has no effect here.'),
};

/** The property of the types that run commands. */
export const commandsProperty = {
  commands: texts.describe('The commands, run one after the other in one shell.'),
};

/** The property of the types that run a source text. */
export const scriptProperty = {
  script: z.string().describe('The source text to run.'),
};

/** Properties of the types that run Python. */
export const pythonProperties = {
  dependencies: texts
    .optional()
    .describe('Packages to install with pip into an environment of this run, where not there.'),
  pythonVersion: z
    .string()
    .optional()
    .describe('The version of Python to run, such as `3.12`; must be installed.'),
  dependencyCacheEnabled: z
    .boolean()
    .default(true)
    .describe('Whether installed packages are kept for other runs; has no effect here.'),
  packageManager: z
    .enum(['UV', 'PIP'])
    .default('PIP')
    .describe('The program that installs packages; it is always pip here.'),
  uvAutoInstallEnabled: z
    .boolean()
    .default(true)
    .describe('Whether uv is installed when it is missing; has no effect here.'),
};

const every = z.strictObject({
  ...processProperties,
  ...pythonProperties,
  commands: commandsProperty.commands.optional(),
  script: scriptProperty.script.optional(),
});

/** Properties of any script type, after parsing. */
export type ScriptProperties = Partial<z.infer<typeof every>>;

/** What every script type gives. */
export const scriptOutputSchema = z.strictObject({
  vars: z
    .record(z.string(), z.unknown())
    .describe('What the program gave with lines of the form `::{"outputs": {…}}::`.'),
  exitCode: z.int().describe('The exit code of the process; 0 where the task succeeded.'),
  outputFiles: z
    .record(z.string(), z.string())
    .describe('The URIs of the files that were kept, by name relative to the working folder.'),
});

/** What every script type gives. */
export type ScriptOutputs = z.infer<typeof scriptOutputSchema>;

/**
 * What every script type declares alike. A program may do anything that its user may, so its effect is
 * external, and nothing it says is trusted more than what comes from outside: it may have read the
 * network or any file. Texts that name `workingDir` are rendered by the task, which knows that folder.
 */
export const scriptDeclaration = {
  description: `Everything runs in one call of the interpreter, in a folder of the task run, as a process of
this machine. It is no sandbox: the program has the rights of the user that runs Sluice, but it sees only
the environment that \`env\` declares, beside \`PATH\`, \`HOME\`, \`WORKING_DIR\` and \`OUTPUT_DIR\`. Texts may
use \`{{ workingDir }}\` and \`{{ outputDir }}\`; a \`kestra://\` URI in them becomes the path of a local copy.

A line such as \`::{"outputs": {"count": 3}, "metrics": [{"name": "rows", "type": "counter", "value": 3}],
"logs": [{"level": "WARN", "message": "…"}]}::\` on either stream gives outputs, metrics (timers in seconds)
and log lines. Other lines are logged, those of stderr at ERROR. A program that fails keeps its outputs.`,
  output: scriptOutputSchema,
  effect: {
    kind: 'external' satisfies EffectKind,
    touches: ['process', 'files', 'network'] satisfies EffectTarget[],
  },
  provenance: { output: 'outside' satisfies OutputProvenance },
  failures: [
    'process.exited',
    'process.not-found',
    'task.input-invalid',
    'file.not-found',
    'file.refused',
    'expression.failed',
  ] satisfies FailureCode[],
} as const;

/** How the shared properties are rendered. */
export const processRendering = {
  beforeCommands: 'raw',
  env: 'raw',
  failFast: 'typed',
  outputDirectory: 'typed',
  warningOnStdErr: 'typed',
} as const;
