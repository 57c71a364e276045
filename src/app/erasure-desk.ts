/** Answers what people ask about those whom values are about: who they are, erasing them, keeping and retention. */
import { Failure } from '../core/failure/index.ts';
import {
  certificateOf,
  countsOf,
  type ErasureParts,
  eraseSubject,
  holdingsOf,
  listHolds,
  listRules,
  releaseHold,
  removeRule,
  resumeErasures,
  runRetention,
  setHold,
  setRule,
} from '../runtime/erasure/index.ts';
import { killExecution, type RunLoop, untilRest } from '../runtime/run-loop/index.ts';
import type { LedgerParts } from '../runtime/sealer/index.ts';
import { manySubjects, type Subject } from '../runtime/subjects/index.ts';
import type { SubjectKeys } from '../ports/subject-keys.ts';
import type {
  ErasureDesks,
  HoldDesk,
  RetentionDesk,
  SubjectCard,
  SubjectDesk,
} from './application.ts';

/** How long a killed execution is waited for before its values go. */
const killPatienceMs = 10_000;

/** Returns what erasing for `actor` is made of. */
function erasureParts(
  loop: RunLoop,
  ledger: LedgerParts,
  keys: SubjectKeys,
  actor: string,
): ErasureParts {
  const { parts } = loop;
  return {
    tenant: parts.tenant,
    actor,
    ledger,
    keys,
    commit: (write) => parts.committer.commit(write),
    blobs: parts.blobs,
    subjects: parts.subjects,
    async kill(id) {
      await killExecution(loop, id, actor);
      await untilRest(loop, id, { timerPatienceMs: killPatienceMs });
    },
    async flowOf(namespace, id, revision) {
      try {
        return (await loop.library.find(namespace, id, revision)).flow;
      } catch (error) {
        if (error instanceof Failure && error.code === 'flow.not-found') return undefined;
        throw error;
      }
    },
  };
}

function cardOf({ handle, name, createdAt, isErasing }: Subject): SubjectCard {
  return { handle, name, createdAt, isErasing };
}

const pageMax = 1_000;

/** Returns the desk over the subjects of `parts`. */
function createSubjectDesk(parts: ErasureParts): SubjectDesk {
  return {
    async list(limit, after) {
      const found = await parts.subjects.list(Math.min(limit, pageMax), after);
      return found.map((one) => ({ ...cardOf(one), place: one.record.id }));
    },
    async find(name) {
      const found = await parts.subjects.named(name);
      return found && cardOf(found);
    },
    async show(handle) {
      const found = await parts.subjects.find(handle);
      if (found === undefined) {
        throw new Failure('subject.not-found', `there is no subject \`${handle}\``);
      }
      const { places, groups } = await holdingsOf(parts, [handle]);
      const many = await holdingsOf(parts, [manySubjects]);
      return {
        ...cardOf(found),
        counts: countsOf(places, groups),
        many: countsOf(many.places, many.groups),
        executions: places.flatMap((one) => (one.kind === 'execution' ? [one.id] : [])),
      };
    },
    async erase(handle, order) {
      return certificateOf(parts.ledger, await eraseSubject(parts, handle, order));
    },
    resume: () => resumeErasures(parts),
  };
}

/** Returns the desk over the legal holds of `parts`. */
function createHoldDesk(parts: ErasureParts): HoldDesk {
  return {
    list: () => listHolds(parts),
    set: (target, reason) => setHold(parts, target, reason),
    release: (target, reason) => releaseHold(parts, target, reason),
  };
}

/** Returns the desk over the retention of `parts`. */
function createRetentionDesk(
  parts: ErasureParts,
  assertWritable: () => Promise<void>,
): RetentionDesk {
  return {
    list: () => listRules(parts),
    set: (rule) => setRule(parts, rule),
    remove: (rule) => removeRule(parts, rule),
    async run(options) {
      await assertWritable();
      const outcome = await runRetention(parts, options);
      const certificates = [];
      for (const seq of outcome.entries) certificates.push(await certificateOf(parts.ledger, seq));
      return { ...outcome, certificates };
    },
  };
}

/** What the desks about erasing are made of. */
export interface ErasureDeskParts {
  readonly loop: RunLoop;
  readonly ledger: LedgerParts;
  readonly subjectKeys: SubjectKeys;
  readonly assertWritable: () => Promise<void>;
}

/** Returns the desks about erasing as `actor` sees them. */
export function createErasureDesks(shared: ErasureDeskParts, actor: string): ErasureDesks {
  const parts = erasureParts(shared.loop, shared.ledger, shared.subjectKeys, actor);
  return {
    subjects: createSubjectDesk(parts),
    holds: createHoldDesk(parts),
    retention: createRetentionDesk(parts, shared.assertWritable),
  };
}
