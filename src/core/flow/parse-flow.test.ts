/** Flows that are read: both dialects, the seed's flows, defaults, loops, triggers, governance. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sampleCatalogue } from '../../../test/support/sample-catalogue.ts';
import { Double } from '../value/index.ts';
import type { Flow } from './flow.ts';
import { parseFlow } from './parse-flow.ts';

const head = 'id: sample\nnamespace: shop.orders\n';
const tail = 'tasks:\n  - id: hello\n    type: core.log.Log\n    message: hi\n';

function parse(source: string, strict = false) {
  return parseFlow(source, { file: 'sample.yaml', catalogue: sampleCatalogue, strict });
}

function codes(source: string, strict = false): string[] {
  return parse(source, strict).diagnostics.map(({ code, line }) => `${code} ${line}`);
}

function flowOf(source: string): Flow {
  const { flow, diagnostics } = parse(source);
  if (flow === undefined) throw new Error(JSON.stringify(diagnostics, null, 1));
  return flow;
}

const dataFlow = `id: governed-model-training
namespace: company.team.ai

tasks:
  - id: data-quality-check
    type: io.kestra.plugin.jdbc.duckdb.Query
    sql: |
      SELECT count(*)
      FROM read_parquet('{{ inputs.data_uri }}')
      WHERE user_id IS NULL;
    fetchOne: true

  - id: check-for-nulls
    type: io.kestra.plugin.core.flow.If
    condition: "{{ outputs['data-quality-check'].row.count > 0 }}"
    then:
      - id: fail-on-bad-data
        type: io.kestra.plugin.core.execution.Fail
        message: "Data quality check failed: Found NULL user_id values."
    else:
      - id: train-model
        type: io.kestra.plugin.scripts.python.Script
        script: |
          # Your model training code here
          print("Data quality check passed. Starting model training...")
`;

const approvalFlow = `id: model-deployment-with-approval
namespace: company.team.mlops

tasks:
  - id: pre-deployment-checks
    type: io.kestra.plugin.scripts.shell.Commands
    commands:
      - echo "Running model validation and compliance checks..." # Add your automated checks here

  - id: human-approval-gate
    type: io.kestra.plugin.core.flow.Pause
    description: "Deployment requires manual approval from the ML Governance team."

  - id: deploy-model
    type: io.kestra.plugin.scripts.shell.Commands
    commands:
      - echo "Approval received. Deploying model to production..." # Your deployment script here
`;

const agentFlow = `id: governed-ai-agent
namespace: company.team.automation

tasks:
  - id: run-agent
    type: io.kestra.plugin.ai.agent.AIAgent
    prompt: "Analyze last week's sales data from '{{ inputs.sales_data_uri }}' and draft an email summary for the leadership team."
    tools:
      - type: io.kestra.plugin.ai.tool.CodeExecution

  - id: review-agent-plan
    type: io.kestra.plugin.core.flow.Pause
    description: |
      Review the AI agent's proposed email draft before sending.
      Draft: {{ outputs['run-agent'].files['email_draft.txt'] }}

  - id: send-email
    type: io.kestra.plugin.email.MailSend
    subject: "Weekly Sales Summary"
    from: "noreply@kestra.io"
    to: "leadership@example.com"
    html: "{{ outputs['run-agent'].files['email_draft.txt'] | fileRead | nl2br }}"
`;

describe("the seed's flows", () => {
  test('are read leniently, with a warning for each word of our own', () => {
    expect(codes(dataFlow)).toEqual(['flow.input-undeclared 9', 'flow.property-not-portable 19']);
    expect(codes(approvalFlow)).toEqual([]);
    expect(codes(agentFlow)).toEqual([
      'flow.input-undeclared 7',
      'flow.property-not-portable 22',
      'expression.filter-not-portable 22',
    ]);
    for (const source of [dataFlow, approvalFlow, agentFlow])
      expect(flowOf(source).id).toBeDefined();
  });

  test('are refused strictly where the original refuses them', () => {
    expect(parse(dataFlow, true).flow).toBeUndefined();
    expect(codes(dataFlow, true)).toEqual(['flow.input-undeclared 9', 'flow.property-unknown 19']);
    expect(parse(approvalFlow, true).flow).toBeDefined();
    expect(parse(agentFlow, true).flow).toBeUndefined();
    expect(codes(agentFlow, true)).toEqual([
      'flow.input-undeclared 7',
      'flow.property-unknown 22',
      'expression.filter-unknown 22',
    ]);
  });

  test('keep the comment out of the command and the text in the description', () => {
    const flow = flowOf(approvalFlow);
    expect(flow.tasks[0]?.properties['commands']).toEqual([
      'echo "Running model validation and compliance checks..."',
    ]);
    expect(flow.tasks[1]?.description).toContain('ML Governance');
  });

  test('read aliases under their canonical names', () => {
    expect(flowOf(dataFlow).tasks[1]?.blocks['then']?.[0]).toMatchObject({
      type: 'core.execution.Fail',
      properties: { errorMessage: 'Data quality check failed: Found NULL user_id values.' },
      path: 'tasks[1].then[0]',
    });
    expect(flowOf(agentFlow).tasks[2]?.properties['htmlTextContent']).toContain('nl2br');
  });

  test('points at the column inside a block scalar', () => {
    const [first] = parse(dataFlow).diagnostics;
    expect(first).toMatchObject({ line: 9, column: 29, path: 'tasks[0].sql' });
  });
});

describe('parseFlow', () => {
  test('gives a frozen flow of plain data', () => {
    const flow = flowOf(
      `${head}${tail}variables:\n  a: {b: [1, 1.0, true, null, 9007199254740993]}\n`,
    );
    expect(flow.variables).toEqual({ a: { b: [1, new Double(1), true, null, 9007199254740993n] } });
    expect(Object.isFrozen(flow.tasks[0]?.properties)).toBe(true);
    expect(Object.getPrototypeOf(flow.variables)).toBeNull();
    expect(flow.source).toContain('id: sample');
  });

  test('reads both dialects alike', () => {
    const old = flowOf(
      `${head}checks:\n  - condition: "{{ true }}"\n    message: no\n${tail}    runIf: "{{ false }}"\n`,
    );
    const recent = flowOf(
      `${head}checks:\n  - when: "{{ true }}"\n    message: no\n${tail}    when: "{{ false }}"\n`,
    );
    expect(recent.checks).toEqual(old.checks);
    expect(recent.tasks[0]?.runIf).toBe('{{ false }}');
    expect(old.tasks[0]?.runIf).toBe('{{ false }}');
  });

  test('reads labels as a map and as a list', () => {
    const map = flowOf(`${head}labels: {team: orders, size: 3}\n${tail}`);
    const list = flowOf(
      `${head}labels:\n  - {key: team, value: orders}\n  - {key: size, value: 3}\n${tail}`,
    );
    expect(map.labels).toEqual([
      { key: 'team', value: 'orders' },
      { key: 'size', value: '3' },
    ]);
    expect(list.labels).toEqual(map.labels);
  });

  test('reads retries in milliseconds and counts all attempts', () => {
    const flow = flowOf(
      `${head}retry: {type: random, minInterval: PT1S, maxInterval: PT2S, maxAttempt: 5}\n${tail}    retry: {type: exponential, interval: PT1S, maxInterval: PT1M, delayFactor: 1.5, behavior: CREATE_NEW_EXECUTION}\n`,
    );
    expect(flow.retry).toMatchObject({
      type: 'random',
      intervalMs: 1000,
      intervalMaxMs: 2000,
      attemptsMax: 5,
    });
    expect(flow.tasks[0]?.retry).toMatchObject({
      type: 'exponential',
      intervalMaxMs: 60_000,
      delayFactor: 1.5,
      behavior: 'CREATE_NEW_EXECUTION',
    });
  });

  test('reads every flowable with its blocks', () => {
    const flow = flowOf(`${head}tasks:
  - id: dag
    type: core.flow.Dag
    tasks:
      - task: {id: a, type: core.debug.Return}
      - task: {id: b, type: core.debug.Return}
        dependsOn: [a]
    errors:
      - {id: oops, type: core.debug.Return}
  - id: choose
    type: core.flow.Switch
    value: x
    cases:
      1: [{id: one, type: core.debug.Return}]
    defaults: [{id: other, type: core.debug.Return}]
  - id: wait
    type: core.flow.WaitFor
    condition: "{{ outputs.poll.value == 'done' }}"
    tasks: [{id: poll, type: core.debug.Return}]
  - id: gate
    type: core.flow.Pause
    onPause: {id: note, type: core.debug.Return}
    onResume:
      - {id: reason, type: STRING}
`);
    expect(flow.tasks.map((task) => task.type)).toEqual([
      'core.flow.Dag',
      'core.flow.Switch',
      'core.flow.LoopUntil',
      'core.flow.Pause',
    ]);
    expect(flow.tasks[0]?.dependsOn).toEqual({ a: [], b: ['a'] });
    expect(Object.keys(flow.tasks[0]?.blocks ?? {})).toEqual(['tasks', 'errors']);
    expect(Object.keys(flow.tasks[1]?.blocks ?? {})).toEqual(['cases.1', 'defaults']);
    expect(flow.tasks[3]?.blocks['onPause']?.[0]?.id).toBe('note');
    expect(flow.tasks[3]?.form?.[0]).toMatchObject({ id: 'reason', type: 'STRING' });
    expect(flow.tasks[0]?.blocks['tasks']?.[1]?.path).toBe('tasks[0].tasks[1].task');
  });

  test('merges plugin defaults below the task, forced ones above it, at every depth', () => {
    const flow = flowOf(`${head}pluginDefaults:
  - type: io.kestra.plugin.scripts
    values:
      env: {A: default, B: default}
      taskRunner: {type: core.runner.Process}
      sql: unknown here
  - type: io.kestra.plugin.core.log.Log
    forced: true
    values: {level: ERROR}
tasks:
  - id: outer
    type: core.flow.Sequential
    tasks:
      - id: run
        type: scripts.shell.Commands
        commands: [ls]
        env: {B: own}
  - id: say
    type: core.log.Log
    message: hi
    level: DEBUG
`);
    const run = flow.tasks[0]?.blocks['tasks']?.[0];
    expect(run?.properties['env']).toEqual({ A: 'default', B: 'own' });
    expect(run?.properties['taskRunner']).toEqual({ type: 'core.runner.Process' });
    expect(Object.keys(run?.properties ?? {})).not.toContain('sql');
    expect(flow.tasks[1]?.properties['level']).toBe('ERROR');
  });

  test('counts a value of a plugin default for a required property', () => {
    expect(
      codes(
        `${head}pluginDefaults:\n  - type: core.log.Log\n    values: {message: hi}\ntasks:\n  - {id: a, type: core.log.Log}\n`,
      ),
    ).toEqual([]);
  });

  test('reads triggers and conditions, old names included', () => {
    const { flow, diagnostics } = parse(`${head}${tail}triggers:
  - id: daily
    type: io.kestra.plugin.core.trigger.Schedule
    cron: "0 9 * * MON-FRI"
    timezone: Europe/Berlin
    inputs: {a: 1}
    conditions:
      - type: io.kestra.plugin.core.condition.NotCondition
        conditions:
          - type: io.kestra.plugin.core.condition.Weekend
  - id: hook
    type: core.trigger.Webhook
    key: "{{ secret('KEY') }}"
    stopAfter: [FAILED]
`);
    expect(diagnostics.map((one) => one.code)).toEqual(['flow.type-deprecated']);
    expect(flow?.triggers[0]).toMatchObject({
      type: 'core.trigger.Schedule',
      inputs: { a: 1 },
      properties: { cron: '0 9 * * MON-FRI', timezone: 'Europe/Berlin' },
      conditions: [
        { type: 'core.condition.Not', conditions: [{ type: 'core.condition.Weekend' }] },
      ],
    });
    expect(flow?.triggers[1]).toMatchObject({ stopAfter: ['FAILED'] });
  });

  test('reads what an input tells, and of whom', () => {
    const source = (governance: string): string =>
      `id: f\nnamespace: n\ninputs:\n  - {id: mail, type: EMAIL, governance: ${governance}}\ntasks:\n  - {id: a, type: core.log.Log, message: hi}\n`;
    const flow = flowOf(
      source('{classes: [personal.email], subject: "customer:{{ inputs.mail }}"}'),
    );
    expect(flow.inputs[0]?.governance).toEqual({
      classes: ['personal.email'],
      subject: 'customer:{{ inputs.mail }}',
    });
    expect(parse(source('{subject: x}')).diagnostics).toMatchObject([
      { code: 'flow.property-missing' },
    ]);
  });

  test('reads service levels, concurrency, checks, outputs, listeners and governance', () => {
    const { flow, diagnostics } = parse(`${head}${tail}concurrency: {limit: 2}
sla:
  - {id: fast, type: MAX_DURATION, behavior: FAIL, duration: PT1H, labels: {late: yes}}
  - {id: good, type: EXECUTION_ASSERTION, behavior: NONE, assert: "{{ true }}"}
outputs:
  - {id: all.said, type: STRING, value: "{{ flow.id }}", required: false}
listeners:
  - tasks: [{id: after, type: core.debug.Return}]
    conditions: [{type: core.condition.ExecutionStatus, in: [FAILED]}]
governance:
  owner: orders
  riskTier: high
  data: {classes: [personal], retention: P90D}
  kpis: [{id: margin, monitor: weekly}]
`);
    expect(diagnostics.map((one) => one.code)).toEqual(['flow.property-deprecated']);
    expect(flow).toMatchObject({
      concurrency: { limit: 2, behavior: 'QUEUE' },
      serviceLevels: [
        { id: 'fast', durationMs: 3_600_000, labels: [{ key: 'late', value: 'yes' }] },
        { id: 'good', assert: '{{ true }}' },
      ],
      outputs: [{ id: 'all.said', isRequired: false }],
      listeners: [{ tasks: [{ id: 'after' }], conditions: [{ in: ['FAILED'] }] }],
      governance: { owner: 'orders', riskTier: 'high', data: { classes: ['personal'] } },
    });
  });

  test('reads text in every YAML form', () => {
    const flow = flowOf(
      `${head}variables:\n  plain: a b\n  single: 'it''s'\n  double: "a\\tb"\n  no: no\n  date: 2026-01-31\n  octal: 010\n${tail}`,
    );
    expect(flow.variables).toEqual({
      plain: 'a b',
      single: "it's",
      double: 'a\tb',
      no: 'no',
      date: '2026-01-31',
      octal: 10,
    });
  });

  test('gives the same answer twice and never throws, whatever the text', () => {
    const pieces = fc.constantFrom(
      'id: a\n',
      'namespace: b\n',
      'tasks:\n',
      '  - id: x\n',
      '    type: core.flow.If\n',
      '    then:\n',
      '      - ',
      '{{ outputs.x }}',
      '"{{ a | b }}"\n',
      ': ',
      '\n',
      '\t',
      '&a ',
      '*a',
      '[',
      ']',
      '{',
      '}',
      '|',
      '>',
      '#',
      'é',
      '\u0000',
      '---\n',
      'errors: []\n',
      'labels: x\n',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => {
        const source = parts.join('');
        expect(parse(source).diagnostics).toEqual(parse(source).diagnostics);
      }),
      { numRuns: 400 },
    );
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (source) => {
        parse(source);
      }),
      { numRuns: 300 },
    );
  });

  test('survives the removal of any single line of a good flow', () => {
    const lines = agentFlow.split('\n');
    for (const index of lines.keys()) {
      const { flow, diagnostics } = parse(lines.filter((_, other) => other !== index).join('\n'));
      expect(flow !== undefined || diagnostics.some((one) => one.severity === 'error')).toBe(true);
    }
  });
});

describe('references', () => {
  const quiet: Readonly<Record<string, string>> = {
    'an earlier task': `tasks:
  - {id: a, type: core.debug.Return}
  - {id: b, type: core.log.Log, message: "{{ outputs.a.value }}"}
`,
    'a task in a branch that may have run': `tasks:
  - id: check
    type: core.flow.If
    condition: "true"
    then: [{id: yes, type: core.debug.Return}]
  - {id: b, type: core.log.Log, message: "{{ outputs.yes.value }}"}
`,
    'a guarded later task': `tasks:
  - {id: a, type: core.log.Log, message: "{{ outputs.b.value ?? 'none' }}{% if outputs.b is defined %}{{ outputs.b.value }}{% endif %}"}
  - {id: b, type: core.debug.Return}
`,
    'a guarded unknown task': `tasks:
  - {id: a, type: core.log.Log, message: "{{ outputs.nowhere.value ?? inputs.none ?? vars.no ?? '' }}"}
`,
    'everything from errors, finally and afterExecution': `tasks:
  - {id: a, type: core.debug.Return}
  - id: seq
    type: core.flow.Sequential
    tasks: [{id: deep, type: core.debug.Return}]
    errors: [{id: local, type: core.log.Log, message: "{{ outputs.deep.value }} {{ outputs.a.value }}"}]
errors:
  - {id: err, type: core.log.Log, message: "{{ outputs.deep.value }}"}
finally:
  - {id: fin, type: core.log.Log, message: "{{ outputs.err }} {{ outputs.a.value }}"}
afterExecution:
  - {id: after, type: core.log.Log, message: "{{ outputs.fin }} {{ execution.state }}"}
`,
    'an enclosing flowable': `tasks:
  - id: check
    type: core.flow.If
    condition: "true"
    then: [{id: yes, type: core.log.Log, message: "{{ outputs.check.evaluationResult }}"}]
`,
    'a child of a loop from its condition, and siblings inside a loop': `tasks:
  - id: loop
    type: core.flow.LoopUntil
    condition: "{{ outputs.b.value == 'x' and outputs.loop.iterationCount > 2 }}"
    tasks:
      - {id: a, type: core.log.Log, message: "{{ outputs.b.value }}"}
      - {id: b, type: core.debug.Return}
`,
    'a dependency of a dependency': `tasks:
  - id: dag
    type: core.flow.Dag
    tasks:
      - task: {id: a, type: core.debug.Return}
      - task: {id: b, type: core.debug.Return}
        dependsOn: [a]
      - task: {id: c, type: core.log.Log, message: "{{ outputs.a.value }}"}
        dependsOn: [b]
`,
    'the tasks that ForEachItem makes': `tasks:
  - id: each
    type: core.flow.ForEachItem
    items: "{{ inputs.file }}"
    namespace: shop.orders
    flowId: other
    inputs: {part: "{{ taskrun.items }}"}
  - {id: b, type: core.log.Log, message: "{{ outputs.each_merge.subflowOutputs }}"}
inputs: [{id: file, type: FILE}]
`,
    'dotted inputs and their parts': `inputs:
  - {id: a.b.c, type: STRING}
tasks:
  - {id: t, type: core.log.Log, message: "{{ inputs.a.b.c }} {{ inputs.a.b }} {{ inputs.a.b.c.d }}"}
`,
    'variables that a task sets': `tasks:
  - {id: s, type: core.execution.SetVariables, variables: {x: 1}}
  - {id: t, type: core.log.Log, message: "{{ vars.x }}"}
`,
    'inputs of a form': `tasks:
  - id: gate
    type: core.flow.Pause
    onResume:
      - {id: a, type: STRING}
      - {id: b, type: STRING, dependsOn: {inputs: [a], condition: "{{ inputs.a == 'x' }}"}}
`,
    'an earlier task from a form': `tasks:
  - {id: a, type: core.debug.Return}
  - id: gate
    type: core.flow.Pause
    onResume:
      - {id: text, type: STRING, defaults: "{{ outputs.a.value }}"}
`,
    'computed names and upstream outputs in triggers': `tasks:
  - {id: t, type: core.log.Log, message: "{{ outputs[inputs.name].value }}"}
inputs: [{id: name, type: STRING}]
triggers:
  - {id: up, type: core.trigger.Flow, inputs: {x: "{{ outputs.theirs.value }}"}}
`,
  };

  test.each(Object.entries(quiet))('raise no alarm for %s', (_name, body) => {
    expect(codes(head + body)).toEqual([]);
  });

  test('are checked inside inner tasks against every order', () => {
    expect(
      codes(`${head}tasks:
  - id: seq
    type: core.flow.Sequential
    tasks:
      - {id: a, type: core.log.Log, message: "{{ outputs.b.value }}"}
  - {id: b, type: core.log.Log, message: "{{ outputs.b.value }} {{ outputs.err.value }}"}
  - id: check
    type: core.flow.If
    condition: "{{ outputs.inner.value }}"
    then: [{id: inner, type: core.debug.Return}]
  - id: loop
    type: core.flow.Loop
    values: [1]
    tasks: [{id: hidden, type: core.debug.Return}]
  - {id: c, type: core.log.Log, message: "{{ outputs.hidden.value }}"}
errors: [{id: err, type: core.debug.Return}]
afterExecution: [{id: late, type: core.debug.Return}]
inputs: [{id: x, type: STRING, defaults: "{{ outputs.b.value }}"}]
outputs: [{id: y, type: STRING, value: "{{ outputs.late.value }}"}]
`),
    ).toEqual([
      'flow.reference-too-early 7',
      'flow.reference-too-early 8',
      'flow.reference-too-early 8',
      'flow.reference-too-early 11',
      'flow.reference-unknown 17',
      'flow.reference-too-early 20',
      'flow.reference-too-early 21',
    ]);
  });

  test('say nothing of tasks while a type is unknown that may hold them', () => {
    expect(
      codes(`${head}tasks:
  - id: box
    type: core.flow.Unheard
    tasks: [{id: a, type: core.debug.Return}]
  - {id: b, type: core.log.Log, message: "{{ outputs.a.value }}"}
`),
    ).toEqual(['flow.type-unknown 5']);
  });
});

test('a bracket that is not closed is named as that', () => {
  const messages = (source: string) => parse(source).diagnostics.map(({ message }) => message);
  const told = 'a bracket is not closed, or what stands in it is not indented';
  expect(messages(`${head}labels: [\n`)).toEqual([told]);
  expect(messages(`${head}labels: {a: 1\n${tail}`)[0]).toBe(told);
  expect(messages(`${head}labels: [\na\n]\n${tail}`)[0]).toBe(told);
});
