/** What the arguments of a run let it see: everything but the secrets that only say who calls. */
import { flatten, joinProvenance, type Marks, type Provenance } from '../../core/value/index.ts';
import type { TaskDefinition } from '../../ports/task.ts';
import { holdsCredential } from '../rendering/index.ts';

/**
 * Returns what the properties let a run see. What its type declares as a secret says who calls; the
 * answer is not made of it.
 */
export function withoutDeclaredSecrets({ secrets = [] }: TaskDefinition, marks: Marks): Provenance {
  const provenance = flatten(marks);
  if (secrets.length === 0 || !holdsCredential(provenance.classes)) return provenance;
  const paths = secrets.map((path) => path.split('.'));
  const rest = (at: Marks, under: readonly (readonly string[])[]): Provenance => {
    if (under.some((path) => path.length === 0)) return withoutCredential(flatten(at));
    let joint = at.own;
    for (const [name, part] of at.parts ?? []) {
      const inner = under.filter(([first]) => first === name).map((path) => path.slice(1));
      joint = joinProvenance(joint, rest(part, inner));
    }
    return joint;
  };
  return rest(marks, paths);
}

function withoutCredential(provenance: Provenance): Provenance {
  const classes = provenance.classes.filter((one) => !holdsCredential([one]));
  return { ...provenance, classes };
}
