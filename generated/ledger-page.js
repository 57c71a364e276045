'use strict';
// src/core/ledger/verification/read-text.ts
const module_src_core_ledger_verification_read_text = (() => {
/**
 * Bytes to text and back for the verifier, strictly: UTF-8 without overlong forms and surrogates,
 * Base64 with padding and without spare bits. Nothing here is used by the writer.
 */

/** Returns the text that `bytes` are the UTF-8 of, or undefined when they are of none. */
function readUtf8(bytes            , start = 0, end = bytes.length)                     {
  const units           = [];
  let text = '';
  let index = start;
  while (index < end) {
    const length = characterLength(bytes, index, end);
    if (length === 0) return undefined;
    const first = bytes[index] ;
    let code = length === 1 ? first : first & (0x7f >> length);
    for (let next = 1; next < length; next += 1) code = (code << 6) | (bytes[index + next]  & 0x3f);
    if (code > 0xffff) {
      units.push(0xd800 + ((code - 0x10000) >> 10), 0xdc00 + ((code - 0x10000) & 0x3ff));
    } else units.push(code);
    index += length;
    if (units.length > 4096) text += String.fromCharCode(...units.splice(0));
  }
  return text + String.fromCharCode(...units);
}

/** Returns the bytes of the UTF-8 character at `index`, 0 where none is well formed. */
function characterLength(bytes            , index        , end        )         {
  const first = bytes[index] ;
  if (first < 0x80) return 1;
  const length = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  if (length === 0 || index + length > end) return 0;
  const second = bytes[index + 1] ;
  // The narrower second bytes keep out overlong forms, surrogates and what lies above U+10FFFF.
  const least = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const most = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  if (second < least || second > most) return 0;
  for (let next = 2; next < length; next += 1) {
    if ((bytes[index + next]  & 0xc0) !== 0x80) return 0;
  }
  return length;
}

/** Returns `text` as UTF-8, or undefined when it holds a lone surrogate. */
function toUtf8(text        )                         {
  const bytes           = [];
  for (const character of text) {
    const code = character.codePointAt(0) ;
    if (code >= 0xd800 && code <= 0xdfff) return undefined;
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 0x3f));
    else {
      if (code < 0x10000) bytes.push(0xe0 | (code >> 12));
      else bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 0x3f));
      bytes.push(0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f));
    }
  }
  return Uint8Array.from(bytes);
}

/** What a byte stands for in Base64; 255 for what cannot stand there. */
const base64Values = new Uint8Array(256).fill(255);
for (let value = 0; value < 64; value += 1) {
  const letter = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  base64Values[letter.charCodeAt(value)] = value;
}

/** Returns the bytes that `text` is the one Base64 form of, or undefined. */
function readBase64(text        )                         {
  if (text.length % 4 !== 0) return undefined;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const letters = text.length - padding;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  let length = 0;
  let held = 0;
  let bits = 0;
  for (let index = 0; index < letters; index += 1) {
    const unit = text.charCodeAt(index);
    const value = unit < 256 ? base64Values[unit]  : 255;
    if (value === 255) return undefined;
    held = ((held << 6) | value) & 0xfff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[length++] = (held >> bits) & 0xff;
  }
  // Bits left over must be zero, else several texts would mean the same bytes.
  return (held & ((1 << bits) - 1)) === 0 ? bytes : undefined;
}

/** Returns the number that `text` is the only decimal form of, or undefined. */
function readWhole(text        )                     {
  if (!/^(?:0|[1-9]\d{0,15})$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : undefined;
}

/** Returns whether two pieces of bytes are the same. */
function areEqual(one            , other            )          {
  if (one.length !== other.length) return false;
  for (let index = 0; index < one.length; index += 1) {
    if (one[index] !== other[index]) return false;
  }
  return true;
}
return { readUtf8, characterLength, toUtf8, base64Values, readBase64, readWhole, areEqual };
})();

// src/core/ledger/verification/check-proofs.ts
const module_src_core_ledger_verification_check_proofs = (() => {
/**
 * Checks proofs of inclusion and of consistency as RFC 9162 says (2.1.3.2, 2.1.4.2). Numbers are
 * halved, not shifted: a ledger may hold more entries than 32 bits count.
 */

const { areEqual } = module_src_core_ledger_verification_read_text;

const hashSize = 32;

/** A root, and how many leaves are under it. */

function over(hasher        , left            , right            )             {
  const bytes = new Uint8Array(1 + 2 * hashSize);
  bytes[0] = 1;
  bytes.set(left, 1);
  bytes.set(right, 1 + hashSize);
  return hasher.sha256(bytes);
}

const half = (value        )         => Math.floor(value / 2);
const isWhole = (value        )          => Number.isSafeInteger(value) && value >= 0;

function areHashes(hashes                       )          {
  return hashes.every((hash) => hash.length === hashSize);
}

/** Returns the hash of the leaf that holds the header `bytes`. */
function hashLeaf(hasher        , bytes            )             {
  const prefixed = new Uint8Array(1 + bytes.length);
  prefixed.set(bytes, 1);
  return hasher.sha256(prefixed);
}

/** Returns whether `proof` shows that the leaf with the hash `leaf` stands at `index` in the tree. */
function verifyInclusion(
  hasher        ,
  leaf            ,
  index        ,
  tree          ,
  proof                       ,
)          {
  if (!isWhole(index) || !isWhole(tree.size) || index >= tree.size) return false;
  if (!areHashes([leaf, tree.root, ...proof])) return false;
  let place = index;
  let last = tree.size - 1;
  let hash = leaf;
  for (const sibling of proof) {
    if (last === 0) return false;
    if (place % 2 === 1 || place === last) {
      hash = over(hasher, sibling, hash);
      while (place % 2 === 0 && place !== 0) {
        place = half(place);
        last = half(last);
      }
    } else hash = over(hasher, hash, sibling);
    place = half(place);
    last = half(last);
  }
  return last === 0 && areEqual(hash, tree.root);
}

/** Returns whether `proof` shows that `later` only grew from `earlier`. */
function verifyConsistency(
  hasher        ,
  earlier          ,
  later          ,
  proof                       ,
)          {
  if (!isWhole(earlier.size) || !isWhole(later.size) || earlier.size > later.size) return false;
  if (!areHashes([earlier.root, later.root, ...proof])) return false;
  if (earlier.size === later.size) return proof.length === 0 && areEqual(earlier.root, later.root);
  if (earlier.size === 0) {
    return proof.length === 0 && areEqual(earlier.root, hasher.sha256(new Uint8Array(0)));
  }
  let place = earlier.size - 1;
  let last = later.size - 1;
  while (place % 2 === 1) {
    place = half(place);
    last = half(last);
  }
  // Where the earlier tree is one complete part, the verifier has its root already.
  const hashes = place === 0 ? [earlier.root, ...proof] : proof;
  const [first, ...rest] = hashes;
  if (first === undefined) return false;
  let earlierHash = first;
  let laterHash = first;
  for (const sibling of rest) {
    if (last === 0) return false;
    if (place % 2 === 1 || place === last) {
      earlierHash = over(hasher, sibling, earlierHash);
      laterHash = over(hasher, sibling, laterHash);
      while (place % 2 === 0 && place !== 0) {
        place = half(place);
        last = half(last);
      }
    } else laterHash = over(hasher, laterHash, sibling);
    place = half(place);
    last = half(last);
  }
  return last === 0 && areEqual(earlierHash, earlier.root) && areEqual(laterHash, later.root);
}
return { hashLeaf, verifyInclusion, verifyConsistency };
})();

// src/core/ledger/verification/reused-buffer.ts
const module_src_core_ledger_verification_reused_buffer = (() => {
/**
 * One buffer for what is hashed and then forgotten, and its beginnings by length: making a view for
 * each hash costs a tenth of the hash, and most entries have one of few lengths.
 */

/** Lengths above this get a view of their own each time; the others are few and small. */
const keptMax = 4096;

/** A buffer that grows, and is handed out again and again. */
class ReusedBuffer {
  bytes = new Uint8Array(keptMax);
                   beginnings = new Map                    ();

  /** Makes room for `size` bytes; returns whether the buffer is another one than before. */
  reserve(size        )          {
    if (size <= this.bytes.length) return false;
    this.bytes = new Uint8Array(2 * size);
    this.beginnings.clear();
    return true;
  }

  /** Returns the first `size` bytes. */
  beginning(size        )             {
    if (size > keptMax) return this.bytes.subarray(0, size);
    let view = this.beginnings.get(size);
    if (view === undefined) {
      view = this.bytes.subarray(0, size);
      this.beginnings.set(size, view);
    }
    return view;
  }
}
return { ReusedBuffer };
})();

// src/core/ledger/verification/scan-header.ts
const module_src_core_ledger_verification_scan_header = (() => {
/**
 * Reads the header of an entry byte by byte, accepting exactly what the canonical form allows: one
 * order of keys, one spelling of every text and number. Whatever is accepted would be encoded to the
 * same bytes again, so nobody can keep two headers that say the same.
 */
const { base64Values, characterLength, readUtf8 } = module_src_core_ledger_verification_read_text;
const { ReusedBuffer } = module_src_core_ledger_verification_reused_buffer;

/** Where a group's name stands in a header, and the hash the header promises for it. */

/** A header as the verifier reads it. */

/** Text that every header has at some place, also four bytes at a time, which compare faster. */

function literalOf(text        )          {
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
class HeaderScanner {
  seq = 0;
  at = 0;
  groupCount = 0;
                   hash             = new Uint8Array(hashSize);
  /**
   * A zero and the header behind it: what the leaf hashes. Always the same buffer, so that reading it
   * is fast; what an earlier header left behind the end is kept out by `end`.
   */
                   buffer = new ReusedBuffer();
          bytes = this.buffer.bytes;
          view = new DataView(this.bytes.buffer);
          end = 1;
          position = 0;
          hashReadAt = 0;
                   groups                 = [];
  /** Start and end of actor, stream, tenant and type, without their quotes. */
                   texts = { actor: [0, 0], stream: [0, 0], tenant: [0, 0], type: [0, 0] };
                   subjects           = [];

  /** Reads `header`; returns whether it is one in canonical form. */
  scan(header            )          {
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
  leafBytes()             {
    return this.buffer.beginning(this.end);
  }

  /** Returns which group of the header is named `name`, -1 when none is. */
  findGroup(name        )         {
    for (let index = 0; index < this.groupCount; index += 1) {
      const { nameStart, nameEnd } = this.groups[index] ;
      if (nameEnd - nameStart !== name.length) continue;
      let same = 0;
      while (same < name.length && this.bytes[nameStart + same] === name.charCodeAt(same))
        same += 1;
      if (same === name.length) return index;
    }
    return -1;
  }

  /** Returns the name of a group. */
  groupName(index        )         {
    const { nameStart, nameEnd } = this.groups[index] ;
    return readUtf8(this.bytes, nameStart, nameEnd) ?? '';
  }

  /** Returns the hash that the header promises for a group; the buffer is used again. */
  hashOf(index        )             {
    const { hashStart } = this.groups[index] ;
    // With one group, as most entries have, its hash is still there from scanning.
    if (hashStart !== this.hashReadAt) this.readHash(hashStart);
    return this.hash;
  }

  /** Returns the stream that the header names. */
  stream()         {
    return this.textAt(this.texts.stream);
  }

  /** Returns the tenant that the header names. */
  tenant()         {
    return this.textAt(this.texts.tenant);
  }

  /** Returns all that the header says. */
  fields()               {
    const read = (span          )         => this.textAt(span);
    const subjects           = [];
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

          textAt([start, end]          )         {
    return JSON.parse(`"${readUtf8(this.bytes, start , end )}"`)          ;
  }

          literal({ bytes: expected, words }         )          {
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
          whole()         {
    const { bytes } = this;
    const start = this.position;
    let position = start;
    // Two halves of at most eight digits: small integers are added faster than large ones.
    let low = 0;
    let high = 0;
    for (; position - start < 16; position += 1) {
      const digit = bytes[position]  - 0x30;
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
    const value = count > 8 ? high * powersOfTen[count - 8]  + low : low;
    return value <= Number.MAX_SAFE_INTEGER ? value : -1;
  }

          text(span          )          {
    const { bytes } = this;
    let position = this.position;
    if (bytes[position] !== quote) return false;
    position += 1;
    span[0] = position;
    for (;;) {
      while (plain[bytes[position] ] === 1) position += 1;
      if (position >= this.end) return false;
      const byte = bytes[position] ;
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

          escapeLength(start        )         {
    const { bytes } = this;
    if (shortEscapes.has(bytes[start] ?? 0)) return 1;
    // `u00` and two digits, only for control characters that have no short form.
    if (bytes[start] !== 0x75 || bytes[start + 1] !== 0x30 || bytes[start + 2] !== 0x30) return 0;
    const high = bytes[start + 3]  - 0x30;
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

          scanGroups()          {
    const { bytes } = this;
    if (bytes[this.position] === closingBrace) return true;
    for (;;) {
      this.groups[this.groupCount] ??= { nameStart: 0, nameEnd: 0, hashStart: 0 };
      const group = this.groups[this.groupCount] ;
      if (!this.groupNameAt(group)) return false;
      if (bytes[this.position] !== colon || bytes[this.position + 1] !== quote) return false;
      group.hashStart = this.position + 2;
      if (!this.readHash(group.hashStart)) return false;
      this.position = group.hashStart + hashLetters + 1;
      if (bytes[this.position] !== quote) return false;
      this.position += 1;
      if (this.groupCount > 0 && !this.isAfter(this.groups[this.groupCount - 1] , group))
        return false;
      this.groupCount += 1;
      if (bytes[this.position] === closingBrace) return true;
      if (bytes[this.position] !== comma) return false;
      this.position += 1;
    }
  }

  /** A letter, then letters, digits and hyphens, all small, at most 64. */
          groupNameAt(group              )          {
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
          isAfter(before              , group              )          {
    const { bytes } = this;
    for (let index = 0; ; index += 1) {
      if (group.nameStart + index === group.nameEnd) return false;
      if (before.nameStart + index === before.nameEnd) return true;
      const difference = bytes[group.nameStart + index]  - bytes[before.nameStart + index] ;
      if (difference !== 0) return difference > 0;
    }
  }

          readHash(start        )          {
    const { bytes, hash } = this;
    this.hashReadAt = start;
    if (start + hashLetters >= this.end) return false;
    if (bytes[start + hashLetters] !== equalsSign) return false;
    let wrong = 0;
    for (let index = 0, at = 0; at < 30; index += 4, at += 3) {
      const one = base64Values[bytes[start + index] ] ;
      const two = base64Values[bytes[start + index + 1] ] ;
      const three = base64Values[bytes[start + index + 2] ] ;
      const four = base64Values[bytes[start + index + 3] ] ;
      wrong |= one | two | three | four;
      hash[at] = (one << 2) | (two >> 4);
      hash[at + 1] = (two << 4) | (three >> 2);
      hash[at + 2] = (three << 6) | four;
    }
    const one = base64Values[bytes[start + 40] ] ;
    const two = base64Values[bytes[start + 41] ] ;
    const three = base64Values[bytes[start + 42] ] ;
    wrong |= one | two | three;
    hash[30] = (one << 2) | (two >> 4);
    hash[31] = (two << 4) | (three >> 2);
    return wrong < 64 && (three & 3) === 0;
  }

          scanSubjects()          {
    const { bytes } = this;
    if (bytes[this.position] === closingBracket) return true;
    for (;;) {
      const span = [0, 0];
      if (!this.text(span)) return false;
      this.subjects.push(span[0] , span[1] );
      if (bytes[this.position] === closingBracket) return true;
      if (bytes[this.position] !== comma) return false;
      this.position += 1;
    }
  }
}

/** Returns what a stored header says, or undefined when its bytes are not in canonical form. */
function readHeader(bytes            )                           {
  const scanner = new HeaderScanner();
  return scanner.scan(bytes) ? scanner.fields() : undefined;
}
return { HeaderScanner, readHeader };
})();

// src/core/ledger/verification/check-entry.ts
const module_src_core_ledger_verification_check_entry = (() => {
/**
 * Checks one entry by itself: the form of its header, its place, and each group of payload fields
 * against what the header promises. Says also what the leaf of the entry hashes to.
 */

const { areEqual } = module_src_core_ledger_verification_read_text;
const { ReusedBuffer } = module_src_core_ledger_verification_reused_buffer;
const { HeaderScanner } = module_src_core_ledger_verification_scan_header;

/** One group of payload fields as it is stored; an erased one has neither payload nor salt. */

/** An entry as it is stored. A group of the header that is not among `groups` counts as erased. */

const saltSize = 32;
const label = Uint8Array.from('sluice/commitment/v1', (letter) => letter.charCodeAt(0));

/** Checks entries one after the other. */
class EntryChecker {
  /** How many groups of the last entry are erased, and which. */
  erasedCount = 0;
                   erasedGroups           = [];
                   hasher        ;
                   scanner = new HeaderScanner();
                   buffer = new ReusedBuffer();
  /** The group whose name the buffer begins with. */
          groupName = '';

  constructor(hasher        ) {
    this.hasher = hasher;
  }

  /** Returns what is wrong with the entry that stands at the place `seq`, undefined when nothing is. */
  trouble(entry             , seq        )                     {
    const { scanner } = this;
    if (!scanner.scan(entry.headerBytes)) return 'has a header that is not in canonical form';
    if (scanner.seq !== seq) return `says that it is entry ${scanner.seq}`;
    let presentCount = 0;
    for (const group of entry.groups) {
      const index = scanner.findGroup(group.name);
      if (index < 0) return `has the group \`${group.name}\`, of which its header says nothing`;
      if (group.payload === undefined && group.salt === undefined) continue;
      if (group.payload === undefined) return `has a salt but no payload in \`${group.name}\``;
      if (group.salt === undefined) return `has a payload but no salt in \`${group.name}\``;
      if (group.salt.length !== saltSize)
        return `has a salt of another length in \`${group.name}\``;
      const hash = this.groupHash(group.name, group.salt, group.payload);
      if (!areEqual(hash, scanner.hashOf(index))) {
        return `has another payload or salt in \`${group.name}\` than its header promises`;
      }
      presentCount += 1;
    }
    for (let index = 1; index < entry.groups.length; index += 1) {
      const { name } = entry.groups[index] ;
      if (entry.groups.findIndex((group) => group.name === name) < index) {
        return `has the group \`${name}\` twice`;
      }
    }
    this.erasedCount = scanner.groupCount - presentCount;
    if (this.erasedCount > 0) this.findErased(entry);
    return undefined;
  }

  /** Returns the names of the erased groups of the last entry. */
  erased()                    {
    return this.erasedCount === 0 ? [] : this.erasedGroups;
  }

  /** Returns the stream of the last entry. */
  stream()         {
    return this.scanner.stream();
  }

  /** Returns the tenant of the last entry. */
  tenant()         {
    return this.scanner.tenant();
  }

  /** Returns the hash of the leaf of the last entry. */
  leafHash()             {
    return this.hasher.sha256(this.scanner.leafBytes());
  }

          groupHash(name        , salt            , payload            )             {
    const saltStart = label.length + 1 + name.length + 1;
    const size = saltStart + saltSize + payload.length;
    if (this.buffer.reserve(size) || name !== this.groupName) this.prepareGroup(name);
    const { bytes } = this.buffer;
    bytes.set(salt, saltStart);
    bytes.set(payload, saltStart + saltSize);
    return this.hasher.sha256(this.buffer.beginning(size));
  }

  /** Writes what all commitments to groups of that name begin with. */
          prepareGroup(name        )       {
    const { bytes } = this.buffer;
    bytes.set(label);
    bytes[label.length] = 0;
    for (let at = 0; at < name.length; at += 1) bytes[label.length + 1 + at] = name.charCodeAt(at);
    bytes[label.length + 1 + name.length] = 0;
    this.groupName = name;
  }

          findErased(entry             )       {
    this.erasedGroups.length = 0;
    for (let index = 0; index < this.scanner.groupCount; index += 1) {
      const name = this.scanner.groupName(index);
      const group = entry.groups.find((one) => one.name === name);
      if (group?.payload === undefined) this.erasedGroups.push(name);
    }
  }
}
return { EntryChecker };
})();

// src/core/ledger/verification/open-note.ts
const module_src_core_ledger_verification_open_note = (() => {
/**
 * Opens signed notes in C2SP's form: takes text and signatures apart, ignores signatures of unknown
 * keys, refuses the note when a known key's signature is wrong or no known key signed.
 */

const { areEqual, readBase64, readUtf8, toUtf8 } = module_src_core_ledger_verification_read_text;

/** A public key that the verifier was told to trust. */

/** A signature that holds. */

/** A note as it was opened, or why it was not. */

/** What checking signatures takes. */

const noteBytesMax = 1_000_000;
const signaturesMax = 100;
const idSize = 4;
const publicKeySize = 32;
const signatureSize = 64;
const stampSize = 8;
const kinds                                                = { 1: 'note', 4: 'cosignature' };

/** Returns the key that a verifier key `name+id+key` names, or undefined when it is none of ours. */
function parseVerifierKey(hasher        , text        )                          {
  const match = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text);
  const name = match?.[1] ?? '';
  const encoded = readBase64(match?.[3] ?? '');
  const prefix = toUtf8(`${name}\n`);
  if (!isName(name) || prefix === undefined) return undefined;
  if (encoded?.length !== 1 + publicKeySize) return undefined;
  const kind = kinds[encoded[0] ];
  if (kind === undefined) return undefined;
  const preimage = new Uint8Array(prefix.length + encoded.length);
  preimage.set(prefix);
  preimage.set(encoded, prefix.length);
  const id = hasher.sha256(preimage).slice(0, idSize);
  const idText = [...id].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return idText === match?.[2] ? { name, id, kind, publicKey: encoded.slice(1) } : undefined;
}

function isName(name        )          {
  return name !== '' && !/[\p{White_Space}\p{Cc}+]/u.test(name);
}

function takeApart(note                     )                                                    {
  if (note.length > noteBytesMax) return 'is too long for a note';
  const whole = typeof note === 'string' ? note : readUtf8(note);
  if (whole === undefined || toUtf8(whole) === undefined) return 'is no UTF-8 text';
  // oxlint-disable-next-line no-control-regex -- the format refuses exactly these
  if (/[\u0000-\u0009\u000b-\u001f]/.test(whole)) return 'holds a control character';
  const end = whole.lastIndexOf('\n\n');
  if (end < 0 || !whole.endsWith('\n')) return 'has no signatures after an empty line';
  const signatures = whole.slice(end + 2, -1).split('\n');
  if (signatures.length > signaturesMax) return 'has too many signatures';
  const lines                  = [];
  for (const line of signatures) {
    const [, name, encoded] = /^— ([^ ]+) ([^ ]+)$/.exec(line) ?? [];
    const bytes = readBase64(encoded ?? '');
    if (!isName(name ?? '') || bytes === undefined || bytes.length <= idSize) {
      return `has the line \`${line.slice(0, 60)}\`, which is no signature`;
    }
    lines.push({ name: name , id: bytes.subarray(0, idSize), rest: bytes.subarray(idSize) });
  }
  return { text: whole.slice(0, end + 1), lines };
}

function readStamp(bytes            )                     {
  let time = 0;
  for (const byte of bytes) time = time * 256 + byte;
  return Number.isSafeInteger(time) ? time : undefined;
}

/** Returns what holds of one line under the key it names, undefined when nothing does. */
async function checkSignature(
  verifier                   ,
  key             ,
  rest            ,
  text        ,
)                                         {
  if (key.kind === 'note') {
    const message = toUtf8(text) ;
    const holds =
      rest.length === signatureSize && (await verifier.verify(key.publicKey, message, rest));
    return holds ? { key } : undefined;
  }
  const time = readStamp(rest.subarray(0, stampSize));
  if (rest.length !== stampSize + signatureSize || time === undefined) return undefined;
  const message = toUtf8(`cosignature/v1\ntime ${time}\n${text}`) ;
  const holds = await verifier.verify(key.publicKey, message, rest.subarray(stampSize));
  return holds ? { key, time } : undefined;
}

/** Returns the text of `note` and the signatures of `keys` that hold, or why it is refused. */
async function openNote(
  checks            ,
  note                     ,
  keys                        ,
)                      {
  const parts = takeApart(note);
  if (typeof parts === 'string') return { reason: parts };
  const signatures = new Map                                ();
  for (const { name, id, rest } of parts.lines) {
    const key = keys.find((one) => one.name === name && areEqual(one.id, id));
    if (key === undefined) continue;
    const signature = await checkSignature(checks.verifier, key, rest, parts.text);
    if (signature === undefined) return { reason: `has a wrong signature of \`${name}\`` };
    if (!signatures.has(key)) signatures.set(key, signature);
  }
  if (signatures.size === 0) return { reason: 'is signed by none of the trusted keys' };
  return { text: parts.text, signatures: [...signatures.values()] };
}
return { parseVerifierKey, openNote };
})();

// src/core/ledger/verification/follow-rotations.ts
const module_src_core_ledger_verification_follow_rotations = (() => {
/**
 * Follows the changes of a log's key: from a key one trusts to all others of the chain, each with the
 * sizes of tree it may sign. A change counts when both keys signed it and it stands in the ledger where
 * it says; a key that went signs nothing larger any more, and no key comes twice.
 */

const { openNote, parseVerifierKey } = module_src_core_ledger_verification_open_note;
const { readBase64, readWhole } = module_src_core_ledger_verification_read_text;

/** A change of key as an entry of the ledger tells it; nothing of it is believed. */

/** A key of the log, and the sizes of tree that it may sign. */

/** The keys that may be trusted, or why the chain does not hold. */

function isSame(one             , other             )          {
  return one.name === other.name && one.publicKey.every((byte, at) => byte === other.publicKey[at]);
}

/** Returns what one change says when both of its keys signed it, else why it is refused. */
async function openRotation(
  checks            ,
  { seq, note }               ,
)                             {
  const lines = note.slice(0, Math.max(0, note.lastIndexOf('\n\n'))).split('\n');
  const [form, origin, previousText = '', nextText = '', sizeText = '', rootText = ''] = lines;
  const previous = parseVerifierKey(checks.hasher, previousText);
  const next = parseVerifierKey(checks.hasher, nextText);
  const size = readWhole(sizeText);
  const root = readBase64(rootText);
  if (form !== 'sluice/key-rotation/v1' || lines.length !== 6) return 'has another form';
  if (previous?.kind !== 'note' || next?.kind !== 'note') return 'names what are no keys of a log';
  if (size === undefined || root?.length !== 32) return 'names no tree';
  if (previous.name !== origin || next.name !== origin) return 'is of another log';
  if (isSame(previous, next)) return 'changes nothing';
  if (size >= seq) return `was made over ${size} entries and stands in entry ${seq}`;
  const opened = await openNote(checks, note, [previous, next]);
  if ('reason' in opened) return opened.reason;
  if (opened.signatures.length !== 2) return 'is not signed by both keys';
  return { seq, previous, next, size, root };
}

/**
 * Returns the keys that `trusted`, verifier keys of the log, lead to by way of `rotations`. Without
 * any change of key they are trusted as they are, for trees of every size.
 */
async function followRotations(
  checks            ,
  rotations                          ,
  trusted                        ,
)                             {
  if (rotations.length === 0) {
    const everySize = { sizeMin: 0, sizeMax: Number.MAX_SAFE_INTEGER };
    return { keys: trusted.map((key) => ({ key, ...everySize })), heads: [] };
  }
  const keys               = [];
  const heads             = [];
  let last                         ;
  let sizeMin = 0;
  for (const claim of rotations.toSorted((one, other) => one.seq - other.seq)) {
    const { seq } = claim;
    const refused = (reason        )                    => ({
      seq,
      reason: `the change of key in entry ${seq} ${reason}`,
    });
    const rotation = await openRotation(checks, claim);
    if (typeof rotation === 'string') return refused(rotation);
    const { previous, next, size, root } = rotation;
    if (last !== undefined && !isSame(last, previous)) {
      return refused('does not follow on the key before it');
    }
    if (keys.some(({ key }) => isSame(key, next))) return refused('brings back a key that went');
    // A tree that holds the entry of the change is signed by the key that came.
    keys.push({ key: previous, sizeMin, sizeMax: seq - 1 });
    heads.push({ size, root });
    sizeMin = seq;
    last = next;
  }
  keys.push({ key: last , sizeMin, sizeMax: Number.MAX_SAFE_INTEGER });
  if (!trusted.some((one) => keys.some(({ key }) => isSame(key, one)))) {
    return { seq: 1, reason: 'no trusted key is among those that the log changed to and from' };
  }
  return { keys, heads };
}
return { followRotations };
})();

// src/core/ledger/verification/open-checkpoint.ts
const module_src_core_ledger_verification_open_checkpoint = (() => {
/**
 * Opens signed checkpoints: the note, then the three lines of its text, then who signed. A checkpoint
 * counts only when a trusted key of the log signed it and enough trusted witnesses cosigned.
 */

const { followRotations } = module_src_core_ledger_verification_follow_rotations;
const { openNote, parseVerifierKey } = module_src_core_ledger_verification_open_note;
const { readBase64, readWhole } = module_src_core_ledger_verification_read_text;

/** Whom the verifier trusts. */

/** A checkpoint that holds, or why it does not. */

/** Returns what the text of a checkpoint says, or undefined when it has another form. */
function parseCheckpoint(
  text        ,
)                                                                                               {
  if (!text.endsWith('\n')) return undefined;
  const [origin = '', sizeText = '', rootText = '', ...extensions] = text.slice(0, -1).split('\n');
  const size = readWhole(sizeText);
  const root = readBase64(rootText);
  if (origin === '' || size === undefined || root?.length !== 32) return undefined;
  if (extensions.includes('')) return undefined;
  return { origin, size, root, extensions };
}

function parseKeys(
  checks            ,
  texts                   ,
  kind                     ,
)                                  {
  const keys                = [];
  for (const text of texts) {
    const key = parseVerifierKey(checks.hasher, text);
    if (key?.kind !== kind) {
      return kind === 'note'
        ? `cannot be checked: \`${text.slice(0, 120)}\` is no verifier key of a log`
        : `cannot be checked: \`${text.slice(0, 120)}\` is no verifier key of a witness`;
    }
    keys.push(key);
  }
  return keys;
}

/** Whom the verifier trusts, worked out once for many checkpoints. */

/** Returns whom to trust, or why nobody can be; `seq` names the entry that is to blame, if one is. */
async function resolveTrust(
  checks            ,
  trusted             ,
)                                                                      {
  const named = parseKeys(checks, trusted.log, 'note');
  if (typeof named === 'string') return { reason: named };
  const witnessKeys = parseKeys(checks, trusted.witnesses ?? [], 'cosignature');
  if (typeof witnessKeys === 'string') return { reason: witnessKeys };
  const followed = await followRotations(checks, trusted.rotations ?? [], named);
  if ('reason' in followed) {
    return { reason: `cannot be checked: ${followed.reason}`, seq: followed.seq };
  }
  return {
    logKeys: followed.keys,
    heads: followed.heads,
    witnessKeys,
    witnessMin: trusted.witnessMin ?? 0,
    origin: trusted.origin,
  };
}

/** Returns what a signed checkpoint says when everyone signed who must have, or why it is refused. */
async function openCheckpoint(
  checks            ,
  note                     ,
  trusted             ,
)                            {
  const trust = await resolveTrust(checks, trusted);
  return 'reason' in trust ? { reason: trust.reason } : openTrusted(checks, note, trust);
}

/** Returns what a signed checkpoint says under a trust that was worked out before. */
async function openTrusted(
  checks            ,
  note                     ,
  { logKeys, witnessKeys, witnessMin, origin }       ,
)                            {
  const opened = await openNote(checks, note, [...logKeys.map(({ key }) => key), ...witnessKeys]);
  if ('reason' in opened) return opened;
  const { text, signatures } = opened;
  const checkpoint = parseCheckpoint(text);
  if (checkpoint === undefined) return { reason: 'is a signed note, but no checkpoint' };
  const ofLog = signatures.filter(
    ({ key }) => key.kind === 'note' && (origin ?? key.name) === checkpoint.origin,
  );
  if (ofLog.length === 0 || checkpoint.origin !== (origin ?? checkpoint.origin)) {
    return { reason: `is of \`${checkpoint.origin}\`, which no trusted key of the log signed for` };
  }
  const isInTime = ofLog.some(({ key: signed }) =>
    logKeys.some(
      ({ key, sizeMin, sizeMax }) =>
        key === signed && checkpoint.size >= sizeMin && checkpoint.size <= sizeMax,
    ),
  );
  if (!isInTime) {
    return {
      reason: `of ${checkpoint.size} entries is signed by a key that was not the log's then`,
    };
  }
  const witnesses = new Set(
    signatures.filter(({ key }) => key.kind === 'cosignature').map(({ key }) => key.name),
  );
  if (witnesses.size < witnessMin) {
    return { reason: `is cosigned by ${witnesses.size} of at least ${witnessMin} witnesses` };
  }
  return { ...checkpoint, signatures };
}
return { parseCheckpoint, resolveTrust, openCheckpoint, openTrusted };
})();

// src/core/ledger/verification/read-json.ts
const module_src_core_ledger_verification_read_json = (() => {
/**
 * JSON as it is exported, read strictly: text that would not be written the same again is refused, so
 * that no byte of it can change and mean the same.
 */
const { readUtf8 } = module_src_core_ledger_verification_read_text;

/** A JSON object whose values are still to be looked at. */

/** Returns the object that `bytes` are the one text of, with exactly `keys` in this order; else undefined. */
function readJsonMap(bytes            , keys                   )                      {
  const text = readUtf8(bytes);
  if (text === undefined) return undefined;
  try {
    const value          = JSON.parse(text);
    return JSON.stringify(value) === text ? asMap(value, keys) : undefined;
  } catch {
    return undefined;
  }
}

/** Returns `value` when it is an object with exactly `keys` in this order. */
function asMap(value         , keys                   )                      {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const found = Object.keys(value);
  const isSame = found.length === keys.length && found.every((key, at) => key === keys[at]);
  return isSame ? (value           ) : undefined;
}

/** Returns `value` when it is a list of text. */
function asTexts(value         )                                {
  return Array.isArray(value) && value.every((one) => typeof one === 'string') ? value : undefined;
}

/** Returns `value` when it is a whole number from 0 on. */
function asWhole(value         )                     {
  return Number.isSafeInteger(value) && (value          ) >= 0 ? (value          ) : undefined;
}
return { readJsonMap, asMap, asTexts, asWhole };
})();

// src/core/ledger/verification/verify-export.ts
const module_src_core_ledger_verification_verify_export = (() => {
/**
 * Checks exports line by line, in memory that does not grow with them: the log's signed statement of
 * what follows, then each entry by itself against the one checkpoint. The command line and the page
 * that an export can be are two callers of this.
 *
 * INVARIANT: no byte of an export can change, and no line go, come twice or elsewhere, without the
 * verdict naming the line.
 */
const { EntryChecker } = module_src_core_ledger_verification_check_entry;
const { verifyInclusion } = module_src_core_ledger_verification_check_proofs;

const { openTrusted, resolveTrust } = module_src_core_ledger_verification_open_checkpoint;
const { openNote } = module_src_core_ledger_verification_open_note;
const { asMap, asTexts, asWhole, readJsonMap } = module_src_core_ledger_verification_read_json;
const { readBase64, readUtf8, toUtf8 } = module_src_core_ledger_verification_read_text;

/** Whom the reader of an export trusts; by default whom the export names. */

/** What an export says of itself, proven by the log's signature. */

/** What holds of one line of an export. */

/** The verdict on an export. */

const statementKeys =
  'form from to count stream tenant at checkpoint key witnesses rotations'.split(' ');
const hashesMax = 64;
const newline = 0x0a;

function isTextOrNull(value         )                         {
  return value === null || typeof value === 'string';
}

/** Returns a group of payload fields as it is exported, or undefined when it has another form. */
function readGroup(value         )                          {
  const asText = asMap(value, ['name', 'payload', 'salt']);
  const map = asText ?? asMap(value, ['name', 'base64', 'salt']);
  if (map === undefined) return undefined;
  const { name, payload, base64, salt } = map;
  if (typeof name !== 'string' || typeof salt !== 'string') return undefined;
  const saltBytes = readBase64(salt);
  const content = asText === undefined ? base64 : payload;
  if (typeof content !== 'string' || saltBytes === undefined) return undefined;
  const bytes = asText === undefined ? readBase64(content) : toUtf8(content);
  if (bytes === undefined) return undefined;
  // Bytes that are text have one form only, the readable one.
  if (asText === undefined && readUtf8(bytes) !== undefined) return undefined;
  return { name, payload: bytes, salt: saltBytes };
}

function readEntry(map                     )                         {
  const seq = asWhole(map?.['seq']);
  const header = map?.['header'];
  const headerBytes = typeof header === 'string' ? toUtf8(header) : undefined;
  const hashes = asTexts(map?.['proof']);
  const stored = map?.['groups'];
  if (seq === undefined || headerBytes === undefined || hashes === undefined) return undefined;
  if (!Array.isArray(stored) || hashes.length > hashesMax) return undefined;
  const proof = hashes.map((hash) => readBase64(hash) ?? new Uint8Array(0));
  const groups = stored.map(readGroup);
  if (!groups.every((group) => group !== undefined)) return undefined;
  return { seq, entry: { headerBytes, groups }, proof };
}

const entryKeys = ['seq', 'header', 'groups', 'proof'];

/** Checks the lines of one export, in order. */
class ExportChecker {
  /** What the first line says, when it holds. */
  statement                               ;
  erasedCount = 0;
  firstErased = 0;
                   checks            ;
                   checker              ;
          lastSeq = 0;
          count = 0;

  constructor(checks            ) {
    this.checks = checks;
    this.checker = new EntryChecker(checks.hasher);
  }

  /** Reads the first line; returns why it is refused, undefined when it holds. */
  async begin(line            , trust              = {})                              {
    const whole = readJsonMap(line, ['export', 'signature']);
    const said = asMap(whole?.['export'], statementKeys);
    const signature = whole?.['signature'];
    if (said?.['form'] !== 'sluice/export/v1' || typeof signature !== 'string') {
      return 'the first line is no statement of an export';
    }
    const [from, to, count, at] = ['from', 'to', 'count', 'at'].map((key) => asWhole(said[key]));
    const { stream, tenant, checkpoint: note, key: verifierKey } = said;
    const witnesses = asTexts(said['witnesses']);
    const listed = said['rotations'];
    const isWhole =
      from !== undefined && to !== undefined && count !== undefined && at !== undefined;
    if (!isWhole || typeof note !== 'string' || typeof verifierKey !== 'string') {
      return 'the first line is no statement of an export';
    }
    if (!isTextOrNull(stream) || !isTextOrNull(tenant) || witnesses === undefined) {
      return 'the first line is no statement of an export';
    }
    const rotations = Array.isArray(listed)
      ? listed.map((one) => readEntry(asMap(one, entryKeys)))
      : [undefined];
    if (!rotations.every((one) => one !== undefined)) {
      return 'the first line holds what is no change of key';
    }
    const claims                  = [];
    for (const { seq, entry } of rotations) {
      const changed = readRotationNote(entry);
      if (changed === undefined) return `entry ${seq} in the first line is no change of key`;
      claims.push({ seq, note: changed });
    }
    const required = trust.witnesses ?? [];
    const resolved = await resolveTrust(this.checks, {
      log: trust.log ?? [verifierKey],
      rotations: claims,
      witnesses: trust.witnesses ?? witnesses,
      witnessMin: required.length,
    });
    if ('reason' in resolved) return `the first line ${resolved.reason}`;
    const checkpoint = await openTrusted(this.checks, note, resolved);
    if ('reason' in checkpoint) return `the checkpoint in the first line ${checkpoint.reason}`;
    // Whoever has one key of the chain may state what is exported only with the newest.
    const signing = resolved.logKeys.filter(({ sizeMax }) => checkpoint.size <= sizeMax);
    const text = `sluice/export/v1\n${JSON.stringify(said)}\n`;
    const keys = signing.map(({ key }) => key);
    const opened = await openNote(this.checks, `${text}\n${signature}`, keys);
    if ('reason' in opened) return `the statement in the first line ${opened.reason}`;
    if (
      !this.isPossible({
        from,
        to,
        count,
        size: checkpoint.size,
        isWhole: stream === null && tenant === null,
      })
    ) {
      return 'the first line says what cannot be';
    }
    for (const rotation of rotations) {
      const trouble = this.troubleOf(rotation, checkpoint);
      if (trouble !== undefined) return `the change of key in the first line ${trouble}`;
    }
    this.statement = { from, to, count, stream, tenant, at, checkpoint, verifierKey };
    this.lastSeq = from - 1;
    return undefined;
  }

          isPossible(said

   )          {
    const { from, to, count, size, isWhole } = said;
    const width = to - from + 1;
    return from >= 1 && to <= size && width >= 0 && (isWhole ? count === width : count <= width);
  }

  /** Checks the line of an entry. */
  take(line            )              {
    const { statement } = this;
    if (statement === undefined) return { verdict: 'broken', seq: 0, reason: 'comes too early' };
    const expected = this.lastSeq + 1;
    const parsed = readEntry(readJsonMap(line, entryKeys));
    if (parsed === undefined) {
      this.lastSeq = expected;
      this.count += 1;
      return { verdict: 'broken', seq: expected, reason: 'the line is no exported entry' };
    }
    const { seq, entry } = parsed;
    const hasGaps = statement.stream !== null || statement.tenant !== null;
    const broken = (reason        )              => ({ verdict: 'broken', seq, reason, entry });
    this.count += 1;
    if (seq < expected || seq > statement.to || (!hasGaps && seq > expected)) {
      this.lastSeq = Math.max(this.lastSeq, Math.min(seq, statement.to));
      return broken(
        !hasGaps
          ? `entry ${seq} stands where entry ${expected} belongs`
          : `entry ${seq} stands behind entry ${this.lastSeq}`,
      );
    }
    this.lastSeq = seq;
    const trouble = this.troubleOf(parsed, statement.checkpoint);
    if (trouble !== undefined) return broken(`entry ${seq} ${trouble}`);
    if (statement.stream !== null && this.checker.stream() !== statement.stream) {
      return broken(`entry ${seq} is of another stream`);
    }
    if (statement.tenant !== null && this.checker.tenant() !== statement.tenant) {
      return broken(`entry ${seq} is of another tenant`);
    }
    const erased = this.checker.erased();
    if (erased.length === 0) return { verdict: 'valid', seq, entry };
    if (this.erasedCount === 0) this.firstErased = seq;
    this.erasedCount += erased.length;
    return { verdict: 'erased', seq, entry, erased: [...erased] };
  }

  /** Returns what is missing after the last line, undefined when nothing is. */
  end()                     {
    if (this.statement === undefined) return 'there is no export';
    const { count, from, to } = this.statement;
    if (this.count === count) return undefined;
    const said = `the first line says ${count} of entries ${from} to ${to}`;
    return this.count < count
      ? `the export ends after ${this.count} entries; ${said}`
      : `the export holds ${this.count} entries; ${said}`;
  }

  /** Place of the entry that was expected next; for naming what is missing. */
  get nextSeq()         {
    return this.lastSeq + 1;
  }

          troubleOf(
    { seq, entry, proof }            ,
    tree                                                      ,
  )                     {
    const trouble = this.checker.trouble(entry, seq);
    if (trouble !== undefined) return trouble;
    const leaf = this.checker.leafHash();
    if (verifyInclusion(this.checks.hasher, leaf, seq - 1, tree, proof)) return undefined;
    return 'is not the one under the checkpoint: its proof does not lead to the root';
  }
}

/** Returns whether a header, which is known to be canonical, is of an entry that records a change of key. */
function isRotation(headerBytes            )          {
  return readUtf8(headerBytes)?.endsWith(',"type":"ledger-key-rotated"}') === true;
}

/** Returns the note of the change of key that `entry` records, undefined where it records none. */
function readRotationNote({ headerBytes, groups }             )                     {
  if (!isRotation(headerBytes)) return undefined;
  for (const { payload } of groups) {
    const map = payload === undefined ? undefined : readJsonMap(payload, ['rotation']);
    if (typeof map?.['rotation'] === 'string') return map['rotation'];
  }
  return undefined;
}

/** Returns the lines of `chunks` without their newlines; the last is marked when it has none. */
async function* linesOf(
  chunks                                                  ,
)                                                                            {
  let held               = [];
  const joined = (last            )             => {
    if (held.length === 0) return last;
    const bytes = new Uint8Array(held.reduce((size, one) => size + one.length, last.length));
    let at = 0;
    for (const one of [...held, last]) {
      bytes.set(one, at);
      at += one.length;
    }
    held = [];
    return bytes;
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, start)) {
      yield { bytes: joined(chunk.subarray(start, end)), isWhole: true };
      start = end + 1;
    }
    if (start < chunk.length) held.push(chunk.slice(start));
  }
  if (held.length > 0) yield { bytes: joined(new Uint8Array(0)), isWhole: false };
}

/**
 * Returns the verdict on the export that `chunks` are the bytes of; it stops at the first bad line. Each
 * line that holds is told to `onLine`, who may compare what is erased with what records it.
 */
async function verifyExport(
  checks            ,
  chunks                                                  ,
  trust              = {},
  onLine                                               = () => {},
)                         {
  const checker = new ExportChecker(checks);
  let line = 0;
  for await (const { bytes, isWhole } of linesOf(chunks)) {
    line += 1;
    if (line === 1) {
      const reason = isWhole ? await checker.begin(bytes, trust) : 'the first line has no end';
      if (reason !== undefined) return { verdict: 'broken', line, reason };
      continue;
    }
    const taken = checker.take(bytes);
    const { seq } = taken;
    if (taken.reason !== undefined) return { verdict: 'broken', line, seq, reason: taken.reason };
    if (!isWhole)
      return { verdict: 'broken', line, seq, reason: `the line of entry ${seq} has no end` };
    onLine(taken, line);
  }
  const missing = checker.end();
  if (missing !== undefined) {
    const { statement, nextSeq } = checker;
    const hasGaps = statement?.stream !== null || statement.tenant !== null;
    const named = hasGaps ? {} : { seq: nextSeq };
    return { verdict: 'broken', line: line + 1, ...named, reason: missing };
  }
  const { erasedCount, firstErased } = checker;
  const verdict = erasedCount === 0 ? 'valid' : 'erased';
  return { verdict, statement: checker.statement , erasedCount, firstErased };
}
return { readGroup, ExportChecker, isRotation, readRotationNote, linesOf, verifyExport };
})();

// console/ledger-page/sha256.ts
const module_console_ledger_page_sha256 = (() => {
/**
 * SHA-256 in plain code, because the verifier hashes at once and the browser's own answers later. It
 * follows FIPS 180-4; a test compares it with Node's.
 */

/** Returns the first `count` primes. */
function primes(count        )                    {
  const found           = [];
  for (let candidate = 2; found.length < count; candidate += 1) {
    if (found.every((prime) => candidate % prime !== 0)) found.push(candidate);
  }
  return found;
}

/** Returns the first 32 bits of what stands behind the point of `value`. */
function fractionBits(value        )         {
  return ((value - Math.floor(value)) * 2 ** 32) | 0;
}

const roundConstants = Int32Array.from(primes(64), (prime) => fractionBits(Math.cbrt(prime)));
const startState = Int32Array.from(primes(8), (prime) => fractionBits(Math.sqrt(prime)));
const blockSize = 64;
const schedule = new Int32Array(64);

function turn(word        , by        )         {
  return (word >>> by) | (word << (32 - by));
}

function mixBlock(state            , view          , at        )       {
  const w = schedule;
  for (let index = 0; index < 16; index += 1) w[index] = view.getInt32(at + index * 4);
  for (let index = 16; index < 64; index += 1) {
    const [early, late] = [w[index - 15] , w[index - 2] ];
    const first = turn(early, 7) ^ turn(early, 18) ^ (early >>> 3);
    const second = turn(late, 17) ^ turn(late, 19) ^ (late >>> 10);
    w[index] = (w[index - 16]  + first + w[index - 7]  + second) | 0;
  }
  let [a, b, c, d, e, f, g, h] = state

   ;
  for (let index = 0; index < 64; index += 1) {
    const choice = (e & f) ^ (~e & g);
    const majority = (a & b) ^ (a & c) ^ (b & c);
    const sum1 = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25);
    const sum0 = turn(a, 2) ^ turn(a, 13) ^ turn(a, 22);
    const one = (h + sum1 + choice + roundConstants[index]  + w[index] ) | 0;
    const two = (sum0 + majority) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + one) | 0;
    d = c;
    c = b;
    b = a;
    a = (one + two) | 0;
  }
  for (const [index, word] of [a, b, c, d, e, f, g, h].entries()) {
    state[index] = (state[index]  + word) | 0;
  }
}

/** SHA-256. */
const plainHasher         = {
  sha256(bytes) {
    const size = Math.ceil((bytes.length + 9) / blockSize) * blockSize;
    const padded = new Uint8Array(size);
    padded.set(bytes);
    padded[bytes.length] = 0x80;
    const view = new DataView(padded.buffer);
    view.setUint32(size - 8, Math.floor(bytes.length / 2 ** 29));
    view.setUint32(size - 4, (bytes.length * 8) >>> 0);
    const state = startState.slice();
    for (let at = 0; at < size; at += blockSize) mixBlock(state, view, at);
    const digest = new Uint8Array(32);
    const target = new DataView(digest.buffer);
    for (let index = 0; index < 8; index += 1) target.setInt32(index * 4, state[index] );
    return digest;
  },
};
return { plainHasher };
})();

// console/ledger-page/check-export.ts
const module_console_ledger_page_check_export = (() => {
/**
 * Checks the export that the page holds: the same verifier as everywhere, with this browser's Ed25519.
 * It yields to the browser between pieces, so that the page stays alive.
 */
const { hashLeaf } = module_src_core_ledger_verification_check_proofs;

const { readUtf8, toUtf8 } = module_src_core_ledger_verification_read_text;
const { readHeader } = module_src_core_ledger_verification_scan_header;
const { ExportChecker } = module_src_core_ledger_verification_verify_export;
const { plainHasher } = module_console_ledger_page_sha256;

/** One entry, with all that a reader may want to see of it. */

/** What was found. */

const pieceSize = 200;

/** Returns whether this browser checks Ed25519. */
async function canCheckSignatures()                   {
  try {
    await crypto.subtle.importKey('raw', new Uint8Array(32), 'Ed25519', false, ['verify']);
    return true;
  } catch {
    // Browsers that do not know the name refuse it, each with a trouble of its own.
    return false;
  }
}

const checks             = {
  hasher: plainHasher,
  verifier: {
    async verify(publicKey, message, signature) {
      const raw = Uint8Array.from(publicKey);
      const key = await crypto.subtle.importKey('raw', raw, 'Ed25519', false, ['verify']);
      const parts = [Uint8Array.from(signature), Uint8Array.from(message)]         ;
      return crypto.subtle.verify('Ed25519', key, parts[0], parts[1]);
    },
  },
};

function hexOf(bytes            )         {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function describe({ seq, verdict, reason, erased = [], entry }             )               {
  const headerBytes = entry?.headerBytes ?? new Uint8Array(0);
  const payloads = (entry?.groups ?? []).map(({ name, payload = new Uint8Array(0) }) => ({
    group: name,
    text: readUtf8(payload) ?? hexOf(payload),
  }));
  return {
    seq,
    verdict,
    reason,
    erased,
    header: readHeader(headerBytes),
    headerText: readUtf8(headerBytes) ?? '',
    leaf: entry === undefined ? '' : hexOf(hashLeaf(plainHasher, headerBytes)),
    payloads,
  };
}

/** Returns the bytes of a line as it was exported; the page holds it with `<` written otherwise. */
function lineBytes(line        )             {
  try {
    return toUtf8(JSON.stringify(JSON.parse(line))) ?? new Uint8Array(0);
  } catch {
    // What is no JSON is handed on as it is, and refused with the place it stands at.
    return toUtf8(line) ?? new Uint8Array(0);
  }
}

/** Returns what holds of `lines`; `log` are the keys that the reader trusts, if he named any. */
async function checkExport(
  lines                   ,
  log                               ,
  onProgress                        ,
)                         {
  const checker = new ExportChecker(checks);
  const [first, ...rest] = lines;
  const refused = await checker.begin(lineBytes(first ?? ''), log === undefined ? {} : { log });
  if (refused !== undefined) return { statement: undefined, entries: [], reason: refused };
  const entries                 = [];
  for (const line of rest) {
    entries.push(describe(checker.take(lineBytes(line))));
    if (entries.length % pieceSize > 0) continue;
    onProgress(entries.length);
    await new Promise((resolve) => {
      setTimeout(resolve);
    });
  }
  return { statement: checker.statement, entries, reason: checker.end() };
}
return { canCheckSignatures, checkExport };
})();

// console/ledger-page/visible-text.ts
const module_console_ledger_page_visible_text = (() => {
/**
 * Text from outside, as something to look at: characters that cannot be seen, or that change how others
 * are seen, become their code in a mark. Nothing is ever read as HTML.
 */

/** A piece of text: as it is, or the code of a character that would not show. */

/** Control, format (bidi, zero width, tags), surrogate and private characters, and odd blanks. */
const hidden =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Variation_Selector}\u115f\u1160\u3164\uffa0]/u;

/** Returns `text` in pieces; line ends and tabs stay as they are where `isBlock`. */
function textPieces(text        , isBlock = false)                       {
  const pieces              = [];
  let plain = '';
  for (const character of text) {
    const isLayout = isBlock && (character === '\n' || character === '\t');
    if (isLayout || !hidden.test(character)) {
      plain += character;
      continue;
    }
    if (plain !== '') pieces.push({ text: plain, isHidden: false });
    plain = '';
    const code = character.codePointAt(0) .toString(16).toUpperCase().padStart(4, '0');
    pieces.push({ text: `U+${code}`, isHidden: true });
  }
  if (plain !== '') pieces.push({ text: plain, isHidden: false });
  return pieces;
}
return { textPieces };
})();

// console/ledger-page/page.ts
const module_console_ledger_page_page = (() => {
/**
 * The page that an export can be: it verifies itself when it is opened, shows each entry with its
 * verdict, and lets the reader search. It has no network and no memory beyond the file.
 */
const { canCheckSignatures, checkExport } = module_console_ledger_page_check_export;
const { textPieces } = module_console_ledger_page_visible_text;

const pageRows = 100;

const shown        = {
  checked: { statement: undefined, entries: [], reason: undefined },
  matching: [],
  page: 0,
};

function part                       (id        )    {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no part ${id}`);
  return found     ;
}

/** Returns an element with text in it, hidden characters made visible. */
function element(tag        , text = '', className = '', isBlock = false)              {
  const made = document.createElement(tag);
  if (className !== '') made.className = className;
  for (const piece of textPieces(text, isBlock)) {
    if (!piece.isHidden) made.append(piece.text);
    else {
      const mark = document.createElement('mark');
      mark.textContent = piece.text;
      mark.title = 'a character that would not show';
      made.append(mark);
    }
  }
  return made;
}

const icons = { valid: '✓', erased: '○', broken: '✕', unknown: '?' }         ;

function badge(standing          , word         = standing)              {
  const made = element('span', '', `badge ${standing}`);
  const icon = element('span', icons[standing], 'icon');
  icon.setAttribute('aria-hidden', 'true');
  made.append(icon, word);
  return made;
}

function timeText(at        )         {
  return `${new Date(at).toISOString().replace('T', ' ').slice(0, 19)} UTC`;
}

function readablePayload(text        )         {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    // Not every payload is JSON; the others are shown letter by letter.
    return text;
  }
}

function pair(term        , value                      , className = '')              {
  const row = element('div', '', 'pair');
  const description = document.createElement('dd');
  description.append(typeof value === 'string' ? element('span', value, className) : value);
  row.append(element('dt', term), description);
  return row;
}

function details({
  header,
  headerText,
  leaf,
  payloads,
  erased,
  reason,
}              )              {
  const box = element('div', '', 'details');
  if (reason !== undefined) box.append(element('p', reason, 'reason'));
  for (const { group, text } of payloads) {
    box.append(element('h3', payloads.length > 1 ? `Payload: ${group}` : 'Payload'));
    box.append(element('pre', readablePayload(text), '', true));
  }
  for (const group of erased) {
    box.append(
      element(
        'p',
        `The payload “${group}” was erased or left out. Its commitment is part of the header, so it cannot be replaced by another.`,
        'note',
      ),
    );
  }
  const list = document.createElement('dl');
  if (header !== undefined && header.subjects.length > 0) {
    list.append(pair('Subjects', header.subjects.join(', '), 'mono'));
  }
  list.append(pair('Leaf', leaf, 'mono'));
  box.append(list, element('h3', 'Header, as it was hashed'), element('pre', headerText, 'wrap'));
  return box;
}

function entryItem(entry              )              {
  const { seq, verdict, header } = entry;
  const item = document.createElement('details');
  item.className = 'entry';
  const summary = document.createElement('summary');
  const when = document.createElement('time');
  when.textContent = header === undefined ? '' : timeText(header.at).slice(0, -4);
  summary.append(
    element('span', seq === 0 ? '' : `${seq}`, 'seq'),
    element('span', header?.type ?? 'unreadable', 'type'),
    element('span', header?.stream ?? '', 'stream'),
    element('span', header?.actor ?? '', 'actor'),
    when,
    badge(verdict),
  );
  item.append(summary);
  // Made when it is opened: most entries never are.
  item.addEventListener('toggle', () => {
    if (item.open && item.childElementCount === 1) item.append(details(entry));
  });
  return item;
}

function showRows()       {
  const { matching, page } = shown;
  const pages = Math.max(1, Math.ceil(matching.length / pageRows));
  const from = page * pageRows;
  part('rows').replaceChildren(...matching.slice(from, from + pageRows).map(entryItem));
  part('empty').hidden = matching.length > 0;
  part('found').textContent =
    matching.length === 1 ? '1 entry' : `${matching.length.toLocaleString('en')} entries`;
  part('place').textContent = `Page ${page + 1} of ${pages}`;
  part('pager').hidden = pages === 1;
  part                   ('before').disabled = page === 0;
  part                   ('after').disabled = page === pages - 1;
}

function searchText({ headerText, payloads, reason = '' }              )         {
  return [headerText, reason, ...payloads.map(({ text }) => text)].join('\n').toLowerCase();
}

function search()       {
  const words = part                  ('search').value.toLowerCase().split(/\s+/);
  const wanted = part                   ('verdicts').value;
  shown.matching = shown.checked.entries.filter((entry) => {
    if (wanted !== '' && entry.verdict !== wanted) return false;
    if (words.every((word) => word === '')) return true;
    const text = searchText(entry);
    return words.every((word) => text.includes(word));
  });
  shown.page = 0;
  showRows();
}

function turnPage(by        )       {
  shown.page += by;
  showRows();
  part('entries').scrollIntoView({ block: 'start' });
}

function showVerdict(standing          , title        , text        )       {
  const banner = part('verdict');
  banner.className = `verdict ${standing}`;
  const icon = element('span', icons[standing], 'icon');
  icon.setAttribute('aria-hidden', 'true');
  const words = document.createElement('div');
  words.append(element('h2', title), element('p', text));
  banner.replaceChildren(icon, words);
  document.title = `${title} – ledger export`;
}

function showStatement({ statement }               )       {
  const list = part('statement');
  if (statement === undefined) {
    list.replaceChildren();
    return;
  }
  const { checkpoint, from, to, count, stream, at, verifierKey } = statement;
  const root = Array.from(checkpoint.root, (byte) => byte.toString(16).padStart(2, '0')).join('');
  const witnesses = checkpoint.signatures.filter(({ key }) => key.kind === 'cosignature');
  list.replaceChildren(
    pair('Ledger', checkpoint.origin, 'mono'),
    pair(
      'Entries',
      `${count}, from ${from} to ${to}${stream === null ? '' : `, of the stream ${stream} only`}`,
    ),
    pair('Checkpoint', `${checkpoint.size} entries`),
    pair('Root', root, 'mono'),
    pair('Exported', timeText(at)),
    pair('Key it names', verifierKey, 'mono'),
    ...(witnesses.length === 0
      ? []
      : [pair('Cosigned by', witnesses.map(({ key }) => key.name).join(', '), 'mono')]),
  );
}

function judge(checked               , isTrusted         )       {
  const { entries, reason } = checked;
  const bad = entries.filter(({ verdict }) => verdict === 'broken');
  const erased = entries.filter(({ verdict }) => verdict === 'erased').length;
  if (checked.statement === undefined) {
    showVerdict('broken', 'Broken', `${reason ?? 'The export cannot be read'}. No entry is shown.`);
    return;
  }
  if (bad.length > 0 || reason !== undefined) {
    const first = bad[0]?.reason ?? reason ?? '';
    const more = bad.length > 1 ? ` ${bad.length} entries do not hold.` : '';
    showVerdict('broken', 'Broken', `First: ${first}.${more}`);
    return;
  }
  const under = isTrusted
    ? 'Signed under the key that you named.'
    : 'Signed under the key that the file names itself: compare it with one that you have from elsewhere.';
  if (erased > 0) {
    const sentence = `All is as it was sealed; payloads of ${erased} ${erased === 1 ? 'entry' : 'entries'} were erased or left out. ${under}`;
    showVerdict('erased', 'Valid, with erased payloads', sentence);
  } else showVerdict('valid', 'Valid', `Every entry is as it was sealed. ${under}`);
}

async function verify()                {
  const button = part                   ('again');
  button.disabled = true;
  showVerdict('unknown', 'Verifying', 'Hashing entries and checking signatures.');
  // Read again each time: what somebody altered on the page is what is checked.
  const text = part('export').textContent;
  const lines = text.split('\n').filter((line) => line !== '');
  const key = part                  ('key').value.trim();
  if (!(await canCheckSignatures())) {
    showVerdict(
      'unknown',
      'Not verified',
      'This browser cannot check Ed25519 signatures. Use a current Chromium, Firefox or Safari, or “sluice ledger verify” with the export as lines of JSON.',
    );
    return;
  }
  const total = lines.length - 1;
  const checked = await checkExport(lines, key === '' ? undefined : [key], (done) => {
    showVerdict('unknown', 'Verifying', `${done} of ${total} entries.`);
  });
  shown.checked = checked;
  showStatement(checked);
  judge(checked, key !== '');
  search();
  button.disabled = false;
}

function begin()       {
  part('trust').addEventListener('submit', (event) => {
    event.preventDefault();
    void verify();
  });
  part('search').addEventListener('input', search);
  part('verdicts').addEventListener('change', search);
  part('before').addEventListener('click', () => turnPage(-1));
  part('after').addEventListener('click', () => turnPage(1));
  void verify();
}

begin();
return {  };
})();
