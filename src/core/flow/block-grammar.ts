/**
 * The grammar of flowables: which blocks of tasks each type has, how the tasks of a block follow each
 * other, and what else is not a plain property (forms, cases). Every other property of a type comes
 * from the catalogue.
 */
import type { BlockOrder } from './task-site.ts';

/** One block of tasks. */
export interface Block {
  readonly name: string;
  readonly isRequired: boolean;
  /** Blocks with a lower phase run before those with a higher one; equal phases exclude each other. */
  readonly phase: number;
  /** `task`: one task; `tasks`: a list; `either`: one task or a list; `cases`: a map of lists. */
  readonly form: 'task' | 'tasks' | 'either' | 'cases';
  readonly order: BlockOrder;
  /** True when the block is read with a warning. */
  readonly isDeprecated: boolean;
}

/** The grammar of one flowable. */
export interface Flowable {
  readonly blocks: readonly Block[];
  /** The property that holds a list of inputs. */
  readonly form?: string;
  /** True when the tasks inside run more than once. */
  readonly isLoop: boolean;
  /** True when outputs of the tasks inside are not seen outside. */
  readonly hidesChildren: boolean;
  /** True when only tasks that a worker runs may stand inside. */
  readonly isRunnableOnly: boolean;
  /** Properties that are evaluated after the tasks inside have run. */
  readonly afterChildren: readonly string[];
  /** Properties that are evaluated in the started execution. */
  readonly foreign: readonly string[];
  /** Other spellings of properties that every release accepts. */
  readonly deprecated: Readonly<Record<string, string>>;
  /** Suffixes of the ids of tasks that it makes itself. */
  readonly madeTasks: readonly string[];
}

function block(name: string, options: Partial<Block> = {}): Block {
  const usual = {
    isRequired: false,
    phase: 0,
    form: 'tasks',
    order: 'sequence',
    isDeprecated: false,
  } as const;
  return { name, ...usual, ...options };
}

const required = { isRequired: true };
const errors = block('errors', { phase: 1 });
const last = block('finally', { phase: 2 });

function flowable(blocks: readonly Block[], options: Partial<Flowable> = {}): Flowable {
  return {
    blocks: [...blocks, errors, last],
    isLoop: false,
    hidesChildren: false,
    isRunnableOnly: false,
    afterChildren: [],
    foreign: [],
    deprecated: {},
    madeTasks: [],
    ...options,
  };
}

const tasks = block('tasks', required);

const pause = flowable(
  [block('onPause', { phase: -1, form: 'task' }), block('tasks', { isDeprecated: true })],
  { form: 'onResume', deprecated: { delay: 'pauseDuration' } },
);

/** The grammar of each flowable, by canonical type. */
const flowables: ReadonlyMap<string, Flowable> = new Map([
  ['core.flow.Sequential', flowable([tasks])],
  ['core.flow.Parallel', flowable([block('tasks', { ...required, order: 'parallel' })])],
  ['core.flow.Dag', flowable([block('tasks', { ...required, order: 'dag' })])],
  ['core.flow.AllowFailure', flowable([tasks])],
  ['core.flow.If', flowable([block('then', required), block('else')])],
  ['core.flow.Switch', flowable([block('cases', { form: 'cases' }), block('defaults')])],
  ['core.flow.ForEach', flowable([tasks], { isLoop: true })],
  ['core.flow.EachSequential', flowable([tasks], { isLoop: true })],
  [
    'core.flow.EachParallel',
    flowable([block('tasks', { ...required, order: 'parallel' })], { isLoop: true }),
  ],
  ['core.flow.LoopUntil', flowable([tasks], { isLoop: true, afterChildren: ['condition'] })],
  [
    'core.flow.Loop',
    flowable([tasks], { isLoop: true, hidesChildren: true, afterChildren: ['outputs'] }),
  ],
  [
    'core.flow.ForEachItem',
    flowable([], { foreign: ['outputs'], madeTasks: ['_split', '_items', '_merge'] }),
  ],
  ['core.flow.Pause', pause],
  ['ee.flow.HumanTask', pause],
  [
    'core.flow.Approval',
    flowable(
      [
        block('onWait', { phase: -1, form: 'either' }),
        block('onApprove', { form: 'either' }),
        block('onDeny', { form: 'either' }),
      ],
      { form: 'inputs' },
    ),
  ],
  [
    'core.flow.WorkingDirectory',
    flowable([tasks], { isRunnableOnly: true, afterChildren: ['outputFiles', 'cache'] }),
  ],
  ['core.flow.Template', flowable([])],
  ['govern.Approval', { ...flowable([]), blocks: [], form: 'inputs' }],
]);

const subflow: Flowable = { ...flowable([]), blocks: [], foreign: ['outputs'] };

/** Returns the grammar of a flowable type, or undefined for all other types. */
export function flowableOf(type: string): Flowable | undefined {
  return flowables.get(type);
}

/** Returns the properties of any type that are evaluated elsewhere, so that their names are not checked. */
export function foreignProperties(type: string): readonly string[] {
  return type === 'core.flow.Subflow' ? subflow.foreign : (flowables.get(type)?.foreign ?? []);
}

/** Returns the names of all blocks of all flowables, with the types that have them. */
export const blockOwners: ReadonlyMap<string, readonly string[]> = (() => {
  const owners = new Map<string, string[]>();
  for (const [type, grammar] of flowables) {
    for (const { name } of grammar.blocks) owners.set(name, [...(owners.get(name) ?? []), type]);
  }
  return owners;
})();

const durations: Readonly<Record<string, readonly (readonly string[])[]>> = {
  'core.flow.Pause': [['pauseDuration'], ['timeout']],
  'core.flow.LoopUntil': [
    ['checkFrequency', 'interval'],
    ['checkFrequency', 'maxDuration'],
  ],
  'core.flow.Sleep': [['duration']],
  'core.flow.WorkingDirectory': [['cache', 'ttl']],
};

/** Returns the paths of the properties of a type that the language waits for. */
export function durationsOf(type: string): readonly (readonly string[])[] {
  return Object.hasOwn(durations, type) ? (durations[type] ?? []) : [];
}
