/**
 * What could happen next in the world: a commit reaches the disk, an effect its receiver, a person acts.
 * Who asks for something waits until the simulation picks its step; nothing happens by itself.
 */

/** Something that could happen next. */
export interface Step {
  readonly label: string;
  run(): Promise<void> | void;
}

/** What could happen next. */
export class Steps {
  #waiting: Step[] = [];

  get count(): number {
    return this.#waiting.length;
  }

  add(label: string, run: () => Promise<void> | void): void {
    this.#waiting.push({ label, run });
  }

  /** Takes out the step at `place`. */
  take(place: number): Step {
    const [step] = this.#waiting.splice(place, 1);
    if (step === undefined) throw new Error(`there is no step ${place}`);
    return step;
  }

  /** Forgets everything: the process that waited for it is gone. */
  clear(): void {
    this.#waiting = [];
  }
}
