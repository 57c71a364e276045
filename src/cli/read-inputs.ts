/** The inputs, labels and pairs that options give to an execution. */
import { isMap, type Value } from '../core/value/index.ts';
import type { Call, Surroundings } from './command.ts';
import { usageFailure } from './parse-arguments.ts';
import { readJson } from './read-json.ts';
import { readLocalText } from './read-local-file.ts';

/** Splits `name=value`; the value may hold further equals signs. */
export function splitPair(option: string, pair: string): readonly [name: string, value: string] {
  const at = pair.indexOf('=');
  if (at > 0) return [pair.slice(0, at), pair.slice(at + 1)];
  throw usageFailure(`\`${option} ${pair}\` is not of the form \`name=value\``);
}

async function readMap(
  file: string,
  option: string,
  surroundings: Surroundings,
): Promise<Record<string, Value>> {
  const value = readJson(await readLocalText(file, surroundings), `\`${option} ${file}\``);
  if (isMap(value)) return value;
  throw usageFailure(`\`${option} ${file}\` holds no JSON object`);
}

/** Returns the inputs that `--inputs` and `--input` give; single ones win over those of the file. */
export async function readInputs(
  call: Call,
  surroundings: Surroundings,
): Promise<Record<string, Value>> {
  const file = call.text('inputs');
  const inputs = file === undefined ? {} : await readMap(file, '--inputs', surroundings);
  for (const pair of call.texts('input')) {
    const [name, value] = splitPair('--input', pair);
    Object.defineProperty(inputs, name, { value, enumerable: true, configurable: true });
  }
  return inputs;
}

/** Returns the labels that `--label` gives. */
export function readLabels(
  call: Call,
): readonly { readonly key: string; readonly value: string }[] {
  return call.texts('label').map((pair) => {
    const [key, value] = splitPair('--label', pair);
    return { key, value };
  });
}

/** A pair to be set before an execution starts. */
export interface PresetPair {
  readonly namespace: string;
  readonly key: string;
  readonly value: Value;
}

/** Returns the pairs that the file of `--kv` gives: `{namespace: {key: value}}`. */
export async function readPresets(
  call: Call,
  surroundings: Surroundings,
): Promise<readonly PresetPair[]> {
  const file = call.text('kv');
  if (file === undefined) return [];
  const namespaces = await readMap(file, '--kv', surroundings);
  return Object.entries(namespaces).flatMap(([namespace, entries]) => {
    if (!isMap(entries)) {
      throw usageFailure(
        `\`--kv ${file}\` holds no pairs for namespace \`${namespace}\``,
        'write `{"namespace": {"key": "value"}}`',
      );
    }
    return Object.entries(entries).map(([key, value]) => ({ namespace, key, value }));
  });
}
