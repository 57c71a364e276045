/** Which processes work on a data folder, so that one does not take up what another one has in hand. */

/** The processes of a data folder. */
export interface Presence {
  /** Tells whether another process works on the data folder at this moment. */
  hasOthers(): boolean;
  /** Says that this process is done with it. */
  leave(): void;
}
