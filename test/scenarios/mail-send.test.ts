/**
 * Mail from a flow, end to end: what a person has reviewed is what is sent, once, to those it may go to, and
 * what nobody knows is asked.
 */
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { openSqliteStore } from '../../src/adapters/sqlite/sqlite-store.ts';
import { createSystemSealer } from '../../src/adapters/system/system-sealer.ts';
import type { Budget } from '../../src/core/governance/index.ts';
import type { Value } from '../../src/core/value/index.ts';
import { type ApprovalWorld, everybody, openApprovalWorld } from '../support/approval-world.ts';
import { losingStore } from '../support/losing-store.ts';
import { type MailServer, startMailServer } from '../support/mail-server.ts';
import { root } from '../support/policy-world.ts';
import { htmlIn } from '../support/read-mail.ts';

let server: MailServer;
let world: ApprovalWorld;
const environment = () => ({ SLUICE_SMTP_URL: server.url, SLUICE_MAIL_FROM: 'shop@example.org' });
beforeEach(async () => {
  server = await startMailServer();
  world = await openApprovalWorld({ environment: environment() });
});
afterEach(async () => {
  await world.close();
  await server.close();
});

/** The mailing flow of the plan, with a script that writes the draft in place of the agent. */
const reviewed = `id: governed-mail
namespace: shop
inputs: [{ id: draft, type: STRING }]
tasks:
  - id: run-agent
    type: scripts.shell.Script
    env: { DRAFT: "{{ inputs.draft }}" }
    outputFiles: [email_draft.txt]
    script: printf %s "$DRAFT" > email_draft.txt
  - id: review-agent-plan
    type: io.kestra.plugin.core.flow.Pause
    description: |
      Review the proposed email draft before sending.
      Draft: {{ outputs['run-agent'].outputFiles['email_draft.txt'] }}
  - id: send-email
    type: io.kestra.plugin.email.MailSend
    subject: "Weekly Sales Summary"
    from: "noreply@kestra.io"
    to: "leadership@example.com"
    html: "<div>{{ outputs['run-agent'].outputFiles['email_draft.txt'] | fileRead | nl2br }}</div>"
`;

/** Saves a flow and starts it. */
async function start(source: string, inputs: Readonly<Record<string, Value>> = {}) {
  const flowId = /^id: (\S+)/.exec(source)?.[1] ?? '';
  await world.as('olaf').saveFlow(source, 'f.yaml');
  const id = await world.as('rita').start({ namespace: 'shop', flowId, inputs });
  return world.as('rita').rest(id);
}

/** A flow of one task that sends mail. */
function mailing(properties: string, more = ''): string {
  return `id: f
namespace: shop
tasks:
  - id: m
    type: email.MailSend
    subject: hello
${properties.replaceAll(/^/gm, '    ')}
${more}`;
}

describe('the reviewed draft', () => {
  const draft = 'Dear all,\r\nwe sold 12 % more — größer 😀 & better.\n\n  Regards.\n';

  test('is what is sent, byte for byte, after the review and not before [G-263]', async () => {
    const waiting = await start(reviewed, { draft });
    expect(waiting.state.current).toBe('PAUSED');
    expect(server.received).toEqual([]);
    await world.as('rita').resume(waiting.id, {});
    const ended = await world.as('rita').rest(waiting.id);
    expect(ended.state.current).toBe('SUCCESS');
    expect(server.received).toHaveLength(1);
    const [mail] = server.received;
    expect(mail).toMatchObject({ from: 'noreply@kestra.io', to: ['leadership@example.com'] });
    const html = htmlIn(mail?.source ?? '');
    expect(html).toBe(`<div>${draft.replaceAll(/\r\n|\n/g, '<br />')}</div>`);
    const { messageId } = ended.taskRunList.find(({ taskId }) => taskId === 'send-email')!.outputs;
    expect(mail?.source).toContain(`Message-ID: <${String(messageId)}>`);
  });

  test('works no tags of its own in the mail [G-264]', async () => {
    const hostile = 'Hi<script>steal()</script>\n<img src=x onerror="steal()">\n<br>done';
    const waiting = await start(reviewed, { draft: hostile });
    await world.as('rita').resume(waiting.id, {});
    await world.as('rita').rest(waiting.id);
    expect(htmlIn(server.received[0]?.source ?? '')).toBe(
      '<div>Hi&lt;script&gt;steal()&lt;/script&gt;<br />&lt;img src=x onerror=&quot;steal()&quot;&gt;<br /><br>done</div>',
    );
  });

  test('goes nowhere when the execution is killed at its review [G-263]', async () => {
    const waiting = await start(reviewed, { draft });
    await world.as('rita').kill(waiting.id);
    expect((await world.as('rita').rest(waiting.id)).state.current).toBe('KILLED');
    expect(server.received).toEqual([]);
  });
});

describe('who gets it', () => {
  const allowList = `${everybody}
@id("mail.only-ours") @title("Mail goes to our own domains") @reason("A recipient is outside the list")
forbid (principal, action == Action::"run:email.MailSend", resource)
unless { context has recipientDomains && ["example.com", "example.org"].containsAll(context.recipientDomains) };
`;
  const cases = `  - title: mail to others is refused
    principal: {id: olga, roles: [operator]}
    action: run:email.MailSend
    facts: { recipientDomains: [example.com, other.example] }
    expect: deny
  - title: mail to nobody knows whom is refused
    principal: {id: olga, roles: [operator]}
    action: run:email.MailSend
    expect: deny
  - title: mail to ours goes
    principal: {id: olga, roles: [operator]}
    action: run:email.MailSend
    facts: { recipientDomains: [example.com] }
    expect: allow
    without: { recipientDomains: deny }
`;

  test.each([
    'to: a@example.com; b@other.example',
    'to: a@example.com\ncc: "B <b@OTHER.example>"',
    'to: a@example.com\nbcc: b@other.example',
  ])('is refused outside the list of a policy: %s [G-263]', async (properties) => {
    await world.enforce(allowList, cases);
    const { state, error } = await start(mailing(properties));
    expect([state.current, error?.code]).toEqual(['FAILED', 'policy.denied']);
    expect(server.received).toEqual([]);
  });

  test('is let through inside it', async () => {
    await world.enforce(allowList, cases);
    const { state } = await start(mailing('to: a@Example.com; b@example.org'));
    expect(state.current).toBe('SUCCESS');
    expect(server.received[0]?.to).toEqual(['a@example.com', 'b@example.org']);
  });

  test('some of them refused by the server is a warning that says who', async () => {
    server.refuse(['b@example.org']);
    const { state, taskRunList } = await start(
      mailing('to: a@example.org; b@example.org; c@example.org'),
    );
    expect(state.current).toBe('WARNING');
    expect(taskRunList[0]?.outputs).toMatchObject({
      accepted: ['a@example.org', 'c@example.org'],
      refused: [{ address: 'b@example.org' }],
    });
  });
});

describe('how many', () => {
  const mails: Budget = {
    id: 'mails',
    unit: 'messages',
    cap: 3,
    scope: { kind: 'namespace', id: 'shop' },
    period: 'total',
    timeZone: 'UTC',
  };
  const budgets = async () => (await world.as('olaf').governance()).budgets;
  const standing = async () => (await (await budgets()).show('mails')).standings[0];

  test('is capped by a budget, and who was refused is not counted [G-263]', async () => {
    await (await budgets()).set(mails);
    server.refuse(['b@example.org']);
    await start(mailing('to: a@example.org; b@example.org'));
    expect(await standing()).toMatchObject({ settled: 1, reserved: 0, left: 2 });
    server.refuse(true);
    expect((await start(mailing('to: a@example.org'))).error?.code).toBe('mail.not-sent');
    expect(await standing()).toMatchObject({ settled: 1, reserved: 0, left: 2 });
    server.refuse(false);
    const { error } = await start(mailing('to: a@example.org; b@example.org\ncc: c@example.org'));
    expect(error?.code).toBe('budget.exceeded');
    expect(server.received).toHaveLength(1);
  });

  test('is nothing where no server is there', async () => {
    await (await budgets()).set(mails);
    await server.close();
    expect((await start(mailing('to: a@example.org'))).error?.code).toBe('mail.not-sent');
    expect(await standing()).toMatchObject({ settled: 0, reserved: 0 });
  });

  test('is counted in full while nobody knows', async () => {
    await (await budgets()).set(mails);
    server.atEnd('break-off');
    const waiting = await start(mailing('to: a@example.org; b@example.org'));
    expect(waiting.state.current).toBe('PAUSED');
    expect(await standing()).toMatchObject({ settled: 0, reserved: 2 });
    await world.as('rita').answer(waiting.id, { answer: 'happened' });
    await world.as('rita').rest(waiting.id);
    await expect.poll(standing).toMatchObject({ settled: 2, reserved: 0 });
  });
});

describe('a mail of which nobody knows', () => {
  const retry = 'retry: { type: constant, interval: PT0.01S, maxAttempts: 3 }';
  const to = 'to: a@example.org';

  test('is asked about, and not sent again by a retry [G-263]', async () => {
    server.atEnd('break-off');
    const waiting = await start(mailing(`${to}\n${retry}`));
    expect(waiting.state.current).toBe('PAUSED');
    expect(waiting.taskRunList[0]?.question?.text).toMatch(
      /^`m` does not know: the mail server took the mail and did not answer \(\w+\): what/,
    );
    expect(server.received).toHaveLength(1);
    const outputs = { messageId: 'x', accepted: ['a@example.org'], refused: [], answer: '' };
    await world.as('rita').answer(waiting.id, { answer: 'happened', outputs });
    expect((await world.as('rita').rest(waiting.id)).state.current).toBe('SUCCESS');
    expect(server.received).toHaveLength(1);
  });

  test('is the same mail when somebody lets it be sent again', async () => {
    server.atEnd('break-off');
    const waiting = await start(mailing(to));
    server.atEnd('answer');
    await world.as('rita').answer(waiting.id, { answer: 'retry' });
    expect((await world.as('rita').rest(waiting.id)).state.current).toBe('SUCCESS');
    const ids = server.received.map(({ source }) => /Message-ID: <(.*)>/.exec(source)?.[1]);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
  });

  test('follows what the task says', async () => {
    server.atEnd('break-off');
    const failed = await start(mailing(`${to}\ngovernance: { onUnknown: fail }`));
    expect([failed.state.current, failed.error?.code]).toEqual(['FAILED', 'task.outcome-unknown']);
    expect(server.received).toHaveLength(1);
  });

  test('is one that ran out of time, too', async () => {
    server.atEnd('stay-silent');
    const waiting = await start(mailing(`${to}\ntimeout: PT0.3S`));
    expect(waiting.state.current).toBe('PAUSED');
    await world.as('rita').answer(waiting.id, { answer: 'fail' });
    expect((await world.as('rita').rest(waiting.id)).state.current).toBe('FAILED');
    expect(server.received).toHaveLength(1);
  });
});

test('whichever write a process loses, the mail is sent once, or somebody is asked [G-263]', async () => {
  let isAsked = false;
  for (let commits = 1, isOver = false; !isOver; commits += 1) {
    const dataFolder = await mkdtemp(join(tmpdir(), 'mail-lost-'));
    onTestFinished(() => rm(dataFolder, { recursive: true, force: true }));
    const setUp = await openApprovalWorld({ dataFolder });
    await setUp.as('olaf').saveFlow(mailing('to: a@example.org'), 'f.yaml');
    await setUp.close();
    const before = server.received.length;
    const own = await openSqliteStore({
      sealer: createSystemSealer(),
      path: join(dataFolder, 'sluice.db'),
    });
    const store = losingStore(own, commits);
    const dying = await openApprovalWorld({ dataFolder, store, environment: environment() });
    const end = await dying
      .as('rita')
      .start({ namespace: 'shop', flowId: 'f', inputs: {} })
      .then((id) => dying.as('rita').rest(id))
      .catch(() => undefined);
    await dying.close().catch(() => undefined);
    isOver = end?.state.current === 'SUCCESS';
    const next = await openApprovalWorld({ dataFolder, environment: environment() });
    const view = next.as('rita');
    await view.recover();
    const [record] = await view.executions({ limit: 1 });
    if (record !== undefined) {
      const document = await view.rest(record.id);
      const sent = server.received.length - before;
      if (document.state.current === 'PAUSED') isAsked ||= sent === 1;
      else expect([document.state.current, sent]).toEqual(['SUCCESS', 1]);
      expect(sent).toBeLessThanOrEqual(1);
    }
    await next.close();
  }
  expect(isAsked).toBe(true);
});

test('the password of its account is no secret that leaves, one in the text is', async () => {
  const own = await startMailServer({
    tls: 'at-once',
    account: { user: 'shop', password: 'long-password' },
  });
  const pack = await openApprovalWorld({
    environment: {
      SLUICE_ALLOW_PRIVATE_HOSTS: '127.0.0.1',
      SECRET_MAIL: Buffer.from('long-password').toString('base64'),
    },
  });
  onTestFinished(async () => {
    await pack.close();
    await own.close();
  });
  const egress = readFileSync(join(root, 'policies/default/egress.cedar'), 'utf8');
  const [policy = ''] = egress
    .slice(egress.indexOf('@id("egress.no-credentials")'))
    .split('@id("egress.no-credentials-in-addresses")');
  await pack.enforce(
    `${everybody}${policy}`,
    `  - title: a secret does not leave in a mail
    principal: {id: olga, roles: [operator]}
    action: run:email.MailSend
    arguments: { plainTextContent: { trust: trusted, classes: [credential] } }
    expect: deny
`,
  );
  const send = async (text: string) => {
    const source = mailing(
      `from: a@example.org\nto: b@example.org\nhost: 127.0.0.1\nport: ${own.port}\nusername: shop\npassword: "{{ secret('MAIL') }}"\ntrustedHosts: [127.0.0.1]\nverifyServerIdentity: false\nplainTextContent: "${text}"`,
    );
    await pack.as('olaf').saveFlow(source, 'f.yaml');
    const id = await pack.as('rita').start({ namespace: 'shop', flowId: 'f', inputs: {} });
    return pack.as('rita').rest(id);
  };
  expect((await send('hello')).state.current).toBe('SUCCESS');
  expect((await send("{{ secret('MAIL') }}")).error?.code).toBe('policy.denied');
  expect(own.received).toHaveLength(1);
});

describe('without a mail server', () => {
  test('it fails before anybody is asked and anything is set aside', async () => {
    const bare = await openApprovalWorld();
    onTestFinished(() => bare.close());
    await bare.enforce(
      `${everybody}
@id("mail.asked") @reason("somebody looks at it") @obligation("approval") @approvers("role:approver")
forbid (principal, action == Action::"run:email.MailSend", resource);
`,
      `  - title: mail is held
    principal: {id: olga, roles: [operator]}
    action: run:email.MailSend
    expect: obliged
`,
    );
    await bare.as('olaf').saveFlow(mailing('from: a@example.org\nto: b@example.org'), 'f.yaml');
    const id = await bare.as('rita').start({ namespace: 'shop', flowId: 'f', inputs: {} });
    const { state, error } = await bare.as('rita').rest(id);
    expect([state.current, error?.code]).toEqual(['FAILED', 'mail.no-server']);
    expect(await (await bare.as('ada').approvals()).list({})).toEqual([]);
  });

  test('a flow cannot send by one that is private, unless the configuration names it', async () => {
    const host = `host: 127.0.0.1\nport: ${server.port}\ntransportStrategy: SMTP`;
    const source = mailing(`from: a@example.org\nto: b@example.org\n${host}`);
    expect((await start(source)).error?.code).toBe('http.address-refused');
    const allowing = await openApprovalWorld({
      environment: { SLUICE_ALLOW_PRIVATE_HOSTS: '127.0.0.1' },
    });
    onTestFinished(() => allowing.close());
    await allowing.as('olaf').saveFlow(source, 'f.yaml');
    const id = await allowing.as('rita').start({ namespace: 'shop', flowId: 'f', inputs: {} });
    expect((await allowing.as('rita').rest(id)).state.current).toBe('SUCCESS');
    expect(server.received).toHaveLength(1);
  });
});
