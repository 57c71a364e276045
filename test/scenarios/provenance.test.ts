/**
 * Where values come from, from one end of the system to the other: what the outside gives is untrusted
 * and stays so through outputs, pairs, files, subflows and loops; what runs, or does not run, because of
 * such a value is marked like it; what nobody outside touched stays plain.
 */
import { beforeEach, describe, expect, test } from 'vitest';
import { plain } from '../../src/core/value/index.ts';
import { startLoopbackServer } from '../support/loopback-server.ts';
import {
  outputMarks,
  provenanceOfFile,
  provenanceOfOutput,
  provenanceOfPair,
} from '../support/read-provenance.ts';
import { createFlowWorld, type FlowResult, type FlowWorld } from '../support/run-flow.ts';

let world: FlowWorld;
let url: string;

beforeEach(async () => {
  world = await createFlowWorld({
    SLUICE_ALLOW_PRIVATE_HOSTS: '127.0.0.1',
    SECRET_TOKEN: Buffer.from('s3cret-token').toString('base64'),
  });
  const server = await startLoopbackServer(({ path }) =>
    path === '/missing'
      ? { status: 404 }
      : path === '/list'
        ? { body: '["a","b"]' }
        : path === '/lines'
          ? { body: '{"sku":"a"}\n{"sku":"b"}\n' }
          : { body: 'yes' },
  );
  ({ url } = server);
});

const fetchMail = (): string => `
  - id: mail
    type: core.http.Request
    uri: ${url}/mail`;

function flow(tasks: string, more = ''): string {
  return `id: flow\nnamespace: shop.tests\n${more}tasks:${tasks}\n`;
}

async function trustOf(
  result: FlowResult,
  taskId: string,
  output = 'value',
  value?: string,
): Promise<string> {
  return (await provenanceOfOutput(world, result, taskId, output, value)).trust;
}

async function run(tasks: string, more = ''): Promise<FlowResult> {
  return world.run(flow(tasks, more));
}

describe('what comes from outside', () => {
  test('is untrusted as the answer of a request, and what is made of it too', async () => {
    const result = await run(`${fetchMail()}
  - id: quote
    type: core.debug.Return
    format: "the customer wrote: {{ outputs.mail.body }}"
  - id: shout
    type: core.output.OutputValues
    values:
      loud: "{{ outputs.quote.value | upper }}"
      own: 12`);
    expect(result.state).toBe('SUCCESS');
    expect(await trustOf(result, 'mail', 'body')).toBe('untrusted');
    expect(await trustOf(result, 'mail', 'code')).toBe('untrusted');
    expect(await trustOf(result, 'quote')).toBe('untrusted');
    expect(await trustOf(result, 'shout', 'values')).toBe('untrusted');
  });

  test('is untrusted as a downloaded file, in the file and in what is read of it', async () => {
    const result = await run(`
  - id: page
    type: core.http.Download
    uri: ${url}/page
  - id: text
    type: core.debug.Return
    format: "{{ read(outputs.page.uri) }}"
  - id: size
    type: core.storage.Size
    uri: "{{ outputs.page.uri }}"
  - id: length
    type: core.debug.Return
    format: "{{ fileSize(outputs.page.uri) }}"`);
    const uri = String(result.taskRun('page').outputs['uri']);
    expect((await provenanceOfFile(world, uri)).trust).toBe('untrusted');
    for (const [task, output] of [
      ['page', 'uri'],
      ['text', 'value'],
      ['size', 'size'],
      ['length', 'value'],
    ] as const) {
      expect([task, await trustOf(result, task, output)]).toEqual([task, 'untrusted']);
    }
  });

  test('is untrusted as what a script gives, also when the script fails', async () => {
    const result = await run(
      `
  - id: count
    type: scripts.shell.Script
    allowFailure: true
    script: |
      echo '::{"outputs": {"total": 3}}::'
      echo parcel > parcel.txt
      exit 3
    outputFiles: [parcel.txt]
  - id: use
    type: core.debug.Return
    format: "{{ outputs.count.vars.total }}"`,
    );
    expect(result.state).toBe('WARNING');
    expect(result.taskRun('count').outputs).toMatchObject({ vars: { total: 3 }, exitCode: 3 });
    expect(await trustOf(result, 'count', 'vars')).toBe('untrusted');
    expect(await trustOf(result, 'use')).toBe('untrusted');
    const files = result.taskRun('count').outputs['outputFiles'] as Record<string, string>;
    expect((await provenanceOfFile(world, String(files['parcel.txt']))).trust).toBe('untrusted');
  });

  test('is untrusted as the answer of the `http` function [functions.provenance]', async () => {
    const result = await run(`
  - id: ask
    type: core.debug.Return
    format: "{{ http('${url}/mail') }}"`);
    expect(await trustOf(result, 'ask')).toBe('untrusted');
  });
});

describe('a mark stays with a value', () => {
  test('through a pair, into the next execution, its subflow, a file and what is read of it', async () => {
    const first = await run(`${fetchMail()}
  - id: keep
    type: core.kv.Set
    key: last-mail
    value: "{{ outputs.mail.body }}"`);
    expect(first.state).toBe('SUCCESS');
    expect((await provenanceOfPair(world, 'last-mail')).trust).toBe('untrusted');
    world = await world.reopen();
    const child = `id: child
namespace: shop.tests
inputs:
  - id: text
    type: STRING
tasks:
  - id: write
    type: core.storage.Write
    content: "{{ inputs.text }}"
outputs:
  - id: uri
    type: STRING
    value: "{{ outputs.write.uri }}"
  - id: own
    type: STRING
    value: nothing of the mail
`;
    const parent = flow(`
  - id: sub
    type: core.flow.Subflow
    namespace: shop.tests
    flowId: child
    inputs:
      text: "{{ kv('last-mail') }}"
  - id: pair
    type: core.kv.Get
    key: last-mail
  - id: out
    type: core.debug.Return
    format: "{{ outputs.sub.outputs.uri }}"
  - id: own
    type: core.debug.Return
    format: "{{ outputs.sub.outputs.own }}"`);
    const second = await world.run([child, parent]);
    expect(second.state).toBe('SUCCESS');
    const [related] = second.document.related ?? [];
    const uri = String(related?.taskRunList[0]?.outputs['uri']);
    expect((await provenanceOfFile(world, uri)).trust).toBe('untrusted');
    expect(await trustOf(second, 'pair')).toBe('untrusted');
    expect(await trustOf(second, 'out')).toBe('untrusted');
    expect(await trustOf(second, 'own')).toBe('trusted');
  });

  test('when a subflow reads an input that it does not declare', async () => {
    const child = `id: child
namespace: shop.tests
tasks:
  - id: echo
    type: core.debug.Return
    format: "{{ inputs.text }}"
  - id: keep
    type: core.kv.Set
    key: undeclared
    value: "{{ outputs.echo.value }}"
`;
    const parent = flow(`${fetchMail()}
  - id: sub
    type: core.flow.Subflow
    namespace: shop.tests
    flowId: child
    inputs:
      text: "{{ outputs.mail.body }}"`);
    expect((await world.run([child, parent])).state).toBe('SUCCESS');
    expect((await provenanceOfPair(world, 'undeclared')).trust).toBe('untrusted');
  });

  test('in variables and labels, and only in those that were set', async () => {
    const result = await run(
      `${fetchMail()}
  - id: set
    type: core.execution.SetVariables
    variables:
      answer: "{{ outputs.mail.body }}"
  - id: label
    type: core.execution.Labels
    labels:
      mail: "{{ outputs.mail.body }}"
  - id: answer
    type: core.debug.Return
    format: "{{ vars.answer }}"
  - id: constant
    type: core.debug.Return
    format: "{{ vars.constant }}"
  - id: labelled
    type: core.debug.Return
    format: "{{ labels.mail }}"`,
      'variables:\n  constant: 12\n',
    );
    expect(result.state).toBe('SUCCESS');
    expect(await trustOf(result, 'answer')).toBe('untrusted');
    expect(await trustOf(result, 'constant')).toBe('trusted');
    expect(await trustOf(result, 'labelled')).toBe('untrusted');
  });

  test('in the labels and the inputs of an execution that is replayed', async () => {
    const child = `id: child
namespace: shop.tests
inputs:
  - id: text
    type: STRING
tasks:
  - id: both
    type: core.output.OutputValues
    values:
      input: "{{ inputs.text }}"
  - id: label
    type: core.debug.Return
    format: "{{ labels.from }}"
`;
    const parent = flow(`${fetchMail()}
  - id: sub
    type: core.flow.Subflow
    namespace: shop.tests
    flowId: child
    inputs:
      text: "{{ outputs.mail.body }}"
    labels:
      from: "{{ outputs.mail.body }}"`);
    const first = await world.run([child, parent]);
    const again = await world.rest(
      await world.application.replay(first.document.related?.[0]?.id ?? ''),
    );
    expect(again.state).toBe('SUCCESS');
    expect(await trustOf(again, 'both', 'values')).toBe('untrusted');
    expect(await trustOf(again, 'label')).toBe('untrusted');
  });

  test('through the list of keys under which it was kept', async () => {
    const result = await run(`${fetchMail()}
  - id: keep
    type: core.kv.Set
    key: "mail-{{ outputs.mail.body }}"
    value: 1
  - id: keys
    type: core.kv.GetKeys
    prefix: mail-`);
    expect(result.taskRun('keys').outputs).toEqual({ keys: ['mail-yes'] });
    expect(await trustOf(result, 'keys', 'keys')).toBe('untrusted');
  });

  test('through a namespace file and a state', async () => {
    const result = await run(`
  - id: page
    type: core.http.Download
    uri: ${url}/page
  - id: share
    type: core.namespace.UploadFiles
    namespace: shop.tests
    filesMap:
      page.txt: "{{ outputs.page.uri }}"
  - id: note
    type: core.state.Set
    data:
      page: "{{ read('page.txt') }}"
  - id: recall
    type: core.state.Get`);
    expect(result.state).toBe('SUCCESS');
    expect(result.taskRun('recall').outputs['data']).toEqual({ page: 'yes' });
    expect(await trustOf(result, 'recall', 'data')).toBe('untrusted');
    const read = await world.run(
      flow(`
  - id: text
    type: core.debug.Return
    format: "{{ read('page.txt') }}"`),
    );
    expect(await trustOf(read, 'text')).toBe('untrusted');
  });

  test('through the form of a paused execution that a task resumes', async () => {
    const paused = await world.run(`id: paused
namespace: shop.tests
tasks:
  - id: wait
    type: core.flow.Pause
    onResume:
      - id: reason
        type: STRING
  - id: echo
    type: core.debug.Return
    format: "{{ outputs.wait.onResume.reason }}"
`);
    const resumer = await run(
      `${fetchMail()}
  - id: resume
    type: core.execution.Resume
    executionId: "{{ inputs.execution }}"
    inputs:
      reason: "{{ outputs.mail.body }}"`,
      `inputs:\n  - id: execution\n    type: STRING\n    defaults: ${paused.document.id}\n`,
    );
    expect(resumer.state).toBe('SUCCESS');
    const resumed = await world.rest(paused.document.id);
    expect(resumed.state).toBe('SUCCESS');
    expect(await trustOf(resumed, 'echo')).toBe('untrusted');
  });
});

describe('a decision by an untrusted value', () => {
  test('marks what runs in a branch, however deep, and what is missing of it', async () => {
    const result = await run(`${fetchMail()}
  - id: decide
    type: core.flow.If
    condition: "{{ outputs.mail.body == 'yes' }}"
    then:
      - id: grant
        type: core.debug.Return
        format: granted
      - id: inner
        type: core.flow.Sequential
        tasks:
          - id: deep
            type: core.kv.Set
            key: granted
            value: true
    else:
      - id: outer
        type: core.flow.Sequential
        tasks:
          - id: maybe
            type: core.debug.Return
            format: refused
  - id: taken
    type: core.debug.Return
    format: "{{ outputs.grant.value }}"
  - id: absent
    type: core.debug.Return
    format: "{{ outputs.maybe.value ?? 'd' }}"
  - id: own
    type: core.debug.Return
    format: nothing of it`);
    expect(result.state).toBe('SUCCESS');
    for (const task of ['grant', 'taken', 'absent']) {
      expect([task, await trustOf(result, task)]).toEqual([task, 'untrusted']);
    }
    expect((await provenanceOfPair(world, 'granted')).trust).toBe('untrusted');
    expect(await trustOf(result, 'own')).toBe('trusted');
    expect(await trustOf(result, 'decide', 'evaluationResult')).toBe('untrusted');
  });

  test('marks a switch, a variable that is set in one of its cases, and one that is not', async () => {
    const tasks = (wanted: string): string => `${fetchMail()}
  - id: choose
    type: core.flow.Switch
    value: "{{ outputs.mail.body }}"
    cases:
      ${wanted}:
        - id: set
          type: core.execution.SetVariables
          variables:
            granted: true
    defaults:
      - id: note
        type: core.log.Log
        message: no such case
  - id: granted
    type: core.debug.Return
    format: "{{ vars.granted }}"`;
    for (const [wanted, value] of [
      ['yes', 'true'],
      ['no', 'false'],
    ] as const) {
      const result = await run(tasks(`"${wanted}"`), 'variables:\n  granted: false\n');
      expect(result.taskRun('granted').outputs).toEqual({ value });
      expect(await trustOf(result, 'granted')).toBe('untrusted');
    }
  });

  test('marks what runs because of `runIf`, and what is skipped because of it', async () => {
    const result = await run(`${fetchMail()}
  - id: ran
    type: core.debug.Return
    runIf: "{{ outputs.mail.body == 'yes' }}"
    format: ran
  - id: skipped
    type: core.debug.Return
    runIf: "{{ outputs.mail.body == 'no' }}"
    format: ran
  - id: block
    type: core.flow.Sequential
    runIf: "{{ outputs.mail.body == 'no' }}"
    tasks:
      - id: inside
        type: core.debug.Return
        format: ran
  - id: one
    type: core.debug.Return
    format: "{{ outputs.skipped.value ?? 'd' }}"
  - id: two
    type: core.debug.Return
    format: "{{ outputs.inside.value ?? 'd' }}"`);
    expect(result.taskRun('skipped').state.current).toBe('SKIPPED');
    for (const task of ['ran', 'one', 'two']) {
      expect([task, await trustOf(result, task)]).toEqual([task, 'untrusted']);
    }
  });

  test('marks the tasks of a loop over an untrusted list, and what it leaves out', async () => {
    const result = await run(`
  - id: list
    type: core.http.Request
    uri: ${url}/list
  - id: each
    type: core.flow.ForEach
    values: "{{ outputs.list.body }}"
    tasks:
      - id: constant
        type: core.debug.Return
        format: refund
      - id: sku
        type: core.debug.Return
        format: "{{ taskrun.value }}"
  - id: none
    type: core.flow.ForEach
    values: "{{ outputs.list.body == '' ? ['a'] : [] }}"
    tasks:
      - id: never
        type: core.debug.Return
        format: refund
  - id: absent
    type: core.debug.Return
    format: "{{ outputs.never ?? 'd' }}"`);
    expect(result.state).toBe('SUCCESS');
    expect(await trustOf(result, 'constant', 'value', 'a')).toBe('untrusted');
    expect(await trustOf(result, 'sku', 'value', 'b')).toBe('untrusted');
    expect(await trustOf(result, 'absent')).toBe('untrusted');
  });

  test('marks the iterations of a `Loop`, their items and what they give', async () => {
    const result = await run(`
  - id: lines
    type: core.http.Download
    uri: ${url}/lines
  - id: each
    type: core.flow.Loop
    values: "{{ outputs.lines.uri }}"
    outputs:
      - id: sku
        type: STRING
        value: "{{ outputs.pick.value }}"
    tasks:
      - id: pick
        type: core.debug.Return
        format: "{{ item.value }}"
      - id: constant
        type: core.kv.Set
        key: "seen-{{ item.index }}"
        value: 1
  - id: first
    type: core.debug.Return
    format: "{{ outputs.each.outputs[1].outputs.sku }}"
  - id: many
    type: core.debug.Return
    format: "{{ outputs.each.iterationCount }}"`);
    expect(result.state).toBe('SUCCESS');
    expect(await trustOf(result, 'first')).toBe('untrusted');
    expect(await trustOf(result, 'many')).toBe('untrusted');
    expect((await provenanceOfPair(world, 'seen-1')).trust).toBe('untrusted');
  });

  test('marks a `Loop` over plain values by what its iterations read', async () => {
    const result = await run(`
  - id: each
    type: core.flow.Loop
    values: [a, b]
    outputs:
      - id: answer
        type: STRING
        value: "{{ outputs.mail.body }}"
    tasks:
      - id: mail
        type: core.http.Request
        uri: ${url}/mail
  - id: first
    type: core.debug.Return
    format: "{{ outputs.each.outputs[0].outputs.answer }}"
  - id: many
    type: core.debug.Return
    format: "{{ outputs.each.iterationCount }}"`);
    expect(result.state).toBe('SUCCESS');
    expect(await trustOf(result, 'first')).toBe('untrusted');
    expect(await trustOf(result, 'many')).toBe('trusted');
  });

  test('marks the rounds of a loop until it holds', async () => {
    const result = await run(`${fetchMail()}
  - id: until
    type: core.flow.LoopUntil
    condition: "{{ outputs.until.iterationCount >= (outputs.mail.body == 'yes' ? 2 : 1) }}"
    checkFrequency:
      interval: PT0.01S
    tasks:
      - id: inside
        type: core.debug.Return
        format: constant
  - id: rounds
    type: core.debug.Return
    format: "{{ outputs.until.iterationCount }}"
  - id: last
    type: core.debug.Return
    format: "{{ outputs.inside.value }}"`);
    expect(result.taskRun('rounds').outputs).toEqual({ value: '2' });
    expect(await trustOf(result, 'rounds')).toBe('untrusted');
    expect(await trustOf(result, 'last')).toBe('untrusted');
  });

  test('marks what a subflow does that it starts, constants included', async () => {
    const child = `id: child
namespace: shop.tests
tasks:
  - id: grant
    type: core.kv.Set
    key: granted-by-child
    value: true
`;
    const parent = flow(`${fetchMail()}
  - id: decide
    type: core.flow.If
    condition: "{{ outputs.mail.body == 'yes' }}"
    then:
      - id: sub
        type: core.flow.Subflow
        namespace: shop.tests
        flowId: child`);
    expect((await world.run([child, parent])).state).toBe('SUCCESS');
    expect((await provenanceOfPair(world, 'granted-by-child')).trust).toBe('untrusted');
  });

  test('marks a branch that is replayed', async () => {
    const first = await run(`${fetchMail()}
  - id: decide
    type: core.flow.If
    condition: "{{ outputs.mail.body == 'yes' }}"
    then:
      - id: before
        type: core.debug.Return
        format: before
      - id: grant
        type: core.debug.Return
        format: granted
      - id: later
        type: core.debug.Return
        format: granted
    else:
      - id: maybe
        type: core.debug.Return
        format: refused
  - id: absent
    type: core.debug.Return
    format: "{{ outputs.maybe.value ?? 'd' }}"`);
    const id = await world.application.replay(first.document.id, { taskId: 'grant' });
    const again = await world.rest(id);
    expect(again.state).toBe('SUCCESS');
    for (const task of ['before', 'grant', 'later', 'absent']) {
      expect([task, await trustOf(again, task)]).toEqual([task, 'untrusted']);
    }
  });
});

describe('a failure by an untrusted value', () => {
  test('marks what handles it, its message and what is missing because of it', async () => {
    const result = await world.run(`id: flow
namespace: shop.tests
tasks:
  - id: mail
    type: core.http.Request
    uri: ${url}/mail
  - id: stop
    type: core.execution.Fail
    errorMessage: "the customer wrote {{ outputs.mail.body }}"
  - id: later
    type: core.debug.Return
    format: later
errors:
  - id: constant
    type: core.debug.Return
    format: alarm
  - id: message
    type: core.debug.Return
    format: "{{ error.message }}"
  - id: lines
    type: core.debug.Return
    format: "{{ errorLogs() }}"
afterExecution:
  - id: after
    type: core.debug.Return
    format: "{{ execution.state }} {{ tasks.stop.state }}"
`);
    expect(result.state).toBe('FAILED');
    for (const task of ['constant', 'message', 'lines', 'after']) {
      expect([task, await trustOf(result, task)]).toEqual([task, 'untrusted']);
    }
  });

  test('that is allowed marks the absence of the outputs and the state', async () => {
    const result = await run(`
  - id: ask
    type: core.http.Request
    uri: ${url}/missing
    allowFailure: true
  - id: block
    type: core.flow.AllowFailure
    tasks:
      - id: again
        type: core.http.Request
        uri: ${url}/missing
      - id: after
        type: core.debug.Return
        format: constant
  - id: one
    type: core.debug.Return
    format: "{{ outputs.ask.body ?? 'd' }}"
  - id: two
    type: core.debug.Return
    format: "{{ outputs.after.value ?? 'd' }}"
  - id: state
    type: core.debug.Return
    format: "{{ tasks.ask.state }}"
  - id: own
    type: core.debug.Return
    format: constant`);
    expect(result.state).toBe('WARNING');
    for (const task of ['one', 'two', 'state']) {
      expect([task, await trustOf(result, task)]).toEqual([task, 'untrusted']);
    }
    expect(await trustOf(result, 'own')).toBe('trusted');
  });
});

describe('a folder that tasks share', () => {
  test('marks what a later task takes from it', async () => {
    const result = await run(`
  - id: together
    type: core.flow.WorkingDirectory
    tasks:
      - id: write
        type: scripts.shell.Script
        script: echo parcel > parcel.txt
      - id: keep
        type: core.storage.LocalFiles
        outputs: [parcel.txt]
      - id: own
        type: core.debug.Return
        format: constant`);
    expect(result.state).toBe('SUCCESS');
    const uris = result.taskRun('keep').outputs['uris'] as Record<string, string>;
    expect((await provenanceOfFile(world, String(uris['parcel.txt']))).trust).toBe('untrusted');
    expect(await trustOf(result, 'own')).toBe('trusted');
  });

  test('stays plain when nothing from outside was in it', async () => {
    const result = await run(`
  - id: together
    type: core.flow.WorkingDirectory
    inputFiles:
      hello.txt: hello
    outputFiles: ["*.txt"]
    tasks:
      - id: own
        type: core.debug.Return
        format: constant`);
    const files = result.taskRun('together').outputs['outputFiles'] as Record<string, string>;
    expect(await provenanceOfFile(world, String(files['hello.txt']))).toEqual(plain);
  });
});

describe('batches of a file', () => {
  test('are marked in each execution and in what is joined of them', async () => {
    const child = `id: batch
namespace: shop.tests
inputs:
  - id: file
    type: FILE
tasks:
  - id: text
    type: core.debug.Return
    format: "{{ read(inputs.file) }}"
  - id: count
    type: core.kv.Set
    key: batch-count
    value: 1
outputs:
  - id: text
    type: STRING
    value: "{{ outputs.text.value }}"
`;
    const parent = flow(`
  - id: lines
    type: core.http.Download
    uri: ${url}/lines
  - id: each
    type: core.flow.ForEachItem
    items: "{{ outputs.lines.uri }}"
    namespace: shop.tests
    flowId: batch
    inputs:
      file: "{{ taskrun.items }}"
  - id: joined
    type: core.debug.Return
    format: "{{ outputs.each_merge.subflowOutputs }}"`);
    const result = await world.run([child, parent]);
    expect(result.state).toBe('SUCCESS');
    expect((await provenanceOfPair(world, 'batch-count')).trust).toBe('untrusted');
    const uri = String(result.taskRun('each_merge').outputs['subflowOutputs']);
    expect((await provenanceOfFile(world, uri)).trust).toBe('untrusted');
  });
});

describe('secrets', () => {
  test('are of class credential and trusted', async () => {
    const result = await run(
      `
  - id: named
    type: core.debug.Return
    format: "Bearer {{ secret('TOKEN') }}"
  - id: typed
    type: core.debug.Return
    format: "{{ inputs.pin }}"`,
      'inputs:\n  - id: pin\n    type: SECRET\n    defaults: "1234567"\n',
    );
    expect(await provenanceOfOutput(world, result, 'named')).toMatchObject({
      trust: 'trusted',
      classes: [{ name: 'credential', subject: null }],
      sources: ['secret:TOKEN'],
    });
    expect((await provenanceOfOutput(world, result, 'typed')).classes).toEqual([
      { name: 'credential', subject: null },
    ]);
  });
});

describe('what nobody outside touched', () => {
  test('is stored without any mark', async () => {
    const child = `id: child
namespace: shop.tests
tasks:
  - id: hello
    type: core.debug.Return
    format: hello
outputs:
  - id: said
    type: STRING
    value: "{{ outputs.hello.value }}"
`;
    const result = await world.run([
      child,
      flow(`
  - id: one
    type: core.debug.Return
    format: "{{ now() }} {{ flow.id }} {{ labels.system.correlationId }}"
  - id: file
    type: core.storage.Write
    content: "{{ outputs.one.value }}"
  - id: read
    type: core.debug.Return
    format: "{{ read(outputs.file.uri) }}{{ fileSize(outputs.file.uri) }}"
  - id: pair
    type: core.kv.Set
    key: plain
    value: "{{ outputs.one.value }}"
  - id: get
    type: core.kv.Get
    key: plain
  - id: decide
    type: core.flow.If
    condition: "{{ outputs.get.value is not empty }}"
    then:
      - id: inside
        type: core.debug.Return
        format: inside
  - id: each
    type: core.flow.ForEach
    values: [a, b]
    tasks:
      - id: item
        type: core.debug.Return
        format: "{{ taskrun.value }}"
  - id: sub
    type: core.flow.Subflow
    namespace: shop.tests
    flowId: child
  - id: stop
    type: core.execution.Fail
    allowFailure: true
  - id: last
    type: core.debug.Return
    format: "{{ outputs.sub.outputs.said }} {{ tasks.stop.state }}"`),
    ]);
    expect(result.state).toBe('WARNING');
    for (const run of result.document.taskRunList) {
      expect([run.taskId, await outputMarks(world, result, run.taskId, run.value)]).toEqual([
        run.taskId,
        { own: plain },
      ]);
    }
    expect(await provenanceOfPair(world, 'plain')).toEqual(plain);
  });
});
