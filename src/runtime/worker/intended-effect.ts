/**
 * What an attempt is about to do outside, as it is written down before it does it: its arguments as
 * people may see them, and a text that is equal for two attempts that would do the same.
 */
import type { Task } from '../../core/flow/index.ts';
import {
  emptyMap,
  encodeValue,
  flatten,
  isList,
  isMap,
  mapOf,
  type Marks,
  marksAt,
  marksOf,
  marksOfParts,
  readProvenance,
  type Value,
  type ValueMap,
} from '../../core/value/index.ts';
import type { EffectKind, TaskDefinition } from '../../ports/task.ts';
import type { RenderedRaw } from './render-properties.ts';
import { holdsCredential, stars } from '../rendering/index.ts';

/** What an attempt is about to do outside. */
export interface IntendedEffect {
  readonly effect: EffectKind;
  /** Type and arguments in full, secrets included: for a keyed digest and for nothing else. */
  readonly text: string;
  /** The arguments as people may see them. */
  readonly arguments: ValueMap;
  readonly argumentsMarks: Marks;
}

/** Texts longer than this are cut where the arguments as a whole are large. */
const textMax = 1_000;
/** Arguments up to this size are kept whole: what was to be done is to be seen. */
const wholeMax = 65_536;

/** Returns what a run of `definition` with `input` does outside. */
export function effectKindOf(definition: TaskDefinition, input: unknown): EffectKind {
  const { effect } = definition;
  return effect.kindFor?.(input) ?? effect.kind;
}

function mapTexts(value: Value, turn: (text: string) => string): Value {
  if (typeof value === 'string') return turn(value);
  if (isList(value)) return value.map((one) => mapTexts(one, turn));
  if (!isMap(value)) return value;
  const mapped = emptyMap();
  for (const [key, one] of Object.entries(value)) mapped[turn(key)] = mapTexts(one, turn);
  return mapped;
}

/** Returns `value` with what stands at `path` as stars. */
function withStars(value: Value, path: readonly string[]): Value {
  const [name = '', ...inner] = path;
  if (isList(value)) return value.map((one) => withStars(one, path));
  if (!isMap(value) || !Object.hasOwn(value, name)) return value;
  const part = value[name] ?? null;
  if (part === null) return value;
  const hidden = inner.length === 0 ? stars : withStars(part, inner);
  return Object.assign(emptyMap(), value, { [name]: hidden });
}

function cut(text: string): string {
  return text.length <= textMax
    ? text
    : `${text.slice(0, textMax)} … (cut after ${textMax} of ${text.length} characters)`;
}

/** Returns `value` with what was made of secrets as stars: where a text shows what of it is one, that part. */
function withHiddenParts(value: Value, marks: Marks, hide: (text: string) => string): Value {
  if (value === null || !holdsCredential(flatten(marks).classes)) return value;
  if (typeof value === 'string') {
    const hidden = hide(value);
    return hidden === value ? stars : hidden;
  }
  if (!holdsCredential(marks.own.classes)) {
    if (isList(value)) {
      return value.map((one, at) => withHiddenParts(one, marksAt(marks, at), hide));
    }
    if (isMap(value)) {
      const hidden = emptyMap();
      for (const [key, one] of Object.entries(value)) {
        hidden[key] = withHiddenParts(one, marksAt(marks, key), hide);
      }
      return hidden;
    }
  }
  return typeof value === 'boolean' ? value : stars;
}

/** Returns `marks` without the class of secrets: what was made of them is hidden. */
function withoutCredential({ own, parts }: Marks): Marks {
  const classes = own.classes.filter((one) => !holdsCredential([one]));
  const rest = classes.length === own.classes.length ? own : readProvenance({ ...own, classes });
  if (parts === undefined) return marksOf(rest);
  return marksOfParts(
    [...parts].map(([key, part]) => [key, withoutCredential(part)] as const),
    rest,
  );
}

/** Returns `given` as people may see it: declared and known secrets as stars, too long texts cut. */
export function shownArguments(
  definition: TaskDefinition,
  given: ValueMap,
  marks: Marks,
  hide: (text: string) => string,
): ValueMap {
  const hidden = Object.entries(given).map(([name, one]) => {
    const own = marks.parts?.get(name);
    return [name, own === undefined ? one : withHiddenParts(one, own, hide)] as const;
  });
  let value: Value = mapOf(Object.fromEntries(hidden));
  for (const path of definition.secrets ?? []) value = withStars(value, path.split('.'));
  value = mapTexts(value, hide);
  return (encodeValue(value).length > wholeMax ? mapTexts(value, cut) : value) as ValueMap;
}

/** Returns what an attempt with the arguments `given` is about to do. */
export function intendedEffect(
  task: Task,
  definition: TaskDefinition,
  effect: EffectKind,
  given: { readonly arguments: ValueMap; readonly marks: Marks; readonly raw: RenderedRaw },
  hide: (text: string) => string,
): IntendedEffect {
  return {
    effect,
    text: encodeValue([task.type, given.arguments, ...given.raw.read]),
    arguments: shownArguments(definition, given.arguments, given.marks, hide),
    argumentsMarks: withoutCredential(given.marks),
  };
}
