/**
 * What is seen while an execution runs: a live tree on a terminal, a line per change in a pipe or on a
 * terminal too narrow for a tree, nothing when only the result is wanted.
 */
import type { ApplicationEvent } from '../../app/application.ts';
import type { Call, Outlet, Surroundings } from '../command.ts';
import { lookOf, type Paint, paintFor } from './colour.ts';
import { durationText } from './duration-text.ts';
import { LiveTree } from './live-tree.ts';
import { logLine } from './log-line.ts';
import { isTerminated, taskRunTitle } from './run-tree.ts';
import { fill, oneLine } from './terminal-text.ts';

/** Shows what happens. */
export interface Progress {
  event(event: ApplicationEvent): void;
  close(): void;
}

const silent: Progress = { event: () => {}, close: () => {} };

/** The smallest terminal on which a tree is drawn. */
export const treeColumnsMin = 40;
const treeRowsMin = 6;

/** Writes a line per change. */
export class LineProgress implements Progress {
  readonly #outlet: Outlet;
  readonly #paint: Paint;
  readonly #begun = new Map<string, number>();
  #first: string | undefined;

  constructor(outlet: Outlet, paint: Paint) {
    this.#outlet = outlet;
    this.#paint = paint;
  }

  event(event: ApplicationEvent): void {
    this.#first ??= event.executionId;
    if (event.kind === 'log') {
      this.#outlet.write(`${logLine(event, this.#paint)}\n`);
      return;
    }
    const key = event.taskRunId ?? event.executionId;
    const begun = this.#begun.get(key) ?? event.at;
    if (isTerminated(event.state)) this.#begun.delete(key);
    else this.#begun.set(key, begun);
    const isExecution = event.kind === 'execution-state';
    const flow = `${event.namespace}/${event.flowId} ${event.executionId}`;
    const inside = event.executionId === this.#first ? '' : `${event.flowId}: `;
    const name = isExecution ? flow : `${inside}${taskRunTitle(event)}`;
    const took = isTerminated(event.state) ? `  ${durationText(event.at - begun)}` : '';
    const why = event.message === undefined ? '' : `  ${oneLine(event.message)}`;
    const time = new Date(event.at).toISOString().slice(11, 23);
    const state = this.#paint(fill(event.state, 9), lookOf(event.state).colour);
    this.#outlet.write(
      `${this.#paint(time, 'dim')}  ${state}  ${oneLine(name)}${this.#paint(took, 'dim')}${why}\n`,
    );
  }

  close(): void {
    this.#begun.clear();
  }
}

/** Returns the progress that fits a call and where its output goes. */
export function progressFor(call: Call, surroundings: Surroundings): Progress {
  const isJson = call.text('output') === 'json';
  // With JSON standard output belongs to the document; a person at the terminal still sees progress.
  const outlet = isJson ? surroundings.err : surroundings.out;
  if (call.has('quiet') || (isJson && !outlet.isTerminal)) return silent;
  const paint = paintFor(outlet, surroundings.environment);
  const hasRoom =
    outlet.isTerminal && outlet.columns >= treeColumnsMin && outlet.rows >= treeRowsMin;
  const canMove = hasRoom && surroundings.environment['TERM'] !== 'dumb';
  return canMove ? new LiveTree(outlet, surroundings, paint) : new LineProgress(outlet, paint);
}
