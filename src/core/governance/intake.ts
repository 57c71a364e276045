/**
 * The intake of an idea: a questionnaire as data. Its answers give a provisional risk tier with the
 * reasons, the controls that will be required, and the queue that it waits in.
 *
 * INVARIANT: a question without an answer counts as its gravest one, and is listed.
 */
import { type RiskTier, riskTiers, type TierReason } from './assess-flow.ts';

/** One answer that a question takes. */
export interface IntakeChoice {
  readonly id: string;
  readonly text: string;
  readonly tier: RiskTier;
  /** What will be required. */
  readonly controls: readonly string[];
}

/** A question. */
export interface IntakeQuestion {
  readonly id: string;
  readonly text: string;
  readonly choices: readonly IntakeChoice[];
}

function choice(
  id: string,
  text: string,
  tier: RiskTier = 'minimal',
  ...controls: readonly string[]
): IntakeChoice {
  return { id, text, tier, controls };
}

/** Every question. */
export const intakeQuestions: readonly IntakeQuestion[] = [
  {
    id: 'effect',
    text: 'What does it change outside?',
    choices: [
      choice('nothing', 'nothing: it reads and reports'),
      choice('proposes', 'nothing by itself: people act on what it proposes', 'minimal'),
      choice('messages', 'it writes to customers', 'limited', 'message-budget', 'message-review'),
      choice('orders', 'it changes orders, stock or accounts', 'limited', 'effect-gate'),
      choice('money', 'it moves money or changes prices', 'high', 'money-budget', 'effect-gate'),
    ],
  },
  {
    id: 'decides-about-people',
    text: 'Does it decide about people?',
    choices: [
      choice('no', 'no'),
      choice('convenience', 'about what they are shown', 'limited', 'bias-check'),
      choice(
        'access',
        'about access, credit, work or claims',
        'high',
        'bias-check',
        'appeal-route',
      ),
      choice('social-score', 'it rates people for what they are or do elsewhere', 'prohibited'),
    ],
  },
  {
    id: 'personal-data',
    text: 'Which data about people does it touch?',
    choices: [
      choice('none', 'none'),
      choice('contact', 'names, addresses, orders', 'limited', 'legal-basis', 'retention-rule'),
      choice('payment', 'payment or credentials', 'high', 'legal-basis', 'masking'),
      choice(
        'special',
        'health, belief, biometrics or other special data',
        'high',
        'impact-assessment',
      ),
    ],
  },
  {
    id: 'audience',
    text: 'Whom does it reach?',
    choices: [
      choice('team', 'the team that owns it'),
      choice('staff', 'other employees'),
      choice('customers', 'customers', 'limited', 'notice'),
      choice(
        'vulnerable',
        'children or others who need protection',
        'high',
        'notice',
        'impact-assessment',
      ),
    ],
  },
  {
    id: 'autonomy',
    text: 'What may a model do by itself?',
    choices: [
      choice('none', 'no model takes part'),
      choice('suggest', 'suggest', 'limited', 'model-approval'),
      choice(
        'act-with-approval',
        'act when a person agrees',
        'limited',
        'model-approval',
        'effect-gate',
      ),
      choice('act', 'act', 'high', 'model-approval', 'agent-limits', 'kill-switch-drill'),
    ],
  },
  {
    id: 'volume',
    text: 'How often does it act in a day?',
    choices: [
      choice('tens', 'up to a hundred times'),
      choice('thousands', 'up to ten thousand times', 'limited', 'monitor'),
      choice('more', 'more often', 'high', 'monitor', 'canary'),
    ],
  },
];

/** What the answers come to. */
export interface IntakeResult {
  readonly tier: RiskTier;
  readonly reasons: readonly TierReason[];
  readonly controls: readonly string[];
  /** Questions without an answer, which count as their gravest. */
  readonly open: readonly string[];
  /** Who looks at it: a committee at what is grave, its owner’s unit at everything else. */
  readonly queue: 'committee' | 'standard' | 'refused';
}

function gravest(choices: readonly IntakeChoice[]): readonly IntakeChoice[] {
  const top = Math.max(...choices.map(({ tier }) => riskTiers.indexOf(tier)));
  return choices.filter(({ tier }) => riskTiers.indexOf(tier) === top);
}

/** Returns what is wrong with answers, as clauses. */
export function intakeProblems(answers: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(answers).flatMap(([id, answer]) => {
    const question = intakeQuestions.find((one) => one.id === id);
    if (question === undefined) return [`there is no question \`${id}\``];
    if (question.choices.some((one) => one.id === answer)) return [];
    const known = question.choices.map((one) => one.id).join(', ');
    return [`\`${answer}\` is no answer to \`${id}\`, which takes ${known}`];
  });
}

/** Returns what answers come to. */
export function assessIntake(answers: Readonly<Record<string, string>>): IntakeResult {
  const reasons: TierReason[] = [];
  const controls = new Set<string>();
  const open: string[] = [];
  for (const { id, text, choices } of intakeQuestions) {
    const chosen = Object.hasOwn(answers, id)
      ? choices.filter((one) => one.id === answers[id])
      : gravest(choices);
    if (!Object.hasOwn(answers, id)) open.push(id);
    for (const one of chosen) {
      for (const control of one.controls) controls.add(control);
      if (one.tier === 'minimal') continue;
      const said = open.includes(id) ? 'not answered' : one.text;
      reasons.push({ tier: one.tier, reason: `${text} ${said}` });
    }
  }
  const tier = riskTiers[Math.max(0, ...reasons.map((one) => riskTiers.indexOf(one.tier)))];
  const queue = {
    minimal: 'standard',
    limited: 'standard',
    high: 'committee',
    prohibited: 'refused',
  };
  return {
    tier: tier ?? 'prohibited',
    reasons,
    controls: [...controls].toSorted(),
    open,
    queue: queue[tier ?? 'prohibited'] as IntakeResult['queue'],
  };
}

/** Something that somebody wants to do, and what came of asking about it. */
export interface Intake extends IntakeResult {
  readonly id: string;
  readonly title: string;
  readonly owner: string;
  readonly purpose: string;
  readonly answers: Readonly<Record<string, string>>;
  readonly submittedBy: string;
  readonly submittedAt: number;
}

/** Returns the place of an intake in its queue, from 1: who came first is looked at first. */
export function queuePosition(all: readonly Intake[], intake: Intake): number {
  const before = all.filter(
    (one) =>
      one.queue === intake.queue &&
      (one.submittedAt < intake.submittedAt ||
        (one.submittedAt === intake.submittedAt && one.id < intake.id)),
  );
  return before.length + 1;
}
