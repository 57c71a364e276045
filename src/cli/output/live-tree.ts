/**
 * The tree of a running execution, drawn again in place: log lines scroll away above it, the tree stays
 * below. One frame is one write inside a synchronised update, each line overwritten and not erased
 * first, so nothing flickers.
 *
 * INVARIANT: a frame never has more lines than the terminal has rows, and the cursor is shown again at
 * the end, whatever ends the process.
 */
import type { ApplicationEvent } from '../../app/application.ts';
import type { Outlet, Surroundings } from '../command.ts';
import type { Paint } from './colour.ts';
import { logLine } from './log-line.ts';
import { renderTree } from './render-tree.ts';
import { RunTree } from './run-tree.ts';
import { textWidth } from './terminal-text.ts';

const escape = '\u001b[';
const beginFrame = `${escape}?2026h`;
const endFrame = `${escape}?2026l`;
const hideCursor = `${escape}?25l`;
const showCursor = `${escape}?25h`;
const eraseRight = `${escape}K`;
const eraseBelow = `${escape}J`;
const frameMs = 80;
/** Rows that the last frame may have: it stays in the scroll-back and is not drawn over. */
const lastRowsMax = 200;

// oxlint-disable-next-line no-control-regex -- it is what the colours are made of
const colours = /\u001b\[\d+m/g;

/** Shows a running execution on a terminal. */
export class LiveTree {
  readonly #outlet: Outlet;
  readonly #surroundings: Pick<Surroundings, 'now' | 'every' | 'onExit'>;
  readonly #paint: Paint;
  readonly #tree = new RunTree();
  readonly #stops: (() => void)[] = [];
  #logs: string[] = [];
  #shown: readonly string[] = [];

  constructor(
    outlet: Outlet,
    surroundings: Pick<Surroundings, 'now' | 'every' | 'onExit'>,
    paint: Paint,
  ) {
    this.#outlet = outlet;
    this.#surroundings = surroundings;
    this.#paint = paint;
  }

  /** Takes an event; it is seen with the next frame. */
  event(event: ApplicationEvent): void {
    if (this.#stops.length === 0) this.#begin();
    this.#tree.apply(event);
    if (event.kind === 'log') this.#logs.push(...logLine(event, this.#paint).split('\n'));
  }

  #begin(): void {
    this.#outlet.write(hideCursor);
    this.#stops.push(
      this.#surroundings.every(frameMs, () => {
        this.draw();
      }),
      this.#surroundings.onExit(() => {
        this.#outlet.write(showCursor);
      }),
    );
  }

  /** Draws a frame if it differs from the one that is seen. */
  draw(rowsMax = Math.max(1, this.#outlet.rows - 1)): void {
    const { columns } = this.#outlet;
    const frame = renderTree(this.#tree.roots, {
      now: this.#surroundings.now(),
      columns,
      rowsMax,
      paint: this.#paint,
    });
    const isSame =
      frame.length === this.#shown.length &&
      frame.every((line, index) => line === this.#shown[index]);
    if (isSame && this.#logs.length === 0) return;
    const up = this.#rowsShown(columns);
    const lines = [...this.#logs, ...frame].map((line) => `${line}${eraseRight}\n`);
    const back = up === 0 ? '' : `${escape}${up}A\r`;
    this.#outlet.write(`${beginFrame}${back}${lines.join('')}${eraseBelow}${endFrame}`);
    this.#shown = frame;
    this.#logs = [];
  }

  /** Counts the rows of the last frame; on a terminal made narrower a line takes several. */
  #rowsShown(columns: number): number {
    return this.#shown.reduce((rows, line) => {
      const width = textWidth(line.replaceAll(colours, ''));
      return rows + Math.max(1, Math.ceil(width / Math.max(1, columns)));
    }, 0);
  }

  /** Draws the last frame and gives the cursor back. */
  close(): void {
    if (this.#stops.length === 0) return;
    this.draw(lastRowsMax);
    for (const stop of this.#stops) stop();
    this.#stops.length = 0;
    this.#outlet.write(showCursor);
  }
}
