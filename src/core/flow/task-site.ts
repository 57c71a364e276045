/**
 * Where a task stands in its flow: in which block of which flowable, at which place. From two sites
 * follows whether the one task can have run before the other.
 */
import type { OffsetRange } from './diagnostic-list.ts';

/** How the tasks of one block follow each other. */
export type BlockOrder = 'sequence' | 'parallel' | 'dag';

/** Where a task stands. */
export interface TaskSite {
  readonly id: string;
  readonly type: string;
  /** The enclosing flowable; absent at the top of the flow. */
  readonly parent: TaskSite | undefined;
  /** The block that holds it: `tasks`, `then`, `cases.a`, `errors`. */
  readonly block: string;
  /** Blocks of one flowable with a lower phase run before those with a higher one. */
  readonly phase: number;
  readonly order: BlockOrder;
  readonly index: number;
  readonly depth: number;
  readonly isFlowable: boolean;
  readonly isDisabled: boolean;
  /** True when its children run more than once. */
  readonly isLoop: boolean;
  /** True when the outputs of its children are not seen outside. */
  readonly hidesChildren: boolean;
  /** In a Dag: the ids it waits for. */
  readonly dependsOn: readonly string[];
  readonly at: OffsetRange;
  readonly path: string;
}

/** What the order of two tasks is, seen from the one that reads the other's output. */
type Precedence =
  | 'before'
  | 'later'
  | 'itself'
  | 'inside'
  | 'other-branch'
  | 'unordered'
  | 'hidden';

/** The most steps that searching dependencies of Dags may take in one file. */
const searchStepsMax = 1_000_000;

/** Answers whether one task can have run before another. */
export class TaskOrder {
  readonly #byParent = new Map<TaskSite | undefined, Map<string, TaskSite>>();
  #steps = 0;

  constructor(sites: readonly TaskSite[]) {
    for (const site of sites) {
      if (site.order !== 'dag') continue;
      let siblings = this.#byParent.get(site.parent);
      if (siblings === undefined) this.#byParent.set(site.parent, (siblings = new Map()));
      siblings.set(site.id, site);
    }
  }

  /** Returns how `target` stands to `reader`, which reads its outputs. */
  precedence(target: TaskSite, reader: TaskSite): Precedence {
    if (target === reader) return 'itself';
    let a = target;
    let b = reader;
    let isHidden = false;
    const climb = (site: TaskSite): TaskSite | undefined => {
      const { parent } = site;
      if (parent?.hidesChildren === true) isHidden = true;
      return parent;
    };
    while (a.depth > b.depth) {
      const up = climb(a);
      if (up === undefined) break;
      a = up;
    }
    if (a === reader) return 'inside';
    while (b.depth > a.depth) b = b.parent ?? b;
    if (b === target) return 'before';
    while (a.parent !== b.parent) {
      const up = climb(a);
      if (up === undefined || b.parent === undefined) break;
      a = up;
      b = b.parent;
    }
    if (isHidden) return 'hidden';
    return this.#siblings(a, b);
  }

  #siblings(a: TaskSite, b: TaskSite): Precedence {
    for (let up = a.parent; up !== undefined; up = up.parent) if (up.isLoop) return 'before';
    if (a.block !== b.block) {
      if (a.phase < b.phase) return 'before';
      return a.phase === b.phase ? 'other-branch' : 'later';
    }
    switch (a.order) {
      case 'sequence':
        return a.index < b.index ? 'before' : 'later';
      case 'parallel':
        return 'unordered';
      case 'dag':
        return this.#dependsOn(b, a.id) ? 'before' : 'unordered';
    }
  }

  #dependsOn(site: TaskSite, id: string): boolean {
    if (site.dependsOn.includes(id)) return true;
    const siblings = this.#byParent.get(site.parent);
    const seen = new Set<string>();
    const open = [...site.dependsOn];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (next === id) return true;
      this.#steps += 1;
      // Past the bound nothing is claimed, so that no flow is warned about without proof.
      if (this.#steps > searchStepsMax) return true;
      if (seen.has(next)) continue;
      seen.add(next);
      open.push(...(siblings?.get(next)?.dependsOn ?? []));
    }
    return false;
  }
}

/** Tells whether `site` or something around it is disabled. */
export function isDisabledSite(site: TaskSite): boolean {
  for (let up: TaskSite | undefined = site; up !== undefined; up = up.parent) {
    if (up.isDisabled) return true;
  }
  return false;
}
