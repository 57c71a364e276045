/** The front door of core/triggers: when triggers fire, decided from what is known. */
export { type Condition, readCondition, templatesIn } from './condition.ts';
export { momentIn } from './date-holds.ts';
export { type Gathered, gather, type Gathering, nothingGathered } from './gathering.ts';
export { type Facts, holds } from './holds.ts';
export { conditionOf, isFinal, type Listening, listeningOf } from './listening.ts';
export { listens, startedBy, triggerLoops } from './trigger-loops.ts';
export { lastSpanBefore, nextEnd, type Window } from './window.ts';
