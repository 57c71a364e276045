/** How two revisions of a flow differ to governance, as sections that people read. */
import type { GovernanceChange } from '../../../core/governance/index.ts';
import type { ChangeVerdict, ComparedFlow } from './ask-about-change.ts';

/** One fact about a change: a title, and what there is to say of it. */
export interface DiffSection {
  readonly title: string;
  /** Empty: nothing of it changed. */
  readonly lines: readonly string[];
  readonly isWorse: boolean;
}

type What = GovernanceChange['what'];

/** Returns the facts about a change, in the order in which people look at them. */
export function diffSections(
  { before, after, changes }: ComparedFlow,
  { duties }: ChangeVerdict,
  missing: readonly string[],
): readonly DiffSection[] {
  const section = (title: string, wanted: readonly What[]): DiffSection => {
    const own = changes.filter(({ what }) => wanted.includes(what));
    return {
      title,
      lines: own.map(({ what, change, name }) => `${what} ${change}: ${name}`),
      isWorse: own.some(({ isWorse }) => isWorse),
    };
  };
  const tier = section('Risk tier', ['tier', 'autonomy', 'unknown', 'volume']);
  const reasons = after.reasons
    .map((one) => `${one.tier}: ${one.reason}`)
    .filter((one) => !before.reasons.some((had) => `${had.tier}: ${had.reason}` === one));
  return [
    { ...tier, lines: [...tier.lines, ...reasons] },
    section('Effects', ['effect', 'touch', 'task-type']),
    section('Data classes and recipients', ['data-class', 'recipient']),
    section('Gates', ['gate']),
    section('Models and vendors', ['model', 'vendor']),
    { title: 'Duties that come with it', lines: duties, isWorse: duties.length > 0 },
    { title: 'Evidence that is missing to go live', lines: missing, isWorse: false },
  ];
}

const verdictWords = { allow: 'may be merged', deny: 'refused', obliged: 'needs people' } as const;

/** What a flow says goes into a page of others: nothing of it may be read as more than text. */
function escaped(text: string): string {
  return text
    .replaceAll(/[\r\n]+/g, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/[\\`*_{}[\]()#+!|~@]/g, (sign) => `\\${sign}`);
}

/** Returns the sections as Markdown, for a comment on a pull request. */
export function diffMarkdown(
  { flow, before, after }: ComparedFlow,
  { verdict, reasons, by }: ChangeVerdict,
  sections: readonly DiffSection[],
): string {
  const { namespace, id } = flow;
  const tier = before.tier === after.tier ? after.tier : `${before.tier} → ${after.tier}`;
  const lines = [
    `### ${escaped(`${namespace}/${id}`)}: ${verdictWords[verdict]}`,
    '',
    `Risk tier **${tier}**, decided by ${by === 'fixed-rule' ? 'the fixed rule' : 'policy'}.`,
    ...reasons.map((one) => `- ${escaped(one)}`),
  ];
  for (const { title, lines: own, isWorse } of sections) {
    if (own.length === 0) continue;
    lines.push(
      '',
      `**${isWorse ? '⚠️ ' : ''}${title}**`,
      '',
      ...own.map((one) => `- ${escaped(one)}`),
    );
  }
  if (sections.every(({ lines: own }) => own.length === 0)) {
    lines.push('', 'Nothing changes for governance.');
  }
  return `${lines.join('\n')}\n`;
}

/** Returns the sections as text for a terminal. */
export function diffPlain(
  { verdict, reasons }: ChangeVerdict,
  sections: readonly DiffSection[],
): string {
  const lines: string[] = [];
  for (const { title, lines: own, isWorse } of sections) {
    if (own.length === 0) continue;
    lines.push(`${isWorse ? '! ' : '  '}${title}`, ...own.map((one) => `    ${one}`));
  }
  if (lines.length === 0) lines.push('nothing changes for governance');
  lines.push(`${verdictWords[verdict]}${reasons.length === 0 ? '' : `: ${reasons.join('; ')}`}`);
  return `${lines.join('\n')}\n`;
}
