/**
 * What happens in the world: a fixed set of stories, each with its flows and the people in it. Small ones,
 * because each is run with a fault at every one of its operations.
 */
import { approvalScenarios } from './approval-scenarios.ts';
import type { Asks } from './approvals.ts';
import {
  answers,
  corrects,
  holds,
  kills,
  type Person,
  restarts,
  resumes,
  starts,
} from './people.ts';

/** A story. */
export interface Scenario {
  /** Where approvals are kept: how many approvers must agree before a task of a type does something. */
  readonly asks?: Asks;
  readonly name: string;
  readonly flows: readonly string[];
  readonly people: readonly Person[];
  /** Whether it ends the same way whatever happens, or only while no store refuses a write of a task's own. */
  readonly steadiness: 'always' | 'unless-refused' | 'never';
  /** Whether people may act through processes of their own; one process has parents, children and queues in hand. */
  readonly hasVisitors?: boolean;
}

const flow = (id: string, rest: string): string => `id: ${id}\nnamespace: sim\n${rest}`;

const child = flow(
  'child',
  `inputs: [{ id: word, type: STRING, defaults: none }]
tasks:
  - { id: booked, type: sim.Book }
  - { id: heard, type: core.debug.Return, format: "heard {{ inputs.word }}" }
outputs: [{ id: word, type: STRING, value: "{{ outputs.heard.value }}" }]
`,
);

/** Returns the story `name`. */
export function scenarioOf(name: string): Scenario {
  const found = [...scenarios, ...approvalScenarios].find((one) => one.name === name);
  if (found === undefined) throw new Error(`there is no scenario ${name}`);
  return found;
}

/** The stories. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'sequential',
    hasVisitors: true,
    steadiness: 'always',
    people: [starts('sequential')],
    flows: [
      flow(
        'sequential',
        `tasks:
  - { id: line, type: core.log.Log, message: begun }
  - { id: looked, type: sim.Look }
  - { id: booked, type: sim.Book }
  - { id: copied, type: core.debug.Return, format: "{{ outputs.looked.word }}" }
  - { id: own, type: core.debug.Return, format: "{{ outputs.booked.word }}" }
outputs: [{ id: word, type: STRING, value: "{{ outputs.copied.value }}" }]
`,
      ),
    ],
  },
  {
    name: 'parallel',
    hasVisitors: true,
    steadiness: 'always',
    people: [starts('parallel')],
    flows: [
      flow(
        'parallel',
        `tasks:
  - id: all
    type: core.flow.Parallel
    tasks:
      - { id: one, type: sim.Book }
      - { id: two, type: sim.Book, takes: 20 }
      - { id: looked, type: sim.Look }
      - { id: moment, type: core.flow.Sleep, duration: PT0.1S }
  - { id: after, type: core.debug.Return, format: "{{ outputs.looked.word }}" }
`,
      ),
    ],
  },
  {
    name: 'for-each',
    hasVisitors: true,
    steadiness: 'always',
    people: [starts('for-each')],
    flows: [
      flow(
        'for-each',
        `tasks:
  - id: each
    type: core.flow.ForEach
    values: ["a", "b", "c"]
    concurrencyLimit: 2
    tasks:
      - { id: booked, type: sim.Book, takes: 5 }
      - { id: said, type: core.debug.Return, format: "{{ taskrun.value }}" }
`,
      ),
    ],
  },
  {
    name: 'loop',
    steadiness: 'always',
    people: [starts('loop')],
    flows: [
      flow(
        'loop',
        `tasks:
  - { id: looked, type: sim.Look }
  - id: each
    type: core.flow.Loop
    values: ["a", "{{ outputs.looked.word }}", "c"]
    concurrencyLimit: 2
    outputs: [{ id: said, type: STRING, value: "{{ outputs.said.value }}" }]
    tasks:
      - { id: booked, type: sim.Book }
      - { id: said, type: core.debug.Return, format: "{{ item.value }}" }
  - { id: after, type: core.debug.Return, format: "{{ loopOutputs(outputs.each, 'said') | join(' ') }}" }
`,
      ),
    ],
  },
  {
    name: 'loop-until',
    hasVisitors: true,
    steadiness: 'always',
    people: [starts('loop-until')],
    flows: [
      flow(
        'loop-until',
        `tasks:
  - id: again
    type: core.flow.LoopUntil
    condition: "{{ outputs.again.iterationCount >= 2 }}"
    checkFrequency: { interval: PT0.5S, maxIterations: 5 }
    tasks:
      - { id: said, type: core.debug.Return, format: round }
`,
      ),
    ],
  },
  {
    name: 'choices',
    hasVisitors: true,
    steadiness: 'always',
    people: [starts('choices')],
    flows: [
      flow(
        'choices',
        `tasks:
  - { id: looked, type: sim.Look }
  - id: asked
    type: core.flow.If
    condition: "{{ outputs.looked.word == 'look-looked' }}"
    then: [{ id: yes, type: sim.Book }]
    else: [{ id: no, type: core.execution.Fail }]
  - id: chosen
    type: core.flow.Switch
    value: "{{ outputs.yes.word }}"
    cases:
      book-yes: [{ id: right, type: core.debug.Return, format: "{{ outputs.yes.word }}" }]
    defaults: [{ id: wrong, type: core.execution.Fail }]
  - { id: skipped, type: sim.Book, runIf: "{{ false }}" }
`,
      ),
    ],
  },
  {
    name: 'errors',
    hasVisitors: true,
    steadiness: 'always',
    people: [starts('errors')],
    flows: [
      flow(
        'errors',
        `tasks:
  - id: group
    type: core.flow.Sequential
    tasks: [{ id: bad, type: sim.Book, failures: 9 }]
    errors: [{ id: inner, type: sim.Book }]
    finally: [{ id: always, type: sim.Book }]
  - { id: never, type: sim.Book }
errors: [{ id: outer, type: core.debug.Return, format: "{{ error.message }}" }]
finally: [{ id: last, type: sim.Book }]
afterExecution: [{ id: afterwards, type: sim.Book }]
`,
      ),
    ],
  },
  {
    name: 'retry',
    hasVisitors: true,
    steadiness: 'always',
    people: [starts('retry')],
    flows: [
      flow(
        'retry',
        `tasks:
  - id: booked
    type: sim.Book
    failures: 2
    retry: { type: constant, interval: PT2S, maxAttempts: 9 }
  - { id: after, type: core.debug.Return, format: "{{ outputs.booked.word }}" }
`,
      ),
    ],
  },
  {
    name: 'flow-retry',
    steadiness: 'always',
    people: [starts('flow-retry')],
    flows: [
      flow(
        'flow-retry',
        `retry: { type: constant, interval: PT2S, maxAttempts: 3, behavior: CREATE_NEW_EXECUTION }
tasks:
  - { id: booked, type: sim.Book, failures: 9 }
`,
      ),
    ],
  },
  {
    name: 'timeout',
    hasVisitors: true,
    steadiness: 'never',
    people: [starts('timeout')],
    flows: [
      flow(
        'timeout',
        `tasks:
  - { id: slow, type: core.flow.Sleep, duration: PT10S, timeout: PT1S, allowFailure: true }
  - { id: booked, type: sim.Book }
`,
      ),
    ],
  },
  {
    name: 'pause',
    hasVisitors: true,
    steadiness: 'always',
    people: [starts('pause'), resumes('pause', { word: 'go' })],
    flows: [
      flow(
        'pause',
        `tasks:
  - { id: gate, type: core.flow.Pause, onResume: [{ id: word, type: STRING }] }
  - { id: timed, type: core.flow.Pause, pauseDuration: PT5S }
  - { id: after, type: core.debug.Return, format: "{{ outputs.gate.onResume.word }}" }
`,
      ),
    ],
  },
  {
    name: 'held',
    hasVisitors: true,
    steadiness: 'never',
    people: [starts('held'), holds('held', 'slow'), resumes('held')],
    flows: [
      flow(
        'held',
        `tasks:
  - { id: slow, type: core.flow.Sleep, duration: PT3S }
  - { id: booked, type: sim.Book }
`,
      ),
    ],
  },
  {
    name: 'subflow',
    steadiness: 'always',
    people: [starts('parent')],
    flows: [
      child,
      flow(
        'parent',
        `tasks:
  - { id: looked, type: sim.Look }
  - id: call
    type: core.flow.Subflow
    namespace: sim
    flowId: child
    inputs: { word: "{{ outputs.looked.word }}" }
  - { id: after, type: core.debug.Return, format: "{{ outputs.call.outputs.word }}" }
`,
      ),
    ],
  },
  {
    name: 'subflow-no-wait',
    steadiness: 'always',
    people: [starts('parent')],
    flows: [
      child,
      flow(
        'parent',
        `tasks:
  - { id: one, type: core.flow.Subflow, namespace: sim, flowId: child, wait: false }
  - { id: two, type: core.flow.Subflow, namespace: sim, flowId: child, wait: false }
`,
      ),
    ],
  },
  {
    name: 'subflow-paused',
    steadiness: 'always',
    people: [starts('parent'), resumes('gate')],
    flows: [
      flow(
        'gate',
        `tasks: [{ id: wait, type: core.flow.Pause }, { id: booked, type: sim.Book }]\n`,
      ),
      flow(
        'parent',
        `tasks:
  - { id: call, type: core.flow.Subflow, namespace: sim, flowId: gate }
  - { id: after, type: core.debug.Return, format: done }
`,
      ),
    ],
  },
  {
    name: 'subflow-paused-last',
    steadiness: 'always',
    people: [starts('parent'), resumes('gate')],
    flows: [
      flow('gate', `tasks: [{ id: wait, type: core.flow.Pause }]\n`),
      flow(
        'parent',
        `tasks:
  - { id: call, type: core.flow.Subflow, namespace: sim, flowId: gate }
  - { id: after, type: core.debug.Return, format: done }
`,
      ),
    ],
  },
  {
    name: 'pause-beside',
    hasVisitors: true,
    steadiness: 'always',
    people: [starts('pause-beside'), resumes('pause-beside', {}, 'third')],
    flows: [
      flow(
        'pause-beside',
        `tasks:
  - id: both
    type: core.flow.Parallel
    tasks:
      - { id: gate, type: core.flow.Pause }
      - id: other
        type: core.flow.Sequential
        tasks:
          - { id: first, type: sim.Book }
          - { id: second, type: core.flow.Sleep, duration: PT1S }
          - { id: third, type: sim.Book }
`,
      ),
    ],
  },
  {
    name: 'queue',
    steadiness: 'always',
    people: [starts('queue', 'one'), starts('queue', 'two'), starts('queue', 'three')],
    flows: [
      flow(
        'queue',
        `concurrency: { limit: 1, behavior: QUEUE }
tasks: [{ id: booked, type: sim.Book, takes: 10 }]
`,
      ),
    ],
  },
  {
    name: 'queue-in-time',
    steadiness: 'always',
    people: [starts('queue-in-time', 'one'), starts('queue-in-time', 'two')],
    flows: [
      flow(
        'queue-in-time',
        `concurrency: { limit: 1, behavior: QUEUE }
sla: [{ id: prompt, type: MAX_DURATION, duration: PT2H, behavior: FAIL }]
tasks: [{ id: booked, type: sim.Book, takes: 10 }]
`,
      ),
    ],
  },
  {
    name: 'queued-children',
    steadiness: 'always',
    people: [starts('parent')],
    flows: [
      flow(
        'narrow',
        `concurrency: { limit: 1, behavior: QUEUE }
tasks: [{ id: booked, type: sim.Book, takes: 10 }]
`,
      ),
      flow(
        'parent',
        `tasks:
  - id: both
    type: core.flow.Parallel
    tasks:
      - { id: one, type: core.flow.Subflow, namespace: sim, flowId: narrow }
      - { id: two, type: core.flow.Subflow, namespace: sim, flowId: narrow }
`,
      ),
    ],
  },
  {
    name: 'working-directory',
    hasVisitors: true,
    steadiness: 'unless-refused',
    people: [starts('working-directory')],
    flows: [
      flow(
        'working-directory',
        `tasks:
  - id: folder
    type: core.flow.WorkingDirectory
    inputFiles: { a.txt: hello }
    outputFiles: ["*.txt"]
    tasks: [{ id: booked, type: sim.Book }]
  - { id: after, type: core.debug.Return, format: "{{ read(outputs.folder.outputFiles['a.txt']) }}" }
`,
      ),
    ],
  },
  {
    name: 'kill',
    hasVisitors: true,
    steadiness: 'never',
    people: [starts('kill'), kills('kill', 'slow')],
    flows: [
      flow(
        'kill',
        `tasks:
  - id: all
    type: core.flow.Parallel
    tasks:
      - { id: slow, type: core.flow.Sleep, duration: PT20S }
      - { id: booked, type: sim.Book, takes: 100 }
  - { id: never, type: sim.Book }
finally: [{ id: last, type: sim.Book }]
`,
      ),
    ],
  },
  {
    name: 'kill-children',
    steadiness: 'never',
    people: [starts('parent'), kills('parent', 'call')],
    flows: [
      flow(
        'slow',
        `tasks: [{ id: wait, type: core.flow.Sleep, duration: PT9S }, { id: never, type: sim.Book }]\n`,
      ),
      flow(
        'parent',
        `tasks: [{ id: call, type: core.flow.Subflow, namespace: sim, flowId: slow }]\n`,
      ),
    ],
  },
  {
    name: 'restart',
    steadiness: 'always',
    people: [starts('restart'), restarts('restart')],
    flows: [
      flow(
        'restart',
        `concurrency: { limit: 1, behavior: QUEUE }
tasks:
  - { id: before, type: sim.Book }
  - { id: bad, type: core.execution.Fail, condition: "{{ taskrun.attemptsCount < 1 }}" }
  - { id: after, type: sim.Book }
`,
      ),
    ],
  },
  {
    name: 'corrected',
    steadiness: 'always',
    people: [starts('corrected'), corrects('corrected', 'bad')],
    flows: [
      flow(
        'corrected',
        `concurrency: { limit: 1, behavior: QUEUE }
tasks:
  - id: both
    type: core.flow.Parallel
    tasks:
      - { id: bad, type: core.execution.Fail }
      - { id: beside, type: sim.Book }
  - { id: after, type: sim.Book }
errors: [{ id: told, type: sim.Book }]
`,
      ),
    ],
  },
  {
    name: 'external',
    hasVisitors: true,
    steadiness: 'always',
    people: [starts('external'), answers('external')],
    flows: [
      flow(
        'external',
        `tasks:
  - id: both
    type: core.flow.Parallel
    tasks:
      - { id: sent, type: sim.Send, takes: 5 }
      - { id: booked, type: sim.Book }
  - { id: after, type: sim.Send }
  - { id: last, type: core.debug.Return, format: "{{ outputs.sent.word }}" }
`,
      ),
    ],
  },
  {
    name: 'external-fails',
    hasVisitors: true,
    steadiness: 'never',
    people: [starts('external-fails'), restarts('external-fails')],
    flows: [
      flow(
        'external-fails',
        `governance: { onUnknown: fail }
tasks:
  - { id: sent, type: sim.Send }
  - { id: again, type: sim.Send, governance: { onUnknown: retry } }
errors: [{ id: told, type: sim.Book }]
`,
      ),
    ],
  },
  {
    name: 'external-killed',
    hasVisitors: true,
    steadiness: 'never',
    people: [
      starts('external-killed'),
      kills('external-killed', 'sent'),
      answers('external-killed'),
    ],
    flows: [
      flow(
        'external-killed',
        `tasks:
  - { id: sent, type: sim.Send, takes: 50 }
  - { id: never, type: sim.Send }
afterExecution: [{ id: told, type: sim.Send }]
`,
      ),
    ],
  },
  {
    name: 'changes',
    steadiness: 'unless-refused',
    people: [starts('changes')],
    flows: [
      flow(
        'changes',
        `variables: { word: before }
tasks:
  - { id: set, type: core.execution.SetVariables, variables: { word: after }, overwrite: true }
  - { id: label, type: core.execution.Labels, labels: { colour: red } }
  - { id: keep, type: core.kv.Set, key: word, value: "{{ vars.word }}" }
  - { id: said, type: core.debug.Return, format: "{{ vars.word }} {{ labels.colour }} {{ kv('word') }}" }
`,
      ),
    ],
  },
  {
    name: 'trigger-chain',
    steadiness: 'always',
    people: [starts('first', 'first', { word: 'a' })],
    flows: [
      flow(
        'first',
        `inputs: [{ id: word, type: STRING }]
tasks: [{ id: looked, type: sim.Look }]
outputs: [{ id: said, type: STRING, value: "{{ outputs.looked.word }} {{ inputs.word }}" }]
`,
      ),
      flow(
        'second',
        `inputs: [{ id: word, type: STRING }]
tasks: [{ id: booked, type: sim.Book }]
outputs: [{ id: said, type: STRING, value: "{{ inputs.word }}" }]
triggers:
  - id: after
    type: core.trigger.Flow
    inputs: { word: "{{ trigger.outputs.said }}" }
    conditions: [{ type: core.condition.ExecutionFlow, namespace: sim, flowId: first }]
`,
      ),
      flow(
        'third',
        `tasks: [{ id: said, type: core.debug.Return, format: "{{ trigger.outputs.second.said }}" }]
triggers:
  - { id: after, type: core.trigger.Flow, dependsOn: [{ flowId: second }] }
`,
      ),
    ],
  },
  {
    name: 'trigger-gather',
    steadiness: 'always',
    people: [starts('left'), starts('right')],
    flows: [
      flow('left', `tasks: [{ id: booked, type: sim.Book, takes: 10 }]\n`),
      flow('right', `tasks: [{ id: looked, type: sim.Look }]\n`),
      flow(
        'both',
        `tasks: [{ id: booked, type: sim.Book }]
triggers:
  - id: together
    type: core.trigger.Flow
    preconditions:
      id: pair
      timeWindow: { type: SLIDING_WINDOW, window: P2D }
      flows: [{ namespace: sim, flowId: left }, { namespace: sim, flowId: right }]
`,
      ),
    ],
  },
  {
    name: 'trigger-paused',
    steadiness: 'always',
    people: [starts('waits'), resumes('waits')],
    flows: [
      flow(
        'waits',
        `tasks: [{ id: gate, type: core.flow.Pause }, { id: booked, type: sim.Book }]\n`,
      ),
      flow(
        'told',
        `tasks: [{ id: said, type: core.debug.Return, format: "{{ trigger.state }}" }]
triggers:
  - { id: pause, type: core.trigger.Flow, states: [PAUSED, RUNNING], conditions: [{ type: core.condition.ExecutionFlow, namespace: sim, flowId: waits }] }
`,
      ),
    ],
  },
  {
    name: 'trigger-dates',
    steadiness: 'never',
    people: [starts('keeper')],
    flows: [
      // It waits beyond the first dates; the last comes only when the clock jumps.
      flow('keeper', `tasks: [{ id: wait, type: core.flow.Sleep, duration: PT25S }]\n`),
      flow(
        'ticking',
        `tasks: [{ id: booked, type: sim.Book, takes: 10 }]
triggers:
  - { id: tick, type: core.trigger.ScheduleOnDates, dates: ["2026-01-01T00:00:10Z", "2026-01-01T00:00:20Z", "2026-01-01T03:00:00Z"] }
`,
      ),
    ],
  },
];
