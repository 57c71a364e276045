/** Encryption with a real key file. */
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createKeyFileCipher } from './key-file-cipher.ts';

async function keyPath(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'cipher-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return join(folder, 'deep', 'encryption.key');
}

test('what was encrypted is decrypted by whoever has the key file, and looks different each time', async () => {
  const path = await keyPath();
  const cipher = createKeyFileCipher(path);
  const sealed = cipher.encrypt('4111 1111 1111 1111 ✓');
  expect(cipher.encrypt('4111 1111 1111 1111 ✓')).not.toBe(sealed);
  expect(createKeyFileCipher(path).decrypt(sealed)).toBe('4111 1111 1111 1111 ✓');
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(Buffer.from(await readFile(path, 'utf8'), 'base64')).toHaveLength(32);
});

test('a changed text and another key are refused', async () => {
  const cipher = createKeyFileCipher(await keyPath());
  const sealed = Buffer.from(cipher.encrypt('secret'), 'base64');
  sealed[sealed.length - 1] = (sealed.at(-1) ?? 0) ^ 1;
  expect(() => cipher.decrypt(sealed.toString('base64'))).toThrow('cannot be decrypted');
  const other = Buffer.alloc(32, 7).toString('base64');
  expect(() => cipher.decrypt(cipher.encrypt('secret'), other)).toThrow('cannot be decrypted');
  expect(() => cipher.encrypt('secret', 'short')).toThrow('32 bytes');
  expect(cipher.decrypt(cipher.encrypt('given', other), other)).toBe('given');
});
