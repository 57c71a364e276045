/**
 * Inputs that are about somebody: what they tell (`governance.classes`) and of whom
 * (`governance.subject`). Whom an input is about may depend on other inputs, and what is made of an input
 * must carry its marks; so inputs are resolved once to learn whom they are about, and then with that.
 */
import type { Flow, InputDefinition } from '../../core/flow/index.ts';
import {
  type Marks,
  plainText,
  type Provenance,
  provenanceOf,
  type Value,
} from '../../core/value/index.ts';
import { render } from '../rendering/index.ts';
import type { SubjectRegister } from '../subjects/index.ts';
import {
  type InputParts,
  type InputProblem,
  resolveInputs,
  type ResolvedInputs,
} from './resolve-inputs.ts';

/** What resolving inputs about people needs. */
export interface InputAboutParts extends InputParts {
  readonly subjects: Pick<SubjectRegister, 'handleOf'>;
  /** The template for inputs that do not say whom they are about. */
  readonly subject: string | undefined;
}

/** Returns the template of a flow that says whom its inputs are about; words for people are none. */
export function subjectTemplate({ governance }: Flow): string | undefined {
  const subjects = governance?.data?.subjects;
  return subjects?.includes('{{') === true ? subjects : undefined;
}

interface Found {
  readonly about: ReadonlyMap<string, Provenance>;
  readonly problems: readonly InputProblem[];
}

/** Returns the id that `template` gives, or why it gives none. */
async function outsideId(
  parts: InputAboutParts,
  template: string,
  { values, marks }: ResolvedInputs,
): Promise<{ readonly name: string } | { readonly why: string }> {
  const result = await render(
    parts.context(values, marks, () => undefined),
    template,
    'text',
  );
  if (!result.ok) return { why: result.error.message };
  const name = plainText(result.value).trim();
  return name === '' ? { why: 'it is empty' } : { name };
}

/** Finds out whom the inputs are about; the same id, or none, leads to the same handle. */
async function findSubjects(
  parts: InputAboutParts,
  definitions: readonly InputDefinition[],
  resolved: ResolvedInputs,
): Promise<Found> {
  const about = new Map<string, Provenance>();
  const problems: InputProblem[] = [];
  const handles = new Map<string | null, string>();
  for (const { id, governance } of definitions) {
    if (governance === undefined || governance.classes.length === 0) continue;
    const template = governance.subject ?? parts.subject;
    let name: string | null = null;
    if (template !== undefined) {
      const found = await outsideId(parts, template, resolved);
      if ('why' in found) {
        const message = `it cannot be told whom the input \`${id}\` is about: ${found.why}`;
        problems.push({ id, message, help: 'mend `subject` under `governance` of the input' });
        continue;
      }
      ({ name } = found);
    }
    const handle = handles.get(name) ?? (await parts.subjects.handleOf(name));
    handles.set(name, handle);
    const classes = governance.classes.map((one) => ({ name: one, subject: handle }));
    about.set(id, provenanceOf({ classes, sources: [`input:${id}`] }));
  }
  return { about, problems };
}

/** Returns the inputs that `definitions` declare, marked with whom they are about. */
export async function resolveInputsAbout(
  parts: InputAboutParts,
  definitions: readonly InputDefinition[],
  given: Readonly<Record<string, Value>>,
  givenMarks?: Marks,
): Promise<ResolvedInputs> {
  const resolved = await resolveInputs(parts, definitions, given, givenMarks);
  const isAboutNobody = definitions.every(({ governance }) => governance === undefined);
  if (isAboutNobody || resolved.problems.length > 0) return resolved;
  const { about, problems } = await findSubjects(parts, definitions, resolved);
  if (problems.length > 0) return { ...resolved, problems };
  return resolveInputs({ ...parts, about }, definitions, given, givenMarks);
}
