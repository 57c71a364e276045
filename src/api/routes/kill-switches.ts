/** Kill switches over the API: what is stopped, stopping and releasing. */
import { z } from 'zod';
import {
  isNamespaceWithin,
  switchKinds,
  switchPlace,
  type SwitchTarget,
} from '../../core/governance/index.ts';
import type { TenantView } from '../../app/application.ts';
import { answer, type ReadRequest, type Route, type Target } from '../server/index.ts';
import { asked, listed, route, saysWhy, tenantParams } from './define-route.ts';

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

async function placeOf(view: TenantView, what: SwitchTarget) {
  return switchPlace(what, what.kind === 'execution' ? await view.record(what.id) : undefined);
}

/** Tells whether a switch is shown to who sees what is of `own`: it is about that, or stops it. */
async function isShown(
  view: TenantView,
  one: SwitchTarget,
  own: readonly string[],
  sees: (namespace: string) => boolean,
): Promise<boolean> {
  const { namespace } = await placeOf(view, one);
  // An execution that is no more is of no namespace; everything, models and vendors concern everybody.
  if (namespace === null) return one.kind !== 'execution' || sees('');
  if (sees(namespace)) return true;
  return one.kind === 'namespace' && own.some((inner) => isNamespaceWithin(inner, one.id));
}

/** Returns what is to be stopped, or released, as policy is asked about it. */
async function switchTarget(request: ReadRequest, isRelease: boolean): Promise<Target> {
  const what = request.body as SwitchTarget;
  const place = await placeOf(request.view, what);
  const release = what.kind === 'execution' ? 'resume' : 'revive';
  return {
    ...place,
    action: isRelease ? release : 'kill',
    resourceId: what.id,
    facts: { hasReason: saysWhy(request) },
  };
}

/** The routes of kill switches. */
export const killSwitchRoutes: readonly Route[] = [
  route({
    id: 'listKillSwitches',
    method: 'GET',
    path: '/api/v1/{tenant}/kill-switches',
    tag: 'Kill switches',
    summary: 'Lists what is stopped, by whom and why.',
    access: listed('Incident'),
    params: tenantParams,
    answers: {
      200: { description: 'What is stopped', schema: z.array(z.object(switchFields)) },
    },
    handle: async ({ view, principal, sees }) => {
      const all = await (await view.governance(principal)).killSwitches.list();
      const own = await view.namespaces();
      const shown = [];
      for (const one of all) if (await isShown(view, one, own, sees)) shown.push(one);
      return answer(shown);
    },
  }),
  route({
    id: 'setKillSwitch',
    method: 'POST',
    path: '/api/v1/{tenant}/kill-switches',
    tag: 'Kill switches',
    summary: 'Stops something at once, and answers when it has stopped.',
    access: asked('kill', 'Installation', (request) => switchTarget(request, false)),
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
    access: asked('revive', 'Installation', (request) => switchTarget(request, true)),
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
