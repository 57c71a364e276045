/** Frames of the live tree, from events: what is seen, and how little is written to show it. */
import { expect, test } from 'vitest';
import type { ApplicationEvent } from '../../app/application.ts';
import { KeptOutlet, ScriptedSurroundings } from '../test-support/scripted-surroundings.ts';
import { noPaint } from './colour.ts';
import { LiveTree } from './live-tree.ts';
import { renderTree } from './render-tree.ts';
import { RunTree } from './run-tree.ts';

const begin = Date.parse('2026-01-02T03:04:05.000Z');
const execution = { executionId: 'e1', namespace: 'demo', flowId: 'hello' };

function state(name: string, at: number): ApplicationEvent {
  return { ...execution, at: begin + at, kind: 'execution-state', state: name };
}

function task(
  taskId: string,
  name: string,
  at: number,
  more: Partial<ApplicationEvent> = {},
): ApplicationEvent {
  const taskRunId = `${taskId}${more.value ?? ''}`;
  return {
    ...execution,
    at: begin + at,
    kind: 'task-run-state',
    state: name,
    taskRunId,
    taskId,
    ...more,
  };
}

/** A terminal that follows the few codes that a frame uses, so that tests see what a person sees. */
class Screen extends KeptOutlet {
  readonly lines: string[] = [''];
  isCursorShown = true;
  writes = 0;
  #row = 0;

  override write(content: string): void {
    this.writes += 1;
    for (const [part, code, letter] of content.matchAll(
      // oxlint-disable-next-line no-control-regex -- the codes of a terminal
      /\u001b\[\??(\d*)([A-Za-z])|\r|\n|[^\u001b\r\n]+/g,
    )) {
      if (part === '\n') {
        this.#row += 1;
        this.lines[this.#row] ??= '';
      } else if (letter === 'A') this.#row -= Number(code);
      else if (letter === 'J') this.lines.length = this.#row + 1;
      else if (letter === 'h' && code === '25') this.isCursorShown = true;
      else if (letter === 'l' && code === '25') this.isCursorShown = false;
      else if (letter === undefined && part !== '\r') this.lines[this.#row] = part;
    }
  }

  seen(): readonly string[] {
    return this.lines.filter((line) => line !== '');
  }
}

function started(size = { columns: 80, rows: 24 }) {
  const surroundings = new ScriptedSurroundings();
  const screen = new Screen(size);
  const live = new LiveTree(screen, surroundings, noPaint);
  const at = (milliseconds: number) => {
    surroundings.at = begin + milliseconds;
    for (const tick of surroundings.ticks) tick();
  };
  return { surroundings, screen, live, at };
}

test('the tree grows in place and log lines stay above it', () => {
  const { screen, live, at } = started();
  live.event(state('RUNNING', 0));
  live.event(task('loop', 'RUNNING', 10));
  at(100);
  expect(screen.seen()).toEqual([
    '● demo/hello  e1  RUNNING  100 ms',
    '└─ ● loop       RUNNING    90 ms',
  ]);
  live.event(task('greet', 'RUNNING', 110, { parentTaskRunId: 'loop', value: 'Ada' }));
  live.event({ ...task('greet', 'INFO', 150, { value: 'Ada' }), kind: 'log', message: 'hello' });
  at(200);
  live.event(task('greet', 'SUCCESS', 210, { value: 'Ada' }));
  live.event(task('loop', 'SUCCESS', 220));
  live.event(state('SUCCESS', 230));
  live.close();
  expect(screen.seen()).toEqual([
    '03:04:05.150  INFO   greet [Ada]  hello',
    '✓ demo/hello  e1  SUCCESS  230 ms',
    '└─ ✓ loop            SUCCESS    210 ms',
    '   └─ ✓ greet [Ada]  SUCCESS    100 ms',
  ]);
});

test('a frame is one write and an unchanged one is none', () => {
  const { screen, live, at } = started();
  live.event(state('RUNNING', 0));
  at(1000);
  const before = screen.writes;
  at(1010);
  expect(screen.writes).toBe(before);
  at(1200);
  expect(screen.writes).toBe(before + 1);
});

test('the cursor is hidden while it runs and shown at the end, also when the process is ended', () => {
  const { screen, live, surroundings } = started();
  live.event(state('RUNNING', 0));
  expect(screen.isCursorShown).toBe(false);
  for (const listener of surroundings.exits) listener();
  expect(screen.isCursorShown).toBe(true);
  live.close();
  expect(surroundings.ticks.size + surroundings.exits.size).toBe(0);
});

test('a frame is never higher than the terminal: what went well is counted', () => {
  const { screen, live, at } = started({ columns: 80, rows: 8 });
  live.event(state('RUNNING', 0));
  live.event(task('loop', 'RUNNING', 0));
  for (let index = 0; index < 50; index++) {
    const place = { parentTaskRunId: 'loop', value: String(index) };
    live.event(task('step', 'RUNNING', 0, place));
    live.event(task('step', index === 20 ? 'FAILED' : 'SUCCESS', 5, place));
  }
  live.event(task('step', 'RUNNING', 10, { parentTaskRunId: 'loop', value: '50' }));
  at(100);
  expect(screen.seen()).toEqual([
    '● demo/hello  e1  RUNNING  100 ms',
    '└─ ● loop          RUNNING    100 ms',
    '   ├─ ✓ 20 SUCCESS',
    '   ├─ ✗ step [20]  FAILED     5 ms',
    '   ├─ ✓ 29 SUCCESS',
    '   └─ ● step [50]  RUNNING    90 ms',
  ]);
});

test('when even that is too much, the newest lines are kept', () => {
  const tree = new RunTree();
  tree.apply(state('RUNNING', 0));
  for (let index = 0; index < 100; index++) {
    tree.apply(task('step', 'RUNNING', 0, { value: String(index) }));
  }
  const lines = renderTree(tree.roots, { now: begin, columns: 80, rowsMax: 5 });
  expect(lines.length).toBe(5);
  expect(lines[1]).toBe('… 97 more');
  expect(lines[4]).toMatch(/step \[99\]/);
});

test('no line is wider than the terminal', () => {
  const tree = new RunTree();
  tree.apply(state('RUNNING', 0));
  const value = 'a long value that says a great deal about the round it belongs to';
  tree.apply(task('step', 'RUNNING', 0, { value }));
  tree.apply(task('step', 'FAILED', 3, { value, message: 'it broke for a reason of some length' }));
  for (const columns of [40, 60, 80]) {
    const lines = renderTree(tree.roots, { now: begin, columns, rowsMax: 10 });
    for (const line of lines) expect(line.length).toBeLessThan(columns);
  }
});

test('without a width nothing is cut and the states still line up', () => {
  const tree = new RunTree();
  tree.apply(state('RUNNING', 0));
  tree.apply(task('a', 'SUCCESS', 0));
  const value = 'a value that is far longer than any column would be on a terminal';
  tree.apply(task('step', 'SUCCESS', 0, { value: 'short' }));
  tree.apply(task('step', 'SUCCESS', 0, { value }));
  const lines = renderTree(tree.roots, { now: begin, columns: 0, rowsMax: 0 });
  expect(lines[1]?.indexOf('SUCCESS')).toBe(lines[2]?.indexOf('SUCCESS'));
  expect(lines[3]).toContain(value);
});

test('a title from outside cannot steer the terminal', () => {
  const tree = new RunTree();
  tree.apply(state('RUNNING', 0));
  tree.apply(task('step', 'RUNNING', 0, { value: 'x\u001b[2J\ny' }));
  const lines = renderTree(tree.roots, { now: begin, columns: 80, rowsMax: 10 });
  expect(lines.join('')).not.toContain('\u001b');
  expect(lines.length).toBe(2);
});

test('the frame is found again on a terminal that was made narrower', () => {
  const { screen, live, at } = started();
  live.event(state('RUNNING', 0));
  live.event(task('a-task-with-quite-a-long-name', 'RUNNING', 0));
  at(100);
  screen.columns = 25;
  screen.text = '';
  const written: string[] = [];
  const write = screen.write.bind(screen);
  screen.write = (content: string) => {
    written.push(content);
    write(content);
  };
  at(200);
  expect(written.join('')).toContain('\u001b[5A\r');
});
