/**
 * A tree of task runs as lines. When there are more runs than rows, what goes on or went wrong stays
 * visible and what ended well is counted.
 */
import { lookOf, noPaint, type Paint } from './colour.ts';
import { durationText } from './duration-text.ts';
import { isTerminated, type TreeNode } from './run-tree.ts';
import { cut, fill, oneLine, textWidth } from './terminal-text.ts';

/** How much room there is. */
export interface TreeRoom {
  /** Epoch milliseconds; for what has not ended yet. */
  readonly now: number;
  /** Width of the terminal; 0 for no bound. */
  readonly columns: number;
  /** The most lines; 0 for no bound. */
  readonly rowsMax: number;
  readonly paint?: Paint;
}

interface Row {
  readonly prefix: string;
  readonly node?: TreeNode;
  /** Siblings that are counted instead of shown. */
  readonly counted?: readonly TreeNode[];
}

function wentWell(node: TreeNode): boolean {
  return (node.state === 'SUCCESS' || node.state === 'SKIPPED') && node.children.every(wentWell);
}

/** Puts consecutive siblings that went well together, where that saves lines. */
function group(nodes: readonly TreeNode[]): readonly (TreeNode | readonly TreeNode[])[] {
  const groups: (TreeNode | readonly TreeNode[])[] = [];
  let well: TreeNode[] = [];
  const close = () => {
    groups.push(...(well.length > 2 ? [well] : well));
    well = [];
  };
  for (const node of nodes) {
    if (wentWell(node)) well.push(node);
    else {
      close();
      groups.push(node);
    }
  }
  close();
  return groups;
}

function collect(
  nodes: readonly TreeNode[],
  prefix: string,
  isCollapsed: boolean,
  rows: Row[],
): void {
  const items = isCollapsed ? group(nodes) : nodes;
  for (const [index, item] of items.entries()) {
    const isLast = index === items.length - 1;
    const branch = `${prefix}${isLast ? '└─ ' : '├─ '}`;
    if (!('title' in item)) {
      rows.push({ prefix: branch, counted: item });
      continue;
    }
    rows.push({ prefix: branch, node: item });
    if (isCollapsed && wentWell(item)) continue;
    collect(item.children, `${prefix}${isLast ? '   ' : '│  '}`, isCollapsed, rows);
  }
}

function rowsOf(roots: readonly TreeNode[], isCollapsed: boolean): readonly Row[] {
  const rows: Row[] = [];
  for (const root of roots) {
    rows.push({ prefix: '', node: root });
    collect(root.children, '', isCollapsed, rows);
  }
  return rows;
}

function choose(roots: readonly TreeNode[], rowsMax: number): readonly (Row | number)[] {
  const all = rowsOf(roots, false);
  if (rowsMax === 0 || all.length <= rowsMax) return all;
  const some = rowsOf(roots, true);
  if (some.length <= rowsMax) return some;
  const kept = Math.max(0, rowsMax - 2);
  return [...some.slice(0, 1), some.length - 1 - kept, ...some.slice(some.length - kept)];
}

function countedText(nodes: readonly TreeNode[]): string {
  const counts = new Map<string, number>();
  for (const { state } of nodes) counts.set(state, (counts.get(state) ?? 0) + 1);
  return [...counts].map(([state, count]) => `${count} ${state}`).join(', ');
}

const titleColumnsMax = 48;

/** Returns the lines of a tree. */
export function renderTree(
  roots: readonly TreeNode[],
  { now, columns, rowsMax, paint = noPaint }: TreeRoom,
): readonly string[] {
  const chosen = choose(roots, rowsMax);
  // The root's title is long and stands alone: it does not widen the column of the task runs.
  const widths = chosen.map((row) =>
    typeof row === 'number' || row.node === undefined || row.prefix === ''
      ? 0
      : row.prefix.length + textWidth(oneLine(row.node.title)),
  );
  const titleColumns = Math.min(titleColumnsMax, Math.max(12, ...widths));
  return chosen.map((row) => {
    if (typeof row === 'number') return paint(`… ${row} more`, 'dim');
    if (row.node === undefined) {
      const { sign, colour } = lookOf('SUCCESS');
      const text = `${countedText(row.counted ?? [])}`;
      return `${paint(row.prefix, 'dim')}${paint(sign, colour)} ${paint(text, 'dim')}`;
    }
    return nodeLine(row.node, row.prefix, { now, columns, titleColumns, paint });
  });
}

function nodeLine(
  node: TreeNode,
  prefix: string,
  room: {
    readonly now: number;
    readonly columns: number;
    readonly titleColumns: number;
    readonly paint: Paint;
  },
): string {
  const { paint, columns } = room;
  const { sign, colour } = lookOf(node.state);
  const bound = columns === 0 ? Number.POSITIVE_INFINITY : columns - 1;
  const isRoot = prefix === '';
  const time =
    isTerminated(node.state) || isRoot || node.state !== 'CREATED'
      ? durationText((node.endedAt ?? room.now) - node.startedAt)
      : '';
  const width = Math.max(4, Math.min(room.titleColumns, bound - 24) - prefix.length);
  const whole = oneLine(node.title);
  const shortened = columns === 0 ? whole : cut(whole, width);
  const title = isRoot ? whole : fill(shortened, width);
  const parts: [text: string, shown: (text: string) => string][] = [
    [prefix, (text) => paint(text, 'dim')],
    [`${sign} `, (text) => paint(text, colour)],
    [`${title}  `, (text) => (isRoot ? paint(text, 'bold') : text)],
    [fill(node.state, isRoot ? 0 : 9), (text) => paint(text, colour)],
    [time === '' ? '' : `  ${time}`, (text) => paint(text, 'dim')],
    [node.message === undefined ? '' : `  ${oneLine(node.message)}`, (text) => paint(text, 'red')],
  ];
  let left = bound;
  let line = '';
  for (const [text, shown] of parts) {
    const fitting = Number.isFinite(left) ? cut(text, left) : text;
    left -= textWidth(fitting);
    if (fitting !== '') line += shown(fitting);
    if (fitting !== text) break;
  }
  return line.trimEnd();
}
