/** A system with a data folder of its own, made as `sluice` makes it, whose flushes can be counted. */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { System, TenantView } from '../src/app/application.ts';
import { type ApplicationOptions, openSystem } from '../src/app/create-application.ts';
import { openIdentity } from '../src/app/open-identity.ts';
import { openStore } from '../src/app/open-store.ts';
import type { Value } from '../src/core/value/index.ts';

/** A system under measurement. */
export interface BenchWorld {
  readonly application: TenantView;
  readonly dataFolder: string;
  /** Starts the flow `flowId` and waits for its end; throws when it does not succeed. */
  finish(flowId: string, inputs?: Readonly<Record<string, Value>>): Promise<string>;
  /** Returns how many transactions were flushed so far. */
  flushCount(): number;
  close(): Promise<void>;
}

/** The namespace of every flow of the bench. */
export const namespace = 'bench';

/** What a system under measurement is besides its flows. */
export interface BenchWorldOptions {
  /** True where the policies that come with the product are in force, and an operator starts what runs. */
  readonly isGoverned?: boolean;
  readonly taskTypes?: NonNullable<ApplicationOptions['taskTypes']>;
}

/** Puts the default policies in force; gives the view of somebody who may run flows under them. */
async function governed(system: System): Promise<TenantView> {
  const roles = [{ role: 'operator', namespace: '*', tenant: 'main' }];
  const { users } = openIdentity(system, () => '');
  const operator = await users.create({ tenant: 'main', name: 'operator', roles }, 'bench');
  const desk = await system.view({ tenant: 'main', actor: 'bench' }).policies();
  const { outcome } = await desk.seed();
  if (outcome !== 'put-in-force') throw new Error(`bug: the policies of the bench are ${outcome}`);
  return system.view({ tenant: 'main', actor: operator });
}

/** Returns a system over a fresh folder in `parent`, with `flows` saved. */
export async function openBenchWorld(
  parent: string,
  flows: readonly string[],
  { isGoverned = false, taskTypes }: BenchWorldOptions = {},
): Promise<BenchWorld> {
  const dataFolder = mkdtempSync(join(parent, 'world-'));
  const store = await openStore(dataFolder);
  const system = await openSystem({ dataFolder, store, ...(taskTypes && { taskTypes }) });
  const application = isGoverned
    ? await governed(system)
    : system.view({ tenant: 'main', actor: 'user:local', isLocal: true });
  for (const flow of flows) await application.saveFlow(flow, 'bench.yaml');
  return {
    application,
    dataFolder,
    async finish(flowId, inputs = {}) {
      const id = await application.start({ namespace, flowId, inputs });
      const document = await application.rest(id);
      if (document.state.current !== 'SUCCESS') {
        throw new Error(`the execution \`${id}\` of \`${flowId}\` ended ${document.state.current}`);
      }
      return id;
    },
    flushCount: () => store.commitCount,
    async close() {
      await application.close();
      rmSync(dataFolder, { recursive: true });
    },
  };
}

/** Returns `count` trivial tasks: every second one writes a line, the others give a text. */
export function trivialTasks(count: number, indent = '  '): string {
  const tasks = Array.from({ length: count }, (_, index) =>
    index % 2 === 0
      ? `${indent}- {id: t${index}, type: core.debug.Return, format: "value {{ execution.id }}"}\n`
      : `${indent}- {id: t${index}, type: core.log.Log, message: "line {{ outputs.t${index - 1}.value }}"}\n`,
  );
  return tasks.join('');
}
