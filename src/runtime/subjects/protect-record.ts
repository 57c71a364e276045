/**
 * Stored texts of values (events, documents, pairs) with what is about somebody taken out of clear: a
 * field whose marks name a subject is sealed, where it stands or apart from the text. A mark stands
 * beside what it marks (`inputs` and `inputsMarks`), which is all that is known here of the forms.
 *
 * INVARIANT: a text without marks of a subject is given back as it is, without being parsed.
 */
import {
  type DataClass,
  decodeMarks,
  emptyMap,
  flatten,
  isList,
  isMap,
  type Marks,
  marksAt,
  marksOf,
  plainMarks,
  plainText,
  type Value,
  type ValueMap,
} from '../../core/value/index.ts';
import {
  erasedText,
  erasedValue,
  holdsCredential,
  mapParts,
  sealedType,
} from '../rendering/index.ts';
import { guardedClasses, protectedClasses, type Sealed } from './vault.ts';

/**
 * Keeps a value that is about somebody or made of a secret; gives what stands in its place. In what
 * people read (`isForPeople`) secrets are stars already, so that it is opened for them again.
 */
export type Keep = (value: Value, classes: readonly DataClass[], isForPeople: boolean) => Value;

/** Tells whether a text may hold marks of a subject or of a secret; true for some that do not. */
export function mayConcern(text: string): boolean {
  // Most texts hold no class of data at all: one search tells, three times as fast without the quote
  // before it, which each name in a text begins with.
  if (!text.includes('classes":[{')) return false;
  return (
    text.includes('"subject":"subject-') ||
    text.includes('"subject":"many"') ||
    text.includes(credentialMark)
  );
}

const credentialMark = '"name":"credential';

/** Tells whether a text may hold something sealed. */
export function maySeal(text: string): boolean {
  return text.includes(sealedType);
}

function marksIn(encoded: Value | undefined): Marks {
  if (encoded === undefined || !isMap(encoded)) return plainMarks;
  try {
    return decodeMarks(encoded);
  } catch {
    // A value of somebody's own that looks like a mark from afar.
    return plainMarks;
  }
}

function ownMarks(map: ValueMap, key: string): Marks {
  return Object.hasOwn(map, key) ? marksIn(map[key]) : plainMarks;
}

/** The fields that plain `marks` tell of: the outputs of a task run, else the value that was evaluated. */
function tellsOf(map: ValueMap, key: string): boolean {
  return key === (Object.hasOwn(map, 'outputs') ? 'outputs' : 'value');
}

function marksFor(map: ValueMap, key: string): Marks {
  const beside = ownMarks(map, `${key}Marks`);
  if (beside !== plainMarks) return beside;
  if (tellsOf(map, key)) return ownMarks(map, 'marks');
  if (key === 'facts') return ownMarks(map, 'valuesMarks');
  // Who holds the key of the data folder could try out whom the arguments were about.
  if (key === 'digest' || key === 'parts') return aboutPeople(ownMarks(map, 'argumentsMarks'));
  const isNamed = key === 'uri' || key === 'key';
  if (!isNamed || map['provenance'] === undefined) return plainMarks;
  return aboutPeople(marksIn({ own: map['provenance'] }));
}

/** Names and digests may tell of people; of a secret they tell nothing. */
function aboutPeople(marks: Marks): Marks {
  const own = flatten(marks);
  return marks === plainMarks ? marks : marksOf({ ...own, classes: protectedClasses(own.classes) });
}

function classesOf(marks: Marks): readonly DataClass[] {
  return marks === plainMarks ? [] : guardedClasses(flatten(marks).classes);
}

/** Keeps what of `value` its marks say is about somebody; the names of the first level stay. */
function protect(value: Value, marks: Marks, keep: Keep, isNamed: boolean): Value {
  const classes = classesOf(marks);
  if (classes.length === 0 || value === null) return value;
  const isPartly = marks.parts !== undefined && guardedClasses(marks.own.classes).length === 0;
  if (isMap(value) && (isNamed || isPartly)) {
    const kept = emptyMap();
    for (const [key, part] of Object.entries(value)) {
      kept[key] = protect(part, marksAt(marks, key), keep, false);
    }
    return kept;
  }
  if (isList(value) && isPartly) {
    return value.map((part, at) => protect(part, marksAt(marks, at), keep, false));
  }
  return keep(value, classes, false);
}

/** Returns an error with its message kept: it may tell of anything that the record is about. */
function protectError(error: Value, map: ValueMap, keep: Keep): Value {
  if (!isMap(error)) return error;
  const classes = Object.keys(map)
    .filter((key) => key.endsWith('arks'))
    .flatMap((key) => classesOf(ownMarks(map, key)));
  const { message } = error;
  if (classes.length === 0 || message === undefined) return error;
  return { ...error, message: keep(message, distinct(classes), true) };
}

function distinct(classes: readonly DataClass[]): readonly DataClass[] {
  return [...new Map(classes.map((one) => [JSON.stringify(one), one])).values()];
}

function protectMap(map: ValueMap, keep: Keep): ValueMap {
  const kept = emptyMap();
  for (const [key, value] of Object.entries(map)) {
    if (key === 'error' || key === 'failure') kept[key] = protectError(value, map, keep);
    else if (key === 'copied' && isList(value)) {
      kept[key] = value.map((run) => (isMap(run) ? protectMap(run, keep) : run));
    } else if ((key === 'question' || key === 'intent') && isMap(value)) {
      kept[key] = protectMap(value, keep);
    } else {
      const marks = marksFor(map, key);
      // The first names of a value may be made of a secret; those of outputs and inputs stand in the flow.
      const isNamed = key !== 'value' || !holdsCredential(marks.own.classes);
      kept[key] = protect(value, marks, keep, isNamed);
    }
  }
  return kept;
}

/** Tells whether `value` has the form that only this module gives to values. */
function isForeignSeal(value: Value): boolean {
  return (
    isMap(value) &&
    value['type'] === sealedType &&
    ('classes' in value || 'group' in value || 'form' in value)
  );
}

/** Tells whether `part` stands for a value made of a secret. */
function isHidden(part: Value): part is ValueMap {
  return isMap(part) && part['type'] === sealedType && part['form'] === 'hidden';
}

/**
 * Returns a text in which values made of secrets were hidden with them readable: for who works with
 * them, never for who shows them. `open` throws where one was hidden elsewhere; it stays as it is then.
 */
export function openHidden(text: string, open: (sealed: string) => string): string {
  if (!text.includes('"form":"hidden"')) return text;
  const opened = mapParts(JSON.parse(text) as Value, (part) => {
    if (!isHidden(part)) return undefined;
    try {
      return JSON.parse(open(plainText(part['value']))) as Value;
    } catch {
      return part;
    }
  });
  return JSON.stringify(opened);
}

/** Returns the text of a record with what is about somebody given to `keep`. */
export function protectText(text: string, keep: Keep): string {
  const read: unknown = JSON.parse(text);
  if (!isMap(read)) return text;
  // Somebody's value in the form of a seal would otherwise be opened as one.
  const own = mapParts(read, (part) => (isForeignSeal(part) ? erasedValue() : undefined));
  return JSON.stringify(protectMap(own as ValueMap, keep));
}

/** Returns a value of somebody in the place of which `sealed` stands; undefined: it must go. */
export function sealedPart(sealed: Sealed | undefined): Value {
  if (sealed === undefined) return erasedValue();
  return { type: sealedType, value: sealed.value, classes: sealed.classes as unknown as Value };
}

/** What opens sealed parts; undefined where a key is gone. */
export type Open = (sealed: Sealed) => string | undefined;

function sealIn(part: Value): Sealed | undefined {
  if (!isMap(part) || part['type'] !== sealedType) return undefined;
  const { classes, value } = part;
  if (!isList(classes) || typeof value !== 'string') return undefined;
  return { classes: classes as unknown as readonly DataClass[], value };
}

/** Returns a text that `sealedPart` was put into with its values readable, or as erased. */
export function openText(text: string, open: Open): string {
  const opened = mapParts(JSON.parse(text) as Value, (part) => {
    const sealed = sealIn(part);
    if (sealed === undefined) return undefined;
    const value = open(sealed);
    return value === undefined ? erasedValue() : (JSON.parse(value) as Value);
  });
  return JSON.stringify(opened);
}

const linePrefix = `${sealedType}:`;

/** Returns a line (of a log, a tag, a label) in the form in which it is stored. */
export function sealedLine(sealed: Sealed | undefined): string {
  return sealed === undefined ? erasedText : `${linePrefix}${JSON.stringify(sealed)}`;
}

function lineSealed(line: string): Sealed | undefined {
  if (!line.startsWith(linePrefix)) return undefined;
  try {
    return JSON.parse(line.slice(linePrefix.length)) as Sealed;
  } catch {
    return undefined;
  }
}

/** Returns a line as people read it. */
export function openLine(line: string, open: Open): string {
  const sealed = lineSealed(line);
  return sealed === undefined ? line : (open(sealed) ?? erasedText);
}

/** Returns a stored text with those sealed parts erased for whose classes `matches` holds. */
export function redactText(
  text: string,
  matches: (classes: readonly DataClass[]) => boolean,
): string {
  if (!maySeal(text)) return text;
  const line = lineSealed(text);
  if (line !== undefined) return matches(line.classes) ? erasedText : text;
  let read: Value;
  try {
    read = JSON.parse(text) as Value;
  } catch {
    return text;
  }
  const kept = mapParts(read, (part) => {
    if (typeof part === 'string') {
      const sealed = lineSealed(part);
      return sealed !== undefined && matches(sealed.classes) ? erasedText : undefined;
    }
    const sealed = sealIn(part);
    return sealed !== undefined && matches(sealed.classes) ? erasedValue() : undefined;
  });
  return kept === read ? text : JSON.stringify(kept);
}
