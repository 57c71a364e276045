/** Policies of folders on the command line: the bench, and what is wrong with what it read. */
import type { PolicyBench, PolicyReading } from '../../../app/policy-bench.ts';
import { Failure } from '../../../core/failure/index.ts';
import type { Diagnostic } from '../../../core/flow/index.ts';
import type { PolicyDiagnostic, PolicySet } from '../../../core/policy/index.ts';
import type { Call, Surroundings } from '../../command.ts';

/** Returns the bench for the task types of this installation. */
export async function openBench(surroundings: Surroundings): Promise<PolicyBench> {
  const { createPolicyBench } = await import('../../../app/policy-bench.ts');
  return createPolicyBench(await surroundings.loadCatalogue());
}

/** Returns `diagnostics` as the ones of flows, which printing knows. */
export function printable(diagnostics: readonly PolicyDiagnostic[]): readonly Diagnostic[] {
  return diagnostics.map((one) => ({ ...one, path: '' }));
}

/** Returns the policies of `folders`; throws `policy.invalid` with diagnostics when there is an error. */
export async function readFolders(
  bench: PolicyBench,
  folders: readonly string[],
): Promise<PolicyReading> {
  const reading = await bench.read(folders);
  if (reading.diagnostics.some((one) => one.severity === 'error')) {
    throw new Failure('policy.invalid', 'the policies have errors', {
      details: { diagnostics: printable(reading.diagnostics) },
    });
  }
  return reading;
}

/** Returns the set of the folders that an option names; undefined when none is. */
export async function setFrom(
  call: Call,
  surroundings: Surroundings,
  option: 'from' | 'policies' = 'from',
): Promise<{ readonly bench: PolicyBench; readonly set: PolicySet } | undefined> {
  const folders = call.texts(option);
  if (folders.length === 0) return undefined;
  const bench = await openBench(surroundings);
  const { set } = await readFolders(bench, folders);
  return { bench, set };
}
