/** What templates read during an execution, and how what they give is printed. */
import { describe, expect, test } from 'vitest';
import { createFlowWorld } from '../../support/run-flow.ts';

/** Runs tasks of the flow `shop/f` and gives the outputs `value` of each run. */
async function values(
  tasks: string,
  more = '',
  environment: Readonly<Record<string, string>> = {},
): Promise<Record<string, unknown[]>> {
  const world = await createFlowWorld(environment);
  const result = await world.run(`id: f\nnamespace: shop\n${more}\ntasks:\n${tasks}`);
  expect(result.state, result.messages().join('\n')).toBe('SUCCESS');
  const found: Record<string, unknown[]> = {};
  for (const run of result.document.taskRunList)
    (found[run.taskId] ??= []).push(run.outputs['value']);
  return found;
}

const show = (id: string, format: string): string => `
  - id: ${id}
    type: core.debug.Return
    format: >-
      ${format}
`;

describe('the context of templates', () => {
  test('[context.flow] `flow`, `execution`, `task` and `taskrun` name what runs', async () => {
    const world = await createFlowWorld();
    const result = await world.run(`
id: f
namespace: shop.team
tasks:
  ${show('one', '{{ flow.id }} {{ flow.namespace }} {{ flow.revision }} {{ flow.tenantId }}').trim()}
  ${show('two', '{{ execution.id }} {{ execution.originalId }} {{ execution.startDate }}').trim()}
  ${show('three', "{{ task.id }} {{ task.type }} {{ taskrun.id }} {{ taskrun.attemptsCount }} {{ taskrun.parentId ?? 'none' }} {{ taskrun.value ?? 'none' }} {{ taskrun.startDate is defined }}").trim()}
`);
    const { id } = result.document;
    expect(result.taskRun('one').outputs['value']).toBe('f shop.team 1 main');
    expect(result.taskRun('two').outputs['value']).toMatch(
      new RegExp(`^${id} ${id} \\d{4}-\\d\\d-\\d\\dT`),
    );
    expect(result.taskRun('three').outputs['value']).toBe(
      `three core.debug.Return ${result.taskRun('three').id} 0 none none true`,
    );
  });

  test('[context.taskrun] `attemptsCount` counts the attempts before', async () => {
    const world = await createFlowWorld();
    const result = await world.run(`
id: f
namespace: shop
tasks:
  - id: third
    type: core.execution.Fail
    condition: "{{ taskrun.attemptsCount < 2 }}"
    retry: { type: constant, interval: PT0.01S, maxAttempts: 5 }
`);
    expect(result.state).toBe('SUCCESS');
    expect(result.taskRun('third').attempts).toHaveLength(3);
  });

  test('[context.tasks] `tasks.<id>.state` is the state of a run, under loops by value', async () => {
    const found = await values(`
  - id: off
    type: core.execution.Fail
    runIf: "{{ false }}"
  - id: each
    type: core.flow.ForEach
    values: [a, b]
    tasks:
      - id: inner
        type: core.debug.Return
        format: "{{ taskrun.value }}"
${show('seen', "{{ tasks.off.state }} {{ tasks.inner.a.state }} {{ tasks.inner['b'].state }} {{ tasks.seen.state }}")}`);
    expect(found['seen']).toEqual(['SKIPPED SUCCESS SUCCESS RUNNING']);
  });

  test('[context.outputs] runs without outputs have no key; `outputs` is there from the first run on', async () => {
    const found = await values(`
${show('first', '{{ outputs is defined }} {{ outputs.first is defined }}')}
  - id: silent
    type: core.log.Log
    message: nothing to give
${show('dashed-id', 'x')}
${show('last', "{{ outputs.silent is defined }} {{ outputs['dashed-id'].value }} {{ outputs.first.value | length }}")}`);
    expect(found['first']).toEqual(['true false']);
    expect(found['last']).toEqual(['false x 10']);
  });

  test('[context.outputs-in-loops] outputs in loops are keyed by the values, outermost first', async () => {
    const found = await values(`
  - id: outer
    type: core.flow.ForEach
    values: ["x", "y"]
    tasks:
      - id: inner
        type: core.flow.ForEach
        values: [1, {"k": 2}]
        tasks:
          - id: leaf
            type: core.debug.Return
            format: "{{ parents[0].taskrun.value }}-{{ taskrun.value }}"
          - id: peer
            type: core.debug.Return
            format: "{{ outputs.leaf[parents[0].taskrun.value][taskrun.value].value }}|{{ currentEachOutput(outputs.leaf).value }}"
${show('seen', "{{ outputs.leaf['x']['1'].value }} {{ outputs.leaf.y['{\"k\":2}'].value }} {{ outputs.leaf | keys | length }}")}`);
    expect(found['leaf']).toEqual(['x-1', 'x-{"k":2}', 'y-1', 'y-{"k":2}']);
    expect(found['peer']).toEqual([
      'x-1|x-1',
      'x-{"k":2}|x-{"k":2}',
      'y-1|y-1',
      'y-{"k":2}|y-{"k":2}',
    ]);
    expect(found['seen']).toEqual(['x-1 y-{"k":2} 2']);
  });

  test('[context.parents] `parents` skips flowables that have neither a value nor outputs', async () => {
    const found = await values(`
  - id: outer
    type: core.flow.ForEach
    values: ["x"]
    tasks:
      - id: plain
        type: core.flow.Sequential
        tasks:
          - id: choice
            type: core.flow.If
            condition: "{{ true }}"
            then:
              - id: inner
                type: core.flow.ForEach
                values: ["1"]
                tasks:
                  - id: box
                    type: core.flow.Sequential
                    tasks:
                      - id: leaf
                        type: core.debug.Return
                        format: "{{ taskrun.value ?? 'no own' }} {{ parent.taskrun.value }} {{ parents[0].taskrun.value }} {{ parents[1].outputs.evaluationResult }} {{ parents[2].taskrun.value }} {{ parents | length }} {{ taskrun.parentId is defined }}"
${show('outside', '{{ parent is defined }} {{ parents is defined }}')}`);
    expect(found['leaf']).toEqual(['no own 1 1 true x 3 true']);
    expect(found['outside']).toEqual(['false false']);
  });

  test('[context.taskrun] `taskrun.iteration` counts in loops', async () => {
    const found = await values(`
  - id: each
    type: core.flow.ForEach
    values: ["a", "b"]
    tasks:
      - id: leaf
        type: core.debug.Return
        format: "{{ taskrun.iteration }} {{ taskrun.value }}"
`);
    expect(found['leaf']).toEqual(['0 a', '1 b']);
  });

  test('[context.item] in a Loop `item` is the value, its place and the items around', async () => {
    const world = await createFlowWorld();
    const result = await world.run(`
id: f
namespace: shop
tasks:
  - id: before
    type: core.debug.Return
    format: outside
  - id: outer
    type: core.flow.Loop
    values: ["x", "y"]
    tasks:
      - id: inner
        type: core.flow.Loop
        values: { k: 1 }
        tasks:
          - id: leaf
            type: core.debug.Return
            format: "{{ item.value }} {{ item.key }} {{ item.index }} {{ item.parent.value }} {{ item.parents[0].value }} {{ outputs.before.value }}"
`);
    expect(result.state, result.messages().join('\n')).toBe('SUCCESS');
    const leaves = (result.document.related ?? []).flatMap((one) =>
      one.taskRunList.filter((run) => run.taskId === 'leaf').map((run) => run.outputs['value']),
    );
    expect(leaves).toEqual(['1 k 0 x x outside', '1 k 0 y y outside']);
  });

  test('[context.inputs] `inputs` is absent when the flow has none and none were given', async () => {
    const found = await values(show('seen', "{{ inputs is defined }} {{ inputs.x ?? 'none' }}"));
    expect(found['seen']).toEqual(['false none']);
  });

  test('[context.vars] `vars` are as written: rendered only by `render`', async () => {
    const found = await values(
      `${show('seen', '{{ vars.raw }} {{ render(vars.raw) }} {{ vars.deep.list[1] }} {{ render(vars.deep).list[0] }}')}`,
      `variables:
  name: world
  raw: "hello {{ vars.name }}"
  deep: { list: ["{{ flow.id }}", 2] }`,
    );
    expect(found['seen']).toEqual(['hello {{ vars.name }} hello world 2 f']);
  });

  test('[context.trigger] `trigger` is undefined on a manual start, and the parent of a subflow', async () => {
    const world = await createFlowWorld();
    const result = await world.run([
      `
id: child
namespace: shop
tasks:
  ${show('seen', '{{ trigger.executionId }} {{ trigger.namespace }} {{ trigger.flowId }} {{ trigger.flowRevision }}').trim()}
`,
      `
id: f
namespace: shop
tasks:
  ${show('own', "{{ trigger is defined }} {{ trigger.x ?? 'none' }}").trim()}
  - id: sub
    type: core.flow.Subflow
    namespace: shop
    flowId: child
`,
    ]);
    expect(result.taskRun('own').outputs['value']).toBe('false none');
    const seen = result.document.related?.[0]?.taskRunList[0]?.outputs['value'];
    expect(seen).toBe(`${result.document.id} shop f 1`);
  });

  test('[context.envs] `envs` holds variables with the prefix, in lower case', async () => {
    const found = await values(
      show(
        'seen',
        "{{ envs.my_city }} {{ envs.old ?? 'none' }} {{ envs.path ?? 'none' }} {{ globals is defined }}",
      ),
      '',
      { ENV_MY_CITY: 'Bern', KESTRA_OLD: 'kept', PATH: '/bin' },
    );
    expect(found['seen']).toEqual(['Bern kept none true']);
  });

  test('[context.kestra] `kestra.environment.name` and `kestra.url` are there', async () => {
    const found = await values(
      show('seen', '{{ kestra.environment.name is defined }} {{ kestra.url is defined }}'),
    );
    expect(found['seen']).toEqual(['true true']);
  });

  test('[context.error] `error` and `errorLogs` tell an errors branch what failed', async () => {
    const world = await createFlowWorld();
    const result = await world.run(`
id: f
namespace: shop
tasks:
  - id: broken
    type: core.execution.Fail
    errorMessage: it broke
errors:
  ${show('handler', '{{ error.taskId }}: {{ error.message }} {{ errorLogs()[0].taskId }} {{ errorLogs()[0].message }} {{ errorLogs()[0].level }} {{ errorLogs()[0].attemptNumber }}').trim()}
`);
    expect(result.taskRun('handler').outputs['value']).toBe(
      'broken: it broke broken it broke ERROR 0',
    );
  });

  test('[context.after-execution] after the end `execution.state` and `execution.outputs` are known', async () => {
    const world = await createFlowWorld();
    const result = await world.run(`
id: f
namespace: shop
tasks:
  ${show('one', 'x').trim()}
afterExecution:
  ${show('after', '{{ execution.state }} {{ execution.outputs.word }}').trim()}
outputs:
  - id: word
    type: STRING
    value: "{{ outputs.one.value }}"
`);
    expect(result.state).toBe('SUCCESS');
    expect(result.taskRun('after').outputs['value']).toBe('SUCCESS x');
  });
});

describe('rendering', () => {
  const printed: readonly (readonly [string, string, string])[] = [
    ['[rendering.once]', "{{ '{{ 1 + 1 }}' }}", '{{ 1 + 1 }}'],
    ['[rendering.once]', 'no template { here }', 'no template { here }'],
    ['[rendering.raw]', '{% raw %}{{ not.rendered }}{% endraw %} {{ 1 }}', '{{ not.rendered }} 1'],
    ['[rendering.raw]', '{%- raw -%}{{ x }}{%- endraw -%}', '{{ x }}'],
    ['[rendering.raw]', '{% verbatim %}{{ x }}{% endverbatim %}', '{{ x }}'],
    ['[rendering.raw]', '{{ render(vars.kept) }}', '{{ x }} 1'],
    ['[rendering.null]', '[{{ null }}]', '[]'],
    [
      '[rendering.null]',
      "{{ vars.empty ?? 'fallback' }} {{ vars.gone ?? 'absent' }}",
      'fallback absent',
    ],
    [
      '[rendering.json]',
      "{{ {'a': null, 'b': [1, null, 2.0], 'c': {'d': null}} }}",
      '{"b":[1,null,2.0],"c":{}}',
    ],
    ['[rendering.json]', "{{ ['x', true] }}", '["x",true]'],
    [
      '[rendering.print]',
      '{{ 13.0 }} {{ 42.42 }} {{ 100000000.0 }} {{ 0.00001 }} {{ true }}',
      '13.0 42.42 1.0E8 1.0E-5 true',
    ],
    ['[rendering.print]', '{{ 20 * 2.5 }} {{ 7 / 2 }} {{ -7 % 3 }}', '50.0 3 -1'],
    ['[rendering.print]', "{{ '<b>&</b>' }}", '<b>&</b>'],
    ['[rendering.render]', '{{ render(\'{{ render("{{ 1 + 2 }}") }}\') }}', '3'],
    [
      '[rendering.render]',
      "{{ render('{{ vars.twice }}') }} {{ render(vars.twice, recursive=false) }} {{ renderOnce(vars.thrice) }}",
      'deep deep {{ vars.deep }}',
    ],
    [
      '[rendering.render]',
      "{{ render([vars.deep, 1])[0] }} {{ render({'k': '{{ 1 + 1 }}'}).k }} {{ render(5) }}",
      'deep 2 5',
    ],
  ];

  test.each(printed)('%s %s prints %s', async (_id, format, expected) => {
    const world = await createFlowWorld();
    const result = await world.run(
      `id: f\nnamespace: shop\nvariables:\n  empty: null\n  deep: deep\n  twice: "{{ vars.deep }}"\n  thrice: "{{ vars.twice }}"\n  kept: "{% raw %}{{ x }}{% endraw %} {{ 1 }}"\ntasks:\n  - id: seen\n    type: core.debug.Return\n    format: ${JSON.stringify(format)}\n`,
    );
    expect(result.state, result.messages().join('\n')).toBe('SUCCESS');
    expect(result.taskRun('seen').outputs['value']).toBe(expected);
  });

  test('[rendering.undefined] an undefined name is an error that names it [G-233]', async () => {
    const world = await createFlowWorld();
    const result = await world.run(`
id: f
namespace: shop
inputs:
  - { id: o, type: JSON, defaults: { a: null } }
tasks:
  - id: absent
    type: core.debug.Return
    format: "{{ inputs.o.missing }}"
    allowFailure: true
  - id: ofNull
    type: core.debug.Return
    format: "{{ inputs.o.a.deeper }}"
    allowFailure: true
  - id: fine
    type: core.debug.Return
    format: "{{ inputs.o.missing is defined }} {{ inputs.o.a.deeper ?? 'x' }} {{ inputs.o.missing | default('y') }} {{ inputs.o.a ??? 'z' }}"
`);
    expect(result.messages('absent').join()).toContain('missing');
    expect(result.messages('ofNull').join()).toContain('deeper');
    expect(result.taskRun('fine').outputs['value']).toBe('false x y ');
  });

  test('[rendering.maps] a map is rendered in keys and values, a list in each element', async () => {
    const world = await createFlowWorld();
    const result = await world.run(`
id: f
namespace: shop
variables: { k: key }
tasks:
  - id: maps
    type: core.output.OutputValues
    values:
      "{{ vars.k }}": "{{ 1 + 1 }}"
      list: ["{{ vars.k }}", 2, true]
`);
    expect(result.taskRun('maps').outputs['values']).toEqual({ key: '2', list: ['key', 2, true] });
  });

  test('[rendering.typed] where an object is wanted a lone expression keeps its type', async () => {
    const world = await createFlowWorld();
    const result = await world.run([
      `
id: g
namespace: shop
inputs:
  - { id: n, type: INT }
  - { id: l, type: JSON }
tasks:
  - id: seen
    type: core.debug.Return
    format: "{{ inputs.n + 1 }} {{ inputs.l[1] + 1 }}"
`,
      `
id: f
namespace: shop
inputs:
  - { id: list, type: ARRAY, itemType: INT, defaults: [3, 4] }
tasks:
  - id: each
    type: core.flow.ForEach
    values: "{{ inputs.list }}"
    tasks:
      - id: leaf
        type: core.debug.Return
        format: "{{ taskrun.value }}"
  - id: sub
    type: core.flow.Subflow
    namespace: shop
    flowId: g
    inputs: { n: "{{ inputs.list[0] }}", l: "{{ inputs.list }}" }
  - id: set
    type: core.kv.Set
    key: list
    value: "{{ inputs.list }}"
  - id: number
    type: core.debug.Return
    format: "{{ kv('list')[0] + 1 }}"
  - id: pause
    type: core.flow.Sleep
    duration: "PT{{ 0.01 }}S"
  - id: level
    type: core.log.Log
    level: "{{ 'WARN' }}"
    message: "{{ ['one', 'two'] }}"
`,
    ]);
    expect(result.state, result.messages().join('\n')).toBe('SUCCESS');
    expect(result.taskRuns('leaf').map((run) => run.outputs['value'])).toEqual(['3', '4']);
    const seen = result.document.related?.[0]?.taskRunList[0]?.outputs['value'];
    expect(seen).toBe('4 5');
    expect(result.taskRun('number').outputs['value']).toBe('4');
    const line = result.logs.find((one) => one.taskId === 'level');
    expect(line?.level).toBe('WARN');
  });
});
