/**
 * Retention rules: how long values of a data class are kept in a namespace after their execution has
 * ended. The most exact class decides, then the most exact namespace; a flow may ask for less, never
 * for more; nothing goes before the time for which a rule says that records are kept at least.
 */
import { Failure } from '../../core/failure/index.ts';
import { decodeValue, encodeValue, isMap, plainText } from '../../core/value/index.ts';
import { type ErasureParts, erasureEntry } from './erasure-parts.ts';
import { isWithin } from './holds.ts';

/** Stands for every class, and for every namespace. */
export const anything = '*';

/** A rule of retention. */
export interface RetentionRule {
  /** A data class and those below it: `personal`; `*` is every class. */
  readonly dataClass: string;
  /** A namespace and those below it; `*` is every namespace. */
  readonly namespace: string;
  /** ISO 8601 duration: `P90D`, `P6M`. */
  readonly period: string;
  /** Kept at least so long, whatever a flow asks for: what the law wants of records of systems. */
  readonly atLeast: string | null;
}

const ruleKind = 'retention-rule';
const rulesMax = 10_000;

function idOf({ dataClass, namespace }: Pick<RetentionRule, 'dataClass' | 'namespace'>): string {
  return `${dataClass} ${namespace}`;
}

/** Returns the moment `period` before `now`; both UTC, so that months have their lengths. */
export function before(now: number, period: string): number {
  return Temporal.Instant.fromEpochMilliseconds(now)
    .toZonedDateTimeISO('UTC')
    .subtract(Temporal.Duration.from(period)).epochMilliseconds;
}

function checkPeriod(period: string): void {
  try {
    if (Temporal.Duration.from(period).sign >= 0) return;
  } catch {
    // Said below.
  }
  throw new Failure('cli.usage-wrong', `\`${period}\` is no period`, {
    help: 'write an ISO 8601 duration such as `P90D` or `P6M`',
  });
}

/** Returns the rules. */
export async function listRules({
  tenant,
  ledger,
}: Pick<ErasureParts, 'tenant' | 'ledger'>): Promise<readonly RetentionRule[]> {
  const records = await ledger.store.registerRecords({ tenant, kind: ruleKind, limit: rulesMax });
  return records.map(({ id, document }) => {
    const read = decodeValue(document);
    const fields = isMap(read) ? read : {};
    const [dataClass = anything, namespace = anything] = id.split(' ');
    const { atLeast = null } = fields;
    return {
      dataClass,
      namespace,
      period: plainText(fields['period']),
      atLeast: atLeast === null ? null : plainText(atLeast),
    };
  });
}

/** Sets a rule in place of the one for the same class and namespace. */
export async function setRule(parts: ErasureParts, rule: RetentionRule): Promise<void> {
  checkPeriod(rule.period);
  if (rule.atLeast !== null) checkPeriod(rule.atLeast);
  const { tenant, ledger } = parts;
  const id = idOf(rule);
  const known = await ledger.store.registerRecord({ tenant, kind: ruleKind, id });
  await parts.commit({
    entries: [erasureEntry(parts, 'retention', 'retention-rule-set', { ...rule })],
    registerRecords: [
      {
        tenant,
        kind: ruleKind,
        id,
        version: (known?.version ?? 0) + 1,
        keys: {},
        document: encodeValue({ period: rule.period, atLeast: rule.atLeast }),
      },
    ],
  });
}

/** Removes a rule; throws `retention.rule-not-found`. */
export async function removeRule(
  parts: ErasureParts,
  rule: Pick<RetentionRule, 'dataClass' | 'namespace'>,
): Promise<void> {
  const { tenant, ledger } = parts;
  const { dataClass, namespace } = rule;
  const id = idOf(rule);
  if ((await ledger.store.registerRecord({ tenant, kind: ruleKind, id })) === undefined) {
    throw new Failure(
      'retention.rule-not-found',
      `there is no rule for \`${dataClass}\` in \`${namespace}\``,
    );
  }
  await parts.commit({
    entries: [erasureEntry(parts, 'retention', 'retention-rule-removed', { dataClass, namespace })],
    removedRegisterRecords: [{ tenant, kind: ruleKind, id }],
  });
}

/** Tells whether a rule speaks of a class in a namespace. */
function speaksOf(rule: RetentionRule, dataClass: string, namespace: string | undefined): boolean {
  const isClass = rule.dataClass === anything || isWithin(dataClass, rule.dataClass);
  if (!isClass) return false;
  return (
    rule.namespace === anything || (namespace !== undefined && isWithin(namespace, rule.namespace))
  );
}

function exactness(text: string): number {
  return text === anything ? 0 : text.length;
}

/** Returns the rule that decides over a class in a namespace. */
export function ruleFor(
  rules: readonly RetentionRule[],
  dataClass: string,
  namespace: string | undefined,
): RetentionRule | undefined {
  return rules
    .filter((rule) => speaksOf(rule, dataClass, namespace))
    .toSorted(
      (a, b) =>
        exactness(b.dataClass) - exactness(a.dataClass) ||
        exactness(b.namespace) - exactness(a.namespace),
    )[0];
}

/**
 * Returns the moment before which values of a class have had their time, as the rules and the flow's
 * own period say; undefined where nobody says so.
 */
export function cutoffFor(
  rules: readonly RetentionRule[],
  of: { readonly dataClass: string; readonly namespace: string | undefined },
  flowPeriod: string | undefined,
  now: number,
): number | undefined {
  const rule = ruleFor(rules, of.dataClass, of.namespace);
  const moments = [rule?.period, flowPeriod]
    .filter((period) => period !== undefined)
    .map((period) => before(now, period));
  if (moments.length === 0) return undefined;
  const atLeast = rule?.atLeast ?? null;
  const earliest = atLeast === null ? Infinity : before(now, atLeast);
  return Math.min(Math.max(...moments), earliest);
}
