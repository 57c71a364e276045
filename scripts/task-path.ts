/**
 * Where a task type lives: its packages are folders and its class name is a file in kebab case, so that
 * the path can be read off the type and back. `ai.agent.AIAgent` is `ai/agent/ai-agent.ts`.
 */

/** Returns `name` in kebab case; runs of capitals are one word: `AIAgent` becomes `ai-agent`. */
export function kebabCase(name: string): string {
  return name
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1-$2')
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase();
}

/** Returns the path of the file of `type` below the folder of task types. */
export function taskPath(type: string): string {
  const parts = type.split('.');
  const name = parts.pop() ?? '';
  return [...parts.map(kebabCase), `${kebabCase(name)}.ts`].join('/');
}

/** Tells whether `type` has the form of a task type: packages in lower case, a class name at the end. */
export function isTaskType(type: string): boolean {
  return /^[a-z][a-z0-9]*(\.[a-z][a-zA-Z0-9]*)+\.[A-Z][A-Za-z0-9]*$/.test(type);
}
