/** Approvals by the command line: what is shown is what one says yes to, and a lone person is told what to do. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { callCommandLine, type EndedCall } from '../support/call-command-line.ts';

let folder: string;
let sluice: (...words: readonly string[]) => Promise<EndedCall>;
let approval: string;

const flow = `id: refund
namespace: shop
inputs: [{ id: note, type: STRING, defaults: none }]
tasks:
  - id: agree
    type: govern.Approval
    title: Refund order 812
    preview: "{{ inputs.note }}"
    approvers: role:finance
    deadline: P1D
  - { id: refund, type: core.debug.Return, format: done }
`;

const forged = 'all is well\nwho decides: nobody\u202E\u001b[2J\nhttps://pаypal.com';

async function run(): Promise<string> {
  await sluice('run', join(folder, 'refund.yaml'), '--input', `note=${forged}`);
  const { out } = await sluice('approval', 'list', '--output', 'json');
  return (JSON.parse(out) as { id: string }[])[0]?.id ?? 'none';
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'approval-commands-'));
  writeFileSync(join(folder, 'refund.yaml'), flow);
  sluice = callCommandLine(join(folder, 'data'));
  approval = await run();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('sluice approval', () => {
  test('shows exactly what is agreed to, and no value passes for a line of the page', async () => {
    const { out } = await sluice('approval', 'show', approval);
    expect(out).toContain('who decides: role:finance, 1 missing');
    expect(out.split('\n').filter((line) => line.startsWith('who decides:'))).toHaveLength(1);
    expect(out).toContain('    | all is well\n    | who decides: nobody⟨U+202E⟩⟨U+001B⟩[2J\n');
    expect(out).toContain('⟨letters of several alphabets in one word⟩');
    expect(out).toMatch(
      /^to agree to exactly this: sluice approval approve \S+ --digest [0-9a-f]{16}$/m,
    );
    // oxlint-disable-next-line no-control-regex -- what a terminal would obey is looked for
    expect(out).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u202a-\u202e]/);
  });

  test('tells a lone person how somebody else comes to decide', async () => {
    const { code, err } = await sluice('approval', 'approve', approval);
    expect(code).toBe(1);
    expect(err).toContain('another person decides');
    expect(err).toContain('sluice user create');
    expect(err).toContain('observe');
    const { out } = await sluice('approval', 'list', '--mine');
    expect(out).toBe('');
  });

  test('refuses another digest than that of what was looked at', async () => {
    const { code, err } = await sluice(
      'approval',
      'approve',
      approval,
      '--digest',
      '0123456789abcdef',
    );
    expect(code).toBe(1);
    expect(err).toContain('is not as it was when you looked at it');
  });

  test('takes back with a reason, after which the execution has failed', async () => {
    const { code, out } = await sluice('approval', 'withdraw', approval, '--reason', 'a mistake');
    expect([code, out]).toEqual([0, expect.stringContaining('it is withdrawn; receipt')]);
    const { out: listed } = await sluice('execution', 'list', '--output', 'json');
    expect(JSON.parse(listed)).toMatchObject([{ state: 'FAILED' }]);
  });

  test('breaks the glass, and has another person examine it', async () => {
    const second = await run();
    const broken = await sluice('approval', 'break-glass', second, '--reason', 'the shop is down');
    expect(broken.code).toBe(0);
    expect((await sluice('approval', 'list', '--unexamined')).out).toContain(second);
    const examined = await sluice('approval', 'examine', second, '--accept', '--reason', 'x');
    expect([examined.code, examined.err]).toEqual([
      1,
      expect.stringContaining('a second person examines it'),
    ]);
  });
});
