/** A questionnaire that somebody filled in, as YAML. */
import { Failure } from '../core/failure/index.ts';
import type { IntakeOrder } from '../runtime/intakes/index.ts';
import { readYaml } from '../runtime/policy/index.ts';

const fields = ['title', 'owner', 'purpose', 'answers'];

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: unknown, name: string): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  throw new Failure('input.invalid', `\`${name}\` is no text`);
}

/** Returns what is in `text`; throws `input.invalid`. An answer that is left empty is none. */
export function readIntakeFile(text: string): IntakeOrder {
  const { document, diagnostics } = readYaml({ path: 'intake', text });
  const [trouble] = diagnostics;
  if (document === undefined || !isMap(document.value)) {
    const where = trouble === undefined ? '' : `line ${trouble.line}: `;
    throw new Failure('input.invalid', `${where}${trouble?.message ?? 'the intake is no map'}`);
  }
  const { title, owner, purpose, answers = {} } = document.value;
  const unknown = Object.keys(document.value).find((key) => !fields.includes(key));
  if (unknown !== undefined) throw new Failure('input.invalid', `\`${unknown}\` is not asked for`);
  if (!isMap(answers)) throw new Failure('input.invalid', '`answers` is no map');
  const given = Object.entries(answers)
    .map(([id, answer]) => [id, textOf(answer, id)] as const)
    .filter(([, answer]) => answer !== '');
  return {
    title: textOf(title, 'title'),
    owner: textOf(owner, 'owner'),
    purpose: textOf(purpose, 'purpose'),
    answers: Object.fromEntries(given),
  };
}
