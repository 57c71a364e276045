/** Secrets: readable in templates, and nowhere else: not in logs, documents, the ledger, the store. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createFlowWorld, type FlowWorld } from '../../support/run-flow.ts';

const canary = 'canary-7f3e9a1c';

/** Returns the files of the data folder in which the canary stands as it is. */
function spilled(world: FlowWorld): Promise<string[]> {
  return spilledOf(world, canary);
}

async function spilledOf(world: FlowWorld, text: string): Promise<string[]> {
  const entries = await readdir(world.folder, { recursive: true, withFileTypes: true });
  const found: string[] = [];
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    if ((await readFile(path, 'latin1')).includes(text)) found.push(entry.name);
  }
  return found;
}

describe('secrets', () => {
  test('[secrets.environment] `secret` reads the environment; line breaks in it are allowed', async () => {
    const encoded = btoa('a longer secret that is wrapped');
    const world = await createFlowWorld({
      SECRET_MY_KEY: `${encoded.slice(0, 10)}\n${encoded.slice(10)}\n`,
    });
    const result = await world.run(`
id: f
namespace: shop
tasks:
  - id: same
    type: core.debug.Return
    format: "{{ secret('my_key') == 'a longer secret that is wrapped' }}"
  - id: part
    type: core.debug.Return
    format: "{{ (secret('MY_KEY') | length) == 31 }}"
  - id: missing
    type: core.debug.Return
    format: "{{ secret('NOPE') }}"
`);
    expect(result.taskRun('same').outputs['value']).toBe('true');
    expect(result.taskRun('part').outputs['value']).toBe('true');
    expect(result.taskRun('missing').state.current).toBe('FAILED');
    expect(result.messages('missing').join()).toContain('NOPE');
  });

  test('[secrets.masked] a secret that was used is stars in the logs of the run', async () => {
    const world = await createFlowWorld({ SECRET_KEY: btoa(canary) });
    const result = await world.run(`
id: f
namespace: shop
tasks:
  - id: told
    type: core.log.Log
    message: "key {{ secret('KEY') }}"
  - id: broken
    type: core.execution.Fail
    errorMessage: "no door for {{ secret('KEY') }}"
`);
    expect(result.messages('told')).toEqual(['key ********']);
    expect(result.document.error?.message ?? '').not.toContain(canary);
    expect(JSON.stringify([result.document, result.logs])).not.toContain(canary);
    expect(await spilled(world)).toEqual([]);
  });

  test('[secrets.sealed] what holds a secret is stored sealed, read in full and shown with stars', async () => {
    const world = await createFlowWorld({ SECRET_KEY: btoa(canary) });
    const result = await world.run(
      [
        `
id: child
namespace: shop
inputs:
  - id: token
    type: STRING
  - id: header
    type: JSON
tasks:
  - id: used
    type: core.debug.Return
    format: "{{ inputs.token == ('Bearer ${canary.slice(0, 6)}' ~ '${canary.slice(6)}') and (inputs.header.auth | length) == 15 }}"
outputs:
  - id: token
    type: STRING
    value: "{{ inputs.token }}"
`,
        `
id: f
namespace: shop
inputs:
  - id: pin
    type: SECRET
  - id: derived
    type: STRING
    defaults: "{{ secret('KEY') }}/path"
outputs:
  - id: pin
    type: SECRET
    value: "{{ inputs.pin }}"
  - id: text
    type: STRING
    value: "{{ inputs.derived }}"
tasks:
  - id: kept
    type: core.debug.Return
    format: "Bearer {{ secret('KEY') }}"
  - id: read
    type: core.debug.Return
    format: "{{ [outputs.kept.value | length, inputs.pin | length, inputs.derived | length] == [22, 19, 20] }}"
  - id: set
    type: core.execution.SetVariables
    variables:
      token: "{{ outputs.kept.value }}"
  - id: variable
    type: core.debug.Return
    format: "{{ (vars.token | length) == 22 }}"
  - id: sub
    type: core.flow.Subflow
    namespace: shop
    flowId: child
    inputs:
      token: "{{ outputs.kept.value }}"
      header:
        auth: "{{ secret('KEY') }}"
  - id: back
    type: core.debug.Return
    format: "{{ outputs.sub.outputs.token == outputs.kept.value }}"
`,
      ],
      { inputs: { pin: `pin-${canary}` } },
    );
    expect(result.state, result.messages().join('\n')).toBe('SUCCESS');
    expect(result.taskRun('kept').outputs['value']).toBe('Bearer ********');
    expect(result.taskRun('read').outputs['value']).toBe('true');
    expect(result.taskRun('variable').outputs['value']).toBe('true');
    expect(result.taskRun('back').outputs['value']).toBe('true');
    const [child] = result.document.related ?? [];
    const used = child?.taskRunList.find((one) => one.taskId === 'used');
    expect(used?.outputs['value']).toBe('true');
    expect(result.document.inputs).toEqual({ pin: '********', derived: '********/path' });
    expect(result.document.outputs).toEqual({ pin: '********', text: '********' });
    expect(JSON.stringify(result.document)).not.toContain(canary);
    await world.application.close();
    expect(await spilled(world)).toEqual([]);
  });

  test('[secrets.masked] what goes wrong with a secret does not tell it', async () => {
    const world = await createFlowWorld({ SECRET_KEY: btoa(`{${canary}`) });
    const results = [
      await world.run(`
id: property
namespace: shop
tasks:
  - { id: one, type: core.debug.Return, format: "{{ fromJson(secret('KEY')) }}" }
`),
      await world.run(`
id: condition
namespace: shop
tasks:
  - { id: one, type: core.log.Log, message: x, runIf: "{{ fromJson(secret('KEY')) }}" }
`),
      await world.run(`
id: block
namespace: shop
tasks:
  - id: one
    type: core.flow.ForEach
    values: "{{ secret('KEY') }}"
    tasks:
      - { id: inner, type: core.log.Log, message: x }
`),
      await world.run(`
id: output
namespace: shop
tasks:
  - { id: one, type: core.log.Log, message: x }
outputs:
  - { id: number, type: INT, value: "{{ secret('KEY') }}" }
`),
    ];
    for (const { state, document, logs } of results) {
      expect(state, document.flowId).toBe('FAILED');
      expect(JSON.stringify([document, logs]), document.flowId).not.toContain(canary);
    }
  });

  test('[secrets.sealed] a secret survives the end of the process', async () => {
    const world = await createFlowWorld();
    const paused = await world.run(
      `
id: f
namespace: shop
inputs:
  - id: pin
    type: SECRET
tasks:
  - id: hold
    type: core.flow.Pause
    onResume:
      - id: word
        type: SECRET
  - id: read
    type: core.debug.Return
    format: "{{ inputs.pin == ('${canary.slice(0, 6)}' ~ '${canary.slice(6)}') and (outputs.hold.onResume.word | length) == 20 }}"
  - id: told
    type: core.log.Log
    message: "{{ inputs.pin }} {{ outputs.hold.onResume.word }}"
`,
      { inputs: { pin: canary } },
    );
    expect(paused.state).toBe('PAUSED');
    const again = await world.reopen();
    await again.application.resume(paused.document.id, { word: `word-${canary}` });
    const result = await again.rest(paused.document.id);
    expect(result.taskRun('read').outputs['value']).toBe('true');
    expect(result.messages('told')).toEqual(['******** ********']);
    expect(JSON.stringify(result.document)).not.toContain(canary);
    await again.application.close();
    expect(await spilled(again)).toEqual([]);
  });

  test('[secrets.encrypt] `encrypt` and `decrypt` work with a key of the author', async () => {
    const key = btoa('0123456789abcdef0123456789abcdef');
    const world = await createFlowWorld({ SECRET_KEY: btoa(key) });
    const result = await world.run(`
id: f
namespace: shop
tasks:
  - id: closed
    type: core.debug.Return
    format: "{{ encrypt(secret('KEY'), 'plain words') }}"
  - id: opened
    type: core.debug.Return
    format: "{{ decrypt(secret('KEY'), outputs.closed.value) == 'plain words' }}"
`);
    expect(result.taskRun('closed').outputs['value']).not.toContain('plain words');
    expect(result.taskRun('opened').outputs['value']).toBe('true');
  });

  test('[secrets.sealed] a secret that a Switch decides by is kept only where it names a case', async () => {
    const world = await createFlowWorld({ SECRET_KEY: btoa(canary), SECRET_TIER: btoa('gold') });
    const result = await world.run(`
id: f
namespace: shop
tasks:
  - id: unknown
    type: core.flow.Switch
    value: "{{ secret('KEY') }}"
    cases:
      gold:
        - { id: never, type: core.log.Log, message: never }
    defaults:
      - { id: other, type: core.log.Log, message: other }
  - id: known
    type: core.flow.Switch
    value: "{{ secret('TIER') }}"
    cases:
      gold:
        - { id: golden, type: core.log.Log, message: golden }
  - id: none
    type: core.flow.Switch
    value: "{{ secret('KEY') }}"
    cases:
      gold:
        - { id: neither, type: core.log.Log, message: never }
`);
    expect(result.taskIds).toEqual(['unknown', 'other', 'known', 'golden', 'none']);
    expect(result.taskRun('unknown').outputs).toEqual({ value: '********', defaults: true });
    expect(result.taskRun('none').state.current).toBe('FAILED');
    expect(await spilled(world)).toEqual([]);
  });
});

describe('what is made of secrets', () => {
  const secret = 'sesame-canary-41c7';
  const forms = [
    secret,
    secret.toUpperCase(),
    btoa(secret),
    secret.split('').toReversed().join(''),
    secret.slice(0, 12),
  ];
  const flow = `
id: f
namespace: shop
tasks:
  - id: upper
    type: core.debug.Return
    format: "a {{ secret('KEY') | upper }}"
  - id: encoded
    type: core.debug.Return
    format: "{{ outputs.upper.value | lower | slice(2) | base64encode }}"
  - id: told
    type: core.log.Log
    message: "log {{ secret('KEY') | upper }} and {{ secret('KEY') | base64encode }}"
  - id: each
    type: core.flow.ForEach
    values: "{{ [secret('KEY') | upper] }}"
    tasks:
      - id: one
        type: core.debug.Return
        format: "{{ taskrun.value | base64encode }}"
  - id: keep
    type: core.kv.Set
    key: derived
    value: "{{ secret('KEY') | base64encode }}"
  - id: get
    type: core.kv.Get
    key: derived
  - id: written
    type: core.storage.Write
    content: "{{ secret('KEY') | upper }}"
  - id: variables
    type: core.execution.SetVariables
    variables:
      map:
        "{{ secret('KEY') | reverse }}": 1
  - id: gate
    type: core.flow.Pause
  - id: proof
    type: core.execution.Assert
    conditions:
      - "{{ outputs.get.value == secret('KEY') | base64encode }}"
      - "{{ outputs.encoded.value == secret('KEY') | base64encode }}"
      - "{{ read(outputs.written.uri) == secret('KEY') | upper }}"
      - "{{ kv('derived') | base64decode == secret('KEY') }}"
`;

  test('[secrets.transformed] whatever its form, it lands sealed and is shown as stars', async () => {
    const world = await createFlowWorld({ SECRET_KEY: btoa(secret) });
    const waiting = await world.run(flow);
    expect(waiting.state, waiting.messages().join('\n')).toBe('PAUSED');
    const again = await world.reopen();
    await again.application.resume(waiting.document.id, {});
    const result = await again.rest(waiting.document.id);
    expect(result.state, result.messages().join('\n')).toBe('SUCCESS');
    expect(result.taskRun('upper').outputs['value']).toBe('a ********');
    expect(result.messages('told')).toEqual(['log ******** and ********']);
    const pair = await again.application.keyValues('shop').get('derived');
    expect(pair?.value).toBe('********');
    const shown = JSON.stringify([result.document, result.logs]);
    for (const form of forms) expect(shown).not.toContain(form);
    await again.application.close();
    for (const form of forms) expect(await spilledOf(world, form)).toEqual([]);
  });
});
