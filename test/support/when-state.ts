/** Waiting in a test for what happens while an execution runs, without polling and without a clock. */
import type { ApplicationEvent } from '../../src/app/application.ts';
import type { FlowWorld } from './run-flow.ts';

/** Resolves with the first durable event for which `isMeant` holds, from this moment on. */
export function whenEvent(
  world: FlowWorld,
  isMeant: (event: ApplicationEvent) => boolean,
): Promise<ApplicationEvent> {
  return new Promise((resolve) => {
    const stop = world.application.follow((event) => {
      if (!isMeant(event)) return;
      stop();
      resolve(event);
    });
  });
}

/** Resolves when a run of `taskId` is in `state`. */
export function whenRun(world: FlowWorld, taskId: string, state: string) {
  return whenEvent(world, (event) => event.taskId === taskId && event.state === state);
}
