/**
 * The life of a flow: from design to retirement, one stage after the other. Which moves there are is
 * said here; whether one is allowed is decided by policy, over what is known of the flow.
 */

/** The stages of a flow's life, in order. */
export const stages = [
  'design',
  'development',
  'testing',
  'deployment',
  'monitoring',
  'retirement',
] as const;

/** A stage of a flow's life. */
export type Stage = (typeof stages)[number];

/** Returns why a flow cannot go from one stage to another, as a clause. */
export function moveProblem(from: Stage, to: Stage): string | undefined {
  if (from === to) return `it is in ${to} already`;
  if (from === 'retirement')
    return to === 'design' ? undefined : 'what is retired begins with design';
  if (to === 'retirement' || stages.indexOf(to) < stages.indexOf(from)) return undefined;
  const next = stages[stages.indexOf(from) + 1];
  return next === to ? undefined : `${next} comes before ${to}`;
}

/** Tells whether flows run in a stage outside tests. */
export function runsIn(stage: Stage): boolean {
  return stage !== 'design' && stage !== 'retirement';
}

/** Tells whether a flow in this stage does what it is for: only a revision that was deployed runs. */
export function isLive(stage: Stage): boolean {
  return stage === 'deployment' || stage === 'monitoring';
}

/** Tells whether somebody must answer for a flow in this stage. */
export function needsOwner(stage: Stage): boolean {
  return stages.indexOf(stage) > stages.indexOf('development') && stage !== 'retirement';
}

/**
 * Returns the stage of a flow. What the register says counts. Without it a flow may say of itself only
 * what asks nothing of anybody: that it is designed, or retired; anything else is development.
 */
export function stageOf(registered: Stage | undefined, declared: Stage | undefined): Stage {
  if (registered !== undefined) return registered;
  return declared === 'design' || declared === 'retirement' ? declared : 'development';
}
