/** Tests of the rule about local files. */
import { expect, test } from 'vitest';
import { mayReadLocalPath } from './file-places.ts';

test.each(['/data/orders.parquet', '/home/ana/shop/orders.csv', '/procedures/a.csv'])(
  'a query may read %s',
  (path) => {
    expect(mayReadLocalPath(path)).toBe(true);
  },
);

test.each([
  '/proc/self/environ',
  '/etc/passwd',
  '/run/secrets/token',
  '/home/ana/.ssh/id_ed25519',
  '/home/ana/shop/.env',
  '/home/ana/../ana/a.csv',
  'orders.csv',
])('a query may not read %s', (path) => {
  expect(mayReadLocalPath(path)).toBe(false);
});
