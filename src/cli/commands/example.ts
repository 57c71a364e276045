/**
 * `sluice example`: a story in four steps. A flow proposes a price, waits for a person, and does what
 * the person decided; then it shows where everything is and what to try next.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Application } from '../../app/application.ts';
import type { Call, Perform, Surroundings } from '../command.ts';
import { dataFolder, repeatable } from '../data-folder.ts';
import { driveExecution } from '../drive-execution.ts';
import { paintFor } from '../output/colour.ts';
import { exitCodes } from '../output/exit-codes.ts';
import { withApplication } from '../with-application.ts';

const source = new URL('../../../docs/examples/first-flow.yaml', import.meta.url);

interface Story {
  readonly application: Application;
  readonly call: Call;
  readonly surroundings: Surroundings;
  readonly file: string;
  readonly flowText: string;
}

function heading({ call, surroundings }: Story, title: string, text: string): void {
  if (call.text('output') === 'json' || call.has('quiet')) return;
  const { out, environment } = surroundings;
  out.write(`\n${paintFor(out, environment)(title, 'bold')}\n${text}\n\n`);
}

/** Asks the person at the terminal; in a pipe nobody can answer and the example says yes itself. */
async function decide({ call, surroundings }: Story): Promise<boolean> {
  if (!surroundings.isInteractive || call.text('output') === 'json') return true;
  const answer = await surroundings.ask('Shall the price change? [Y/n] ');
  return !/^\s*n/i.test(answer);
}

async function tell(story: Story): Promise<number> {
  const { application, call, surroundings, file, flowText } = story;
  heading(
    story,
    '1. A flow is a YAML file',
    `It proposes a price and waits for a person:\n  ${file}`,
  );
  const { flow } = await application.saveFlow(flowText, file);
  heading(story, '2. It runs until it must wait', repeatable(call, `sluice run ${file}`));
  let id = '';
  const begin = async () => {
    id = await application.start({ namespace: flow.namespace, flowId: flow.id, inputs: {} });
    return id;
  };
  const drive = { application, call, surroundings };
  if (call.text('output') === 'json') {
    return await driveExecution(drive, begin, [{ op: 'resume', inputs: { approved: true } }]);
  }
  const waiting = await driveExecution(drive, begin);
  if (waiting !== exitCodes.paused) return waiting;
  const approved = await decide(story);
  heading(
    story,
    `3. A person ${approved ? 'agrees' : 'refuses'}, and it goes on`,
    repeatable(call, `sluice execution resume ${id} --input approved=${String(approved)}`),
  );
  const ended = await driveExecution(drive, async () => {
    await application.resume(id, { approved });
    return id;
  });
  heading(
    story,
    '4. Nothing is lost, and everything is yours to look at',
    [
      `The data folder is ${application.dataFolder}`,
      '',
      'Try next:',
      `  ${repeatable(call, `sluice execution show ${id}`)}`,
      `  ${repeatable(call, `sluice execution logs ${id}`)}`,
      `  ${repeatable(call, `sluice execution replay ${id} --input price=180`)}`,
      `  sluice flow graph ${file}`,
      '  sluice task list',
      '  sluice help',
    ].join('\n'),
  );
  return ended;
}

/** Runs the guided example. */
export const example: Perform = async (call, surroundings) => {
  const folder = join(dataFolder(call, surroundings), 'examples');
  const file = join(folder, 'first-flow.yaml');
  const flowText = await readFile(source, 'utf8');
  await mkdir(folder, { recursive: true });
  await writeFile(file, flowText);
  return await withApplication(call, surroundings, (application) =>
    tell({ application, call, surroundings, file, flowText }),
  );
};
