/**
 * Blueprints: flows to copy, with what they are for and which arguments they ask. `<< arg.name >>` and
 * `<% if … %>` are filled when the blueprint is used; `{{ … }}` stays as it is, for the run.
 *
 * INVARIANT: an argument is one line of text, so that it fills a place of the flow and adds no line to it.
 */
import {
  defaultExpressionLimits,
  emptyExpressionHost,
  renderTemplate,
} from '../expression/index.ts';
import { isMap, mapOf, plainMarks, type Value, type ValueMap } from '../value/index.ts';
import { flowDocument } from './flow-document.ts';

/** What a blueprint asks for. */
export interface BlueprintArgument {
  readonly id: string;
  readonly displayName: string;
  readonly type: string;
  readonly isRequired: boolean;
  readonly defaults?: unknown;
}

/** A blueprint. */
export interface Blueprint {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly arguments: readonly BlueprintArgument[];
  /** As it stands in its file. */
  readonly source: string;
}

/** What filling a blueprint gave: the source of a flow, or what is wrong with the arguments. */
export type FilledBlueprint =
  | { readonly isFilled: true; readonly source: string }
  | { readonly isFilled: false; readonly problem: string };

const header = /^extend:[^\n]*\n(?:[ \t]+[^\n]*\n|\n)*/m;
/** What stands for the marks of templates that are left for the run; no text of people holds it. */
const kept = [
  ['{{', '\u{E000}'],
  ['}}', '\u{E001}'],
  ['{%', '\u{E002}'],
  ['%}', '\u{E003}'],
  ['{#', '\u{E004}'],
] as const;

function argumentOf(given: unknown): BlueprintArgument[] {
  const { id, displayName, type, required, defaults } = (given ?? {}) as Record<string, unknown>;
  if (typeof id !== 'string') return [];
  return [
    {
      id,
      displayName: typeof displayName === 'string' ? displayName : id,
      type: typeof type === 'string' ? type : 'STRING',
      isRequired: required !== false,
      ...(defaults !== undefined && { defaults }),
    },
  ];
}

/** Returns the blueprint of a text; undefined when it says of itself nothing that a blueprint says. */
export function readBlueprint(id: string, source: string): Blueprint | undefined {
  const extend = flowDocument(source)?.['extend'] as Record<string, unknown> | undefined;
  if (typeof extend?.['title'] !== 'string') return undefined;
  const { title, description, tags, templateArguments } = extend;
  return {
    id,
    title,
    description: typeof description === 'string' ? description : '',
    tags: Array.isArray(tags) ? tags.map(String) : [],
    arguments: Array.isArray(templateArguments) ? templateArguments.flatMap(argumentOf) : [],
    source,
  };
}

function replaced(text: string, pairs: readonly (readonly [string, string])[]): string {
  return pairs.reduce((all, [from, to]) => all.replaceAll(from, to), text);
}

function isOneLine(value: Value): boolean {
  if (typeof value === 'string') return !/[\p{Cc}\u{E000}-\u{E004}]/u.test(value);
  if (Array.isArray(value)) return value.every((one) => isOneLine(one as Value));
  return !isMap(value);
}

/** Returns the flow of a blueprint for `given` arguments, those that are not given by their defaults. */
export function fillBlueprint(
  { arguments: asked, source }: Blueprint,
  given: Readonly<Record<string, Value>>,
): FilledBlueprint {
  const known = new Set(asked.map(({ id }) => id));
  const unknown = Object.keys(given).find((id) => !known.has(id));
  if (unknown !== undefined) {
    return { isFilled: false, problem: `the blueprint has no argument \`${unknown}\`` };
  }
  const values: Record<string, Value> = {};
  for (const { id, isRequired, defaults } of asked) {
    const value = Object.hasOwn(given, id) ? given[id] : (defaults as Value | undefined);
    if (value === undefined || value === null) {
      if (isRequired) return { isFilled: false, problem: `the argument \`${id}\` is missing` };
      continue;
    }
    if (!isOneLine(value)) {
      return { isFilled: false, problem: `the argument \`${id}\` is not one line of text` };
    }
    values[id] = value;
  }
  const filled = rendered(source.replace(header, ''), mapOf(values));
  if (filled === undefined) {
    return { isFilled: false, problem: 'the arguments do not fit the blueprint' };
  }
  return { isFilled: true, source: filled };
}

function rendered(source: string, values: ValueMap): string | undefined {
  const own = [
    ['<<', '{{'],
    ['>>', '}}'],
    ['<%', '{%'],
    ['%>', '%}'],
  ] as const;
  const evaluation = renderTemplate(replaced(replaced(source, kept), own), {
    scope: {
      value: (name) => (name === 'arg' ? values : undefined),
      marks: () => plainMarks,
      names: () => ['arg'],
    },
    host: emptyExpressionHost,
    limits: defaultExpressionLimits,
  });
  if (evaluation.outcome !== 'value') return undefined;
  return replaced(
    evaluation.value,
    kept.map(([mark, place]) => [place, mark] as const),
  );
}
