/**
 * What an attempt is about to do outside, as it is written down before it does it: its arguments as
 * people may see them, and a text that is equal for two attempts that would do the same.
 */
import type { Task } from '../../core/flow/index.ts';
import {
  emptyMap,
  encodeValue,
  isList,
  isMap,
  type Marks,
  type Value,
  type ValueMap,
} from '../../core/value/index.ts';
import type { EffectKind, TaskDefinition } from '../../ports/task.ts';
import type { RenderedRaw } from './render-properties.ts';

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
const stars = '********';

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

/** Returns `given` as people may see it: declared and known secrets as stars, too long texts cut. */
export function shownArguments(
  definition: TaskDefinition,
  given: ValueMap,
  hide: (text: string) => string,
): ValueMap {
  let value: Value = given;
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
    arguments: shownArguments(definition, given.arguments, hide),
    argumentsMarks: given.marks,
  };
}
