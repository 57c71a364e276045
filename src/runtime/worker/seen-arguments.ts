/** What the arguments of a run let it see: everything but the secrets that only say who calls. */
import {
  flatten,
  type Marks,
  marksOf,
  marksOfParts,
  type Provenance,
} from '../../core/value/index.ts';
import type { TaskDefinition } from '../../ports/task.ts';
import { holdsCredential } from '../rendering/index.ts';

/** Returns where the properties come from, as if what the type declares as its secrets were none. */
export function marksWithoutOwnSecrets({ secrets = [] }: TaskDefinition, marks: Marks): Marks {
  if (secrets.length === 0 || !holdsCredential(flatten(marks).classes)) return marks;
  const rest = (at: Marks, under: readonly (readonly string[])[]): Marks => {
    if (under.some((path) => path.length === 0)) return marksOf(withoutCredential(flatten(at)));
    if (at.parts === undefined || under.length === 0) return at;
    const parts = Array.from(at.parts, ([name, part]) => {
      const inner = under.filter(([first]) => first === name).map((path) => path.slice(1));
      return [name, rest(part, inner)] as const;
    });
    return marksOfParts(parts, at.own);
  };
  return rest(
    marks,
    secrets.map((path) => path.split('.')),
  );
}

/**
 * Returns what the properties let a run see. What its type declares as a secret says who calls; the
 * answer is not made of it.
 */
export function withoutDeclaredSecrets(definition: TaskDefinition, marks: Marks): Provenance {
  return flatten(marksWithoutOwnSecrets(definition, marks));
}

function withoutCredential(provenance: Provenance): Provenance {
  const classes = provenance.classes.filter((one) => !holdsCredential([one]));
  return { ...provenance, classes };
}
