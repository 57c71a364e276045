/**
 * Rows in columns. On a terminal the widest column that may be cut is cut to fit; in a pipe nothing is
 * cut, so that other programs get every letter.
 */
import { type Colour, noPaint, type Paint } from './colour.ts';
import { cut, fill, oneLine, textWidth } from './terminal-text.ts';

/** A column of a table of `T`. */
export interface Column<T> {
  readonly title: string;
  readonly text: (row: T) => string;
  readonly colour?: (row: T) => Colour | undefined;
  /** True when it may be cut on a narrow terminal. */
  readonly isFlexible?: boolean;
}

const gap = 2;

function fit(widths: number[], columns: readonly Column<never>[], room: number): void {
  const total = () => widths.reduce((sum, width) => sum + width + gap, -gap);
  while (total() > room) {
    let widest = -1;
    for (const [index, column] of columns.entries()) {
      if (column.isFlexible !== true) continue;
      if (widest < 0 || (widths[index] ?? 0) > (widths[widest] ?? 0)) widest = index;
    }
    const width = widths[widest];
    if (width === undefined || width <= 8) return;
    widths[widest] = Math.max(8, width - (total() - room));
  }
}

/** Returns `rows` as a table; `room` is the width of the terminal, 0 for no bound. */
export function table<T>(
  rows: readonly T[],
  columns: readonly Column<T>[],
  { paint = noPaint, room = 0 }: { readonly paint?: Paint; readonly room?: number } = {},
): string {
  const cells = rows.map((row) => columns.map((column) => oneLine(column.text(row))));
  const widths = columns.map(({ title }, index) =>
    Math.max(textWidth(title), ...cells.map((row) => textWidth(row[index] ?? ''))),
  );
  if (room > 0) fit(widths, columns, room);
  const line = (texts: readonly string[], colours: readonly (Colour | undefined)[]) => {
    const parts = texts.map((text, index) => {
      const width = widths[index] ?? 0;
      const isLast = index === texts.length - 1;
      const shown = isLast ? cut(text, width) : fill(cut(text, width), width);
      const colour = colours[index];
      return colour === undefined ? shown : paint(shown, colour);
    });
    return `${parts.join(' '.repeat(gap)).trimEnd()}\n`;
  };
  const head = line(
    columns.map(({ title }) => title),
    columns.map(() => 'dim'),
  );
  const body = rows.map((row, index) =>
    line(
      cells[index] ?? [],
      columns.map(({ colour }) => colour?.(row)),
    ),
  );
  return head + body.join('');
}

/** Returns names with their values below each other. */
export function pairs(
  entries: readonly (readonly [name: string, value: string])[],
  paint: Paint = noPaint,
): string {
  const width = Math.max(0, ...entries.map(([name]) => textWidth(name)));
  return entries
    .map(([name, value]) => {
      const lines = value.split('\n');
      const rest = lines.slice(1).map((line) => `\n${' '.repeat(width + gap)}${line}`);
      return `${paint(fill(name, width), 'dim')}${' '.repeat(gap)}${lines[0] ?? ''}${rest.join('')}\n`;
    })
    .join('');
}
