/** What stands where in a data folder. */

/** The store: the ledger and everything that is read. */
export const storeName = 'sluice.db';

/** Files that hold keys; a backup holds them only when it was asked to. */
export const keyNames = ['ledger.key', 'encryption.key', 'witness.key'] as const;

/**
 * The keys of data subjects, a SQLite file that changes all the time. A backup has them only together
 * with the other keys, and a restore prefers those of the former data folder: what was erased stays erased.
 */
export const subjectKeysName = 'subjects.db';
