/**
 * Lets an execution go on until it rests, shows it meanwhile, performs what `--then` asks for, prints
 * the document and gives the exit code. `run`, `resume`, `restart` and `replay` all end here.
 */
import type { ExecutionDocument } from '../api/contract/index.ts';
import type { Application } from '../app/application.ts';
import { Failure } from '../core/failure/index.ts';
import type { Call, Surroundings } from './command.ts';
import { repeatable } from './data-folder.ts';
import { paintFor } from './output/colour.ts';
import { exitCodeOf } from './output/exit-codes.ts';
import { executionLine, openQuestions, resultText } from './output/execution-text.ts';
import { json } from './output/json.ts';
import { progressFor } from './output/progress.ts';
import { type Act, performAct } from './then-acts.ts';

/** What an execution is driven with. */
export interface Drive {
  readonly call: Call;
  readonly surroundings: Surroundings;
  readonly application: Application;
}

/** Asks the execution that is driven to stop when the person does. */
class Interruption {
  readonly #application: Application;
  readonly #refused = Promise.withResolvers<never>();
  #current: string | undefined;
  #kill: Promise<void> | undefined;
  isAsked = false;

  constructor(application: Application) {
    this.#application = application;
    // Whoever rests hears of it; while nobody does, a refusal must not end the process.
    this.#refused.promise.catch(() => {});
  }

  ask(): void {
    this.isAsked = true;
    if (this.#current !== undefined) this.#kill ??= this.#killed(this.#current);
  }

  async #killed(id: string): Promise<void> {
    try {
      await this.#application.kill(id);
    } catch (error) {
      // It ended by itself meanwhile: what was asked for has come about.
      if (error instanceof Failure && error.code === 'execution.wrong-state') return;
      this.#refused.reject(error);
    }
  }

  /** Waits until the execution `id` rests, and longer if it is asked to stop meanwhile. */
  async rest(id: string): Promise<ExecutionDocument> {
    this.#current = id;
    if (this.isAsked) this.ask();
    const document = await Promise.race([this.#application.rest(id), this.#refused.promise]);
    if (!this.isAsked) return document;
    await Promise.race([this.#kill, this.#refused.promise]);
    // Killed while it was paused: the document from before the kill is out of date.
    return await this.#application.rest(id);
  }
}

async function perform(
  { call, surroundings, application }: Drive,
  begin: () => Promise<string>,
  acts: readonly Act[],
): Promise<{ document: ExecutionDocument; steps: readonly ExecutionDocument[] }> {
  const progress = progressFor(call, surroundings);
  const interruption = new Interruption(application);
  const stopFollowing = application.follow((event) => {
    progress.event(event);
  });
  const stopListening = surroundings.onInterrupt(() => {
    interruption.ask();
  });
  try {
    let document = await interruption.rest(await begin());
    const steps: ExecutionDocument[] = [];
    for (const act of acts) {
      if (interruption.isAsked) break;
      steps.push(document);
      document = await interruption.rest(await performAct(application, act, document));
    }
    return { document, steps };
  } finally {
    stopListening();
    stopFollowing();
    progress.close();
  }
}

function print(
  { call, surroundings }: Drive,
  document: ExecutionDocument,
  steps: readonly ExecutionDocument[],
): void {
  const { out, err, environment } = surroundings;
  const isJson = call.text('output') === 'json';
  if (isJson) out.write(json(steps.length === 0 ? document : { ...document, steps }));
  else {
    const paint = paintFor(out, environment);
    const before = steps.map((step) => executionLine(step, paint)).join('');
    const space = call.has('quiet') ? '' : '\n';
    out.write(space + before + resultText(document, paint));
  }
  if (document.state.current !== 'PAUSED' || call.has('quiet')) return;
  if (!isJson || err.isTerminal) {
    const answer = openQuestions(document).length === 0 ? '' : ' --answer happened|retry|fail';
    const next = repeatable(call, `sluice execution resume ${document.id}${answer}`);
    err.write(`paused; to go on: ${next}\n`);
  }
}

/** Returns the state that counts: of an execution that was retried as another one, that of the last. */
function decisiveState({ state, originalId, related = [] }: ExecutionDocument): string {
  if (state.current !== 'RETRIED') return state.current;
  const repetitions = related.filter((one) => one.originalId === originalId);
  return repetitions.at(-1)?.state.current ?? state.current;
}

/** Drives the execution that `begin` starts or wakes until it rests; gives the exit code. */
export async function driveExecution(
  drive: Drive,
  begin: () => Promise<string>,
  acts: readonly Act[] = [],
): Promise<number> {
  const { document, steps } = await perform(drive, begin, acts);
  print(drive, document, steps);
  return exitCodeOf(decisiveState(document));
}
