/**
 * Runs one script or list of commands as a local process, the same way for every language: files are
 * laid into the working folder, the texts are rendered with that folder's names, everything runs in one
 * interpreter call, and what the program says and leaves behind becomes the outputs.
 *
 * INVARIANT: the process starts with an empty environment; only what the flow declares and what the
 * language itself needs is in it. Nothing outlives the task run.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Failure } from '../../core/failure/index.ts';
import { isList, isMap, mapOf, type Value, type ValueMap } from '../../core/value/index.ts';
import type { TaskContext } from '../../ports/task-context.ts';
import { collectScriptOutput, plainText, type ScriptOutput } from './script-output.ts';
import type { ScriptOutputs, ScriptProperties } from './script-properties.ts';
import {
  collectOutputFiles,
  placeInputFiles,
  placeNamespaceFiles,
  replaceStorageUris,
  type WorkingPlaces,
  withWorkingPlaces,
} from './working-files.ts';

/** What the shared run needs to know of a run. */
export interface ScriptSetting extends WorkingPlaces {
  readonly properties: ScriptProperties;
  readonly context: TaskContext;
  /** The environment so far; a language adds to it what it needs and the flow does not declare. */
  readonly environment: Record<string, string>;
}

/** What differs between languages. */
export interface ScriptLanguage {
  /** The ending of a source file; absent where the source is shell text itself. */
  readonly fileEnding?: string;
  /** Makes the language ready; gives the shell word that runs a source file. */
  prepare(setting: ScriptSetting): Promise<string>;
}

const shells = new Set(['sh', 'bash', 'dash', 'ash', 'zsh', 'ksh']);

/** Returns `text` as one word of a shell line. */
export function shellWord(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Says once where the process runs when the flow asks for another place. */
function announceRunner(properties: ScriptProperties, context: TaskContext): void {
  const { runner, taskRunner, docker, containerImage } = properties;
  if (runner === 'PROCESS') return;
  if (runner === undefined && /(^|\.)Process(TaskRunner)?$/.test(taskRunner?.type ?? '')) return;
  const asksForContainer = runner === 'DOCKER' || taskRunner !== undefined || docker !== undefined;
  const what = taskRunner === undefined ? 'a container' : `\`${taskRunner.type}\``;
  const image = containerImage === undefined ? '' : ` (image \`${containerImage}\`)`;
  if (asksForContainer) {
    const asked = `${what}${image} is asked for but not available here`;
    context.log('WARN', `${asked}; the script runs as a process of this machine`);
  } else {
    context.log(
      'INFO',
      `the script runs as a process of this machine, without a container${image}`,
    );
  }
}

/** Returns the texts of a property that is a list, or one text that may be the JSON of a list. */
export function textsOf(value: Value | readonly string[] | undefined): readonly string[] {
  if (value === undefined || value === null || value === '') return [];
  if (isList(value)) return value.map(plainText);
  const text = plainText(value);
  if (!text.trimStart().startsWith('[')) return [text];
  try {
    const parsed: unknown = JSON.parse(text);
    if (Array.isArray(parsed)) return parsed.map(String);
  } catch {
    // A command may well begin with a bracket: `[ -f report.csv ]`.
  }
  return [text];
}

async function renderEnvironment(
  env: ScriptProperties['env'],
  names: ValueMap,
  context: TaskContext,
): Promise<Record<string, string>> {
  if (env === undefined) return {};
  let rendered = (await context.render(env, names)).value;
  if (typeof rendered === 'string') {
    try {
      rendered = JSON.parse(rendered) as Value;
    } catch (cause) {
      throw new Failure('task.input-invalid', '`env` is neither a map nor the JSON of one', {
        cause,
      });
    }
  }
  if (!isMap(rendered)) throw new Failure('task.input-invalid', '`env` is not a map');
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(rendered)) {
    if (!/^[^=\0]+$/.test(name)) {
      throw new Failure('task.input-invalid', `a variable cannot be named \`${name}\``);
    }
    environment[name] = value === null ? '' : plainText(value);
  }
  return environment;
}

/** Runs what `properties` describe; gives the outputs, or throws `process.exited`. */
export async function runScript(
  properties: ScriptProperties,
  context: TaskContext,
  language: ScriptLanguage,
): Promise<ScriptOutputs> {
  announceRunner(properties, context);
  return withWorkingPlaces(context, async ({ folder, own }) => {
    const outputDir = join(own, 'output');
    await mkdir(outputDir);
    await placeNamespaceFiles(properties.namespaceFiles, folder, context);
    await placeInputFiles(properties.inputFiles, folder, context);
    const names = mapOf({ workingDir: folder, outputDir });
    const declared = await renderEnvironment(properties.env, names, context);
    const environment = { HOME: folder, ...declared, WORKING_DIR: folder, OUTPUT_DIR: outputDir };
    const setting: ScriptSetting = { properties, context, folder, own, environment };
    return runCommands(setting, language, names);
  });
}

/** Runs the commands and the source in a working folder that is laid out. */
async function runCommands(
  setting: ScriptSetting,
  language: ScriptLanguage,
  names: ValueMap,
): Promise<ScriptOutputs> {
  const { properties, context, folder } = setting;
  const renderTexts = async (value: Value | readonly string[] | undefined): Promise<string[]> => {
    const rendered = await context.render(value ?? null, names);
    const texts = textsOf(rendered.value);
    return Promise.all(texts.map((text) => replaceStorageUris(text, setting, context)));
  };
  const program = await language.prepare(setting);
  const commands = await renderTexts(properties.beforeCommands);
  // The source lies in the folder itself, from which languages import what stands beside it.
  const sourceFile = `${setting.own}-source${language.fileEnding ?? ''}`;
  if (properties.script === undefined) commands.push(...(await renderTexts(properties.commands)));
  else {
    const { value } = await context.render(properties.script, names);
    const source = await replaceStorageUris(plainText(value), setting, context);
    if (language.fileEnding === undefined) commands.push(source);
    else {
      await writeFile(sourceFile, source);
      commands.push(`${program} ${shellWord(sourceFile)}`);
    }
  }
  try {
    const said = collectScriptOutput(context);
    const outcome = await context.processes.run({
      command: interpreterCall(properties, commands),
      workingFolder: folder,
      environment: setting.environment,
      signal: context.signal,
      onLine: said.onLine,
    });
    context.signal.throwIfAborted();
    const outputFiles = await keepFiles(setting);
    const outputs = { vars: said.vars, exitCode: outcome.exitCode, outputFiles };
    judge(outcome, outputs, said, setting);
    return outputs;
  } finally {
    await rm(sourceFile, { force: true });
  }
}

/** Returns the one call that runs all `commands`. */
function interpreterCall(
  properties: ScriptProperties,
  commands: readonly string[],
): readonly string[] {
  const given = textsOf(properties.interpreter);
  const interpreter = given.length === 0 ? ['/bin/sh', '-c'] : given;
  const isShell = shells.has(basename(interpreter[0] ?? ''));
  const lines = properties.failFast !== false && isShell ? ['set -e', ...commands] : commands;
  return [...interpreter, lines.join('\n')];
}

async function keepFiles({
  properties,
  folder,
  own,
  context,
}: ScriptSetting): Promise<Record<string, string>> {
  const kept = await collectOutputFiles(textsOf(properties.outputFiles), folder, context);
  if (properties.outputDirectory !== true) return kept;
  return Object.assign(kept, await collectOutputFiles(['**'], join(own, 'output'), context));
}

/** Throws when the program failed; keeps what it gave until then. */
function judge(
  outcome: { readonly exitCode: number; readonly endedBy?: string },
  outputs: ScriptOutputs,
  said: ScriptOutput,
  { properties, context }: ScriptSetting,
): void {
  const { exitCode, endedBy } = outcome;
  if (exitCode !== 0 || endedBy !== undefined) {
    context.keepOutputs(mapOf(outputs as Record<string, Value>));
    const how =
      endedBy === undefined
        ? `ended with exit code \`${exitCode}\``
        : `was ended by \`${endedBy}\``;
    const help =
      exitCode === 127 && endedBy === undefined
        ? 'a shell says 127 when it finds no program of that name; look at the logs of the task run'
        : 'look at the logs of the task run';
    throw new Failure('process.exited', `the program ${how}`, { help, details: { exitCode } });
  }
  if (properties.warningOnStdErr === true && said.errorLineCount() > 0) {
    context.endWithWarning('the program wrote to stderr');
  }
}
