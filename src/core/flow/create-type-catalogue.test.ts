/** Types are found by every name they ever had, and near misses are named. */
import { describe, expect, test } from 'vitest';
import { sampleCatalogue } from '../../../test/support/sample-catalogue.ts';
import { createTypeCatalogue, suggestType } from './create-type-catalogue.ts';
import { didYouMean, suggest } from './suggest.ts';

describe('createTypeCatalogue', () => {
  test.each([
    ['core.log.Log', 'core.log.Log', false],
    ['io.kestra.plugin.core.log.Log', 'core.log.Log', false],
    ['io.kestra.core.tasks.log.Log', 'core.log.Log', true],
    ['io.kestra.core.tasks.flows.WaitFor', 'core.flow.LoopUntil', true],
    ['io.kestra.plugin.core.flow.WaitFor', 'core.flow.LoopUntil', true],
    ['io.kestra.plugin.fs.http.Request', 'core.http.Request', true],
    ['io.kestra.plugin.notifications.mail.MailSend', 'email.MailSend', true],
  ])('finds %s', (written, type, isAlias) => {
    expect(sampleCatalogue.find(written)).toMatchObject({ entry: { type }, isAlias });
  });

  test.each(['', 'Log', 'core.log', 'constructor', '__proto__', 'core.log.Log '])(
    'does not find `%s`',
    (written) => {
      expect(sampleCatalogue.find(written)).toBeUndefined();
    },
  );

  test('keeps the first of two entries of one name', () => {
    const [one] = sampleCatalogue.all();
    if (one === undefined) throw new Error('the catalogue is empty');
    const catalogue = createTypeCatalogue([one, { ...one, summary: 'Another.' }]);
    expect(catalogue.all()).toEqual([one]);
  });

  test('suggests by nearness and by the last part of the name', () => {
    expect(suggestType('io.kestra.plugin.core.log.Logg', sampleCatalogue, ['runnable'])).toBe(
      'core.log.Log',
    );
    expect(suggestType('http.Request', sampleCatalogue, ['runnable'])).toBe('core.http.Request');
    expect(suggestType('quite.Different', sampleCatalogue, ['runnable'])).toBeUndefined();
  });
});

describe('suggest', () => {
  test.each([
    ['mesage', ['level', 'message'], 'message'],
    ['LEVLE', ['level', 'message'], 'level'],
    ['INTEGER', ['INT', 'FLOAT'], 'INT'],
    ['x', ['message'], undefined],
    ['a'.repeat(500), ['a'], undefined],
  ])('finds what %s is near to', (text, candidates, near) => {
    expect(suggest(text, candidates)).toBe(near);
  });

  test('says something else when nothing is near', () => {
    expect(didYouMean('zzz', ['message'], 'remove it')).toBe('remove it');
    expect(didYouMean('mesage', ['message'], 'remove it')).toBe('did you mean `message`?');
  });
});
