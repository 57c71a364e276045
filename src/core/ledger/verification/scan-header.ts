/**
 * Reads the header of an entry byte by byte, accepting exactly what the canonical form allows: one
 * order of keys, one spelling of every text and number. Whatever is accepted would be encoded to the
 * same bytes again, so nobody can keep two headers that say the same.
 */
import { base64Values, characterLength, readUtf8 } from './read-text.ts';
import { ReusedBuffer } from './reused-buffer.ts';

/** Where a group's name stands in a header, and the hash the header promises for it. */
interface ScannedGroup {
  nameStart: number;
  nameEnd: number;
  hashStart: number;
}

/** A header as the verifier reads it. */
export interface HeaderFields {
  readonly seq: number;
  readonly tenant: string;
  readonly at: number;
  readonly stream: string;
  readonly type: string;
  readonly actor: string;
  readonly subjects: readonly string[];
  readonly commitments: readonly { readonly group: string; readonly hash: Uint8Array }[];
}

/** Text that every header has at some place, also four bytes at a time, which compare faster. */
interface Literal {
  readonly bytes: Uint8Array;
  readonly words: Int32Array;
}

function literalOf(text: string): Literal {
  const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
  const words = Int32Array.from({ length: bytes.length >> 2 }, (_, word) => {
    const [one = 0, two = 0, three = 0, four = 0] = bytes.subarray(word * 4);
    return one | (two << 8) | (three << 16) | (four << 24);
  });
  return { bytes, words };
}

const beforeActor = literalOf('{"actor":');
const beforeAt = literalOf(',"at":');
const beforeCommitments = literalOf(',"commitments":{');
const beforeSeq = literalOf('},"seq":');
const beforeStream = literalOf(',"stream":');
const beforeSubjects = literalOf(',"subjects":[');
const beforeTenant = literalOf('],"tenant":');
const beforeType = literalOf(',"type":');
const powersOfTen = Array.from({ length: 9 }, (_, power) => 10 ** power);

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const colon = 0x3a;
const closingBrace = 0x7d;
const closingBracket = 0x5d;
const equalsSign = 0x3d;
const hashSize = 32;
/** Characters of a hash in Base64 without its one sign of padding. */
const hashLetters = 43;
/** What may follow a backslash besides `u`: `"`, `\`, b, f, n, r, t. */
const shortEscapes = new Set([0x22, 0x5c, 0x62, 0x66, 0x6e, 0x72, 0x74]);

/** 1 for bytes that stand in text for themselves, alone. */
const plain = new Uint8Array(256).fill(1, 0x20, 0x80);
plain[quote] = 0;
plain[backslash] = 0;

/** Reads headers one after the other; holds what it read of the last one. */
export class HeaderScanner {
  seq = 0;
  at = 0;
  groupCount = 0;
  private readonly hash: Uint8Array = new Uint8Array(hashSize);
  /**
   * A zero and the header behind it: what the leaf hashes. Always the same buffer, so that reading it
   * is fast; what an earlier header left behind the end is kept out by `end`.
   */
  private readonly buffer = new ReusedBuffer();
  private bytes = this.buffer.bytes;
  private view = new DataView(this.bytes.buffer);
  private end = 1;
  private position = 0;
  private hashReadAt = 0;
  private readonly groups: ScannedGroup[] = [];
  /** Start and end of actor, stream, tenant and type, without their quotes. */
  private readonly texts = { actor: [0, 0], stream: [0, 0], tenant: [0, 0], type: [0, 0] };
  private readonly subjects: number[] = [];

  /** Reads `header`; returns whether it is one in canonical form. */
  scan(header: Uint8Array): boolean {
    this.end = 1 + header.length;
    if (this.buffer.reserve(this.end)) {
      this.bytes = this.buffer.bytes;
      this.view = new DataView(this.bytes.buffer);
    }
    this.bytes.set(header, 1);
    this.position = 1;
    this.groupCount = 0;
    this.subjects.length = 0;
    if (!this.literal(beforeActor) || !this.text(this.texts.actor)) return false;
    if (!this.literal(beforeAt)) return false;
    this.at = this.whole();
    if (this.at < 0 || !this.literal(beforeCommitments) || !this.scanGroups()) return false;
    if (!this.literal(beforeSeq)) return false;
    this.seq = this.whole();
    if (this.seq < 1 || !this.literal(beforeStream) || !this.text(this.texts.stream)) return false;
    if (!this.literal(beforeSubjects) || !this.scanSubjects()) return false;
    if (!this.literal(beforeTenant) || !this.text(this.texts.tenant)) return false;
    if (!this.literal(beforeType) || !this.text(this.texts.type)) return false;
    return this.bytes[this.position] === closingBrace && this.position + 1 === this.end;
  }

  /** Returns what the leaf of the header hashes; the buffer is used again. */
  leafBytes(): Uint8Array {
    return this.buffer.beginning(this.end);
  }

  /** Returns which group of the header is named `name`, -1 when none is. */
  findGroup(name: string): number {
    for (let index = 0; index < this.groupCount; index += 1) {
      const { nameStart, nameEnd } = this.groups[index]!;
      if (nameEnd - nameStart !== name.length) continue;
      let same = 0;
      while (same < name.length && this.bytes[nameStart + same] === name.charCodeAt(same))
        same += 1;
      if (same === name.length) return index;
    }
    return -1;
  }

  /** Returns the name of a group. */
  groupName(index: number): string {
    const { nameStart, nameEnd } = this.groups[index]!;
    return readUtf8(this.bytes, nameStart, nameEnd) ?? '';
  }

  /** Returns the hash that the header promises for a group; the buffer is used again. */
  hashOf(index: number): Uint8Array {
    const { hashStart } = this.groups[index]!;
    // With one group, as most entries have, its hash is still there from scanning.
    if (hashStart !== this.hashReadAt) this.readHash(hashStart);
    return this.hash;
  }

  /** Returns the stream that the header names. */
  stream(): string {
    return this.textAt(this.texts.stream);
  }

  /** Returns the tenant that the header names. */
  tenant(): string {
    return this.textAt(this.texts.tenant);
  }

  /** Returns all that the header says. */
  fields(): HeaderFields {
    const read = (span: number[]): string => this.textAt(span);
    const subjects: string[] = [];
    for (let index = 0; index < this.subjects.length; index += 2) {
      subjects.push(read(this.subjects.slice(index, index + 2)));
    }
    return {
      seq: this.seq,
      tenant: read(this.texts.tenant),
      at: this.at,
      stream: read(this.texts.stream),
      type: read(this.texts.type),
      actor: read(this.texts.actor),
      subjects,
      commitments: Array.from({ length: this.groupCount }, (_, index) => ({
        group: this.groupName(index),
        hash: this.hashOf(index).slice(),
      })),
    };
  }

  private textAt([start, end]: number[]): string {
    return JSON.parse(`"${readUtf8(this.bytes, start!, end!)}"`) as string;
  }

  private literal({ bytes: expected, words }: Literal): boolean {
    const { bytes, view } = this;
    let at = this.position;
    if (at + expected.length > this.end) return false;
    for (let word = 0; word < words.length; word += 1, at += 4) {
      if (view.getInt32(at, true) !== words[word]) return false;
    }
    for (let rest = words.length * 4; rest < expected.length; rest += 1, at += 1) {
      if (bytes[at] !== expected[rest]) return false;
    }
    this.position = at;
    return true;
  }

  /** Reads a whole number; -1 where there is none in its only spelling. */
  private whole(): number {
    const { bytes } = this;
    const start = this.position;
    let position = start;
    // Two halves of at most eight digits: small integers are added faster than large ones.
    let low = 0;
    let high = 0;
    for (; position - start < 16; position += 1) {
      const digit = bytes[position]! - 0x30;
      if (!(digit >= 0 && digit <= 9)) break;
      if (position - start === 8) {
        high = low;
        low = 0;
      }
      low = low * 10 + digit;
    }
    this.position = position;
    const count = position - start;
    if (count === 0 || (count > 1 && bytes[start] === 0x30)) return -1;
    const value = count > 8 ? high * powersOfTen[count - 8]! + low : low;
    return value <= Number.MAX_SAFE_INTEGER ? value : -1;
  }

  private text(span: number[]): boolean {
    const { bytes } = this;
    let position = this.position;
    if (bytes[position] !== quote) return false;
    position += 1;
    span[0] = position;
    for (;;) {
      while (plain[bytes[position]!] === 1) position += 1;
      if (position >= this.end) return false;
      const byte = bytes[position]!;
      if (byte < 0x20) return false;
      if (byte === quote) break;
      if (byte === backslash) {
        const length = this.escapeLength(position + 1);
        if (length === 0) return false;
        position += 1 + length;
      } else {
        const length = characterLength(bytes, position, this.end);
        if (length === 0) return false;
        position += length;
      }
    }
    span[1] = position;
    this.position = position + 1;
    return true;
  }

  private escapeLength(start: number): number {
    const { bytes } = this;
    if (shortEscapes.has(bytes[start] ?? 0)) return 1;
    // `u00` and two digits, only for control characters that have no short form.
    if (bytes[start] !== 0x75 || bytes[start + 1] !== 0x30 || bytes[start + 2] !== 0x30) return 0;
    const high = bytes[start + 3]! - 0x30;
    const digit = bytes[start + 4] ?? 0;
    const low =
      digit >= 0x30 && digit <= 0x39
        ? digit - 0x30
        : digit >= 0x61 && digit <= 0x66
          ? digit - 0x57
          : -1;
    if ((high !== 0 && high !== 1) || low < 0) return 0;
    const code = high * 16 + low;
    const hasShortForm = code >= 8 && code <= 13 && code !== 11;
    return hasShortForm ? 0 : 5;
  }

  private scanGroups(): boolean {
    const { bytes } = this;
    if (bytes[this.position] === closingBrace) return true;
    for (;;) {
      this.groups[this.groupCount] ??= { nameStart: 0, nameEnd: 0, hashStart: 0 };
      const group = this.groups[this.groupCount]!;
      if (!this.groupNameAt(group)) return false;
      if (bytes[this.position] !== colon || bytes[this.position + 1] !== quote) return false;
      group.hashStart = this.position + 2;
      if (!this.readHash(group.hashStart)) return false;
      this.position = group.hashStart + hashLetters + 1;
      if (bytes[this.position] !== quote) return false;
      this.position += 1;
      if (this.groupCount > 0 && !this.isAfter(this.groups[this.groupCount - 1]!, group))
        return false;
      this.groupCount += 1;
      if (bytes[this.position] === closingBrace) return true;
      if (bytes[this.position] !== comma) return false;
      this.position += 1;
    }
  }

  /** A letter, then letters, digits and hyphens, all small, at most 64. */
  private groupNameAt(group: ScannedGroup): boolean {
    const { bytes } = this;
    if (bytes[this.position] !== quote) return false;
    const start = this.position + 1;
    let end = start;
    for (; end - start <= 64; end += 1) {
      const byte = bytes[end] ?? 0;
      const isLetter = byte >= 0x61 && byte <= 0x7a;
      const isOther = (byte >= 0x30 && byte <= 0x39) || byte === 0x2d;
      if (!isLetter && !(isOther && end > start)) break;
    }
    group.nameStart = start;
    group.nameEnd = end;
    this.position = end + 1;
    return end > start && end - start <= 64 && bytes[end] === quote;
  }

  /** Returns whether the name of `group` sorts after that of `before`. */
  private isAfter(before: ScannedGroup, group: ScannedGroup): boolean {
    const { bytes } = this;
    for (let index = 0; ; index += 1) {
      if (group.nameStart + index === group.nameEnd) return false;
      if (before.nameStart + index === before.nameEnd) return true;
      const difference = bytes[group.nameStart + index]! - bytes[before.nameStart + index]!;
      if (difference !== 0) return difference > 0;
    }
  }

  private readHash(start: number): boolean {
    const { bytes, hash } = this;
    this.hashReadAt = start;
    if (start + hashLetters >= this.end) return false;
    if (bytes[start + hashLetters] !== equalsSign) return false;
    let wrong = 0;
    for (let index = 0, at = 0; at < 30; index += 4, at += 3) {
      const one = base64Values[bytes[start + index]!]!;
      const two = base64Values[bytes[start + index + 1]!]!;
      const three = base64Values[bytes[start + index + 2]!]!;
      const four = base64Values[bytes[start + index + 3]!]!;
      wrong |= one | two | three | four;
      hash[at] = (one << 2) | (two >> 4);
      hash[at + 1] = (two << 4) | (three >> 2);
      hash[at + 2] = (three << 6) | four;
    }
    const one = base64Values[bytes[start + 40]!]!;
    const two = base64Values[bytes[start + 41]!]!;
    const three = base64Values[bytes[start + 42]!]!;
    wrong |= one | two | three;
    hash[30] = (one << 2) | (two >> 4);
    hash[31] = (two << 4) | (three >> 2);
    return wrong < 64 && (three & 3) === 0;
  }

  private scanSubjects(): boolean {
    const { bytes } = this;
    if (bytes[this.position] === closingBracket) return true;
    for (;;) {
      const span = [0, 0];
      if (!this.text(span)) return false;
      this.subjects.push(span[0]!, span[1]!);
      if (bytes[this.position] === closingBracket) return true;
      if (bytes[this.position] !== comma) return false;
      this.position += 1;
    }
  }
}

/** Returns what a stored header says, or undefined when its bytes are not in canonical form. */
export function readHeader(bytes: Uint8Array): HeaderFields | undefined {
  const scanner = new HeaderScanner();
  return scanner.scan(bytes) ? scanner.fields() : undefined;
}
