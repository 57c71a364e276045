/**
 * The functions that a template may call where no execution is: those of time and chance work, those
 * that need a running system say so, with the parameters they have there.
 */
import { createSystemClock } from '../adapters/system/system-clock.ts';
import { createSystemRandom } from '../adapters/system/system-random.ts';
import type { HostFunction } from '../core/expression/index.ts';
import { Failure } from '../core/failure/index.ts';
import { chanceFunctions, yamlFunction } from '../runtime/rendering/index.ts';

/** Functions that need a running system, with their parameters. */
export const refusedOffline: Readonly<Record<string, readonly string[]>> = {
  secret: ['key', 'namespace', 'subkey'],
  kv: ['key', 'namespace', 'errorOnMissing'],
  encrypt: ['key', 'plaintext'],
  decrypt: ['key', 'encrypted'],
  env: ['name'],
  read: ['path', 'namespace'],
  fileURI: ['path', 'namespace'],
  fileSize: ['uri', 'namespace'],
  fileExists: ['uri', 'namespace'],
  isFileEmpty: ['uri', 'namespace'],
  fileEmpty: ['uri', 'namespace'],
  errorLogs: [],
  tasksWithState: ['state'],
  http: ['uri', 'method', 'body', 'headers', 'contentType'],
};

function refused(name: string, parameters: readonly string[]): HostFunction {
  return {
    parameters,
    call: () => {
      throw new Failure('expression.failed', `\`${name}\` works only in a running execution`, {
        help: 'put a value for it into the context, or run a flow with `sluice run`',
      });
    },
  };
}

/** Returns the functions that a template may call where no execution is. */
export function offlineFunctions(): ReadonlyMap<string, HostFunction> {
  const refusals = Object.entries(refusedOffline).map(
    ([name, parameters]) => [name, refused(name, parameters)] as const,
  );
  const working = chanceFunctions({ clock: createSystemClock(), random: createSystemRandom() });
  return new Map([...refusals, ['yaml', yamlFunction], ...working]);
}
