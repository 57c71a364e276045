/** Erasing people from everything that is kept: what is about them stands under their keys, and goes with them. */
import { expect, test } from 'vitest';
import { createFlowWorld } from '../support/run-flow.ts';
import { scanFolder } from '../support/scan-folder.ts';

const email = 'jane.doe+42@example-shop.test';

const flow = `
id: welcome
namespace: shop.tests
inputs:
  - id: customerId
    type: STRING
  - id: email
    type: STRING
    governance: { classes: [personal.email], subject: "customer:{{ inputs.customerId }}" }
  - id: note
    type: STRING
    defaults: "to {{ inputs.email }}"
tasks:
  - id: greet
    type: core.debug.Return
    format: "Hello {{ inputs.email }}"
  - id: say
    type: core.log.Log
    message: "wrote to {{ outputs.greet.value }}"
  - id: keep
    type: core.kv.Set
    key: last-mail
    value: "{{ inputs.note }}"
outputs:
  - id: greeting
    type: STRING
    value: "{{ outputs.greet.value }}"
`;

test('what is about somebody is read as before and stands nowhere in clear', async () => {
  const world = await createFlowWorld();
  const result = await world.run(flow, { inputs: { customerId: '812', email } });
  expect(result.state).toBe('SUCCESS');
  expect(result.document.inputs).toMatchObject({ email, note: `to ${email}` });
  expect(result.document.outputs).toEqual({ greeting: `Hello ${email}` });
  expect(result.messages('say')).toEqual([`wrote to Hello ${email}`]);
  const again = await world.reopen();
  expect(await again.application.keyValues('shop.tests').get('last-mail')).toMatchObject({
    value: `to ${email}`,
  });
  expect(scanFolder(world.folder, [email])).toEqual([]);
  expect(scanFolder(world.folder, ['last-mail'])).not.toEqual([]);
  expect(await again.application.ledger.verify()).toMatchObject({ verdict: 'valid' });
});
