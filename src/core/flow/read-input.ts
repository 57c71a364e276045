/**
 * Turns what a form, an API call or a trigger gives for an input into the typed value of the input,
 * or says in one sentence why it cannot. The outputs of a flow are typed by the same rules.
 *
 * Templates in `defaults` and `expression` are the caller's to render: it passes the rendered default
 * as the given value and the rendered values in the definition.
 */
import { matchWhole } from '../expression/index.ts';
import { Double, double, isList, isMap, isTime, toPlain, type Value } from '../value/index.ts';
import { hasTemplate } from './check-schema.ts';
import { DiagnosticList } from './diagnostic-list.ts';
import { parseDuration } from './duration.ts';
import type { InputDefinition, InputType, OutputDefinition } from './flow.ts';
import { readJson } from './read-json.ts';
import { readYamlNode } from './read-yaml.ts';
import { toValue } from './yaml-tree.ts';

/** The value of an input, or why there is none. */
export type InputReading =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly message: string; readonly help: string };

/** What typing needs to know of an input or output. */
type Typing = Partial<Omit<InputDefinition, 'type'>> & { readonly type: InputType };

/** The longest text that is matched against a pattern; patterns may take long on long texts. */
const matchedLengthMax = 10_000;

/** Why a text is not a value; the name of the input is put in front. */
class Refusal {
  readonly reason: string;
  readonly help: string;
  constructor(reason: string, help: string) {
    this.reason = reason;
    this.help = help;
  }
}

/** Returns the typed value of an input for what was given; undefined and null: nothing was given. */
export function readInput(definition: InputDefinition, given: Value | undefined): InputReading {
  const value = isGiven(definition, given) ? given : presetOf(definition);
  if (value === undefined || value === null) {
    if (!definition.isRequired) return { ok: true, value: null };
    const message = `the input \`${definition.id}\` is required, but no value is given`;
    return { ok: false, message, help: `give a value of type ${definition.type}` };
  }
  return answer(`the input \`${definition.id}\``, readTyped(definition, value));
}

/** Returns the typed value of a flow's output for what its expression gave. */
export function readOutput(definition: OutputDefinition, given: Value | undefined): InputReading {
  if (given === undefined || given === null) {
    if (!definition.isRequired) return { ok: true, value: null };
    const message = `the output \`${definition.id}\` has no value`;
    return { ok: false, message, help: 'set `required: false` if it may be absent' };
  }
  return answer(`the output \`${definition.id}\``, readTyped(definition, given));
}

function answer(name: string, read: Value | Refusal): InputReading {
  if (!(read instanceof Refusal)) return { ok: true, value: read };
  return { ok: false, message: `${name} ${read.reason}`, help: read.help };
}

/** An empty field of a form is no value, except where a text is wanted. */
function isGiven(definition: InputDefinition, given: Value | undefined): boolean {
  if (given === undefined || given === null) return false;
  return given !== '' || definition.type === 'STRING' || definition.type === 'SECRET';
}

function presetOf(definition: InputDefinition): Value | undefined {
  const { defaults } = definition;
  if (defaults !== undefined && !(typeof defaults === 'string' && hasTemplate(defaults)))
    return defaults;
  if (definition.autoSelectFirst !== true) return undefined;
  const first = definition.values?.[0];
  return first === undefined ? undefined : definition.type === 'MULTISELECT' ? [first] : first;
}

/** Returns `value` as the text a person would type for it. */
function asText(value: Value): string {
  if (typeof value === 'string') return value;
  if (value instanceof Double) {
    return Number.isInteger(value.value) ? `${value.value}.0` : String(value.value);
  }
  if (isTime(value)) return value.toString();
  if (isMap(value) || isList(value)) return JSON.stringify(toPlain(value));
  return String(value);
}

function shown(definition: Typing, value: Value): string {
  if (definition.type === 'SECRET') return 'the given text';
  const text = asText(value).replaceAll('`', "'").replaceAll(/\s+/g, ' ');
  return `\`${text.length > 80 ? `${text.slice(0, 80)}…` : text}\``;
}

function refuse(definition: Typing, value: Value, wanted: string, help: string): Refusal {
  return new Refusal(`cannot be ${shown(definition, value)}: it has to be ${wanted}`, help);
}

const readers: Readonly<Record<InputType, (definition: Typing, value: Value) => Value | Refusal>> =
  {
    STRING: readText,
    SECRET: readText,
    EMAIL: readEmail,
    URI: readUri,
    SELECT: readSelect,
    MULTISELECT: readMultiselect,
    INT: readInt,
    FLOAT: readFloat,
    BOOLEAN: (_definition, value) => asText(value).trim().toLowerCase() === 'true',
    DATETIME: readDateTime,
    DATE: readDate,
    TIME: readTime,
    DURATION: readDuration,
    FILE: readFile,
    JSON: (definition, value) => {
      if (typeof value !== 'string') return value;
      return (
        readJson(value)?.value ??
        (value.trim() === 'null' ? null : refuse(definition, value, 'JSON', 'mend the JSON'))
      );
    },
    YAML: readYamlText,
    ARRAY: readArray,
  };

function readTyped(definition: Typing, value: Value): Value | Refusal {
  return readers[definition.type](definition, value);
}

function readText(definition: Typing, value: Value): Value | Refusal {
  const text = asText(value);
  const { validator } = definition;
  if (validator === undefined) return text;
  if (text.length > matchedLengthMax) {
    return new Refusal(
      `is longer than ${matchedLengthMax} characters`,
      'a text with a pattern cannot be that long',
    );
  }
  const verdict = matchWhole(validator, text);
  if (!verdict.ok) return new Refusal(`cannot be checked: ${verdict.message}`, verdict.help);
  return verdict.isMatch
    ? text
    : refuse(
        definition,
        value,
        'a text that matches the pattern',
        `the pattern is \`${validator}\``,
      );
}

function readEmail(definition: Typing, value: Value): Value | Refusal {
  const text = asText(value).trim();
  if (text.length <= 320 && /^[^\s@<>]{1,64}@[^\s@.]+(?:\.[^\s@.]+)+$/.test(text)) return text;
  return refuse(definition, value, 'an e-mail address', 'write `name@example.org`');
}

function readUri(definition: Typing, value: Value): Value | Refusal {
  const text = asText(value).trim();
  if (/^[a-zA-Z][a-zA-Z0-9+.-]*:\/\/\S+$/.test(text)) return text;
  return refuse(definition, value, 'a URI', 'write `scheme://rest`');
}

function choiceProblem(definition: Typing, text: string): Refusal | undefined {
  const { values } = definition;
  if (values === undefined || definition.allowCustomValue === true || values.includes(text))
    return undefined;
  const list = values
    .slice(0, 20)
    .map((one) => `\`${one}\``)
    .join(', ');
  return refuse(definition, text, 'one of its values', `the values are ${list}`);
}

function readSelect(definition: Typing, value: Value): Value | Refusal {
  const text = asText(value);
  return choiceProblem(definition, text) ?? text;
}

function listOf(definition: Typing, value: Value): readonly Value[] | Refusal {
  if (isList(value)) return value;
  const parsed = typeof value === 'string' ? readJson(value)?.value : undefined;
  if (parsed !== undefined && isList(parsed)) return parsed;
  return refuse(definition, value, 'a list', 'write a JSON list such as `["a", "b"]`');
}

function readMultiselect(definition: Typing, value: Value): Value | Refusal {
  const list = listOf(definition, value);
  if (list instanceof Refusal) return list;
  const type = definition.itemType ?? 'STRING';
  const read: Value[] = [];
  for (const item of list) {
    const problem = choiceProblem(definition, asText(item));
    if (problem !== undefined) return problem;
    const one = readTyped({ type }, item);
    if (one instanceof Refusal) return one;
    read.push(one);
  }
  return read;
}

function readArray(definition: Typing, value: Value): Value | Refusal {
  const list = listOf(definition, value);
  if (list instanceof Refusal) return list;
  const type = definition.itemType;
  if (type === undefined) return list;
  const read: Value[] = [];
  for (const [index, item] of list.entries()) {
    const one =
      item === null
        ? refuse({ type }, item, `a value of type ${type}`, 'remove it')
        : readTyped({ type }, item);
    if (one instanceof Refusal)
      return new Refusal(`has item ${index + 1} that ${one.reason}`, one.help);
    read.push(one);
  }
  return read;
}

function boundsProblem(
  definition: Typing,
  value: Value,
  number: number | bigint,
): Refusal | undefined {
  const { min, max } = definition;
  if (min !== undefined && number < Number(min))
    return refuse(definition, value, `at least ${min}`, 'give a greater number');
  if (max !== undefined && number > Number(max))
    return refuse(definition, value, `at most ${max}`, 'give a smaller number');
  return undefined;
}

const int64 = { min: -(2n ** 63n), max: 2n ** 63n - 1n };

function readInt(definition: Typing, value: Value): Value | Refusal {
  const text = asText(value).trim();
  if (!/^[-+]?\d{1,19}$/.test(text)) {
    return refuse(definition, value, 'a whole number', 'write digits only, such as `42`');
  }
  const exact = BigInt(text.replace(/^\+/, ''));
  if (exact < int64.min || exact > int64.max)
    return refuse(definition, value, 'a number of at most 64 bits', 'give a smaller number');
  const near = Number(exact);
  return boundsProblem(definition, value, exact) ?? (Number.isSafeInteger(near) ? near : exact);
}

function readFloat(definition: Typing, value: Value): Value | Refusal {
  const text = asText(value).trim();
  const number = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
  if (!Number.isFinite(number)) return refuse(definition, value, 'a number', 'write `13.5`');
  return boundsProblem(definition, value, number) ?? double(number);
}

/** Returns what `read` gives, or undefined where Temporal refuses with a range error. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function instantOf(text: string): Temporal.Instant | undefined {
  return attempt(() => Temporal.Instant.from(text));
}

/** Bounds may be written without a zone; they then count in UTC. */
function boundInstant(text: string): Temporal.Instant | undefined {
  return (
    instantOf(text) ??
    attempt(() => Temporal.PlainDateTime.from(text).toZonedDateTime('UTC').toInstant())
  );
}

function periodProblem(
  definition: Typing,
  value: Value,
  compare: (bound: string) => number | undefined,
): Refusal | undefined {
  const { after, before } = definition;
  if (after !== undefined && (compare(after) ?? 1) <= 0)
    return refuse(definition, value, `after ${after}`, 'give a later one');
  if (before !== undefined && (compare(before) ?? -1) >= 0)
    return refuse(definition, value, `before ${before}`, 'give an earlier one');
  return undefined;
}

function readDateTime(definition: Typing, value: Value): Value | Refusal {
  const instant =
    value instanceof Temporal.Instant
      ? value
      : value instanceof Temporal.ZonedDateTime
        ? value.toInstant()
        : instantOf(asText(value).trim());
  if (instant === undefined) {
    return refuse(definition, value, 'a date with time and zone', 'write `2026-01-31T08:30:00Z`');
  }
  const problem = periodProblem(definition, value, (text) => {
    const bound = boundInstant(text);
    return bound === undefined ? undefined : Temporal.Instant.compare(instant, bound);
  });
  return problem ?? instant;
}

function readDate(definition: Typing, value: Value): Value | Refusal {
  const text = asText(value).trim();
  const date = /^[-+]?\d{4,6}-\d\d-\d\d$/.test(text)
    ? attempt(() => Temporal.PlainDate.from(text))
    : undefined;
  if (date === undefined) return refuse(definition, value, 'a date', 'write `2026-01-31`');
  const problem = periodProblem(definition, value, (bound) =>
    attempt(() => Temporal.PlainDate.compare(date, bound)),
  );
  return problem ?? date;
}

function readTime(definition: Typing, value: Value): Value | Refusal {
  const text = asText(value).trim();
  const time = /^\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?$/.test(text)
    ? attempt(() => Temporal.PlainTime.from(text))
    : undefined;
  if (time === undefined) return refuse(definition, value, 'a time of day', 'write `08:30:00`');
  const problem = periodProblem(definition, value, (bound) =>
    attempt(() => Temporal.PlainTime.compare(time, bound)),
  );
  return problem ?? time;
}

function readDuration(definition: Typing, value: Value): Value | Refusal {
  const text = asText(value).trim();
  const ms = parseDuration(text);
  if (ms === undefined) return refuse(definition, value, 'a duration', 'write `PT30S` or `P1D`');
  const { min, max } = definition;
  const least = min === undefined ? undefined : parseDuration(String(min));
  const most = max === undefined ? undefined : parseDuration(String(max));
  if (least !== undefined && ms < least)
    return refuse(definition, value, `at least ${min}`, 'give a longer duration');
  if (most !== undefined && ms > most)
    return refuse(definition, value, `at most ${max}`, 'give a shorter duration');
  if (value instanceof Temporal.Duration) return value;
  // Signs on single units (`PT-5M`) are the language's own; the standard form has one sign.
  return (
    attempt(() => Temporal.Duration.from(text)) ??
    Temporal.Duration.from({
      seconds: Math.trunc(ms / 1_000),
      milliseconds: Math.trunc(ms % 1_000),
    })
  );
}

function readFile(definition: Typing, value: Value): Value | Refusal {
  const text = asText(value).trim();
  if (!/^(?:kestra|nsfile):\/\/\S/.test(text)) {
    return refuse(
      definition,
      value,
      'a file',
      'upload a file, or give a `kestra://` or `nsfile://` URI',
    );
  }
  const { allowedFileExtensions } = definition;
  if (allowedFileExtensions === undefined || allowedFileExtensions.length === 0) return text;
  const name = text.slice(text.lastIndexOf('/') + 1).toLowerCase();
  const isAllowed = allowedFileExtensions.some((one) =>
    name.endsWith(`.${one.replace(/^\./, '').toLowerCase()}`),
  );
  if (isAllowed) return text;
  const list = allowedFileExtensions.map((one) => `\`${one}\``).join(', ');
  return refuse(
    definition,
    value,
    'a file with an allowed extension',
    `the extensions are ${list}`,
  );
}

function readYamlText(definition: Typing, value: Value): Value | Refusal {
  if (typeof value !== 'string') return value;
  const list = new DiagnosticList('', value);
  const node = readYamlNode(value, list);
  if (node !== undefined && !list.hasErrors) return toValue(node);
  const [first] = list.sorted();
  const reason = first === undefined ? '' : ` (line ${first.line}: ${first.message})`;
  return refuse(definition, value, `YAML${reason}`, first?.help ?? 'mend the YAML');
}

/** Returns the definitions in an order in which each stands behind those it depends on. */
export function orderInputs(definitions: readonly InputDefinition[]): InputDefinition[] {
  const byId = new Map(definitions.map((one) => [one.id, one]));
  const ordered = new Set<InputDefinition>();
  const open = new Set<InputDefinition>();
  for (const start of definitions) {
    const stack = [start];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const missing = ordered.has(top)
        ? undefined
        : top.dependsOn?.inputs
            .map((id) => byId.get(id))
            .find((one) => one !== undefined && !ordered.has(one) && !open.has(one));
      open.add(top);
      if (missing === undefined) {
        ordered.add(top);
        stack.pop();
      } else {
        stack.push(missing);
      }
    }
  }
  return [...ordered];
}
