/**
 * The task runs of executions as a tree, folded from events or read from a document. It holds what is
 * shown and nothing else; how it is drawn is `render-tree`.
 */
import type { ExecutionDocument, TaskRunDocument } from '../../api/contract/index.ts';
import type { ApplicationEvent } from '../../app/application.ts';

/** An execution or a task run in the tree. */
export interface TreeNode {
  readonly title: string;
  state: string;
  readonly startedAt: number;
  endedAt: number | undefined;
  /** Why it failed, where something can be said. */
  message: string | undefined;
  readonly children: TreeNode[];
}

const terminated = ['SUCCESS', 'WARNING', 'FAILED', 'KILLED', 'CANCELLED', 'RETRIED', 'SKIPPED'];

/** Tells whether nothing more happens in `state`. */
export function isTerminated(state: string): boolean {
  return terminated.includes(state);
}

/** Returns the name of a task run as it is shown: `send [812]`, `poll #3`. */
export function taskRunTitle(run: {
  readonly taskId?: string;
  readonly value?: string;
  readonly iteration?: number;
}): string {
  const value = run.value === undefined ? '' : ` [${run.value}]`;
  const round = run.iteration === undefined || run.value !== undefined ? '' : ` #${run.iteration}`;
  return `${run.taskId ?? 'task'}${value}${round}`;
}

/** The tree that events build. */
export class RunTree {
  readonly roots: TreeNode[] = [];
  readonly #nodes = new Map<string, TreeNode>();

  /** Takes an event into the tree; log lines leave it as it is. */
  apply(event: ApplicationEvent): void {
    if (event.kind === 'log') return;
    const node = event.kind === 'execution-state' ? this.#execution(event) : this.#taskRun(event);
    node.state = event.state;
    node.endedAt = isTerminated(event.state) ? event.at : undefined;
    if (event.message !== undefined) node.message = event.message;
  }

  #add(key: string, title: string, event: ApplicationEvent, siblings: TreeNode[]): TreeNode {
    const found = this.#nodes.get(key);
    if (found !== undefined) return found;
    const { state, at } = event;
    const node: TreeNode = {
      title,
      state,
      startedAt: at,
      endedAt: undefined,
      message: undefined,
      children: [],
    };
    this.#nodes.set(key, node);
    siblings.push(node);
    return node;
  }

  #execution(event: ApplicationEvent): TreeNode {
    const title = `${event.namespace}/${event.flowId}  ${event.executionId}`;
    return this.#add(event.executionId, title, event, this.roots);
  }

  #taskRun(event: ApplicationEvent): TreeNode {
    const parent =
      event.parentTaskRunId === undefined ? undefined : this.#nodes.get(event.parentTaskRunId);
    const { children } = parent ?? this.#execution(event);
    return this.#add(event.taskRunId ?? '', taskRunTitle(event), event, children);
  }
}

function timesOf(state: TaskRunDocument['state']): Pick<TreeNode, 'startedAt' | 'endedAt'> {
  const at = (date: string | undefined) => (date === undefined ? 0 : Date.parse(date));
  return {
    startedAt: at(state.histories[0]?.date),
    endedAt: isTerminated(state.current) ? at(state.histories.at(-1)?.date) : undefined,
  };
}

/** Returns the tree of an execution as its document tells it. */
export function treeOfDocument(document: ExecutionDocument): TreeNode {
  const root: TreeNode = {
    title: `${document.namespace}/${document.flowId}  ${document.id}`,
    state: document.state.current,
    ...timesOf(document.state),
    message: document.error?.message,
    children: [],
  };
  const nodes = new Map<string, TreeNode>();
  for (const run of document.taskRunList) {
    const node: TreeNode = {
      title: taskRunTitle(run),
      state: run.state.current,
      ...timesOf(run.state),
      message: undefined,
      children: [],
    };
    nodes.set(run.id, node);
    const parent = run.parentTaskRunId === undefined ? root : nodes.get(run.parentTaskRunId);
    (parent ?? root).children.push(node);
  }
  return root;
}
