/** Tests of completing a lock. */
import { expect, test } from 'vitest';
import { missingPlatforms } from './complete-lock.ts';

test('packages for other platforms that have no entry are found with their platform', () => {
  const missing = missingPlatforms({
    packages: {
      'node_modules/tool': {
        version: '1.2.3',
        dev: true,
        optionalDependencies: {
          '@tool/linux-x64': '1.2.3',
          '@tool/linux-x64-musl': '1.2.3',
          '@tool/win32-ia32-msvc': '1.2.3',
          '@tool/linux-arm-gnueabihf': '1.2.3',
          'tool-extras': '^1.0.0',
        },
      },
      'node_modules/@tool/linux-x64': { version: '1.2.3' },
    },
  });
  const entry = { version: '1.2.3', dev: true, optional: true };
  expect(missing).toEqual({
    'node_modules/@tool/linux-x64-musl': { ...entry, os: ['linux'], cpu: ['x64'], libc: ['musl'] },
    'node_modules/@tool/win32-ia32-msvc': { ...entry, os: ['win32'], cpu: ['ia32'] },
    'node_modules/@tool/linux-arm-gnueabihf': {
      ...entry,
      os: ['linux'],
      cpu: ['arm'],
      libc: ['glibc'],
    },
  });
});
