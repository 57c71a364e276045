/**
 * Cycles among things that wait for each other: tasks of a Dag, inputs of a form.
 */

/** Returns a cycle as a chain of ids that ends with its first, shortened in the middle when long. */
export function shownCycle(cycle: readonly string[]): string {
  const chain = [...cycle, cycle[0] ?? ''].map((id) => `\`${id}\``);
  if (chain.length <= 12) return chain.join(' → ');
  return [...chain.slice(0, 6), '…', ...chain.slice(-5)].join(' → ');
}

/** Returns the ids of one cycle, in order, or undefined when there is none. */
export function findCycle(
  edges: readonly (readonly [id: string, on: readonly string[]])[],
): string[] | undefined {
  const on = new Map(edges);
  const state = new Map<string, 'open' | 'done'>();
  for (const [start] of edges) {
    if (state.has(start)) continue;
    // An explicit stack: a chain of ten thousand dependencies must not exhaust the call stack.
    const stack: { id: string; next: number }[] = [{ id: start, next: 0 }];
    state.set(start, 'open');
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const target = on.get(top.id)?.[top.next];
      top.next += 1;
      if (target === undefined) {
        state.set(top.id, 'done');
        stack.pop();
      } else if (state.get(target) === 'open') {
        const ids = stack.map((one) => one.id);
        return ids.slice(ids.indexOf(target));
      } else if (!state.has(target) && on.has(target)) {
        state.set(target, 'open');
        stack.push({ id: target, next: 0 });
      }
    }
  }
  return undefined;
}
