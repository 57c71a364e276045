/** The key of the ledger: made once, for its owner alone, and signing what others can check. */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { checks } from '../../../test/support/ledger-world.ts';
import { createKeyFileSigner } from './key-file-signer.ts';

const folder = mkdtempSync(join(tmpdir(), 'sluice-signer-'));
afterAll(() => rmSync(folder, { recursive: true }));
const message = Buffer.from('how the ledger looks');

test('a key is made at first use, readable by its owner alone, and used again', async () => {
  const path = join(folder, 'deep', 'ledger.key');
  const signer = createKeyFileSigner(path);
  const signature = await signer.sign(message);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const again = createKeyFileSigner(path);
  expect(again.name).toBe(signer.name);
  expect(again.publicKey).toEqual(signer.publicKey);
  expect(await again.sign(message)).toEqual(signature);
  expect(createKeyFileSigner(join(folder, 'other.key')).name).not.toBe(signer.name);
});

test('what it signs is checked by others, and only that', async () => {
  const signer = createKeyFileSigner(join(folder, 'checked.key'));
  const other = createKeyFileSigner(join(folder, 'stranger.key'));
  const signature = await signer.sign(message);
  const forged = Buffer.from('otherwise');
  for (const verifier of [checks.verifier, signer]) {
    expect(await verifier.verify(signer.publicKey, message, signature)).toBe(true);
    expect(await verifier.verify(other.publicKey, message, signature)).toBe(false);
    expect(await verifier.verify(signer.publicKey, forged, signature)).toBe(false);
  }
});

test('a damaged key is told, and left as it is', () => {
  const path = join(folder, 'damaged.key');
  writeFileSync(path, 'sluice.local/x dG9vIHNob3J0\n', { mode: 0o600 });
  expect(() => createKeyFileSigner(path).publicKey).toThrow(`the key \`${path}\` is damaged`);
  expect(readFileSync(path, 'utf8')).toBe('sluice.local/x dG9vIHNob3J0\n');
});
