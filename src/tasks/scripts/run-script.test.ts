/** Tests of what all script types have in common, tried with real processes. */
import { readFile, readdir } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { createTaskWorld, type TaskWorld } from '../../../test/support/task-world.ts';
import { createSystemProcessRunner } from '../../adapters/system/system-process-runner.ts';
import type { TaskDefinition } from '../../ports/task.ts';
import { nodeScript } from './node/script.ts';
import { pythonScript } from './python/script.ts';
import { shellCommands } from './shell/commands.ts';
import { shellScript } from './shell/script.ts';

const lines = (world: TaskWorld, level: string) =>
  world.logs.filter((one) => one.level === level).map((one) => one.message);

const asProcess = { taskRunner: { type: 'io.kestra.plugin.core.runner.Process' } };

async function waitFor<T>(read: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 100; tries += 1) {
    const found = await read();
    if (found !== undefined) return found;
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
  }
  throw new Error('waited in vain');
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('the commands', () => {
  test('run in one shell, so that folders and variables persist', async () => {
    const world = createTaskWorld();
    const output = await world.run(shellCommands, {
      ...asProcess,
      beforeCommands: ['mkdir inner', 'cd inner', 'export SHOP=north'],
      commands: ['echo "$SHOP $(basename "$PWD")"'],
    });
    expect(world.logs).toEqual([{ level: 'INFO', message: 'north inner' }]);
    expect(output).toEqual({ vars: {}, exitCode: 0, outputFiles: {} });
  });

  test('stop at the first that fails, and fail the task with its exit code', async () => {
    const world = createTaskWorld();
    const running = world.run(shellCommands, {
      commands: ['echo \'::{"outputs":{"step":1}}::\'', 'sh -c "exit 3"', 'echo never'],
    });
    await expect(running).rejects.toMatchObject({
      code: 'process.exited',
      message: 'the program ended with exit code `3`',
      details: { exitCode: 3 },
    });
    expect(world.keptOutputs).toEqual({ vars: { step: 1 }, exitCode: 3, outputFiles: {} });
    expect(lines(world, 'INFO')).not.toContain('never');
  });

  test('go on after one that fails without `failFast`', async () => {
    const world = createTaskWorld();
    const output = await world.run(shellCommands, {
      failFast: false,
      commands: ['false', 'echo still here'],
    });
    expect(output.exitCode).toBe(0);
    expect(lines(world, 'INFO')).toContain('still here');
  });

  test('may be given as one text that holds a list', async () => {
    const world = createTaskWorld();
    await world.run(shellCommands, { commands: '["echo one", "echo two"]' });
    expect(lines(world, 'INFO')).toEqual(expect.arrayContaining(['one', 'two']));
  });

  test('are rendered with the folders of the run', async () => {
    const world = createTaskWorld({ variables: { inputs: { sku: 'mug' } } });
    const output = await world.run(shellCommands, {
      commands: ['[ "$PWD" = "{{ workingDir }}" ]', 'echo {{ inputs.sku }} > {{ outputDir }}/sku'],
      outputDirectory: true,
    });
    expect(world.textOf(output.outputFiles['sku'] ?? '')).toBe('mug\n');
  });

  test('get the content behind a storage URI as a file of the folder', async () => {
    const world = createTaskWorld();
    const uri = world.addFile('orders.csv', 'order\n812\n');
    const output = await world.run(shellCommands, {
      commands: [`cat ${uri}`, `echo "from ${uri}."`],
    });
    const folder = await world.context.workingFolder();
    expect(lines(world, 'INFO')).toContain('812');
    const said = lines(world, 'INFO').at(-1) ?? '';
    expect(said.startsWith(`from ${folder}/`) && said.endsWith('/orders.csv.')).toBe(true);
    expect(output.exitCode).toBe(0);
  });

  test('may not read a file of another execution', async () => {
    const world = createTaskWorld();
    await expect(
      world.run(shellCommands, { commands: ['cat kestra:///shop/other/executions/1/inputs/a'] }),
    ).rejects.toMatchObject({ code: 'file.refused' });
  });
});

describe('the environment', () => {
  test('holds what is declared and nothing of this machine', async () => {
    process.env['SLUICE_TEST_SECRET'] = 'must not be seen';
    const world = createTaskWorld({ variables: { inputs: { region: 'north' } } });
    await world.run(shellCommands, {
      env: { REGION: '{{ inputs.region }}', COUNT: 3, NOTHING: null },
      commands: ['env'],
    });
    delete process.env['SLUICE_TEST_SECRET'];
    const entries = lines(world, 'INFO')
      .filter((line) => /^\w+=/.test(line))
      .map((line) => line.split('=') as [string, string]);
    const folder = await world.context.workingFolder();
    const seen = Object.fromEntries(entries);
    expect(
      Object.keys(seen)
        .filter((name) => name !== 'PWD' && name !== '_')
        .toSorted(),
    ).toEqual(['COUNT', 'HOME', 'NOTHING', 'OUTPUT_DIR', 'PATH', 'REGION', 'WORKING_DIR']);
    expect(seen).toMatchObject({ REGION: 'north', COUNT: '3', NOTHING: '', HOME: folder });
    expect(seen['WORKING_DIR']).toBe(folder);
  });

  test('may be given as the JSON of a map', async () => {
    const world = createTaskWorld();
    await world.run(shellCommands, { env: '{"REGION": "south"}', commands: ['echo $REGION'] });
    expect(lines(world, 'INFO')).toContain('south');
  });

  test('refuses what is no map', async () => {
    const world = createTaskWorld();
    await expect(
      world.run(shellCommands, { env: 'REGION=south', commands: ['true'] }),
    ).rejects.toMatchObject({ code: 'task.input-invalid' });
  });
});

describe('the lines of a program', () => {
  test('are logged by stream, and those of the protocol are taken', async () => {
    const world = createTaskWorld();
    const output = await world.run(shellScript, {
      ...asProcess,
      script: `echo plain
echo trouble >&2
echo '::{"outputs":{"count":13.0,"big":9007199254740993,"list":[1,{"__proto__":null}]}}::'
echo '::{"outputs":{"from":"stderr"}}::' >&2
echo '::{"metrics":[{"name":"rows","type":"counter","value":7,"tags":{"table":"orders"}},{"name":"load","type":"timer","value":1.5}]}::'
echo '::{"logs":[{"level":"WARN","message":"careful"},{"level":"odd","message":"noted"}]}::'
echo '::{"outputs":}::'
echo '::{"outputs":1}::'
echo '::{"metrics":[{"name":"rows","type":"gage","value":7}]}::'
echo 'said ::{"outputs":{"no":1}}::'`,
    });
    expect(output.vars['count']).toMatchObject({ value: 13 });
    expect(output.vars['big']).toBe(9007199254740993n);
    expect(output.vars['from']).toBe('stderr');
    expect(Object.keys(output.vars)).toEqual(['count', 'big', 'list', 'from']);
    expect(world.metrics).toEqual([
      { name: 'rows', type: 'counter', value: 7, tags: { table: 'orders' } },
      { name: 'load', type: 'timer', value: 1500, tags: {} },
    ]);
    expect(lines(world, 'INFO').toSorted()).toEqual([
      'noted',
      'plain',
      'said ::{"outputs":{"no":1}}::',
    ]);
    expect(lines(world, 'ERROR')).toEqual(['trouble']);
    expect(lines(world, 'WARN')).toEqual([
      'careful',
      'an output line of the program is not valid JSON: `::{"outputs":}::`',
      'an output line of the program is not valid JSON: `::{"outputs":1}::`',
      'a metric of the program is not valid: `{"name":"rows","type":"gage","value":7}`',
    ]);
  });

  test('on stderr end the task in WARNING only when asked to', async () => {
    const silent = createTaskWorld();
    await silent.run(shellCommands, { commands: ['echo trouble >&2'] });
    expect(silent.warnings).toEqual([]);
    const world = createTaskWorld();
    await world.run(shellCommands, { warningOnStdErr: true, commands: ['echo trouble >&2'] });
    expect(world.warnings).toEqual(['the program wrote to stderr']);
  });
});

describe('files', () => {
  test('are laid into the folder before, and kept after, by name and pattern', async () => {
    const world = createTaskWorld();
    const uri = world.addFile('orders.csv', 'order\n812\n');
    const output = await world.run(shellCommands, {
      inputFiles: { 'in/orders.csv': uri, 'greeting.txt': 'hello', empty: null, count: 3 },
      outputFiles: ['out/**/*.txt', '*.{md,json}', 'exact[1].log', 'none.*'],
      commands: [
        '[ -f empty ] && [ ! -s empty ] && [ "$(cat count)" = 3 ]',
        'mkdir -p out/deep && cat in/orders.csv greeting.txt > out/deep/all.txt',
        'touch a.md b.json c.txt "exact[1].log" .hidden.json',
      ],
    });
    expect(Object.keys(output.outputFiles)).toEqual([
      'a.md',
      'b.json',
      'exact[1].log',
      'out/deep/all.txt',
    ]);
    expect(world.textOf(output.outputFiles['out/deep/all.txt'] ?? '')).toBe('order\n812\nhello');
  });

  test('may be given as the JSON of a map', async () => {
    const world = createTaskWorld();
    await world.run(shellCommands, {
      inputFiles: '{"rules.json": {"max": 3}}',
      commands: ['cat rules.json'],
    });
    expect(lines(world, 'INFO')).toContain('{"max":3}');
  });

  test.each(['./a', '../a', '/a', 'a/../../b', ''])('cannot be named %j', async (name) => {
    const world = createTaskWorld();
    await expect(
      world.run(shellCommands, { inputFiles: { [name]: 'x' }, commands: ['true'] }),
    ).rejects.toMatchObject({ code: 'task.input-invalid' });
  });

  test('that link out of the folder are not kept', async () => {
    const world = createTaskWorld();
    const output = await world.run(shellCommands, {
      outputFiles: ['*.txt'],
      commands: ['ln -s /etc/passwd stolen.txt', 'echo mine > own.txt', 'ln -s own.txt twin.txt'],
    });
    expect(Object.keys(output.outputFiles)).toEqual(['own.txt', 'twin.txt']);
    expect(lines(world, 'WARN')).toEqual([
      '`stolen.txt` is a link that leads out of the working folder; not kept',
    ]);
  });

  test('of the output folder are kept when asked for', async () => {
    const world = createTaskWorld();
    const output = await world.run(shellCommands, {
      outputDirectory: true,
      commands: ['mkdir {{ outputDir }}/sub', 'echo one > $OUTPUT_DIR/sub/one.txt'],
    });
    expect(Object.keys(output.outputFiles)).toEqual(['sub/one.txt']);
  });

  test('are kept of a program that fails', async () => {
    const world = createTaskWorld();
    const running = world.run(shellCommands, {
      outputFiles: ['report.txt'],
      commands: ['echo why > report.txt', 'false'],
    });
    await expect(running).rejects.toMatchObject({ code: 'process.exited' });
    const kept = world.keptOutputs['outputFiles'] as Record<string, string>;
    expect(world.textOf(kept['report.txt'] ?? '')).toBe('why\n');
  });

  test('of the namespace are laid into the folder as chosen', async () => {
    const world = createTaskWorld({ namespace: 'shop.tests' });
    world.addNamespaceFile('lib/rules.txt', 'rules');
    world.addNamespaceFile('lib/secret.txt', 'secret');
    world.addNamespaceFile('readme.md', 'readme');
    world.addNamespaceFile('tax.txt', 'tax', { namespace: 'shop.finance' });
    const list = { commands: ['find . -type f -not -path "*/.*" | sort'] };
    await world.run(shellCommands, {
      ...list,
      namespaceFiles: { enabled: true, include: ['lib/**'], exclude: ['**/secret.txt'] },
    });
    expect(lines(world, 'INFO').filter((line) => line.startsWith('./'))).toEqual([
      './lib/rules.txt',
    ]);
    const other = createTaskWorld();
    other.addNamespaceFile('tax.txt', 'tax', { namespace: 'shop.finance' });
    await other.run(shellCommands, {
      ...list,
      namespaceFiles: { namespaces: ['shop.finance'], folderPerNamespace: true },
    });
    expect(lines(other, 'INFO')).toContain('./shop.finance/tax.txt');
  });

  test('of the namespace stay out when they are switched off', async () => {
    const world = createTaskWorld();
    world.addNamespaceFile('rules.txt', 'rules');
    await world.run(shellCommands, {
      namespaceFiles: { enabled: false },
      commands: ['[ ! -e rules.txt ]'],
    });
  });

  test('of the namespace that are there already follow `ifExists`', async () => {
    const world = createTaskWorld();
    world.addNamespaceFile('rules.txt', 'from the namespace');
    const run = (ifExists: string) =>
      world.run(shellCommands, {
        namespaceFiles: { ifExists },
        commands: ['cat rules.txt', 'echo own > rules.txt'],
      });
    await run('OVERWRITE');
    await run('WARN');
    expect(lines(world, 'INFO').filter((line) => !line.includes('process'))).toEqual([
      'from the namespace',
      'own',
    ]);
    expect(lines(world, 'WARN')).toEqual(['`rules.txt` is already in the working folder and kept']);
    await expect(run('ERROR')).rejects.toMatchObject({ code: 'file.refused' });
  });
});

describe('the task runner', () => {
  test.each([
    [{ taskRunner: { type: 'io.kestra.plugin.core.runner.Process' } }],
    [{ taskRunner: { type: 'core.runner.Process' } }],
    [{ runner: 'PROCESS', docker: { image: 'ubuntu' } }],
  ])('is silent for %j', async (properties) => {
    const world = createTaskWorld();
    await world.run(shellCommands, { ...properties, commands: ['true'] });
    expect(world.logs).toEqual([]);
  });

  test('says once that there is no container', async () => {
    const plainWorld = createTaskWorld();
    await plainWorld.run(shellCommands, { commands: ['true'] });
    expect(plainWorld.logs).toEqual([
      {
        level: 'INFO',
        message: 'the script runs as a process of this machine, without a container',
      },
    ]);
    const world = createTaskWorld();
    await world.run(shellCommands, {
      taskRunner: { type: 'io.kestra.plugin.scripts.runner.docker.Docker', pullPolicy: 'NEVER' },
      containerImage: 'ubuntu:24.04',
      commands: ['true'],
    });
    expect(world.logs).toEqual([
      {
        level: 'WARN',
        message:
          '`io.kestra.plugin.scripts.runner.docker.Docker` (image `ubuntu:24.04`) is asked for but not available here; the script runs as a process of this machine',
      },
    ]);
  });
});

describe('the interpreter', () => {
  test('may be another program, which then gets no shell option', async () => {
    const world = createTaskWorld();
    await world.run(shellCommands, {
      ...asProcess,
      interpreter: ['node', '-e'],
      commands: ['console.log(6 * 7)'],
    });
    expect(world.logs).toEqual([{ level: 'INFO', message: '42' }]);
  });

  test('that is missing is named', async () => {
    const world = createTaskWorld();
    const running = world.run(shellCommands, {
      interpreter: ['no-such-shell', '-c'],
      commands: ['true'],
    });
    await expect(running).rejects.toMatchObject({ code: 'process.not-found' });
    await expect(running).rejects.toThrow('`no-such-shell`');
  });
});

/** Runs a task type in `world`, its processes by the runner of the machine. */
async function runOnMachine<I, O>(
  world: TaskWorld,
  definition: TaskDefinition<I, O>,
  properties: object,
): Promise<O> {
  const processes = createSystemProcessRunner({ graceMs: 200 });
  const input = definition.input.parse(properties);
  return definition.run(input, { ...world.context, processes });
}

describe('with the process runner of the machine', () => {
  test('every language says hello in an environment of its own', async () => {
    const world = createTaskWorld();
    const script = { ...asProcess, env: { SHOP: 'north' } };
    await runOnMachine(world, shellCommands, { ...script, commands: ['echo "sh $SHOP"'] });
    await runOnMachine(world, pythonScript, {
      ...script,
      script: 'import os\nprint("python", os.environ["SHOP"], os.environ.get("USER"))',
    });
    await runOnMachine(world, nodeScript, {
      ...script,
      script: 'console.log("node", process.env.SHOP, process.env.USER)',
    });
    expect(lines(world, 'INFO')).toEqual(['sh north', 'python north None', 'node north undefined']);
  });

  test('an exit code and a signal fail the task', async () => {
    const world = createTaskWorld();
    const run = (command: string) =>
      runOnMachine(world, shellCommands, { ...asProcess, commands: [command] });
    await expect(run('exit 7')).rejects.toThrow('exit code `7`');
    await expect(run('kill -KILL $$')).rejects.toThrow('was ended by `SIGKILL`');
    await expect(run('no-such-program')).rejects.toMatchObject({
      details: { exitCode: 127 },
      help: expect.stringContaining('finds no program') as string,
    });
  });

  test('an ended task run takes a program that does not listen with it', async () => {
    const world = createTaskWorld();
    const folder = await world.context.workingFolder();
    const running = runOnMachine(world, shellCommands, {
      ...asProcess,
      commands: ["trap '' TERM", 'sh -c "trap \'\' TERM; echo \\$\\$ > stubborn; sleep 60" & wait'],
    });
    const settled = expect(running).rejects.toThrow('the task run was ended');
    const pid = await waitFor(async () => {
      const text = await readFile(`${folder}/stubborn`, 'utf8').catch(() => '');
      return text.endsWith('\n') ? Number(text) : undefined;
    });
    expect(isAlive(pid)).toBe(true);
    world.cancel();
    await settled;
    await waitFor(async () => (isAlive(pid) ? undefined : true));
  });
});

test('an ended task run takes the program and what it started with it [G-232]', async () => {
  const world = createTaskWorld();
  const folder = await world.context.workingFolder();
  const running = world.run(shellCommands, {
    commands: ['sh -c "sleep 60 & echo \\$! > grandchild; wait" & echo $! > child', 'wait'],
  });
  const settled = expect(running).rejects.toThrow('the task run was ended');
  const pidOf = (name: string) =>
    waitFor(async () => {
      const text = await readFile(`${folder}/${name}`, 'utf8').catch(() => '');
      return text.endsWith('\n') ? Number(text) : undefined;
    });
  const pids = [await pidOf('child'), await pidOf('grandchild')];
  expect(pids.map(isAlive)).toEqual([true, true]);
  world.cancel();
  await settled;
  await waitFor(async () => (pids.some(isAlive) ? undefined : true));
});

test('leaves nothing of its own in the folder', async () => {
  const world = createTaskWorld();
  await world.run(nodeScript, { script: 'console.log("x")' });
  await world.run(shellCommands, { commands: ['touch mine'] });
  expect(await readdir(await world.context.workingFolder())).toEqual(['mine']);
});
