/** What a line of the log looks like to people and to programs. */
import { expect, test } from 'vitest';
import { createServerLog, humanLine } from './server-log.ts';

function written(isTerminal: boolean): {
  readonly lines: string[];
  readonly log: ReturnType<typeof createServerLog>;
} {
  const lines: string[] = [];
  const log = createServerLog('info', { write: (line) => void lines.push(line) }, isTerminal);
  return { lines, log };
}

test('people read time, level, message and what belongs to it', () => {
  const { lines, log } = written(true);
  log.warn(
    { about: 'main: shop/x/y', err: new Error('the expression is wrong') },
    'a trigger failed',
  );
  log.debug('too quiet');
  log.info(
    { id: 'r1', method: 'GET', route: '/health', status: 200, startedAt: 5, durationMs: 3.4 },
    'request',
  );
  expect(lines).toEqual([
    expect.stringMatching(
      /^\d\d:\d\d:\d\d warn  a trigger failed: the expression is wrong  about=main: shop\/x\/y\n$/,
    ),
    expect.stringMatching(/^\d\d:\d\d:\d\d info  GET \/health 200 in 3 ms\n$/),
  ]);
});

test('what comes from outside begins no line and moves no cursor', () => {
  const line = humanLine(
    JSON.stringify({ level: 50, time: '2026-01-01T00:00:00Z', msg: 'a\n\u001b[2Jb' }),
  );
  expect(line).toMatch(/error a \[2Jb\n$/);
});

test('programs read JSON, and nobody reads secrets', () => {
  for (const isTerminal of [true, false]) {
    const { lines, log } = written(isTerminal);
    log.info({ authorization: 'Bearer slc_1', user: { password: 'hunter2' } }, 'asked');
    expect(lines.join('')).not.toMatch(/slc_1|hunter2/);
    if (!isTerminal) expect(JSON.parse(lines[0] ?? '')).toMatchObject({ msg: 'asked', level: 30 });
  }
});
