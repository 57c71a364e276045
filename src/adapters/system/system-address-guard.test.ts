/** Tests of the guard for connections that are no requests. */
import { expect, test } from 'vitest';
import { createAddressGuard } from './system-address-guard.ts';

const names: Readonly<Record<string, readonly string[]>> = {
  'mail.example.org': ['93.184.216.34'],
  'both.example.org': ['93.184.216.34', '10.0.0.7'],
  'inside.example.org': ['10.0.0.7'],
  'none.example.org': [],
};
const resolve = async (name: string): Promise<readonly string[]> => names[name] ?? [];
const refused = { code: 'http.address-refused' };

test('gives the addresses of public hosts', async () => {
  const guard = createAddressGuard([], resolve);
  expect(await guard('mail.example.org', 465)).toEqual(['93.184.216.34']);
  expect(await guard('93.184.216.34', 25)).toEqual(['93.184.216.34']);
});

test.each([
  'inside.example.org',
  'both.example.org',
  '10.0.0.7',
  '::1',
  '0x0a000007',
  'metadata.google.internal',
  '169.254.169.254',
  'mail.example.org/x',
  'a@mail.example.org',
  '',
])('refuses %j', async (host) => {
  await expect(createAddressGuard([], resolve)(host, 465)).rejects.toMatchObject(refused);
});

test('lets private hosts through that are named, with their port where it is named', async () => {
  const guard = createAddressGuard(
    ['inside.example.org', '10.0.0.8:2525', '169.254.169.254'],
    resolve,
  );
  expect(await guard('inside.example.org', 25)).toEqual(['10.0.0.7']);
  expect(await guard('10.0.0.8', 2525)).toEqual(['10.0.0.8']);
  await expect(guard('10.0.0.8', 25)).rejects.toMatchObject(refused);
  await expect(guard('169.254.169.254', 25)).rejects.toMatchObject(refused);
});
