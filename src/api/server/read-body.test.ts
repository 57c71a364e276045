/** What is wrong with a part of a request, told so that one can mend it. */
import { expect, test } from 'vitest';
import { z } from 'zod';
import { Failure } from '../../core/failure/index.ts';
import { readPart } from './read-body.ts';

const schema = z.strictObject({ to: z.enum(['testing', 'deployment']), reason: z.string() });

function problemsOf(value: unknown): unknown {
  try {
    return readPart(schema, value, 'body');
  } catch (error) {
    return error instanceof Failure ? error.details['problems'] : error;
  }
}

test('what was not sent is said to be missing, with what it may be', () => {
  expect(problemsOf({})).toEqual([
    { path: 'body.to', message: 'is missing; it is one of testing, deployment' },
    { path: 'body.reason', message: 'is missing' },
  ]);
});

test('what was sent and is wrong is not said to be missing', () => {
  expect(problemsOf({ to: 'testing', reason: null })).toMatchObject([
    { path: 'body.reason', message: expect.stringContaining('expected string') },
  ]);
  expect(problemsOf({ to: 'testing', reason: 'x' })).toEqual({ to: 'testing', reason: 'x' });
});
