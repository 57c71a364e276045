/** Which models a flow may call: those it declares, and those its tasks name. */
import type { Flow, Task } from '../flow/index.ts';

const known = new WeakMap<Flow, readonly string[]>();

/** Returns the vendor that a provider stands for: `openai` for `ai.provider.OpenAI`. */
function vendorFor(providerType: string): string {
  return providerType.slice(providerType.lastIndexOf('.') + 1).toLowerCase();
}

/** Returns the name of a model of a provider: `openai/gpt-5-mini`. */
export function modelId({ type, modelName }: { type: string; modelName: string }): string {
  return `${vendorFor(type)}/${modelName}`;
}

/** Returns the vendor and the model that a task names: `{type: ai.provider.OpenAI, modelName: …}`. */
export function modelNamed({
  properties,
}: Task): readonly [vendor: string, model: string] | undefined {
  const provider = properties['provider'];
  if (typeof provider !== 'object' || provider === null) return undefined;
  const { type, modelName } = provider as { readonly type?: unknown; readonly modelName?: unknown };
  if (typeof type !== 'string' || typeof modelName !== 'string') return undefined;
  return [vendorFor(type), modelId({ type, modelName })];
}

/** Calls `visit` with every task of `flow`, those inside others too. */
export function visitTasks(flow: Flow, visit: (task: Task) => void): void {
  const walk = (tasks: readonly Task[]): void => {
    for (const task of tasks) {
      visit(task);
      for (const inner of Object.values(task.blocks)) walk(inner);
    }
  };
  for (const list of [flow.tasks, flow.errors, flow.finally, flow.afterExecution]) walk(list);
  for (const { tasks } of flow.listeners) walk(tasks);
}

/** Returns the models that a flow declares or that its tasks name, in order. */
export function modelsOf(flow: Flow): readonly string[] {
  const before = known.get(flow);
  if (before !== undefined) return before;
  const found = new Set(flow.governance?.models);
  visitTasks(flow, (task) => {
    const named = modelNamed(task);
    if (named !== undefined) found.add(named[1]);
  });
  const models = [...found].toSorted();
  known.set(flow, models);
  return models;
}
