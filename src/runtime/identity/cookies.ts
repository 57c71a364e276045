/**
 * The cookies of browsers. Over https their names begin with `__Host-`, which browsers accept from this
 * server alone and over https alone. Over http on loopback, where not every browser keeps a secure cookie,
 * they have a plain name and lack `Secure`: whoever can read that traffic is this machine already.
 */

/** The two cookies. */
export type CookieUse = 'session' | 'login';

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');
}

/** Tells whether browsers may be signed in at `url` at all: over https, or on this machine. */
export function mayUseCookies(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || isLoopback(hostname);
}

/** Returns the origins of the pages of the server at `url`: on this machine it has more than one name. */
export function originsOf(url: string): readonly string[] {
  const { protocol, hostname, port, origin } = new URL(url);
  if (!isLoopback(hostname)) return [origin];
  const names = new Set([hostname, 'localhost', '127.0.0.1', '[::1]']);
  return [...names].map((name) => new URL(`${protocol}//${name}:${port}`).origin);
}

function nameOf(use: CookieUse, url: string): string {
  return url.startsWith('https:') ? `__Host-sluice-${use}` : `sluice-${use}`;
}

/** Returns the value of a cookie; undefined where there is none, or several, which no honest browser sends. */
export function readCookie(
  use: CookieUse,
  url: string,
  header: string | undefined,
): string | undefined {
  const name = nameOf(use, url);
  const found = (header ?? '')
    .split(';')
    .map((one) => one.trim())
    .filter((one) => one.startsWith(`${name}=`))
    .map((one) => one.slice(name.length + 1));
  return found.length === 1 ? found[0] : undefined;
}

/** Returns the header that sets a cookie; an empty value takes it back. */
export function setCookie(use: CookieUse, url: string, value: string, maxAgeMs?: number): string {
  const parts = [`${nameOf(use, url)}=${value}`, 'Path=/', 'HttpOnly', 'SameSite=Lax'];
  if (url.startsWith('https:')) parts.push('Secure');
  if (value === '') parts.push('Max-Age=0');
  else if (maxAgeMs !== undefined) parts.push(`Max-Age=${Math.floor(maxAgeMs / 1000)}`);
  return parts.join('; ');
}
