/** An entry with its seal as programs read it: bytes as text where they are text, else in Base64. */
import type { Application } from '../../../app/application.ts';
import { encodeBase64, readUtf8 } from '../../../core/ledger/index.ts';

/** An entry with its seal. */
export type SealedEntry = Awaited<ReturnType<Application['ledger']['entry']>>;

/** Returns the document of an entry. */
export function entryDocument({ header, payload, salt, groups, at, ...columns }: SealedEntry) {
  return {
    ...columns,
    at: new Date(at).toISOString(),
    payload: readUtf8(payload) ?? '',
    header: readUtf8(header) ?? '',
    salt: encodeBase64(salt),
    ...(groups.length > 0 && {
      groups: groups.map((group) => ({
        name: group.name,
        payload: readUtf8(group.payload) ?? '',
        salt: encodeBase64(group.salt),
      })),
    }),
  };
}
