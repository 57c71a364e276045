/** What every store of bytes must do. */
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Blobs } from '../../src/ports/blobs.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (content: Uint8Array): string => new TextDecoder().decode(content);

/** Calls the tests of a store of bytes. */
export function testBlobs(title: string, open: () => Promise<Blobs>): void {
  describe(`${title} keeps the contract of blobs`, () => {
    let blobs: Blobs;
    let folder: string;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'sluice-blobs-contract-'));
    });
    afterAll(() => rm(folder, { recursive: true }));
    beforeEach(async () => {
      blobs = await open();
    });

    test('gives back what was put, and the last of several', async () => {
      await blobs.put('a/b.txt', bytes('one'));
      expect(text(await blobs.get('a/b.txt'))).toBe('one');
      await blobs.put('a/b.txt', bytes('two, longer'));
      expect(text(await blobs.get('a/b.txt'))).toBe('two, longer');
      await blobs.put('empty', new Uint8Array());
      expect(await blobs.get('empty')).toEqual(new Uint8Array());
      expect(await blobs.size('a/b.txt')).toBe(11);
      expect(await blobs.size('empty')).toBe(0);
    });

    test('keeps its content when the array that was put changes', async () => {
      const content = bytes('one');
      await blobs.put('a', content);
      content[0] = 0;
      expect(text(await blobs.get('a'))).toBe('one');
    });

    test('takes the content of a local file', async () => {
      const path = join(folder, 'local.txt');
      await writeFile(path, 'x'.repeat(200_000));
      await blobs.putFile('a/local.txt', path);
      expect(await blobs.size('a/local.txt')).toBe(200_000);
      expect(await readFile(await blobs.localPath('a/local.txt'), 'utf8')).toBe(
        'x'.repeat(200_000),
      );
    });

    test('does not take what is no plain file of its own: a link, a folder, nothing', async () => {
      const target = join(folder, 'secret.txt');
      await writeFile(target, 'secret');
      const link = join(folder, 'link.txt');
      await symlink(target, link);
      await expect(blobs.putFile('a', link)).rejects.toMatchObject({ code: 'file.refused' });
      await expect(blobs.putFile('a', folder)).rejects.toMatchObject({ code: 'file.refused' });
      await expect(blobs.putFile('a', join(folder, 'none'))).rejects.toMatchObject({
        code: 'file.not-found',
      });
      expect(await blobs.exists('a')).toBe(false);
    });

    test('says of what is not there that it is not there', async () => {
      await blobs.put('a/b', bytes('x'));
      for (const name of ['none', 'a', 'a/b/c', 'a/c']) {
        for (const work of [
          () => blobs.get(name),
          () => blobs.size(name),
          () => blobs.localPath(name),
        ]) {
          await expect(work()).rejects.toMatchObject({ code: 'file.not-found' });
        }
        expect(await blobs.exists(name)).toBe(false);
        expect(await blobs.delete(name)).toBe(false);
      }
    });

    test('deletes once', async () => {
      await blobs.put('a/b', bytes('x'));
      expect(await blobs.delete('a/b')).toBe(true);
      expect(await blobs.delete('a/b')).toBe(false);
      expect(await blobs.exists('a/b')).toBe(false);
      expect(await blobs.list('')).toEqual([]);
    });

    test('lists the names that start with a text, in order', async () => {
      for (const name of ['b', 'a/z', 'a/b/c', 'a/b1', 'ab', 'ä/ö ü'])
        await blobs.put(name, bytes('x'));
      expect(await blobs.list('')).toEqual(['a/b/c', 'a/b1', 'a/z', 'ab', 'b', 'ä/ö ü']);
      expect(await blobs.list('a')).toEqual(['a/b/c', 'a/b1', 'a/z', 'ab']);
      expect(await blobs.list('a/b')).toEqual(['a/b/c', 'a/b1']);
      expect(await blobs.list('a/b/')).toEqual(['a/b/c']);
      expect(await blobs.list('ä/ö')).toEqual(['ä/ö ü']);
      expect(await blobs.list('none/at/all')).toEqual([]);
    });

    test.each([
      '',
      '.',
      '..',
      '/a',
      'a/',
      'a//b',
      'a/../b',
      '../a',
      'a/./b',
      'a\0b',
      '/etc/passwd',
    ])('refuses the name %j', async (name) => {
      for (const work of [
        () => blobs.put(name, bytes('x')),
        () => blobs.get(name),
        () => blobs.exists(name),
        () => blobs.delete(name),
        () => blobs.localPath(name),
      ]) {
        await expect(work()).rejects.toMatchObject({ code: 'file.refused' });
      }
    });

    test('refuses a name that is a folder of another, and one below a file', async () => {
      await blobs.put('a/b', bytes('x'));
      await expect(blobs.put('a', bytes('y'))).rejects.toMatchObject({ code: 'file.refused' });
      await expect(blobs.put('a/b/c', bytes('y'))).rejects.toMatchObject({ code: 'file.refused' });
      expect(await blobs.list('')).toEqual(['a/b']);
    });

    test('keeps names apart, whatever is in them', async () => {
      const part = fc
        .string({ unit: 'grapheme', minLength: 1, maxLength: 90 })
        .filter((one) => !/[/\0]/.test(one) && one !== '.' && one !== '..' && one.isWellFormed());
      await fc.assert(
        fc.asyncProperty(fc.uniqueArray(part, { minLength: 1, maxLength: 5 }), async (parts) => {
          const names = parts.map((one) => `p/${one}/x${one}.txt`);
          for (const name of names) await blobs.put(name, bytes(name));
          for (const name of names) expect(text(await blobs.get(name))).toBe(name);
          expect(await blobs.list('p/')).toEqual(names.toSorted());
          for (const name of names) expect(await blobs.delete(name)).toBe(true);
        }),
        { numRuns: 40 },
      );
    });

    test('shows readers a whole content at every moment of a replacement', async () => {
      const contents = ['a', 'b'].map((letter) => bytes(letter.repeat(300_000)));
      await blobs.put('x', contents[0] ?? bytes(''));
      let isDone = false;
      const writing = (async () => {
        for (let index = 0; index < 20; index += 1)
          await blobs.put('x', contents[index % 2] ?? bytes(''));
        isDone = true;
      })();
      while (!isDone) {
        const content = text(await blobs.get('x'));
        expect(content.length).toBe(300_000);
        expect(new Set(content).size).toBe(1);
        await new Promise((resolve) => setImmediate(resolve));
      }
      await writing;
    });
  });
}
