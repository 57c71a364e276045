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

/** Returns a mask that knows no secret yet. */
export function createSecretMask(): SecretMask {
  const secrets = new Set<string>();
  return {
    add(secret) {
      secrets.add(secret);
      // Programs print a text line by line.
      for (const line of secret.split('\n')) if (line.length >= lineHiddenFrom) secrets.add(line);
    },
    hide: (text) => (secrets.size === 0 ? text : hideIn(text, secrets)),
  };
}
