/**
 * Signs what goes out as a webhook in the form of Standard Webhooks, which receivers check with
 * libraries that exist: `HMAC-SHA-256(secret, id.timestamp.body)`.
 */
import { createHmac } from 'node:crypto';

const prefix = 'whsec_';

/** Returns whether `text` is a secret of a webhook: `whsec_` and the Base64 of 24 to 64 bytes. */
export function isWebhookSecret(text: string): boolean {
  const encoded = text.slice(prefix.length);
  if (!text.startsWith(prefix) || !/^[A-Za-z0-9+/]+={0,2}$/.test(encoded)) return false;
  const { length } = Buffer.from(encoded, 'base64');
  return length >= 24 && length <= 64;
}

/** Returns a secret made of 32 random `bytes`. */
export function webhookSecret(bytes: Uint8Array): string {
  return `${prefix}${Buffer.from(bytes).toString('base64')}`;
}

/** Returns the headers under which `body` goes out; `at` in epoch milliseconds. */
export function webhookHeaders(
  secret: string,
  { id, at, body }: { readonly id: string; readonly at: number; readonly body: string },
): Readonly<Record<string, string>> {
  const timestamp = `${Math.floor(at / 1000)}`;
  const key = Buffer.from(secret.slice(prefix.length), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${signature}`,
  };
}
