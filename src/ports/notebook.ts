/** Places on disk, possibly on another machine's, where texts are kept and never taken away. */

/** Keeps texts at places that people name. */
export interface Notebook {
  /**
   * Keeps `text` at `place`: behind what is in a file, as a file `name` in a folder; durable when it
   * resolves. Keeping the same name again changes nothing. Throws `anchor.not-kept`.
   */
  keep(place: string, name: string, text: string): Promise<void>;
  /** Returns what is kept at `place`, the oldest first, at most `limit` of the newest; throws `anchor.not-kept`. */
  kept(place: string, limit: number): Promise<readonly string[]>;
}
