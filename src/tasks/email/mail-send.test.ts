/** Tests of `email.MailSend`. */
import { expect, test } from 'vitest';
import { taskContract } from '../../../test/contract/task.contract.ts';
import { createTaskWorld } from '../../../test/support/task-world.ts';
import { mailSendTask } from './mail-send.ts';

taskContract(mailSendTask, {
  valid: {
    from: 'parcels@shop.example.com',
    to: 'a@example.com;b@example.com',
    htmlTextContent: '<p>hello</p>',
    password: 'quite-secret-password',
  },
  alwaysFails: 'task.type-missing',
});

test('says plainly that it cannot run, and has no effect', async () => {
  const world = createTaskWorld();
  await expect(world.run(mailSendTask, { to: 'a@example.com' })).rejects.toThrow(
    'the mail sender is not part of this version',
  );
  expect(world.effects).toEqual([]);
});
