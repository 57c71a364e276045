/**
 * From the bytes of a body to what a route takes. The form of the body is checked before its content,
 * its depth before its schema.
 */
import type { z } from 'zod';
import { Failure } from '../../core/failure/index.ts';
import { readJson } from '../../core/flow/index.ts';
import { isMap, type ValueMap } from '../../core/value/index.ts';
import type { BodyForm } from './route.ts';

const depthMax = 100;

/** Throws `request.malformed` for text nested deeper than anything sensible; strings are skipped. */
function checkDepth(text: string): void {
  let depth = 0;
  let isInString = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charCodeAt(at);
    if (isInString) {
      if (char === 0x5c) at += 1;
      else if (char === 0x22) isInString = false;
    } else if (char === 0x22) isInString = true;
    else if (char === 0x7b || char === 0x5b) {
      depth += 1;
      if (depth > depthMax) {
        throw new Failure('request.malformed', `the body is nested deeper than ${depthMax} levels`);
      }
    } else if (char === 0x7d || char === 0x5d) depth -= 1;
  }
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new Failure('request.malformed', 'the body is not UTF-8', { cause });
  }
}

/** Returns `text` as JSON; throws `request.malformed`. */
export function jsonOf(text: string): unknown {
  checkDepth(text);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Failure('request.malformed', 'the body is not JSON', { cause });
  }
}

/** One thing wrong with a part of a request. */
interface RequestProblem {
  readonly path: string;
  readonly message: string;
}

/** Tells whether nothing was sent at `path`. */
function isMissing(value: unknown, path: readonly PropertyKey[]): boolean {
  let at = value;
  for (const key of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return true;
    at = (at as Record<PropertyKey, unknown>)[key];
  }
  return false;
}

function problemsOf(error: z.ZodError, value: unknown, part: string): readonly RequestProblem[] {
  return error.issues.slice(0, 20).map((issue) => {
    const { path, message } = issue;
    const place = [part, ...path.map(String)].join('.');
    if (!isMissing(value, path)) return { path: place, message: firstLow(message) };
    const choice =
      issue.code === 'invalid_value' ? `; it is one of ${issue.values.join(', ')}` : '';
    return { path: place, message: `is missing${choice}` };
  });
}

function firstLow(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1).replace(/\.$/, '');
}

/** Returns `value` as `schema` reads it; throws `request.malformed` with what is wrong. */
export function readPart(schema: z.ZodType, value: unknown, part: string): unknown {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const problems = problemsOf(read.error, value, part);
  const first = problems[0];
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  const what = first === undefined ? 'is not valid' : `\`${first.path}\`: ${first.message}${more}`;
  throw new Failure('request.malformed', `the ${part} of the request is wrong: ${what}`, {
    details: { problems },
  });
}

const yamlTypes = ['application/x-yaml', 'application/yaml', 'text/yaml', 'text/plain'];

function typesOf(form: BodyForm): readonly string[] {
  switch (form.kind) {
    case 'json':
      return ['application/json', 'application/scim+json'];
    case 'yaml':
      return yamlTypes;
    case 'text':
      return ['text/plain', 'application/json', ...yamlTypes, 'application/octet-stream'];
    case 'form':
      return ['multipart/form-data'];
    case 'none':
      return [];
  }
}

/** Throws `request.type-unsupported` when a body is there that is not of a kind that the route takes. */
export function checkType(
  form: BodyForm,
  bytes: Uint8Array | undefined,
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
): void {
  const { 'content-type': contentType, 'content-encoding': encoding = 'identity' } = headers;
  if (encoding !== 'identity') {
    const what = `the content encoding is \`${String(encoding)}\`, and bodies are read as they are sent`;
    throw new Failure('request.type-unsupported', what);
  }
  const isThere = bytes !== undefined && bytes.length > 0;
  if (!isThere || form.kind === 'none' || form.kind === 'form') return;
  const type =
    String(contentType ?? '')
      .split(';')[0]
      ?.trim()
      .toLowerCase() ?? '';
  const types = typesOf(form);
  if (types.includes(type) || (type === '' && form.kind === 'text')) return;
  const wanted = types.map((one) => `\`${one}\``).join(' or ');
  const what = type === '' ? 'the body has no content type' : `the content type is \`${type}\``;
  throw new Failure('request.type-unsupported', `${what}, and this takes ${wanted}`);
}

/** Returns the values of a form that is sent as JSON. */
function valuesOf(bytes: Uint8Array, contentType: string | undefined): ValueMap {
  const type = contentType?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (type !== 'application/json') {
    const what = `the content type is \`${type}\`, and this takes \`multipart/form-data\``;
    throw new Failure('request.type-unsupported', what);
  }
  const text = textOf(bytes);
  checkDepth(text);
  const read = readJson(text);
  if (!isMap(read?.value)) throw new Failure('request.malformed', 'the body is no object of JSON');
  return read.value;
}

/** Returns what a route takes from a body that is no form and whose type was checked. */
export function readBody(
  form: BodyForm,
  bytes: Uint8Array | undefined,
  contentType: string | undefined,
): unknown {
  const isEmpty = bytes === undefined || bytes.length === 0;
  // A body that nobody reads is no reason to refuse: clients send `{}` or an empty form with it.
  if (form.kind === 'none') return undefined;
  if (form.kind === 'form') {
    return isEmpty || bytes === undefined ? undefined : valuesOf(bytes, contentType);
  }
  if (isEmpty) {
    if (form.kind === 'text') return '';
    if (form.isOptional === true) return form.kind === 'yaml' ? '' : undefined;
    throw new Failure('request.malformed', 'the body is missing');
  }
  const text = textOf(bytes);
  return form.kind === 'json' ? readPart(form.schema, jsonOf(text), 'body') : text;
}
