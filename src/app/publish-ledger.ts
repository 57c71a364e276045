/**
 * Writes the ledger as files that any web server or bucket can serve: the checkpoint, the tree in tiles
 * and the headers in bundles as C2SP's `tlog-tiles` lays them out, and on request the payloads beside.
 *
 * INVARIANT: the checkpoint is written last and never goes back, so a reader finds all it promises.
 */
import { existsSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Failure } from '../core/failure/index.ts';
import {
  encodeBase64,
  parseCheckpoint,
  readUtf8,
  type StoredEntry,
  tileOf,
  tilePath,
  tileWidth,
} from '../core/ledger/index.ts';
import {
  currentSigner,
  type LedgerParts,
  makeCheckpoint,
  rootAt,
  rotationClaims,
  storedEntry,
  verifierKeyOf,
  withCosignatures,
} from '../runtime/sealer/index.ts';

/** The most bytes of a header in a bundle, whose lengths have 16 bits. */
const headerBytesMax = 65_535;

/** Returns the path of a bundle of headers, or of payloads, in a ledger of `size` entries. */
export function bundlePath(kind: 'entries' | 'payloads', index: number, size: number): string {
  const width = Math.min(tileWidth, size - index * tileWidth);
  const path = tilePath({ level: 0, index, width }).slice('tile/0/'.length);
  return kind === 'entries' ? `tile/entries/${path}` : `payloads/${path}`;
}

/** Writes files below a folder, each whole or not at all. */
class StaticFolder {
  fileCount = 0;
  private readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  has(path: string): boolean {
    return existsSync(join(this.folder, path));
  }

  async read(path: string): Promise<Buffer | undefined> {
    return this.has(path) ? readFile(join(this.folder, path)) : undefined;
  }

  async write(path: string, content: Uint8Array | string): Promise<void> {
    const bytes = Buffer.from(content);
    if ((await this.read(path))?.equals(bytes) === true) return;
    const place = join(this.folder, path);
    await mkdir(dirname(place), { recursive: true });
    const half = `${place}.part`;
    const file = await open(half, 'w', 0o644);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(half, place);
    this.fileCount += 1;
  }

  /** Removes what a growing file was when it was smaller. */
  async forget(path: string): Promise<void> {
    const growing = path.replace(/\.p\/\d+$/, '.p');
    if (growing === path) return this.remove(`${path}.p`);
    for (const name of await readdir(join(this.folder, growing))) {
      if (!path.endsWith(`/${name}`)) await this.remove(`${growing}/${name}`);
    }
  }

  async remove(path: string): Promise<void> {
    await rm(join(this.folder, path), { recursive: true, force: true });
  }
}

function headerBundle(entries: readonly StoredEntry[]): Uint8Array {
  return Buffer.concat(
    entries.flatMap(({ headerBytes }, at) => {
      if (headerBytes.length > headerBytesMax) {
        throw new Failure(
          'ledger.too-large',
          `the header of entry ${at + 1} of a bundle is too long`,
          {
            help: 'export the ledger instead',
          },
        );
      }
      const length = Buffer.alloc(2);
      length.writeUInt16BE(headerBytes.length);
      return [length, headerBytes];
    }),
  );
}

function payloadLines(entries: readonly StoredEntry[]): string {
  return entries
    .map(({ groups }) => {
      const documents = groups.flatMap(({ name, payload, salt }) => {
        if (payload === undefined || salt === undefined) return [];
        const text = readUtf8(payload);
        const content = text === undefined ? { base64: encodeBase64(payload) } : { payload: text };
        return [{ name, ...content, salt: encodeBase64(salt) }];
      });
      return `${JSON.stringify(documents)}\n`;
    })
    .join('');
}

/** Returns how many entries the folder says it has; throws when they are not a beginning of this ledger. */
async function publishedSize(
  parts: LedgerParts,
  folder: StaticFolder,
  size: number,
): Promise<number> {
  const note = (await folder.read('checkpoint'))?.toString('utf8');
  if (note === undefined) return 0;
  const said = parseCheckpoint(note.slice(0, note.lastIndexOf('\n\n') + 1));
  const isOurs = said?.origin === parts.signer.name && said.size <= size;
  if (
    said !== undefined &&
    isOurs &&
    Buffer.compare(await rootAt(parts, said.size), said.root) === 0
  ) {
    return said.size;
  }
  throw new Failure(
    'ledger.fork-found',
    'the folder holds a checkpoint that this ledger did not grow from',
    { help: 'publish into another folder, and find out which of the two was changed' },
  );
}

/** Writes the tree of `size` entries; tiles that were full before are there already. Gives what it wrote. */
async function writeTiles(
  parts: LedgerParts,
  folder: StaticFolder,
  from: number,
  size: number,
): Promise<readonly string[]> {
  const written: string[] = [];
  let span = 1;
  for (let level = 0; Math.floor(size / span) > 0; level += 1) {
    const hashes = Math.floor(size / span);
    const first = Math.floor(Math.floor(from / span) / tileWidth);
    for (let index = first; index * tileWidth < hashes; index += 1) {
      const tile = tileOf(level, index * tileWidth, size);
      const bytes = await parts.store.treeTile(tile);
      if (bytes === undefined)
        throw new Failure('ledger.tile-missing', `\`${tilePath(tile)}\` is not there`);
      await folder.write(tilePath(tile), bytes.subarray(0, tile.width * 32));
      written.push(tilePath(tile));
    }
    span *= tileWidth;
  }
  return written;
}

/** Writes the ledger into `place`; what is there already is not written again. */
export async function publishLedger(
  parts: LedgerParts,
  place: string,
  hasPayloads: boolean,
): Promise<{ readonly size: number; readonly fileCount: number }> {
  const checkpoint = await makeCheckpoint(parts);
  const { size } = checkpoint;
  const folder = new StaticFolder(place);
  if (!hasPayloads && folder.has('payloads') && !folder.has('log.json')) {
    throw new Failure(
      'ledger.fork-found',
      `\`${place}\` holds \`payloads\` that are of no ledger`,
      {
        help: 'publish into a folder of its own',
      },
    );
  }
  const published = await publishedSize(parts, folder, size);
  const written = [...(await writeTiles(parts, folder, published, size))];
  // Payloads are compared from the first one on: what was erased here must go there too.
  const firstBundle = Math.floor((hasPayloads ? 0 : published) / tileWidth);
  for (let index = firstBundle; index * tileWidth < size; index += 1) {
    const width = Math.min(tileWidth, size - index * tileWidth);
    const page = await parts.store.sealedEntries(index * tileWidth, width);
    const entries = page.map(storedEntry);
    const paths = [bundlePath('entries', index, size)];
    await folder.write(paths[0]!, headerBundle(entries));
    if (hasPayloads) {
      paths.push(bundlePath('payloads', index, size));
      await folder.write(paths[1]!, payloadLines(entries));
    }
    written.push(...paths);
  }
  const { note, witnesses } = await withCosignatures(parts, checkpoint);
  const log = {
    form: 'sluice/log/v1',
    key: verifierKeyOf(parts, await currentSigner(parts)),
    witnesses,
    rotations: await rotationClaims(parts),
    payloads: hasPayloads,
  };
  await folder.write('log.json', `${JSON.stringify(log)}\n`);
  await folder.write('checkpoint', note);
  // Only now: whoever read the checkpoint before still found what it promises until here.
  for (const path of written) await folder.forget(path);
  if (!hasPayloads) await folder.remove('payloads');
  return { size, fileCount: folder.fileCount };
}
