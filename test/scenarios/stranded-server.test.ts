/** A server whose store cannot be written any more says so at once, and asks to be started again. */
import { rmSync } from 'node:fs';
import { expect, onTestFinished, test, vi } from 'vitest';
import { flowText, startApiServer } from '../support/api-server.ts';

test('it is unready at once, tells why, and asks to be started again', async () => {
  const world = await startApiServer();
  onTestFinished(() => rmSync(world.dataFolder, { recursive: true }));
  const tasks = '  - {id: wait, type: core.flow.Sleep, duration: PT0.3S}';
  const type = 'application/x-yaml';
  await world.json('POST', '/api/v1/main/flows', { body: flowText('slow', tasks), type });
  const ready = () => fetch(`${world.url}/health/readiness`);
  expect((await ready()).status).toBe(200);
  await world.json('POST', '/api/v1/main/executions/demo/slow');
  await world.server.system.store.close();
  await vi.waitFor(() => expect(world.server.system.stranded()).toBeDefined(), 3_000);
  const unready = await ready();
  expect([unready.status, await unready.json()]).toEqual([
    503,
    { status: 'DOWN', troubles: [expect.stringContaining('until a restart')] },
  ]);
  expect((await world.server.broken).code).toMatch(/^store\./);
  expect(world.log.join('')).toContain('"level":60');
  // The store is closed: only what does not need it stops in order.
  await world.server.stop().catch((error: unknown) => expect(error).toBeInstanceOf(Error));
});
