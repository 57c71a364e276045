/**
 * Secrets from the environment: `SECRET_<KEY>` holds the base64 text of the secret, line breaks in it
 * allowed.
 */
import type { Secrets } from '../../ports/secrets.ts';

/** Returns the secrets of `environment`. */
export function createEnvironmentSecrets(
  environment: Readonly<Record<string, string | undefined>>,
): Secrets {
  return {
    get(key) {
      const encoded = environment[`SECRET_${key.toUpperCase()}`];
      if (encoded === undefined) return Promise.resolve(undefined);
      return Promise.resolve(Buffer.from(encoded.replaceAll(/\s/g, ''), 'base64').toString('utf8'));
    },
  };
}
