/** What every store must do with the records of registers. An adapter's own test file calls `testRegisters`. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RegisterRecord, Store } from '../../src/ports/store.ts';
import { entryOf, recordOf, writeOf } from '../support/store-records.ts';
import type { OpenStore } from './store.contract.ts';

/** Calls the tests of the registers of a store. */
export function testRegisters(title: string, open: OpenStore): void {
  describe(`${title} keeps the contract of registers`, () => {
    let store: Store;
    beforeEach(async () => {
      store = await open();
    });
    afterEach(() => store.close());
    const put = (...registerRecords: RegisterRecord[]) =>
      store.commit([writeOf({ registerRecords })]);
    const listed = async (query: object = {}): Promise<string[]> =>
      (await store.registerRecords({ tenant: 'main', kind: 'user', limit: 10, ...query })).map(
        ({ id }) => id,
      );

    test('gives a record back as it was put, and replaces it whole', async () => {
      const first = recordOf({ keys: { email: 'a@example.org', group: 'é 😀' } });
      await put(first);
      expect(await store.registerRecord(first)).toStrictEqual(first);
      const second = recordOf({ version: 2, keys: { group: 'b' }, document: '"more"' });
      await put(second);
      expect(await store.registerRecord(first)).toStrictEqual(second);
    });

    test('finds records by id and by key, page by page', async () => {
      await put(
        recordOf({ id: 'c', keys: { role: 'viewer' } }),
        recordOf({ id: 'a', keys: { role: 'viewer' } }),
        recordOf({ id: 'b', keys: { role: 'admin' } }),
        recordOf({ id: 'a', kind: 'token' }),
        recordOf({ id: 'd', tenant: 'other', keys: { role: 'viewer' } }),
      );
      expect(await listed()).toEqual(['a', 'b', 'c']);
      expect(await listed({ limit: 2 })).toEqual(['a', 'b']);
      expect(await listed({ after: 'b' })).toEqual(['c']);
      const key = { name: 'role', value: 'viewer' };
      expect(await listed({ key })).toEqual(['a', 'c']);
      expect(await listed({ key, after: 'a' })).toEqual(['c']);
      expect(await listed({ key: { name: 'rol', value: 'viewer' } })).toEqual([]);
      expect(await listed({ kind: 'token' })).toEqual(['a']);
    });

    test('finds nothing under a key that was replaced or removed', async () => {
      await put(recordOf({ keys: { role: 'viewer' } }));
      await put(recordOf({ version: 2, keys: { role: 'admin' } }));
      expect(await listed({ key: { name: 'role', value: 'viewer' } })).toEqual([]);
      expect(await listed({ key: { name: 'role', value: 'admin' } })).toEqual(['u1']);
      const { tenant, kind, id } = recordOf();
      await store.commit([writeOf({ removedRegisterRecords: [{ tenant, kind, id }] })]);
      expect(await listed({ key: { name: 'role', value: 'admin' } })).toEqual([]);
      expect(await store.registerRecord({ tenant, kind, id })).toBeUndefined();
      await put(recordOf());
      expect(await listed()).toEqual(['u1']);
    });

    test('refuses a record that somebody changed meanwhile, with everything beside it', async () => {
      await put(recordOf());
      for (const version of [1, 3]) {
        const write = writeOf({ entries: [entryOf()], registerRecords: [recordOf({ version })] });
        await expect(store.commit([write])).rejects.toMatchObject({ code: 'store.conflict' });
      }
      await expect(put(recordOf({ id: 'u2', version: 2 }))).rejects.toMatchObject({
        code: 'store.conflict',
      });
      expect(await store.allEntries(0, 10)).toEqual([]);
      expect(await listed()).toEqual(['u1']);
    });
  });
}
