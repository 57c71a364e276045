/** Names and numbers given on the command line: flows, namespaces, revisions, counts. */
import type { Application } from '../app/application.ts';
import { Failure } from '../core/failure/index.ts';
import type { Call } from './command.ts';
import { usageFailure } from './parse-arguments.ts';

/** Returns the namespace and id of `NAMESPACE/ID`. */
export function readFlowName(text: string): { readonly namespace: string; readonly id: string } {
  const at = text.indexOf('/');
  const [namespace, id] = [text.slice(0, at), text.slice(at + 1)];
  if (at > 0 && id !== '' && !id.includes('/')) return { namespace, id };
  throw usageFailure(
    `\`${text}\` names no flow`,
    'write `namespace/id`; `sluice flow list` lists them',
  );
}

/** Returns the namespace that must be given. */
export function readNamespace(call: Call): string {
  const namespace = call.text('namespace');
  if (namespace !== undefined && namespace !== '') return namespace;
  throw usageFailure('option `--namespace NAME` is missing', 'add for example `-n shop`');
}

/** Returns a whole number from 1 on, if `option` is given. */
export function readCount(call: Call, option: string): number | undefined {
  const text = call.text(option);
  if (text === undefined) return undefined;
  const count = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(count) && count > 0) return count;
  throw usageFailure(`option \`--${option}\` needs a whole number from 1 on, not \`${text}\``);
}

/** Returns a stored flow; throws `flow.not-found`. */
export async function findFlow(
  application: Application,
  name: string,
  revision: number | undefined,
): Promise<NonNullable<Awaited<ReturnType<Application['flow']>>>> {
  const { namespace, id } = readFlowName(name);
  const found = await application.flow(namespace, id, revision);
  if (found !== undefined) return found;
  const which = revision === undefined ? '' : ` with revision ${revision}`;
  throw new Failure('flow.not-found', `there is no flow \`${name}\`${which}`);
}
