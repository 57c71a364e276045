/** Secrets that a task run has seen, and text with them replaced by stars. */
import { hideIn } from '../rendering/index.ts';

/** What hides secrets in text. */
export interface SecretMask {
  /** Remembers a secret; very short ones are not hidden, they would hide ordinary text. */
  add(secret: string): void;
  hide(text: string): string;
}

/** A single line of a secret is hidden from this length on. */
const lineHiddenFrom = 6;

class GrowingMask implements SecretMask {
  /** Made for the first secret: most attempts see none. */
  #secrets: Set<string> | undefined;

  add(secret: string): void {
    this.#secrets ??= new Set();
    this.#secrets.add(secret);
    // Programs print a text line by line.
    for (const line of secret.split('\n')) {
      if (line.length >= lineHiddenFrom) this.#secrets.add(line);
    }
  }

  hide(text: string): string {
    return this.#secrets === undefined ? text : hideIn(text, this.#secrets);
  }
}

/** Returns a mask that knows no secret yet. */
export function createSecretMask(): SecretMask {
  return new GrowingMask();
}
