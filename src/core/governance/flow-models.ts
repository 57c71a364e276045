/** Which models a flow may call: those it declares, and those its tasks name. */
import type { Flow, Task } from '../flow/index.ts';

const known = new WeakMap<Flow, readonly string[]>();

/** Properties of tasks that name a model. */
const modelProperties = ['model', 'modelName'];

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
  visitTasks(flow, ({ properties }) => {
    for (const name of modelProperties) {
      const value = properties[name];
      if (typeof value === 'string' && value !== '' && !value.includes('{{')) found.add(value);
    }
  });
  const models = [...found].toSorted();
  known.set(flow, models);
  return models;
}
