/** What a template may call without an execution is what it may call in one, by the same parameters. */
import { expect, test } from 'vitest';
import {
  type FunctionParts,
  type FunctionTarget,
  hostFunctions,
} from '../runtime/rendering/index.ts';
import { offlineFunctions, refusedOffline } from './offline-functions.ts';

test('offline functions have the names and parameters of those in an execution', () => {
  // Only names and parameters are read here; nothing is called.
  const target = { execution: { flow: { namespace: 'demo' } } } as FunctionTarget;
  const online = hostFunctions({} as FunctionParts, target);
  const offline = offlineFunctions();
  expect([...offline.keys()].toSorted()).toEqual([...online.keys()].toSorted());
  for (const [name, { parameters }] of offline) {
    expect(parameters).toEqual(online.get(name)?.parameters);
  }
});

test('time and chance work, the rest is refused with a sentence', () => {
  const functions = offlineFunctions();
  expect(functions.get('uuid')?.call({}, {})).toMatchObject({
    value: expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
  for (const name of Object.keys(refusedOffline)) {
    expect(() => functions.get(name)?.call({}, {})).toThrow(
      `\`${name}\` works only in a running execution`,
    );
  }
});
