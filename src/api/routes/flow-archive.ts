/**
 * Flows as a zip archive: written from their sources, and read from what somebody sends, whatever that is.
 *
 * INVARIANT: of a foreign archive nothing is written anywhere, and no more is inflated than `limits` says;
 * one that is not plainly an archive of YAML files is refused as a whole.
 */
import { promisify } from 'node:util';
import { crc32, deflateRawSync, inflateRaw } from 'node:zlib';
import { Failure } from '../../core/failure/index.ts';

/** A file of an archive. */
export interface ArchivedFile {
  readonly name: string;
  readonly text: string;
}

/** What an archive may hold. */
const limits = {
  files: 2_000,
  /** Of one file; no flow is larger. */
  fileBytes: 1_048_576,
  totalBytes: 33_554_432,
  /** How many times larger than its archive a file may be; sources of flows are far below. */
  ratio: 200,
  /** Below this the ratio says nothing. */
  ratioFromBytes: 65_536,
};

const signatures = { local: 0x04034b50, central: 0x02014b50, end: 0x06054b50 };
const sizes = { local: 30, central: 46, end: 22 };
const commentMax = 65_535;
/** Names are UTF-8. */
const utf8Flag = 0x0800;
/** Encrypted, with a patch, with strong encryption, or with a header that is masked. */
const refusedFlags = 0x0001 | 0x0020 | 0x0040 | 0x2000;
const stored = 0;
const deflated = 8;
/** In place of a number that stands elsewhere, in archives beyond 4 GiB. */
const elsewhere = { short: 0xffff, long: 0xffffffff };
/** The first moment that an archive can tell: the same flows give the same bytes. */
const dosDate = 0x0021;

const inflate = promisify(inflateRaw) as (
  bytes: Uint8Array,
  options: { readonly maxOutputLength: number },
) => Promise<Buffer>;

/** Tells whether `bytes` begin as an archive does. */
export function isArchive(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b;
}

/** Returns the archive of `files`, which are small; throws `request.too-large`. */
export function writeArchive(files: readonly ArchivedFile[]): Buffer {
  // More entries than a header can count would need another form, which this one does not read.
  if (files.length >= elsewhere.short) {
    throw new Failure('request.too-large', 'there are too many flows for one archive', {
      help: 'narrow the query by a namespace',
    });
  }
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const { name, text } of files) {
    const content = Buffer.from(text, 'utf8');
    const packed = deflateRawSync(content);
    const path = Buffer.from(name, 'utf8');
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(utf8Flag, 2);
    common.writeUInt16LE(deflated, 4);
    common.writeUInt16LE(dosDate, 8);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(path.length, 22);
    const local = Buffer.alloc(4);
    local.writeUInt32LE(signatures.local);
    const central = Buffer.alloc(6);
    central.writeUInt32LE(signatures.central);
    central.writeUInt16LE(20, 4);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    centrals.push(central, common, rest, path);
    locals.push(local, common, path, packed);
    offset += sizes.local + path.length + packed.length;
  }
  const directory = Buffer.concat(centrals);
  const end = Buffer.alloc(sizes.end);
  end.writeUInt32LE(signatures.end);
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}

function refused(
  why: string,
  help = 'send an archive of YAML files, as the export makes it',
): Failure {
  return new Failure('request.malformed', `the archive ${why}`, { help });
}

function tooLarge(why: string): Failure {
  return new Failure('request.too-large', `the archive ${why}`, {
    help: 'send the flows in several archives',
  });
}

interface Directory {
  readonly count: number;
  readonly start: number;
  readonly end: number;
}

/** Returns where the list of files is: it ends where the last record begins, which ends with the archive. */
function directoryOf(bytes: Buffer): Directory {
  const least = Math.max(0, bytes.length - sizes.end - commentMax);
  for (let at = bytes.length - sizes.end; at >= least; at -= 1) {
    if (bytes.readUInt32LE(at) !== signatures.end) continue;
    if (at + sizes.end + bytes.readUInt16LE(at + 20) !== bytes.length) continue;
    const [disk, firstDisk] = [bytes.readUInt16LE(at + 4), bytes.readUInt16LE(at + 6)];
    const [here, count] = [bytes.readUInt16LE(at + 8), bytes.readUInt16LE(at + 10)];
    const [size, start] = [bytes.readUInt32LE(at + 12), bytes.readUInt32LE(at + 16)];
    if (count === elsewhere.short || size === elsewhere.long || start === elsewhere.long) {
      throw tooLarge('is of the form for huge ones');
    }
    if (disk !== 0 || firstDisk !== 0 || here !== count) throw refused('is a part of another');
    if (start + size !== at) throw refused('does not end where it says');
    return { count, start, end: at };
  }
  throw refused('has no list of files');
}

interface Listed {
  readonly name: string;
  readonly nameBytes: Buffer;
  readonly method: number;
  readonly crc: number;
  readonly packedBytes: number;
  readonly bytes: number;
  readonly offset: number;
}

function textOf(bytes: Uint8Array, what: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new Failure('request.malformed', `${what} is no UTF-8`, { cause: error });
  }
}

/** Throws unless `name` names a place inside the archive. */
function checkName(name: string): void {
  const parts = name.split('/');
  const isInside =
    name !== '' &&
    name.length <= 500 &&
    !/[\\:\p{Cc}]/u.test(name) &&
    parts.every((part, index) => part !== '.' && part !== '..' && (part !== '' || index > 0));
  if (!isInside) throw refused('names a file outside of itself');
}

/** Returns the files that an archive says it has. */
function listed(bytes: Buffer, { count, start, end }: Directory): readonly Listed[] {
  if (count > limits.files) throw tooLarge(`has more than ${limits.files} files`);
  const found: Listed[] = [];
  let at = start;
  for (let index = 0; index < count; index += 1) {
    if (at + sizes.central > end || bytes.readUInt32LE(at) !== signatures.central) {
      throw refused('lists fewer files than it says');
    }
    const [flags, method] = [bytes.readUInt16LE(at + 8), bytes.readUInt16LE(at + 10)];
    const lengths = [28, 30, 32].map((field) => bytes.readUInt16LE(at + field));
    const [nameLength = 0, extraLength = 0, commentLength = 0] = lengths;
    const next = at + sizes.central + nameLength + extraLength + commentLength;
    if (next > end) throw refused('lists a file that does not end');
    if ((flags & refusedFlags) !== 0) throw refused('is encrypted', 'send it without a password');
    if (method !== stored && method !== deflated) throw refused('is packed in an unknown way');
    const nameBytes = bytes.subarray(at + sizes.central, at + sizes.central + nameLength);
    const name = textOf(nameBytes, 'the name of a file of the archive');
    checkName(name);
    found.push({
      name,
      nameBytes,
      method,
      crc: bytes.readUInt32LE(at + 16),
      packedBytes: bytes.readUInt32LE(at + 20),
      bytes: bytes.readUInt32LE(at + 24),
      offset: bytes.readUInt32LE(at + 42),
    });
    at = next;
  }
  if (at !== end) throw refused('lists more files than it says');
  return found;
}

interface Packed {
  readonly file: Listed;
  readonly content: Buffer;
  readonly start: number;
  readonly end: number;
}

/** Returns where the content of a file is; what stands before it has to agree with the list. */
function packedOf(bytes: Buffer, file: Listed, directory: Directory): Packed {
  const { offset } = file;
  const isThere =
    offset + sizes.local <= directory.start && bytes.readUInt32LE(offset) === signatures.local;
  if (!isThere) throw refused(`does not hold \`${file.name}\` where it says`);
  const nameLength = bytes.readUInt16LE(offset + 26);
  const nameAt = offset + sizes.local;
  const start = nameAt + nameLength + bytes.readUInt16LE(offset + 28);
  const end = start + file.packedBytes;
  const isSame =
    bytes.readUInt16LE(offset + 8) === file.method &&
    (bytes.readUInt16LE(offset + 6) & refusedFlags) === 0 &&
    bytes.subarray(nameAt, nameAt + nameLength).equals(file.nameBytes);
  if (end > directory.start || !isSame) throw refused(`says two things of \`${file.name}\``);
  return { file, content: bytes.subarray(start, end), start: offset, end };
}

/** Inflates one file, of which no more than `most` bytes are made. */
async function inflated({ file, content }: Packed, most: number): Promise<Buffer> {
  const { name, method, bytes } = file;
  const isAbsurd = bytes > limits.ratioFromBytes && bytes > content.length * limits.ratio;
  if (bytes > limits.fileBytes || isAbsurd) throw tooLarge(`makes too much of \`${name}\``);
  if (bytes > most) throw tooLarge(`holds more than ${limits.totalBytes} bytes`);
  if (method === stored) return content;
  try {
    // What it says of itself bounds what is made: more than that is a lie.
    return await inflate(content, { maxOutputLength: Math.max(1, bytes) });
  } catch (error) {
    throw new Failure('request.malformed', `the archive has no such \`${name}\` as it says`, {
      cause: error,
    });
  }
}

/** Returns the YAML files of an archive; throws `request.malformed` and `request.too-large`. */
export async function readArchive(bytes: Buffer): Promise<readonly ArchivedFile[]> {
  if (bytes.length < sizes.end) throw refused('is too short to be one');
  const directory = directoryOf(bytes);
  const packed = listed(bytes, directory)
    .filter(({ name }) => !name.endsWith('/'))
    .map((file) => packedOf(bytes, file, directory));
  const inOrder = packed.toSorted((a, b) => a.start - b.start);
  // The same bytes as the content of many files make much of little.
  if (inOrder.some((one, index) => one.start < (inOrder[index - 1]?.end ?? 0))) {
    throw refused('has files that overlap');
  }
  const names = new Set(packed.map(({ file }) => file.name));
  if (names.size < packed.length) throw refused('has two files of one name');
  const files: ArchivedFile[] = [];
  let left = limits.totalBytes;
  for (const one of packed) {
    const { name, crc, bytes: said } = one.file;
    if (!/\.ya?ml$/i.test(name)) throw refused(`holds \`${name}\`, which is no YAML file`);
    const content = await inflated(one, left);
    if (content.length !== said || crc32(content) !== crc) {
      throw refused(`holds \`${name}\` damaged`);
    }
    left -= content.length;
    files.push({ name, text: textOf(content, `the file \`${name}\` of the archive`) });
  }
  return files;
}
