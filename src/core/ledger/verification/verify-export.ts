/**
 * Checks exports line by line, in memory that does not grow with them: the log's signed statement of
 * what follows, then each entry by itself against the one checkpoint. The command line and the page
 * that an export can be are two callers of this.
 *
 * INVARIANT: no byte of an export can change, and no line go, come twice or elsewhere, without the
 * verdict naming the line.
 */
import { EntryChecker, type StoredEntry, type StoredGroup } from './check-entry.ts';
import { verifyInclusion } from './check-proofs.ts';
import type { RotationClaim } from './follow-rotations.ts';
import { type OpenedCheckpoint, openTrusted, resolveTrust } from './open-checkpoint.ts';
import { type NoteChecks, openNote } from './open-note.ts';
import { asMap, asTexts, asWhole, type JsonMap, readJsonMap } from './read-json.ts';
import { readBase64, readUtf8, toUtf8 } from './read-text.ts';

/** Whom the reader of an export trusts; by default whom the export names. */
export interface ExportTrust {
  readonly log?: readonly string[];
  /** Verifier keys of witnesses, each of whom must have cosigned the checkpoint. */
  readonly witnesses?: readonly string[];
}

/** What an export says of itself, proven by the log's signature. */
export interface VerifiedStatement {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** The only stream, and the only tenant, of which there are entries; null for all. */
  readonly stream: string | null;
  readonly tenant: string | null;
  readonly at: number;
  readonly checkpoint: Exclude<OpenedCheckpoint, { readonly reason: string }>;
  /** The key that the export names. */
  readonly verifierKey: string;
}

/** What holds of one line of an export. */
export interface LineVerdict {
  readonly verdict: 'valid' | 'erased' | 'broken';
  /** The place that the line claims; 0 where it claims none. */
  readonly seq: number;
  /** Why it is broken. */
  readonly reason?: string;
  /** Header and groups as far as they could be read. */
  readonly entry?: StoredEntry;
  readonly erased?: readonly string[];
}

/** The verdict on an export. */
export type ExportVerdict =
  | {
      readonly verdict: 'valid' | 'erased';
      readonly statement: VerifiedStatement;
      readonly erasedCount: number;
      /** The first entry with an erased group; 0 where none is. */
      readonly firstErased: number;
    }
  | {
      readonly verdict: 'broken';
      /** Line of the file, from 1 on. */
      readonly line: number;
      /** The entry on that line, where one can be named. */
      readonly seq?: number;
      readonly reason: string;
    };

const statementKeys =
  'form from to count stream tenant at checkpoint key witnesses rotations'.split(' ');
const hashesMax = 64;
const newline = 0x0a;

interface ParsedLine {
  readonly seq: number;
  readonly entry: StoredEntry;
  readonly proof: readonly Uint8Array[];
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || typeof value === 'string';
}

/** Returns a group of payload fields as it is exported, or undefined when it has another form. */
export function readGroup(value: unknown): StoredGroup | undefined {
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

function readEntry(map: JsonMap | undefined): ParsedLine | undefined {
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
export class ExportChecker {
  /** What the first line says, when it holds. */
  statement: VerifiedStatement | undefined;
  erasedCount = 0;
  firstErased = 0;
  private readonly checks: NoteChecks;
  private readonly checker: EntryChecker;
  private lastSeq = 0;
  private count = 0;

  constructor(checks: NoteChecks) {
    this.checks = checks;
    this.checker = new EntryChecker(checks.hasher);
  }

  /** Reads the first line; returns why it is refused, undefined when it holds. */
  async begin(line: Uint8Array, trust: ExportTrust = {}): Promise<string | undefined> {
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
    const claims: RotationClaim[] = [];
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

  private isPossible(said: {
    readonly from: number;
    readonly to: number;
    readonly count: number;
    readonly size: number;
    readonly isWhole: boolean;
  }): boolean {
    const { from, to, count, size, isWhole } = said;
    const width = to - from + 1;
    return from >= 1 && to <= size && width >= 0 && (isWhole ? count === width : count <= width);
  }

  /** Checks the line of an entry. */
  take(line: Uint8Array): LineVerdict {
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
    const broken = (reason: string): LineVerdict => ({ verdict: 'broken', seq, reason, entry });
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
  end(): string | undefined {
    if (this.statement === undefined) return 'there is no export';
    const { count, from, to } = this.statement;
    if (this.count === count) return undefined;
    const said = `the first line says ${count} of entries ${from} to ${to}`;
    return this.count < count
      ? `the export ends after ${this.count} entries; ${said}`
      : `the export holds ${this.count} entries; ${said}`;
  }

  /** Place of the entry that was expected next; for naming what is missing. */
  get nextSeq(): number {
    return this.lastSeq + 1;
  }

  private troubleOf(
    { seq, entry, proof }: ParsedLine,
    tree: { readonly size: number; readonly root: Uint8Array },
  ): string | undefined {
    const trouble = this.checker.trouble(entry, seq);
    if (trouble !== undefined) return trouble;
    const leaf = this.checker.leafHash();
    if (verifyInclusion(this.checks.hasher, leaf, seq - 1, tree, proof)) return undefined;
    return 'is not the one under the checkpoint: its proof does not lead to the root';
  }
}

/** Returns whether a header, which is known to be canonical, is of an entry that records a change of key. */
export function isRotation(headerBytes: Uint8Array): boolean {
  return readUtf8(headerBytes)?.endsWith(',"type":"ledger-key-rotated"}') === true;
}

/** Returns the note of the change of key that `entry` records, undefined where it records none. */
export function readRotationNote({ headerBytes, groups }: StoredEntry): string | undefined {
  if (!isRotation(headerBytes)) return undefined;
  for (const { payload } of groups) {
    const map = payload === undefined ? undefined : readJsonMap(payload, ['rotation']);
    if (typeof map?.['rotation'] === 'string') return map['rotation'];
  }
  return undefined;
}

/** Returns the lines of `chunks` without their newlines; the last is marked when it has none. */
export async function* linesOf(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<{ readonly bytes: Uint8Array; readonly isWhole: boolean }> {
  let held: Uint8Array[] = [];
  const joined = (last: Uint8Array): Uint8Array => {
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
export async function verifyExport(
  checks: NoteChecks,
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  trust: ExportTrust = {},
  onLine: (verdict: LineVerdict, line: number) => void = () => {},
): Promise<ExportVerdict> {
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
  return { verdict, statement: checker.statement!, erasedCount, firstErased };
}
