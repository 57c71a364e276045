/**
 * C2: checking a flow of 1,000 and of 10,000 tasks. Checking is linear: ten times the tasks may cost at
 * most twelve times the time.
 */
import { performance } from 'node:perf_hooks';
import { readTypeCatalogue } from '../../src/app/type-catalogue.ts';
import { compileTemplate } from '../../src/core/expression/index.ts';
import { parseFlow } from '../../src/core/flow/index.ts';
import { type BenchSize, scaled, type Workload } from '../workload.ts';

/** The largest ratio of the time at ten times the tasks. */
const ratioMax = 12;

const shapes: Readonly<Record<string, (count: number) => string>> = {
  'tasks that each read the one before': (count) => {
    const tasks = Array.from({ length: count }, (_, index) => {
      const before = index === 0 ? 'inputs.a' : `outputs.t${index - 1}.value`;
      return `  - {id: t${index}, type: core.debug.Return, format: "{{ ${before} }}"}\n`;
    });
    return `id: chain\nnamespace: bench\ninputs: [{id: a, type: STRING}]\ntasks:\n${tasks.join('')}`;
  },
  'a Dag whose tasks each wait for the one before': (count) => {
    const tasks = Array.from({ length: count }, (_, index) => {
      const on = index === 0 ? '' : `, dependsOn: [t${index - 1}]`;
      return `      - {task: {id: t${index}, type: core.debug.Return}${on}}\n`;
    });
    return `id: dag\nnamespace: bench\ntasks:\n  - id: all\n    type: core.flow.Dag\n    tasks:\n${tasks.join('')}`;
  },
  // Reporting is measured too.
  'tasks that are all wrong': (count) => {
    const tasks = Array.from(
      { length: count },
      () => '  - {id: same, type: core.debug.Retrun, fromat: "{{ outputs.nothing.value }}"}\n',
    );
    return `id: wrong\nnamespace: bench\ntasks:\n${tasks.join('')}`;
  },
};

/** Returns the shortest of several times, in milliseconds. */
function timeOf(source: string, { rounds }: BenchSize): number {
  const catalogue = readTypeCatalogue();
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round += 1) {
    const start = performance.now();
    parseFlow(source, { file: 'bench.yaml', catalogue, compile: compileTemplate });
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

/** C2. */
export const flowSize: Workload = {
  id: 'C2',
  title: 'checking a flow of 10,000 tasks',
  async run({ size }) {
    return Object.entries(shapes).map(([what, make]) => {
      const small = timeOf(make(scaled(size, 1_000, 10)), size);
      const large = timeOf(make(scaled(size, 10_000, 100)), size);
      const ratio = large / small;
      return {
        what,
        value: large,
        unit: 'ms',
        ratio,
        to: '1,000 tasks',
        budget: { max: ratioMax },
      };
    });
  },
};
