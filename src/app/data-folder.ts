/** What stands where in a data folder. */

/** The store: the ledger and everything that is read. */
export const storeName = 'sluice.db';

/** Files that hold keys; a backup holds them only when it was asked to. */
export const keyNames = ['ledger.key', 'encryption.key'] as const;
