/** A system with a data folder of its own, made as `sluice` makes it, whose flushes can be counted. */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Application } from '../src/app/application.ts';
import { createApplication } from '../src/app/create-application.ts';
import { openStore } from '../src/app/open-store.ts';
import type { Value } from '../src/core/value/index.ts';

/** A system under measurement. */
export interface BenchWorld {
  readonly application: Application;
  readonly dataFolder: string;
  /** Starts the flow `flowId` and waits for its end; throws when it does not succeed. */
  finish(flowId: string, inputs?: Readonly<Record<string, Value>>): Promise<string>;
  /** Returns how many transactions were flushed so far. */
  flushCount(): number;
  close(): Promise<void>;
}

/** The namespace of every flow of the bench. */
export const namespace = 'bench';

/** Returns a system over a fresh folder in `parent`, with `flows` saved. */
export async function openBenchWorld(
  parent: string,
  flows: readonly string[],
): Promise<BenchWorld> {
  const dataFolder = mkdtempSync(join(parent, 'world-'));
  const store = await openStore(dataFolder);
  const application = await createApplication({ dataFolder, store });
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
