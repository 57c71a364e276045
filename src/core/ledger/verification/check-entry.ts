/**
 * Checks one entry by itself: the form of its header, its place, and each group of payload fields
 * against what the header promises. Says also what the leaf of the entry hashes to.
 */
import type { Hasher } from '../primitives.ts';
import { areEqual } from './read-text.ts';
import { ReusedBuffer } from './reused-buffer.ts';
import { HeaderScanner } from './scan-header.ts';

/** One group of payload fields as it is stored; an erased one has neither payload nor salt. */
export interface StoredGroup {
  readonly name: string;
  readonly payload?: Uint8Array;
  readonly salt?: Uint8Array;
}

/** An entry as it is stored. A group of the header that is not among `groups` counts as erased. */
export interface StoredEntry {
  readonly headerBytes: Uint8Array;
  readonly groups: readonly StoredGroup[];
}

const saltSize = 32;
const label = Uint8Array.from('sluice/commitment/v1', (letter) => letter.charCodeAt(0));

/** Checks entries one after the other. */
export class EntryChecker {
  /** How many groups of the last entry are erased, and which. */
  erasedCount = 0;
  private readonly erasedGroups: string[] = [];
  private readonly hasher: Hasher;
  private readonly scanner = new HeaderScanner();
  private readonly buffer = new ReusedBuffer();
  /** The group whose name the buffer begins with. */
  private groupName = '';

  constructor(hasher: Hasher) {
    this.hasher = hasher;
  }

  /** Returns what is wrong with the entry that stands at the place `seq`, undefined when nothing is. */
  trouble(entry: StoredEntry, seq: number): string | undefined {
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
      const { name } = entry.groups[index]!;
      if (entry.groups.findIndex((group) => group.name === name) < index) {
        return `has the group \`${name}\` twice`;
      }
    }
    this.erasedCount = scanner.groupCount - presentCount;
    if (this.erasedCount > 0) this.findErased(entry);
    return undefined;
  }

  /** Returns the names of the erased groups of the last entry. */
  erased(): readonly string[] {
    return this.erasedCount === 0 ? [] : this.erasedGroups;
  }

  /** Returns the stream of the last entry. */
  stream(): string {
    return this.scanner.stream();
  }

  /** Returns the tenant of the last entry. */
  tenant(): string {
    return this.scanner.tenant();
  }

  /** Returns the hash of the leaf of the last entry. */
  leafHash(): Uint8Array {
    return this.hasher.sha256(this.scanner.leafBytes());
  }

  private groupHash(name: string, salt: Uint8Array, payload: Uint8Array): Uint8Array {
    const saltStart = label.length + 1 + name.length + 1;
    const size = saltStart + saltSize + payload.length;
    if (this.buffer.reserve(size) || name !== this.groupName) this.prepareGroup(name);
    const { bytes } = this.buffer;
    bytes.set(salt, saltStart);
    bytes.set(payload, saltStart + saltSize);
    return this.hasher.sha256(this.buffer.beginning(size));
  }

  /** Writes what all commitments to groups of that name begin with. */
  private prepareGroup(name: string): void {
    const { bytes } = this.buffer;
    bytes.set(label);
    bytes[label.length] = 0;
    for (let at = 0; at < name.length; at += 1) bytes[label.length + 1 + at] = name.charCodeAt(at);
    bytes[label.length + 1 + name.length] = 0;
    this.groupName = name;
  }

  private findErased(entry: StoredEntry): void {
    this.erasedGroups.length = 0;
    for (let index = 0; index < this.scanner.groupCount; index += 1) {
      const name = this.scanner.groupName(index);
      const group = entry.groups.find((one) => one.name === name);
      if (group?.payload === undefined) this.erasedGroups.push(name);
    }
  }
}
