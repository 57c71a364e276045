/**
 * The keys of people whom values are about, one each: a store of their own, so that a backup can leave
 * them out. A destroyed key takes with it every copy of what was encrypted under it.
 */

/** The keys of subjects, by opaque handle. */
export interface SubjectKeys {
  /** Makes a key that lasts for a subject that has none; leaves one that is there. */
  create(subject: string): void;
  /** Returns the key as base64 of 32 bytes; undefined when there is none or it was destroyed. */
  find(subject: string): string | undefined;
  /** Destroys a key for good; tells whether there was one. */
  destroy(subject: string): boolean;
  close(): void;
}
