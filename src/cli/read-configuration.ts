/** The configuration of a call: the file it names, or `sluice.yaml` where it is called, and the environment. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ReadConfiguration, SettingPath } from '../app/configuration.ts';
import type { Call, Surroundings } from './command.ts';
import { readLocalText } from './read-local-file.ts';

/** A configuration as it was read, and the text that diagnostics point into. */
export interface FoundConfiguration extends ReadConfiguration {
  readonly sources: ReadonlyMap<string, string>;
}

const usual = 'sluice.yaml';

/** Reads the configuration of a call. */
export async function findConfiguration(
  call: Call,
  surroundings: Surroundings,
): Promise<FoundConfiguration> {
  const { readConfiguration, withoutSecrets } = await import('../app/configuration.ts');
  const named = call.text('config');
  const name = named ?? (existsSync(join(surroundings.workingFolder, usual)) ? usual : undefined);
  const text = name === undefined ? undefined : await readLocalText(name, surroundings);
  const given: Partial<Record<SettingPath, string>> = {};
  const { host, port } = { host: call.text('host'), port: call.text('port') };
  if (host !== undefined) given['server.host'] = host;
  if (port !== undefined) given['server.port'] = port;
  const file = name === undefined || text === undefined ? {} : { file: { name, text } };
  const read = readConfiguration({ ...file, environment: surroundings.environment, given });
  const sources = new Map(
    name === undefined || text === undefined ? [] : [[name, withoutSecrets(text)]],
  );
  return { ...read, sources };
}
