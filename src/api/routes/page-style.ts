/** What all pages of the server have in common: their style, the brand, and how digests allow their parts. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** Returns a generated file that pages are made of. */
export function generatedPart(name: string): string {
  return readFileSync(new URL(`../../../generated/${name}`, import.meta.url), 'utf8');
}

/** Returns how a content security policy names a script or style with this text. */
export function contentHash(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

/** The mark and name at the head of each page. */
export const brand =
  '<p class="brand"><svg viewBox="0 0 24 24" aria-hidden="true"><path d="M3 3h3v18H3zM18 3h3v18h-3zM8 3h8v9H8zM8 15c1.3-1.2 2.7-1.2 4 0s2.7 1.2 4 0v2c-1.3 1.2-2.7 1.2-4 0s-2.7-1.2-4 0zM8 19c1.3-1.2 2.7-1.2 4 0s2.7 1.2 4 0v2H8z"/></svg>Sluice</p>';
