/**
 * Files about people, and files made of secrets: their bytes are kept encrypted under the keys of whom
 * they are about, else under the key of the data folder, and read here as they were. Such a file is
 * encrypted as a whole and in memory.
 */
import { Failure } from '../../core/failure/index.ts';
import type { Provenance } from '../../core/value/index.ts';
import type { Blobs } from '../../ports/blobs.ts';
import type { Folders } from '../../ports/folders.ts';
import { sealedType } from '../rendering/index.ts';
import { guardedClasses, type Sealed, type Vault } from './vault.ts';

/** Keeps files about people out of clear. */
export interface FileProtection {
  /** Encrypts the content under `name` if it is about somebody. */
  seal(name: string, provenance: Provenance): Promise<void>;
  /** Returns a local path with the content in clear, for as long as the process lives. */
  localPath(name: string, provenance: Provenance): Promise<string>;
}

const prefix = new TextEncoder().encode(`${sealedType}:`);

function isSealedContent(content: Uint8Array): boolean {
  return content.length > prefix.length && prefix.every((byte, at) => content[at] === byte);
}

/** Returns the place of the bytes under a name. */
export function blobPlace(name: string): string {
  return `blob:${name}`;
}

/** Returns `blobs` that give what was encrypted in clear, and what encrypts it. */
export function createProtectedBlobs(
  blobs: Blobs,
  folders: Folders,
  vault: Vault,
): { readonly blobs: Blobs; readonly protection: FileProtection } {
  const get = async (name: string): Promise<Uint8Array> => {
    const content = await blobs.get(name);
    if (!isSealedContent(content)) return content;
    const text = new TextDecoder().decode(content.subarray(prefix.length));
    const opened = vault.open(sealIn(text, name), blobPlace(name));
    if (opened === undefined) {
      throw new Failure('value.erased', `the file \`${name}\` cannot be read: it was erased`);
    }
    return Buffer.from(opened, 'base64');
  };
  return {
    blobs: { ...blobs, get },
    protection: {
      async seal(name, provenance) {
        const classes = guardedClasses(provenance.classes);
        if (classes.length === 0) return;
        const text = Buffer.from(await blobs.get(name)).toString('base64');
        const sealed = vault.seal(text, classes, blobPlace(name));
        if (sealed === undefined) {
          await blobs.delete(name);
          throw new Failure('value.erased', 'somebody whom the file is about was erased meanwhile');
        }
        const content = new TextEncoder().encode(JSON.stringify(sealed));
        await blobs.put(name, Buffer.concat([prefix, content]));
      },
      async localPath(name, provenance) {
        if (guardedClasses(provenance.classes).length === 0) return blobs.localPath(name);
        const folder = await folders.make('opened');
        // Its bytes are others where its name is another: a name is taken once.
        await folders.write(folder, name, await get(name));
        return `${folder}/${name}`;
      },
    },
  };
}

function sealIn(text: string, name: string): Sealed {
  try {
    return JSON.parse(text) as Sealed;
  } catch (cause) {
    throw new Failure('file.refused', `the file \`${name}\` only looks like an encrypted one`, {
      cause,
    });
  }
}
