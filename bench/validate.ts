/**
 * How long checking a flow takes, at 1,000 and at 10,000 tasks. Checking is linear: ten times the
 * tasks may cost at most twelve times the time. Prints one line per shape of flow.
 */
import { performance } from 'node:perf_hooks';
import { parseFlow } from '../src/core/flow/index.ts';
import { sampleCatalogue } from '../test/support/sample-catalogue.ts';

/** The largest ratio of the time at 10,000 tasks to that at 1,000. */
const ratioMax = 12;
const rounds = 5;

const shapes: Readonly<Record<string, (count: number) => string>> = {
  // Each task reads the output of the one before and an input.
  chain: (count) => {
    const tasks = Array.from({ length: count }, (_, index) => {
      const before = index === 0 ? 'inputs.a' : `outputs.t${index - 1}.value`;
      return `  - {id: t${index}, type: core.debug.Return, format: "{{ ${before} }}"}\n`;
    });
    return `id: chain\nnamespace: bench\ninputs: [{id: a, type: STRING}]\ntasks:\n${tasks.join('')}`;
  },
  // One Dag in which each task waits for the one before.
  dag: (count) => {
    const tasks = Array.from({ length: count }, (_, index) => {
      const on = index === 0 ? '' : `, dependsOn: [t${index - 1}]`;
      return `      - {task: {id: t${index}, type: core.debug.Return}${on}}\n`;
    });
    return `id: dag\nnamespace: bench\ntasks:\n  - id: all\n    type: core.flow.Dag\n    tasks:\n${tasks.join('')}`;
  },
  // Every task is wrong in the same way, so that reporting is measured too.
  wrong: (count) => {
    const tasks = Array.from(
      { length: count },
      () => '  - {id: same, type: core.debug.Retrun, fromat: "{{ outputs.nothing.value }}"}\n',
    );
    return `id: wrong\nnamespace: bench\ntasks:\n${tasks.join('')}`;
  },
};

/** Returns the shortest of several times, in milliseconds. */
function timeOf(source: string): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round += 1) {
    const start = performance.now();
    parseFlow(source, { file: 'bench.yaml', catalogue: sampleCatalogue });
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

for (const [name, make] of Object.entries(shapes)) {
  const small = timeOf(make(1_000));
  const large = timeOf(make(10_000));
  const ratio = large / small;
  const verdict = ratio <= ratioMax ? 'within' : 'ABOVE';
  console.log(
    `validate ${name}: 1,000 tasks ${small.toFixed(0)} ms, 10,000 tasks ${large.toFixed(0)} ms, ` +
      `ratio ${ratio.toFixed(1)} (${verdict} ${ratioMax})`,
  );
  if (ratio > ratioMax) process.exitCode = 1;
}
