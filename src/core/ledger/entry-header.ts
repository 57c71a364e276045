/**
 * The header of an entry as bytes. It is encoded once; these bytes are stored, hashed and never made
 * again. The form is JSON as RFC 8785 writes it, narrowed: exactly eight keys in their sorted order,
 * no blanks, whole numbers only, Base64 for hashes. docs/internals/ledger.md has the grammar.
 *
 * INVARIANT: a header holds no personal data, only opaque handles and salted commitments.
 */
import { assert } from '../failure/index.ts';
import { encodeBase64, encodeUtf8 } from './encode-text.ts';
import { hashSize } from './primitives.ts';

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

/** Text that stands in JSON as it is, in one byte per character. */
const plainText = /^[ !#-[\]-~]*$/;
const surrogate = /[\ud800-\udfff]/;
const groupName = /^[a-z][a-z0-9-]{0,63}$/;

function quoted(text: string, what: string): string {
  if (plainText.test(text)) return `"${text}"`;
  if (surrogate.test(text)) {
    for (const character of text) {
      assert(!/^[\ud800-\udfff]$/.test(character), `${what} of an entry holds a lone surrogate`);
    }
  }
  // For well-formed text JSON.stringify escapes exactly what RFC 8785 asks for.
  return JSON.stringify(text);
}

function whole(value: number, least: number, what: string): string {
  assert(Number.isSafeInteger(value) && value >= least, `${what} of an entry is no whole number`);
  return value === 0 ? '0' : `${value}`;
}

/** Returns whether `name` can name a group of payload fields. */
export function isGroupName(name: string): boolean {
  return groupName.test(name);
}

function commitmentText({ group, hash }: Commitment): string {
  assert(isGroupName(group), 'a field group has a name that cannot stand in a header');
  assert(hash.length === hashSize, 'a commitment is no hash');
  return `"${group}":"${encodeBase64(hash)}"`;
}

function commitmentsText(commitments: readonly Commitment[]): string {
  if (commitments.length === 1) return commitmentText(commitments[0]!);
  const sorted = commitments.toSorted((one, other) => (one.group < other.group ? -1 : 1));
  for (let index = 1; index < sorted.length; index += 1) {
    assert(sorted[index - 1]!.group !== sorted[index]!.group, 'a field group stands twice');
  }
  return sorted.map(commitmentText).join(',');
}

/** Returns the canonical bytes of `header`; what cannot be said in them is a bug of the caller. */
export function encodeHeader(header: EntryHeader): Uint8Array {
  const subjects = header.subjects.map((handle) => quoted(handle, 'a subject')).join(',');
  return encodeUtf8(
    `{"actor":${quoted(header.actor, 'the actor')},"at":${whole(header.at, 0, 'the time')}` +
      `,"commitments":{${commitmentsText(header.commitments)}}` +
      `,"seq":${whole(header.seq, 1, 'the place')}` +
      `,"stream":${quoted(header.stream, 'the stream')},"subjects":[${subjects}]` +
      `,"tenant":${quoted(header.tenant, 'the tenant')},"type":${quoted(header.type, 'the type')}}`,
  );
}
