/** `sluice serve`: the server in this process, until it is asked to stop. */
import type { Perform } from '../command.ts';
import { dataFolder } from '../data-folder.ts';
import { exitCodes } from '../output/exit-codes.ts';
import { json } from '../output/json.ts';
import { Failure } from '../../core/failure/index.ts';
import type { RunningServer } from '../../app/serve.ts';
import { findConfiguration } from '../read-configuration.ts';
import { reportTrouble } from '../report-trouble.ts';

/** Returns what a start did about policies, in one line. */
function policyLine({ outcome, version, reason }: RunningServer['policies']): string {
  const short = version?.slice(0, 12) ?? '';
  switch (outcome) {
    case 'put-in-force':
      return `${short}, the default pack, is in force; \`sluice policy list\` shows it`;
    case 'proposed':
      return `${short} came with this version and waits for review: \`sluice policy list --versions\``;
    case 'refused':
      return `what came with this version is not proposed: ${reason ?? ''}`;
    case 'unchanged':
      return version === undefined ? 'none are in force' : `${short} is in force`;
  }
}

/** Serves until somebody asks to stop. */
export const serve: Perform = async (call, surroundings) => {
  const { out, err, environment } = surroundings;
  const found = await findConfiguration(call, surroundings);
  const isJson = call.text('output') === 'json';
  if (found.configuration === undefined) {
    const failure = new Failure('config.invalid', 'the configuration is not valid', {
      details: { diagnostics: found.diagnostics },
    });
    return reportTrouble(failure, isJson, surroundings, found.sources);
  }
  let askToStop: () => void = () => undefined;
  const asked = new Promise<void>((resolve) => {
    askToStop = resolve;
  });
  // From the first moment on: who stops a server that is still starting wants it stopped.
  const forget = surroundings.onInterrupt(askToStop);
  const { serve: start } = await import('../../app/serve.ts');
  const folder = dataFolder(call, surroundings);
  const server = await start({
    configuration: found.configuration,
    dataFolder: folder,
    environment,
    isTerminal: err.isTerminal,
  });
  const { url, setupUrl, policies, isShared } = server;
  const places = {
    url,
    data: folder,
    api: `${url}/api/v1/main`,
    openapi: `${url}/openapi.json`,
    metrics: `${url}/metrics`,
  };
  if (isJson) out.write(json({ ...places, ...(setupUrl !== undefined && { setupUrl }) }));
  else if (!call.has('quiet')) {
    out.write(
      `Sluice is up at ${url}\n  data    ${folder}\n  API     ${places.api}   ${places.openapi}\n  metrics ${places.metrics}\n  policy  ${policyLine(policies)}\n`,
    );
    if (isShared) {
      out.write('\nAnother process works on this data folder too; both do what is there to do.\n');
    }
    if (setupUrl !== undefined) {
      out.write(
        `\nNobody may sign in yet. Make the first administrator (the link works once, for a day):\n  ${setupUrl}\n`,
      );
    }
    out.write('\nCtrl-C stops it; what runs comes to its end first.\n');
  }
  const broken = await Promise.race([asked, server.broken]);
  if (broken !== undefined) {
    forget();
    try {
      await server.stop();
    } catch (error) {
      // What could not be written cannot be signed either; the next start goes on from what is durable.
      err.write(`it did not stop in order: ${error instanceof Error ? error.message : ''}\n`);
    }
    return reportTrouble(
      new Failure('server.broken', `the server cannot go on: ${broken.message}`, { cause: broken }),
      isJson,
      surroundings,
    );
  }
  if (!isJson && !call.has('quiet')) err.write('stopping; a second Ctrl-C ends at once\n');
  const isDone = await server.stop();
  forget();
  if (!isDone) err.write('some tasks were still running; they go on at the next start\n');
  return exitCodes.success;
};
