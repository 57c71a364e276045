/** What `--then` takes is checked word by word before anything runs. */
import { expect, test } from 'vitest';
import { parseAct } from './then-acts.ts';

test('takes each act with its properties', () => {
  expect(parseAct('{"op":"kill"}')).toEqual({ op: 'kill' });
  expect(parseAct('{"op":"restart","revision":2}')).toEqual({ op: 'restart', revision: 2 });
  expect(parseAct('{"op":"replay","taskId":"b"}')).toEqual({ op: 'replay', taskId: 'b' });
  expect(parseAct('{"op":"resume"}')).toEqual({ op: 'resume', inputs: {} });
  const act = parseAct('{"op":"run","flowId":"x","inputs":{"a":1}}');
  expect(act.op === 'run' && { flowId: act.flowId, a: act.inputs['a'] }).toEqual({
    flowId: 'x',
    a: 1,
  });
});

test.each([
  ['{', /is no JSON/],
  ['[]', /takes a JSON object, not `\[\]`/],
  ['{}', /needs `op`: one of resume, kill, restart, replay, run/],
  ['{"op":"resum"}', /has no `op` `resum`; did you mean `resume`\?/],
  ['{"op":"constructor"}', /has no `op` `constructor`/],
  ['{"op":"kill","force":true}', /`kill` has no `force`/],
  ['{"op":"resume","input":{}}', /`resume` has no `input`; did you mean `inputs`\?/],
  ['{"op":"resume","inputs":[]}', /needs an object as `inputs`/],
  ['{"op":"replay","taskId":3}', /needs text as `taskId`/],
  ['{"op":"restart","revision":"2"}', /needs a number as `revision`/],
  ['{"op":"run"}', /`run` needs `flowId`/],
])('refuses %s', (text, message) => {
  expect(() => parseAct(text)).toThrow(message);
});
