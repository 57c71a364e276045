/**
 * Forms with fields and files: fields in memory, files in a folder of the request's own that goes when
 * the request is over. Names of files are the client's, and are made harmless before they are paths.
 */
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Multipart } from '@fastify/multipart';
import { Failure } from '../../core/failure/index.ts';

/** A file of a form. */
export interface FormFile {
  /** The name of its field; with the field `files` the name of the file, as Kestra has it. */
  readonly field: string;
  readonly name: string;
  /** Where it is on this machine, below the folder of the form. */
  readonly path: string;
}

/** What a form held. */
export interface Form {
  readonly fields: ReadonlyMap<string, string>;
  readonly files: readonly FormFile[];
  /** Where the files are; empty when there are none. */
  readonly folder: string;
}

const nameLengthMax = 200;

/** A form that held nothing. */
export const emptyForm: Form = { fields: new Map(), files: [], folder: '' };

function harmlessName(name: string): string {
  const last =
    name
      .split(/[/\\]/)
      .at(-1)
      ?.replaceAll(/\p{Cc}/gu, '') ?? '';
  return last === '' || last === '.' || last === '..' ? 'file' : last.slice(0, 200);
}

/** Reads a form; throws `request.too-large` or `request.malformed`. Call `dropForm` when it is over. */
export async function readForm(parts: AsyncIterable<Multipart>, bytesMax: number): Promise<Form> {
  let bytes = 0;
  const fields = new Map<string, string>();
  const files: FormFile[] = [];
  const folder = await mkdtemp(join(tmpdir(), 'sluice-upload-'));
  try {
    for await (const part of parts) {
      // The parser bounds the names of forms of another kind only.
      if (part.fieldname.length > nameLengthMax) {
        throw new Failure('request.too-large', 'the name of a field is too long');
      }
      if (part.type === 'field') {
        if (part.valueTruncated) {
          throw new Failure('request.too-large', `the field \`${part.fieldname}\` is too long`);
        }
        fields.set(part.fieldname, String(part.value));
        continue;
      }
      const name = harmlessName(part.filename);
      const field = part.fieldname === 'files' ? name : part.fieldname;
      const place = join(folder, String(files.length));
      await mkdir(place);
      const path = join(place, name);
      await pipeline(part.file, createWriteStream(path, { flags: 'wx', mode: 0o600 }));
      bytes += part.file.bytesRead;
      if (part.file.truncated || bytes > bytesMax) {
        throw new Failure('request.too-large', `the file \`${name}\` is too large`);
      }
      files.push({ field, name, path });
    }
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw formFailure(error);
  }
  return { fields, files, folder };
}

function formFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (/_LIMIT$|TOO_LARGE/.test(code)) {
    return new Failure('request.too-large', 'the form has too many or too large parts', {
      cause: error,
    });
  }
  return new Failure('request.malformed', 'the form cannot be read', { cause: error });
}

/** Deletes the files of a form. */
export async function dropForm(form: Form): Promise<void> {
  if (form.folder !== '') await rm(form.folder, { recursive: true, force: true });
}
