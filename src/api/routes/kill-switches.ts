/** Kill switches over the API: what is stopped, stopping and releasing. */
import { z } from 'zod';
import { switchKinds } from '../../core/governance/index.ts';
import { answer, type Route } from '../server/index.ts';
import { asked, route, tenantParams } from './define-route.ts';

const target = {
  kind: z.enum(switchKinds),
  id: z.string().max(300).default('').describe('Which one; empty for everything'),
};
const reason = z.string().min(1).max(2_000);

const switchFields = {
  ...target,
  mode: z.enum(['kill', 'pause']),
  reason: z.string(),
  setBy: z.string(),
  setAt: z.number().describe('Epoch milliseconds'),
};

/** The routes of kill switches. */
export const killSwitchRoutes: readonly Route[] = [
  route({
    id: 'listKillSwitches',
    method: 'GET',
    path: '/api/v1/{tenant}/kill-switches',
    tag: 'Kill switches',
    summary: 'Lists what is stopped, by whom and why.',
    access: asked('view', 'Incident'),
    params: tenantParams,
    answers: {
      200: { description: 'What is stopped', schema: z.array(z.object(switchFields)) },
    },
    handle: async ({ view, principal }) =>
      answer(await (await view.governance(principal)).killSwitches.list()),
  }),
  route({
    id: 'setKillSwitch',
    method: 'POST',
    path: '/api/v1/{tenant}/kill-switches',
    tag: 'Kill switches',
    summary: 'Stops something at once, and answers when it has stopped.',
    access: asked('kill', 'Installation'),
    params: tenantParams,
    body: {
      kind: 'json',
      schema: z.strictObject({
        ...target,
        mode: z.enum(['kill', 'pause']).default('kill'),
        reason,
      }),
    },
    answers: {
      200: {
        description: 'The switch, and how far it took effect',
        schema: z.object({
          ...switchFields,
          executions: z.number(),
          left: z.array(z.string()),
          tookMs: z.number(),
        }),
      },
    },
    handle: async ({ view, principal, body }) =>
      answer(await (await view.governance(principal)).killSwitches.set(body)),
  }),
  route({
    id: 'releaseKillSwitch',
    method: 'POST',
    path: '/api/v1/{tenant}/kill-switches/release',
    tag: 'Kill switches',
    summary: 'Lets what was stopped start again.',
    access: asked('revive', 'Installation'),
    params: tenantParams,
    body: { kind: 'json', schema: z.strictObject({ ...target, reason }) },
    answers: { 204: { description: 'It is released' } },
    handle: async ({ view, principal, body }) => {
      const { reason: why, ...what } = body;
      await (await view.governance(principal)).killSwitches.release(what, why);
      return { status: 204 };
    },
  }),
];
