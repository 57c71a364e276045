/** Tests of listing the properties of a schema with what stands inside them. */
import { expect, test } from 'vitest';
import { listProperties } from './list-properties.ts';

test('follows maps, lists and choices to their entries, three levels deep', () => {
  const text = { type: 'string' };
  const listed = listProperties({
    type: 'object',
    required: ['flows'],
    properties: {
      uri: text,
      options: {
        type: 'object',
        required: ['auth'],
        properties: {
          auth: { type: 'object', properties: { token: { properties: { deep: text } } } },
        },
      },
      flows: { type: 'array', items: { type: 'object', properties: { id: text } } },
      either: { anyOf: [text, { type: 'object', properties: { name: text } }] },
    },
  });
  expect(listed.map(({ path, isRequired }) => `${path}${isRequired ? ' *' : ''}`)).toEqual([
    'uri',
    'options',
    'options.auth *',
    'options.auth.token',
    'flows *',
    'flows[].id',
    'either',
    'either.name',
  ]);
});
