/** The flows of the load: a bit of everything that can be interrupted. */

/** The namespace of the load. */
export const loadNamespace = 'load';

const flow = (id: string, rest: string): string => `id: ${id}\nnamespace: load\n${rest}`;

/** Returns the flows of the load; scripts append to `scriptFile`. Those of `started` are started. */
export function loadFlows(scriptFile: string): readonly string[] {
  return [
    flow(
      'child',
      `tasks:
  - { id: booked, type: sim.Book }
  - { id: moment, type: core.flow.Sleep, duration: PT0.01S }
outputs: [{ id: word, type: STRING, value: "{{ outputs.booked.word }}" }]
`,
    ),
    flow(
      'mixed',
      `tasks:
  - id: all
    type: core.flow.Parallel
    tasks:
      - { id: line, type: core.log.Log, message: hello }
      - { id: looked, type: sim.Look, takes: 3 }
      - { id: booked, type: sim.Book, takes: 2 }
      - { id: sent, type: sim.Send, takes: 5, allowFailure: true }
  - id: each
    type: core.flow.ForEach
    values: ["a", "b", "c", "d"]
    concurrencyLimit: 2
    tasks: [{ id: eachBooked, type: sim.Book, takes: 2 }]
  - { id: last, type: core.debug.Return, format: "{{ outputs.looked.word }}" }
`,
    ),
    flow(
      'parent',
      `tasks:
  - id: both
    type: core.flow.Parallel
    tasks:
      - { id: one, type: core.flow.Subflow, namespace: load, flowId: child }
      - { id: two, type: core.flow.Subflow, namespace: load, flowId: child, wait: false }
  - { id: after, type: core.debug.Return, format: "{{ outputs.one.outputs.word }}" }
`,
    ),
    flow(
      'gate',
      `tasks:
  - { id: gate, type: core.flow.Pause }
  - { id: booked, type: sim.Book }
`,
    ),
    flow(
      'timed',
      `tasks:
  - { id: wait, type: core.flow.Pause, pauseDuration: PT0.1S }
  - { id: moment, type: core.flow.Sleep, duration: PT0.02S }
  - { id: booked, type: sim.Book }
`,
    ),
    flow(
      'retrying',
      `tasks:
  - id: booked
    type: sim.Book
    failures: 2
    retry: { type: constant, interval: PT0.03S, maxAttempts: 5 }
`,
    ),
    flow(
      'narrow',
      `concurrency: { limit: 2, behavior: QUEUE }
tasks:
  - { id: booked, type: sim.Book, takes: 10 }
  - { id: sent, type: sim.Send, allowFailure: true }
`,
    ),
    flow(
      'looping',
      `tasks:
  - id: each
    type: core.flow.Loop
    values: ["a", "b", "c"]
    tasks: [{ id: booked, type: sim.Book, takes: 2 }]
`,
    ),
    flow(
      'failing',
      `tasks:
  - { id: sent, type: sim.Send, failures: 1 }
errors: [{ id: onError, type: sim.Book }]
finally: [{ id: always, type: sim.Book }]
afterExecution: [{ id: afterwards, type: sim.Book }]
`,
    ),
    flow(
      'script',
      `tasks:
  - id: write
    type: scripts.shell.Commands
    taskRunner: { type: core.runner.Process }
    commands: ["echo '{{ execution.id }} {{ taskrun.id }} {{ taskrun.attemptsCount }}' >> ${scriptFile}"]
`,
    ),
  ];
}

/** The flows that are started. */
export const started: readonly string[] = [
  'mixed',
  'parent',
  'gate',
  'timed',
  'retrying',
  'narrow',
  'looping',
  'failing',
  'mixed',
  'script',
];
