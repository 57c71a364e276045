/**
 * A data folder with a task type that sends real mail to a mail server in this process, and says what it
 * spends. `test.Mail` may not be repeated, `test.Book` may under its key; `test.Ask` asks a model.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { catalogueEntry } from '../../scripts/generate/catalogue-entry.ts';
import { createSmtpMailer } from '../../src/adapters/smtp/smtp-mailer.ts';
import type { System, TenantView } from '../../src/app/application.ts';
import { openSystem } from '../../src/app/create-application.ts';
import { createTaskRegistry, readTypeCatalogue } from '../../src/app/type-catalogue.ts';
import { Failure } from '../../src/core/failure/index.ts';
import { createTypeCatalogue } from '../../src/core/flow/index.ts';
import { type AnyTaskDefinition, defineTask } from '../../src/ports/task.ts';
import type { Store } from '../../src/ports/store.ts';

/** What happens outside, and outlives the process. */
export interface Outside {
  /** One address per message. */
  readonly sent: string[];
  /** The keys of bookings: the same key again books nothing more. */
  readonly booked: Set<string>;
  /** The models that were asked. */
  readonly asked: string[];
}

const effects = { success: 'ends well', before: 'fails before', after: 'fails after' } as const;
type Ending = keyof typeof effects;

const input = z.strictObject({
  to: z.string().default('').describe('Addresses, separated by `;`.'),
  ends: z.enum(['success', 'before', 'after']).default('success').describe('How it ends.'),
  failures: z.coerce.number().int().default(99).describe('How many attempts end so.'),
  accepted: z.coerce.number().int().optional().describe('How many messages the server takes.'),
  url: z.string().optional().describe('The mail server.'),
});

/** Returns the task types of the product and those with effects in `outside`. */
function typesWith(outside: Outside) {
  const mail = defineTask({
    type: 'test.Mail',
    summary: 'Sends a mail.',
    input,
    output: z.strictObject({ accepted: z.int().describe('How many were taken.') }),
    effect: {
      kind: 'external',
      touches: ['network'],
      spendsFor: ({ to }) => ({ messages: to.split(';').length }),
    },
    provenance: { output: 'trusted' },
    failures: ['task.failed', 'mail.not-sent'],
    examples: [],
    async run({ to, ends, failures, accepted, url }, context) {
      const how: Ending = context.taskRun.attemptsBefore < failures ? ends : 'success';
      if (how === 'before') {
        context.spent('nothing');
        throw new Failure('task.failed', 'there is no way to the server');
      }
      const addresses = to.split(';').slice(0, accepted);
      if (url !== undefined) {
        const mailer = createSmtpMailer({ url, from: 'shop@example.org', ignoreTls: true });
        await mailer.send({ to: addresses, subject: 'hello', text: 'hello' });
      }
      outside.sent.push(...addresses);
      if (how === 'after') throw new Failure('task.failed', 'the answer was lost');
      if (accepted !== undefined) context.spent({ messages: addresses.length });
      return { accepted: addresses.length };
    },
  });
  const book = defineTask({
    type: 'test.Book',
    summary: 'Books something.',
    input: z.strictObject({ failures: z.coerce.number().int().default(0).describe('How often.') }),
    output: z.strictObject({}),
    effect: { kind: 'idempotent', touches: ['network'] },
    provenance: { output: 'trusted' },
    failures: ['task.failed'],
    examples: [],
    async run({ failures }, context) {
      outside.booked.add(context.idempotencyKey);
      if (context.taskRun.attemptsBefore < failures) throw new Failure('task.failed', 'no answer');
      return {};
    },
  });
  const ask = defineTask({
    type: 'test.Ask',
    summary: 'Asks a model for a long time.',
    input: z.strictObject({ model: z.string().describe('The model.') }),
    output: z.strictObject({}),
    effect: { kind: 'external', touches: ['model'], modelsFor: ({ model }) => [model] },
    provenance: { output: 'outside' },
    failures: [],
    examples: [],
    async run({ model }, context) {
      outside.asked.push(model);
      await context.sleep(30_000);
      return {};
    },
  });
  const more = [mail, book, ask] as readonly AnyTaskDefinition[];
  const registry = createTaskRegistry();
  const own = (type: string) => more.find((one) => one.type === type);
  return {
    registry: {
      loaded: (type: string) => own(type) ?? registry.loaded(type),
      load: async (type: string) => own(type) ?? registry.load(type),
    },
    catalogue: createTypeCatalogue([...readTypeCatalogue().all(), ...more.map(catalogueEntry)]),
  };
}

/** A data folder in which something is spent. */
export interface SpendingWorld {
  readonly dataFolder: string;
  readonly system: System;
  readonly view: TenantView;
  readonly outside: Outside;
  /** Returns what a budget has counted: settled and reserved of each name. */
  counted(id: string): Promise<{ readonly settled: number; readonly reserved: number }>;
  close(): Promise<void>;
}

/** Opens a data folder; the same again when it is named. */
export async function openSpendingWorld(
  options: {
    readonly dataFolder?: string;
    readonly store?: Store;
    readonly outside?: Outside;
  } = {},
): Promise<SpendingWorld> {
  const { outside = { sent: [], booked: new Set(), asked: [] }, store } = options;
  const dataFolder = options.dataFolder ?? mkdtempSync(join(tmpdir(), 'spending-'));
  const system = await openSystem({
    dataFolder,
    environment: { SLUICE_ALLOW_PRIVATE_HOSTS: '127.0.0.1' },
    actor: 'user:local',
    taskTypes: typesWith(outside),
    ...(store !== undefined && { store }),
  });
  const view = system.view({ tenant: 'main', actor: 'user:local', isLocal: true });
  return {
    dataFolder,
    system,
    view,
    outside,
    async counted(id) {
      const { standings } = await (await view.governance()).budgets.show(id);
      const sum = (name: 'settled' | 'reserved'): number =>
        standings.reduce((total, one) => total + one[name], 0);
      return { settled: sum('settled'), reserved: sum('reserved') };
    },
    async close() {
      await system.close();
      if (options.dataFolder === undefined) rmSync(dataFolder, { recursive: true, force: true });
    },
  };
}
