/** A process of its own that reserves one thing at a time, many at once, and prints how many got through. */
import { createSystemClock } from '../../src/adapters/system/system-clock.ts';
import { createSystemSealer } from '../../src/adapters/system/system-sealer.ts';
import { openSqliteStore } from '../../src/adapters/sqlite/sqlite-store.ts';
import { Failure } from '../../src/core/failure/index.ts';
import { reserve } from '../../src/runtime/budgets/index.ts';
import { createCommitter } from '../../src/runtime/committer/index.ts';
import { registerDesk } from '../../src/runtime/registers/index.ts';

const [, , path = '', name = '', count = '0'] = process.argv;
const store = await openSqliteStore({ sealer: createSystemSealer(), path });
const committer = createCommitter(store);
const desk = registerDesk({ tenant: 'main', store, committer, clock: createSystemClock() });
const spending = { unit: 'messages', namespace: 'shop', amount: 1 } as const;
const outcomes = await Promise.allSettled(
  Array.from({ length: Number(count) }, async (_, at) => {
    // Some at once and some later, so that both processes are in the middle of it together.
    await new Promise((resolve) => setTimeout(resolve, (at % 10) * 3));
    await reserve(desk, { id: `${name}-${at}`, spending, actor: name, purpose: 'a test' });
  }),
);
for (const one of outcomes) {
  if (
    one.status === 'rejected' &&
    !(one.reason instanceof Failure && one.reason.code === 'budget.exceeded')
  )
    throw one.reason;
}
await committer.idle();
await store.close();
process.stdout.write(String(outcomes.filter(({ status }) => status === 'fulfilled').length));
