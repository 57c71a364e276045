/** Tests of `scripts.python.Script`. */
import { expect, test } from 'vitest';
import { taskContract } from '../../../../test/contract/task.contract.ts';
import { createTaskWorld } from '../../../../test/support/task-world.ts';
import { pythonScript } from './script.ts';

taskContract(pythonScript, {
  valid: { script: 'print("order 812")' },
  waiting: { script: 'import time\ntime.sleep(60)' },
  failing: [
    {
      title: 'when the script raises',
      properties: { script: 'raise ValueError("no")' },
      code: 'process.exited',
    },
    {
      title: 'when that version of Python is missing',
      properties: { script: 'pass', pythonVersion: '2.1' },
      code: 'process.not-found',
    },
    {
      title: 'when a package cannot be installed',
      properties: {
        script: 'pass',
        dependencies: ['no-such-package-of-ours==1.0'],
        env: { PIP_NO_INDEX: '1' },
      },
      code: 'process.exited',
    },
  ],
});

test('logs what a source prints, as it is printed', async () => {
  const world = createTaskWorld();
  await world.run(pythonScript, {
    script:
      '# Your model training code here\nprint("Data quality check passed. Starting model training...")\n',
  });
  expect(world.logs.at(-1)).toEqual({
    level: 'INFO',
    message: 'Data quality check passed. Starting model training...',
  });
});

test('knows true, false and null, and keeps the numbers of lines', async () => {
  const world = createTaskWorld({ variables: { inputs: { rules: { strict: true, max: null } } } });
  const running = world.run(pythonScript, {
    script:
      'from __future__ import annotations\nrules = {{ inputs.rules }}\nprint(rules["strict"] is True)\nraise ValueError(str(null))',
  });
  await expect(running).rejects.toMatchObject({ code: 'process.exited' });
  const said = world.logs.map((one) => one.message);
  expect(said).toContain('True');
  expect(said.some((line) => line.includes('line 4'))).toBe(true);
  expect(said).toContain('ValueError: None');
});

test('imports modules that are laid into the folder', async () => {
  const world = createTaskWorld();
  const output = await world.run(pythonScript, {
    inputFiles: { 'rules/limits.py': 'most = 3' },
    script: 'from rules.limits import most\nprint(\'::{"outputs": {"most": %d}}::\' % most)',
  });
  expect(output.vars).toEqual({ most: 3 });
});

test('needs no installation for packages that are there', async () => {
  const world = createTaskWorld();
  await world.run(pythonScript, {
    dependencies: ['pip'],
    env: { PIP_NO_INDEX: '1' },
    script: 'import pip',
  });
  expect(world.logs.map((one) => one.message).join('\n')).not.toContain('installed');
});

test('installs packages for this run', { timeout: 60_000 }, async () => {
  const world = createTaskWorld();
  const folder = await world.context.workingFolder();
  const makeWheel = `import zipfile
meta = "sluice_sample-1.0.dist-info"
with zipfile.ZipFile("sluice_sample-1.0-py3-none-any.whl", "w") as wheel:
    wheel.writestr("sluice_sample.py", "margin = 0.4")
    wheel.writestr(meta + "/METADATA", "Metadata-Version: 2.1\\nName: sluice-sample\\nVersion: 1.0\\n")
    wheel.writestr(meta + "/WHEEL", "Wheel-Version: 1.0\\nGenerator: t\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
    wheel.writestr(meta + "/RECORD", "")
`;
  await world.run(pythonScript, { script: makeWheel });
  const output = await world.run(pythonScript, {
    dependencies: ['sluice-sample==1.0'],
    env: { PIP_NO_INDEX: '1', PIP_FIND_LINKS: folder },
    script:
      'import sluice_sample\nprint(\'::{"outputs": {"margin": %s}}::\' % sluice_sample.margin)',
  });
  expect(output.vars).toEqual({ margin: 0.4 });
  expect(world.logs.map((one) => one.message)).toContain(
    'installed sluice-sample==1.0 for this run',
  );
});

test('runs in an environment that the commands before it activate', {
  timeout: 60_000,
}, async () => {
  const world = createTaskWorld();
  await world.run(pythonScript, {
    beforeCommands: ['python3 -m venv --without-pip own', '. own/bin/activate'],
    script: 'import sys\nprint(sys.prefix)',
  });
  const folder = await world.context.workingFolder();
  expect(world.logs.at(-1)?.message).toBe(`${folder}/own`);
});
