/**
 * The policies that a server begins with: the default pack, put in force where no set ever was. From then
 * on policies decide about everything in the data folder, the command line included.
 */
import { fileURLToPath } from 'node:url';
import { readPolicySet } from './policy-bench.ts';
import type { PolicyDesk } from './policy-desk.ts';

const defaultPack = fileURLToPath(new URL('../../policies/default', import.meta.url));

/** Puts the default pack in force unless a set is, or was; gives its version where it did. */
export async function seedDefaultPolicies(desk: PolicyDesk): Promise<string | undefined> {
  if ((await desk.active()) !== undefined) return undefined;
  const { set } = await readPolicySet([defaultPack]);
  const { version } = await desk.propose(set, { reason: 'the policies that a server begins with' });
  await desk.activate(version.version);
  return version.version;
}
