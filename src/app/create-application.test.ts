/** A data folder that cannot be used is told as trouble of the place, never as a defect of Sluice. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createApplication } from './create-application.ts';

test('a data folder that is a file, or lies in one, is refused with a way out', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-application-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'file');
  writeFileSync(file, '');
  for (const dataFolder of [file, join(file, 'inner')]) {
    await expect(createApplication({ dataFolder, environment: {} })).rejects.toMatchObject({
      code: 'store.unreachable',
      message: `the data folder cannot be used: \`${dataFolder}\``,
    });
  }
});
