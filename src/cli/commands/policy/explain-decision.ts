/** `sluice policy explain`. */
import { type Answer, describeAnswer, type Question } from '../../../core/policy/index.ts';
import type { Call, Perform, Surroundings } from '../../command.ts';
import { paintFor } from '../../output/colour.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { json } from '../../output/json.ts';
import { harmless } from '../../output/terminal-text.ts';
import { usageFailure } from '../../parse-arguments.ts';
import { readLocalText } from '../../read-local-file.ts';
import { withApplication } from '../../with-application.ts';
import { setFrom } from './open-bench.ts';

const colours = { allow: 'green', deny: 'red', obliged: 'yellow' } as const;
const words = { allow: 'yes', deny: 'no', obliged: 'not yet' } as const;

function splitAt(text: string, sign: string): readonly [string, string] | undefined {
  const at = text.indexOf(sign);
  return at > 0 && at < text.length - 1 ? [text.slice(0, at), text.slice(at + 1)] : undefined;
}

function principalOf(call: Call, principal: Question['principal']): Question['principal'] {
  const named = call.text('principal');
  const [kind, id] = named === undefined ? [] : (splitAt(named, ':') ?? ['user', named]);
  const roles = call.texts('role').map((text) => {
    const [role, namespace] = splitAt(text, '@') ?? [text, '*'];
    return { role, namespace };
  });
  const kinds = ['user', 'service-account', 'agent', 'system'] as const;
  const known = kinds.find((one) => one === (kind ?? principal.kind));
  if (known === undefined) {
    throw usageFailure(`\`${kind}\` is no kind of principal`, `write one of ${kinds.join(', ')}`);
  }
  return {
    ...principal,
    kind: known,
    id: id ?? principal.id,
    roles: [...principal.roles, ...roles],
  };
}

/** What stands on the command line goes into the question as a test case would write it. */
async function questionFrom(call: Call, surroundings: Surroundings): Promise<Question> {
  const { benchTenant, readQuestionText } = await import('../../../app/policy-bench.ts');
  const file = call.text('context');
  const text = file === undefined ? '{}' : await readLocalText(file, surroundings);
  const lines = [text.trim() === '{}' ? '' : text];
  const action = call.text('action');
  if (action !== undefined) lines.push(`action: ${JSON.stringify(action)}`);
  const resource = call.text('resource');
  if (resource !== undefined) {
    const parts = splitAt(resource, ':');
    if (parts === undefined) {
      throw usageFailure(
        `\`${resource}\` names no resource`,
        'write for example `Flow:shop/refund`',
      );
    }
    const [type, id] = parts;
    const namespace = splitAt(id, '/')?.[0];
    lines.push(
      `resource: ${JSON.stringify({ type, id, ...(namespace === undefined ? {} : { namespace }) })}`,
    );
  }
  const path = file ?? 'the question';
  const question = readQuestionText({ path, text: lines.join('\n') }, benchTenant);
  return { ...question, principal: principalOf(call, question.principal) };
}

async function answerTo(
  call: Call,
  surroundings: Surroundings,
  question: Question,
): Promise<Answer> {
  const chosen = await setFrom(call, surroundings);
  if (chosen !== undefined) return chosen.bench.ask(chosen.set, question);
  return withApplication(call, surroundings, async (application) =>
    (await application.policies()).explain(question),
  );
}

/** Asks one question and explains the answer. */
export const explainDecision: Perform = async (call, surroundings) => {
  const { out, environment } = surroundings;
  const question = await questionFrom(call, surroundings);
  const answer = await answerTo(call, surroundings, question);
  const reasons = describeAnswer(answer);
  if (call.text('output') === 'json') out.write(json({ ...answer, reasons }));
  else {
    const { verdict } = answer;
    out.write(`${paintFor(out, environment)(words[verdict], colours[verdict])}\n`);
    for (const one of reasons) out.write(`  ${harmless(one)}\n`);
  }
  return answer.verdict === 'allow' ? exitCodes.success : exitCodes.failed;
};
