/**
 * Erasing while the process is killed: at the moments at which the key is gone and the ledger does not say
 * so yet, and at which it says so and the write-ahead log still holds the pages from before.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createFlowWorld } from '../support/run-flow.ts';
import { scanFolder } from '../support/scan-folder.ts';

const email = 'jane.doe+42@example-shop.test';
const flow = `
id: welcome
namespace: shop
inputs:
  - {id: customerId, type: STRING}
  - {id: email, type: STRING, governance: {classes: [personal.email], subject: "c:{{ inputs.customerId }}"}}
tasks:
  - {id: greet, type: core.log.Log, message: "Hello {{ inputs.email }}"}
  - {id: keep, type: core.kv.Set, key: mail, value: "{{ inputs.email }}"}
`;

/** Runs an erasure in a process of its own that kills itself; gives the signal it ended by. */
async function eraseAndDie(dataFolder: string, handle: string, when: 'before' | 'after') {
  const source = (file: string): string =>
    JSON.stringify(join(import.meta.dirname, '../../src', file));
  const child = spawn(process.execPath, [
    '--input-type=module',
    '--eval',
    `import { openSqliteStore } from ${source('adapters/sqlite/sqlite-store.ts')};
     import { openDriver } from ${source('adapters/sqlite/open-store.ts')};
     import { createSystemSealer } from ${source('adapters/system/system-sealer.ts')};
     import { createApplication } from ${source('app/create-application.ts')};
     const die = () => process.kill(process.pid, 'SIGKILL');
     const open = (path, timeout) => {
       const driver = openDriver(path, timeout);
       // The last thing an erasure does is to cut the write-ahead log.
       return {
         exec: (sql) => driver.exec(sql),
         close: () => driver.close(),
         get isTransaction() { return driver.isTransaction; },
         prepare: (sql) => {
           const statement = driver.prepare(sql);
           return sql.includes('wal_checkpoint') ? { all: die } : statement;
         },
       };
     };
     const dataFolder = ${JSON.stringify(dataFolder)};
     const path = dataFolder + '/sluice.db';
     const sealer = createSystemSealer();
     const when = ${JSON.stringify(when)};
     const sealed = await openSqliteStore({ path, sealer, ...(when === 'after' ? { open } : {}) });
     const store = when === 'after' ? sealed : { ...sealed, erase: die };
     const application = await createApplication({ dataFolder, store });
     await application.subjects.erase(${JSON.stringify(handle)}, { reason: 'asked' });`,
  ]);
  let trouble = '';
  child.stderr.on('data', (chunk: Buffer) => {
    trouble += String(chunk);
  });
  return new Promise<string>((resolve) => {
    child.on('close', (code, signal) => resolve(signal ?? `${code}: ${trouble}`));
  });
}

test.each(['before', 'after'] as const)(
  'a process killed %s its erasure is durable leaves nothing readable, and the next completes it',
  async (when) => {
    const world = await createFlowWorld();
    const { document } = await world.run(flow, { inputs: { customerId: '8125', email } });
    const handle = (await world.application.subjects.find('c:8125'))?.handle ?? '';
    await world.application.close();
    const dataFolder = join(world.folder, '.sluice');
    expect(await eraseAndDie(dataFolder, handle, when)).toBe('SIGKILL');
    expect(scanFolder(dataFolder, [email, 'c:8125'])).toEqual([]);
    const { application } = await world.reopen();
    const { subjects } = application;
    expect(await subjects.find('c:8125')).toEqual(
      when === 'before' ? expect.objectContaining({ isErasing: true }) : undefined,
    );
    const shown = await application.execution(document.id);
    expect(shown?.inputs).toMatchObject({ customerId: '8125', email: '«erased»' });
    const certificate = await subjects.erase(handle, { reason: 'asked again' });
    expect(certificate).toMatchObject({ handle, reason: 'asked', counts: { executions: 1 } });
    expect(await application.ledger.search({ type: 'subject-erased', limit: 9 })).toHaveLength(1);
    expect(await application.ledger.verify()).toMatchObject({ verdict: 'erased' });
    await application.close();
    expect(scanFolder(dataFolder, [email, 'c:8125'])).toEqual([]);
  },
);
