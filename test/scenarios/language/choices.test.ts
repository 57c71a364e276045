/** Tests of If and Switch: what counts as true, what equals a case, what is kept. */
import { expect, test } from 'vitest';
import { createFlowWorld } from '../../support/run-flow.ts';

const head = 'id: choose\nnamespace: shop.orders\n';

function ifFlow(condition: string, more = ''): string {
  return `${head}tasks:
  - id: choice
    type: io.kestra.plugin.core.flow.If
    condition: ${condition}
    then:
      - id: yes
        type: core.debug.Return
        format: "yes"
${more}`;
}

test('the rendered text decides: five texts are false, everything else is true [if.truthy] [G-230]', async () => {
  const world = await createFlowWorld();
  for (const condition of ['"false"', '"0"', '"-0"', '""', '"{{ null }}"', 'false', '0']) {
    const result = await world.run(ifFlow(condition));
    expect([condition, result.state, result.taskIds]).toEqual([condition, 'SUCCESS', ['choice']]);
    expect(result.taskRun('choice').outputs).toEqual({ evaluationResult: false });
  }
  for (const condition of ['"False"', '" "', '"[]"', '"0.0"', '"{{ 1 == 1 }}"', 'true', '7']) {
    const result = await world.run(ifFlow(condition));
    expect([condition, result.taskIds]).toEqual([condition, ['choice', 'yes']]);
    expect(result.taskRun('choice').outputs).toEqual({ evaluationResult: true });
  }
});

test('a condition is evaluated once, even if it would differ later [if.once]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(`${head}variables:
  open: true
tasks:
  - id: choice
    type: core.flow.If
    condition: "{{ vars.open }}"
    then:
      - id: close
        type: core.execution.SetVariables
        variables:
          open: false
      - id: still
        type: core.debug.Return
        format: "{{ vars.open }} {{ outputs.choice.evaluationResult }}"
    else:
      - id: never
        type: core.log.Log
        message: never
`);
  expect(result.taskIds).toEqual(['choice', 'close', 'still']);
  expect(result.taskRun('still').outputs).toEqual({ value: 'false true' });
});

test('a condition that cannot be rendered fails the If [if.error]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(
    `${ifFlow('"{{ vars.nothing }}"')}errors:\n  - {id: note, type: core.log.Log, message: noted}\n`,
  );
  expect([result.state, result.taskIds]).toEqual(['FAILED', ['choice', 'note']]);
  expect(result.document.error?.message).toContain('nothing');
});

test('`else` runs when the condition does not hold [if.else]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(
    ifFlow('"{{ 1 > 2 }}"', '    else:\n      - {id: no, type: core.log.Log, message: no}\n'),
  );
  expect(result.taskIds).toEqual(['choice', 'no']);
});

function switchFlow(value: string, withDefaults: boolean): string {
  return `${head}inputs:
  - id: country
    type: STRING
    defaults: "${value}"
tasks:
  - id: choice
    type: io.kestra.plugin.core.flow.Switch
    value: "{{ inputs.country }}"
    cases:
      FR:
        - {id: road, type: core.log.Log, message: road}
      1:
        - {id: one, type: core.log.Log, message: one}
${withDefaults ? '    defaults:\n      - {id: air, type: core.log.Log, message: air}\n' : ''}`;
}

test('a Switch runs the case that equals the text, keys that are numbers included [switch]', async () => {
  const world = await createFlowWorld();
  const first = await world.run(switchFlow('FR', true));
  expect(first.taskIds).toEqual(['choice', 'road']);
  expect(first.taskRun('choice').outputs).toEqual({ value: 'FR', defaults: false });
  const second = await world.run(switchFlow('1', true));
  expect(second.taskIds).toEqual(['choice', 'one']);
});

test('without a match `defaults` run; without those the Switch fails [switch.defaults]', async () => {
  const world = await createFlowWorld();
  const first = await world.run(switchFlow('fr', true));
  expect(first.taskIds).toEqual(['choice', 'air']);
  expect(first.taskRun('choice').outputs).toEqual({ value: 'fr', defaults: true });
  const second = await world.run(switchFlow('fr', false));
  expect([second.state, second.taskIds]).toEqual(['FAILED', ['choice']]);
  expect(second.taskRun('choice').outputs).toEqual({ value: 'fr', defaults: true });
});

test('a Switch without branches and an If without `then` are refused [choices.invalid]', async () => {
  const world = await createFlowWorld();
  for (const task of [
    '{id: a, type: core.flow.Switch, value: x}',
    '{id: a, type: core.flow.If, condition: x}',
  ]) {
    await expect(world.save(`${head}tasks:\n  - ${task}\n`)).rejects.toMatchObject({
      code: 'flow.invalid',
    });
  }
});
