/**
 * The header of an entry as bytes. It is encoded once; these bytes are stored, hashed and never made
 * again. The form is JSON as RFC 8785 writes it, narrowed: exactly eight keys in their sorted order,
 * no blanks, whole numbers only, Base64 for hashes. docs/internals/ledger.md has the grammar.
 *
 * INVARIANT: a header holds no personal data, only opaque handles and salted commitments.
 */
import { assert } from '../failure/index.ts';
import { encodeUtf8, writeBase64 } from './encode-text.ts';
import { hashSize } from './primitives.ts';
import { keptCopy } from './scratch.ts';

/** What the header promises about one group of payload fields. */
export interface Commitment {
  readonly group: string;
  readonly hash: Uint8Array;
}

/** What every entry says of itself for ever, whatever happens to its payload. */
export interface EntryHeader {
  /** Place in the ledger, from 1 on; the leaf of the tree with the index `seq - 1`. */
  readonly seq: number;
  readonly tenant: string;
  /** Epoch milliseconds, as claimed; the tree proves the order, not the time. */
  readonly at: number;
  readonly stream: string;
  readonly type: string;
  /** Opaque handle of who caused it. */
  readonly actor: string;
  /** Opaque handles of whom it is about. */
  readonly subjects: readonly string[];
  readonly commitments: readonly Commitment[];
}

const surrogate = /[\ud800-\udfff]/;
const groupName = /^[a-z][a-z0-9-]{0,63}$/;

/** Characters of a hash in Base64. */
const hashLetters = 44;
const quote = 0x22;
const backslash = 0x5c;

let lastGroupName = '';

/** Returns whether `name` can name a group of payload fields. */
export function isGroupName(name: string): boolean {
  // Nearly every entry has one group, and all the same one.
  if (name === lastGroupName) return true;
  if (!groupName.test(name)) return false;
  lastGroupName = name;
  return true;
}

/** Bytes being written one behind the other. */
interface Writing {
  bytes: Uint8Array;
  length: number;
}

// Reused by every header; what is handed out is a copy.
const writing: Writing = { bytes: new Uint8Array(4096), length: 0 };

function makeRoom(to: Writing, size: number): void {
  if (to.length + size <= to.bytes.length) return;
  const larger = new Uint8Array(2 * (to.length + size));
  larger.set(to.bytes);
  to.bytes = larger;
}

/** Writes text that is known to be ASCII. */
function writeAscii(to: Writing, text: string): void {
  makeRoom(to, text.length);
  const { bytes } = to;
  const start = to.length;
  for (let index = 0; index < text.length; index += 1) {
    bytes[start + index] = text.charCodeAt(index);
  }
  to.length = start + text.length;
}

function writeText(to: Writing, text: string, what: string): void {
  makeRoom(to, text.length + 2);
  const { bytes } = to;
  const start = to.length;
  bytes[start] = quote;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit < 0x20 || unit >= 0x80 || unit === quote || unit === backslash) {
      writeOddText(to, text, what);
      return;
    }
    bytes[start + 1 + index] = unit;
  }
  bytes[start + 1 + text.length] = quote;
  to.length = start + text.length + 2;
}

/** Writes text with characters that are escaped or take several bytes. */
function writeOddText(to: Writing, text: string, what: string): void {
  if (surrogate.test(text)) {
    for (const character of text) {
      const isLone = character.length === 1 && surrogate.test(character);
      assert(!isLone, `${what} of an entry holds a lone surrogate`);
    }
  }
  // For well-formed text JSON.stringify escapes exactly what RFC 8785 asks for.
  const encoded = encodeUtf8(JSON.stringify(text));
  makeRoom(to, encoded.length);
  to.bytes.set(encoded, to.length);
  to.length += encoded.length;
}

function writeWhole(to: Writing, value: number, least: number, what: string): void {
  assert(Number.isSafeInteger(value) && value >= least, `${what} of an entry is no whole number`);
  writeAscii(to, value === 0 ? '0' : `${value}`);
}

function writeCommitments(to: Writing, commitments: readonly Commitment[]): void {
  const sorted =
    commitments.length < 2
      ? commitments
      : commitments.toSorted((one, other) => (one.group < other.group ? -1 : 1));
  for (let index = 0; index < sorted.length; index += 1) {
    const { group, hash } = sorted[index]!;
    assert(isGroupName(group), 'a field group has a name that cannot stand in a header');
    assert(hash.length === hashSize, 'a commitment is no hash');
    assert(index === 0 || sorted[index - 1]!.group !== group, 'a field group stands twice');
    writeAscii(to, index === 0 ? '"' : ',"');
    writeAscii(to, group);
    writeAscii(to, '":"');
    makeRoom(to, hashLetters);
    to.length = writeBase64(hash, to.bytes, to.length);
    writeAscii(to, '"');
  }
}

/** Returns the canonical bytes of `header`; what cannot be said in them is a bug of the caller. */
export function encodeHeader(header: EntryHeader): Uint8Array {
  const to = writing;
  to.length = 0;
  writeAscii(to, '{"actor":');
  writeText(to, header.actor, 'the actor');
  writeAscii(to, ',"at":');
  writeWhole(to, header.at, 0, 'the time');
  writeAscii(to, ',"commitments":{');
  writeCommitments(to, header.commitments);
  writeAscii(to, '},"seq":');
  writeWhole(to, header.seq, 1, 'the place');
  writeAscii(to, ',"stream":');
  writeText(to, header.stream, 'the stream');
  writeAscii(to, ',"subjects":[');
  for (let index = 0; index < header.subjects.length; index += 1) {
    if (index > 0) writeAscii(to, ',');
    writeText(to, header.subjects[index]!, 'a subject');
  }
  writeAscii(to, '],"tenant":');
  writeText(to, header.tenant, 'the tenant');
  writeAscii(to, ',"type":');
  writeText(to, header.type, 'the type');
  writeAscii(to, '}');
  return keptCopy(to.bytes, to.length);
}
