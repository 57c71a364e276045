/**
 * What browsers are answered that programs are not: no challenge that makes them ask for a password by
 * themselves, and the page to sign in where a page was asked for.
 */
import type { FastifyRequest } from 'fastify';
import { Failure } from '../../core/failure/index.ts';
import type { Route } from './route.ts';

/** Tells whether a script of a page sent a request. */
export function isFromScript({ headers }: FastifyRequest): boolean {
  return headers['sec-fetch-site'] !== undefined && headers['sec-fetch-mode'] !== 'navigate';
}

/** Returns headers that do not have a browser ask for a name and password by itself, over the page. */
export function withoutBasic(headers: Readonly<Record<string, string>>): Record<string, string> {
  const challenge = headers['www-authenticate'];
  if (challenge === undefined) return headers;
  return {
    ...headers,
    'www-authenticate': challenge.replace(/^Basic [^,]*, charset="UTF-8", /, ''),
  };
}

/** Tells whether a browser asked for a page without being signed in: it is sent to where one signs in. */
export function isPageForStranger(route: Route, request: FastifyRequest, error: unknown): boolean {
  return (
    error instanceof Failure &&
    (error.code === 'identity.missing' || error.code === 'identity.wrong') &&
    route.access.kind !== 'open' &&
    route.answers[200]?.mediaType === 'text/html' &&
    request.headers.authorization === undefined &&
    request.headers.accept?.includes('text/html') === true
  );
}

/** Returns where one signs in to come back to `path`. */
export function signInFor(path: string): string {
  return `/login?to=${encodeURIComponent(path)}`;
}
