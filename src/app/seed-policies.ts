/**
 * The policies that come with the product: put in force where none ever were, because without them every
 * answer is no and nobody could be allowed to change that. What a later version of the product brings is
 * proposed, and people put it in force or leave it.
 *
 * INVARIANT: policies that people chose are never replaced by a start.
 */
import { fileURLToPath } from 'node:url';
import { Failure } from '../core/failure/index.ts';
import type { PolicyFile, PolicyPack, PolicySet, Principal } from '../core/policy/index.ts';
import {
  activatePolicies,
  type Decider,
  findActive,
  listVersions,
  type PolicyParts,
  type PolicyVersion,
  proposePolicies,
} from '../runtime/policy/index.ts';
import { readPolicySet } from './policy-bench.ts';

/** The folder of the default pack, in a clone and in an installed package alike. */
const packFolder = fileURLToPath(new URL('../../policies/default', import.meta.url));

/** What a start did about policies. */
export interface SeedOutcome {
  readonly outcome:
    | 'put-in-force'
    /** The pack of this version of the product waits for people. */
    | 'proposed'
    | 'unchanged'
    /** The policies in force do not let the installation propose. */
    | 'refused';
  /** The version it is about; for `unchanged`, the one in force, if there is one. */
  readonly version: string | undefined;
  /** Why it was refused. */
  readonly reason?: string;
}

/** The installation acts as the owner of the data folder, under a name of its own. */
function installation(tenant: string): Principal {
  return {
    kind: 'system',
    id: 'installation',
    tenant,
    roles: [{ role: 'local-owner', namespace: '*' }],
    groups: [],
    onBehalfOf: [],
    authentication: { factors: ['process'], freshness: 'fresh' },
  };
}

/** Paths are told from the folder of packs on, so that a pack is the same wherever it is installed. */
function named({ path, text }: PolicyFile): PolicyFile {
  return { path: path.split(/[\\/]/).slice(-2).join('/'), text };
}

/** Returns the default pack; throws `policy.not-found` when the package lacks it. */
async function defaultSet(): Promise<PolicySet> {
  const { set, diagnostics } = await readPolicySet([packFolder]);
  if (diagnostics.length > 0) {
    throw new Failure('policy.invalid', 'the pack that comes with the product has errors', {
      details: { diagnostics },
    });
  }
  const packs = set.packs.map(
    (pack): PolicyPack => ({
      ...pack,
      policies: pack.policies.map(named),
      tests: pack.tests.map(named),
    }),
  );
  return { packs };
}

function contentOf({ id, mode, policies }: PolicyPack): string {
  return JSON.stringify([id, mode, policies.map(({ path, text }) => [path, text])]);
}

/** Tells whether `pack` was proposed before, alone or among others. */
function isKnown(pack: PolicyPack, versions: readonly PolicyVersion[]): boolean {
  const content = contentOf(pack);
  return versions.some(({ set }) => set.packs.some((one) => contentOf(one) === content));
}

/** Puts the default pack in force where nothing ever was; proposes it where it is another one. */
export async function seedPolicies(parts: PolicyParts, decider: Decider): Promise<SeedOutcome> {
  const versions = await listVersions(parts);
  const active = (await findActive(parts))?.content.version;
  const set = await defaultSet();
  const missing = set.packs.filter((pack) => !isKnown(pack, versions));
  if (active !== undefined && missing.length === 0) {
    return { outcome: 'unchanged', version: active };
  }
  // People who proposed something before anything was in force begin with their own policies.
  if (active === undefined && versions.some(({ author }) => author !== 'installation')) {
    return { outcome: 'unchanged', version: undefined };
  }
  const principal = installation(parts.tenant);
  const versionName = set.packs.map((pack) => `${pack.id} ${pack.version}`).join(', ');
  const reason = `the pack that comes with the product: ${versionName}`;
  try {
    const { version } = await proposePolicies(parts, decider, set, { principal, reason });
    if (active !== undefined) return { outcome: 'proposed', version: version.version };
    await activatePolicies(parts, decider, version.version, { principal });
    return { outcome: 'put-in-force', version: version.version };
  } catch (failure) {
    if (!(failure instanceof Failure)) throw failure;
    // Another process was first, at the same start.
    if (failure.code === 'store.conflict') {
      return { outcome: 'unchanged', version: (await findActive(parts))?.content.version };
    }
    if (failure.code !== 'policy.denied') throw failure;
    return { outcome: 'refused', version: active, reason: failure.message };
  }
}
