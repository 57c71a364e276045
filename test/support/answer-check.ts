/**
 * Whether answers are what the routes say they are: every answer that a test gets is read with the schema
 * of its route, so that a shape that the description of the API does not have fails the test that met it.
 */
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { problemSchema } from '../../src/api/contract/index.ts';
import { routeList } from '../../src/api/routes/index.ts';
import type { Route } from '../../src/api/server/index.ts';

interface Known {
  readonly route: Route;
  readonly pattern: RegExp;
  /** How many parts of the path are parameters: the fewer, the nearer. */
  readonly parameters: number;
}

const known: readonly Known[] = routeList('test').map((route) => {
  const literal = route.path.replaceAll(/[.*+?^$|()[\]\\]/g, '\\$&');
  return {
    route,
    pattern: new RegExp(`^${literal.replaceAll(/\{\w+\}/g, '[^/]+')}$`),
    parameters: route.path.split('{').length - 1,
  };
});

/** Returns the route that answers a request; undefined where there is none. */
function routeOf(method: string, url: string): Route | undefined {
  const { pathname } = new URL(url);
  const matching = known.filter(
    ({ route, pattern }) => route.method === method && pattern.test(pathname),
  );
  return matching.toSorted((a, b) => a.parameters - b.parameters)[0]?.route;
}

/** Returns what is wrong with an answer by what its route says; undefined when nothing is. */
export async function answerTrouble(
  method: string,
  url: string,
  answered: Response,
): Promise<string | undefined> {
  const route = routeOf(method, url);
  const type = answered.headers.get('content-type') ?? '';
  const about = `${method} ${route?.path ?? new URL(url).pathname} ${answered.status}`;
  if (answered.status >= 400) {
    if (!type.startsWith('application/problem+json')) return `${about} is no problem document`;
    return mismatch(about, problemSchema, await answered.json());
  }
  const form = route?.answers[answered.status];
  if (route === undefined || form === undefined) return `${about} is described nowhere`;
  if (form.schema === undefined) return undefined;
  if (!type.startsWith(form.mediaType ?? 'application/json')) return `${about} is ${type}`;
  return mismatch(about, form.schema, await answered.json());
}

function mismatch(about: string, schema: z.ZodType, body: unknown): string | undefined {
  const read = schema.safeParse(body);
  if (!read.success) return `${about}: ${z.prettifyError(read.error)}`;
  // What a schema does not name it leaves out: the answer has more than its description.
  if (isDeepStrictEqual(read.data, body)) return undefined;
  return `${about} has what its schema does not: ${JSON.stringify(body).slice(0, 2_000)}`;
}
