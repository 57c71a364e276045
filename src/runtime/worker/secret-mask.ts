/** Secrets that a task run has seen, and text with them replaced by stars. */
import { stars } from '../rendering/index.ts';

/** What hides secrets in text. */
export interface SecretMask {
  /** Remembers a secret; very short ones are not hidden, they would hide ordinary text. */
  add(secret: string): void;
  hide(text: string): string;
}

const hiddenFrom = 3;

/** Returns a mask that knows no secret yet. */
export function createSecretMask(): SecretMask {
  const secrets = new Set<string>();
  return {
    add(secret) {
      if (secret.length < hiddenFrom) return;
      secrets.add(secret);
      for (const line of secret.split('\n')) if (line.length >= hiddenFrom * 2) secrets.add(line);
    },
    hide(text) {
      if (secrets.size === 0) return text;
      let hidden = text;
      for (const secret of [...secrets].toSorted((a, b) => b.length - a.length)) {
        hidden = hidden.replaceAll(secret, stars);
      }
      return hidden;
    },
  };
}
