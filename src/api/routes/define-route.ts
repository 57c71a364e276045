/** What all routes are made with: the one way to define one, the parameters that many share, who may. */
import { z } from 'zod';
import type { ActionId, ResourceType } from '../../core/policy/index.ts';
import { Failure } from '../../core/failure/index.ts';
import { type Access, type ReadRequest, routeMaker, type TargetReader } from '../server/index.ts';

/** Defines a route. */
export const route = routeMaker(z.strictObject({}));

/** Nobody is asked. */
export const open: Access = { kind: 'open' };

/** Everybody about themselves. */
export const own: Access = { kind: 'own' };

/** Those who may do `action` to a `resource`; `targetOf` tells what only the whole request says. */
export function asked(action: ActionId, resource: ResourceType, targetOf?: TargetReader): Access {
  return { kind: 'asked', action, resource, ...(targetOf !== undefined && { targetOf }) };
}

/** Those who may do `action`, or may when others agree: the route opens the approval that it needs. */
export function askedOrApproved(
  action: ActionId,
  resource: ResourceType,
  targetOf: TargetReader,
): Access {
  return { kind: 'asked', action, resource, targetOf, opensApproval: true };
}

/** Those who may do `action` to each of several `resource`s; the route asks for each. */
export function askedForEach(action: ActionId, resource: ResourceType): Access {
  return { kind: 'asked', action, resource, isAskedForEach: true };
}

/** Those who may see what is of a `resource` somewhere; they are shown that, and nothing else. */
export function listed(resource: ResourceType): Access {
  return { kind: 'asked', action: 'view', resource, isListed: true };
}

/** Those who may do `action` to each of the `resource`s that a query means and that they see. */
export function askedForEachListed(action: ActionId, resource: ResourceType): Access {
  return { kind: 'asked', action, resource, isAskedForEach: true, isListed: true };
}

/** Those who may do `action` to a `resource` in some namespace: the request is about nothing stored. */
export function anywhere(action: ActionId, resource: ResourceType): Access {
  return { kind: 'asked', action, resource, isAnywhere: true };
}

/** A tenant in a path. */
export const tenant = z.string().min(1).max(100).describe('The tenant; `main` where there is one');

/** A namespace in a path or query. */
export const namespace = z
  .string()
  .max(150)
  .regex(/^[a-zA-Z0-9][a-zA-Z0-9._-]*$/, 'is no namespace');

/** The id of a flow. */
export const flowId = z
  .string()
  .max(100)
  .regex(/^[a-zA-Z0-9][a-zA-Z0-9._-]*$/, 'is no id of a flow');

/** The id of an execution. */
export const executionId = z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/, 'is no id of an execution');

/** The path parameters of everything. */
export const tenantParams = z.strictObject({ tenant });

/** The path parameters of a flow. */
export const flowParams = z.strictObject({ tenant, namespace, id: flowId });

/** The path parameters of an execution. */
export const executionParams = z.strictObject({ tenant, executionId });

/** `true` or `false` in a query. */
export const flag = z.enum(['true', 'false', '']).transform((text) => text !== 'false');

/** A whole number in a query. */
export const revision = z.coerce.number().int().min(1);

/** An ISO instant, or a local time with a zone, in a query; as epoch milliseconds. */
export const moment = z.string().transform((text, context) => {
  try {
    return Temporal.Instant.from(text).epochMilliseconds;
  } catch {
    try {
      return Temporal.ZonedDateTime.from(text).epochMilliseconds;
    } catch {
      context.addIssue({ code: 'custom', message: 'is no ISO time with a zone' });
      return z.NEVER;
    }
  }
});

/** Tells whether the body of a request says why, in its field `reason`. */
export function saysWhy({ body }: Pick<ReadRequest, 'body'>): boolean {
  const { reason } = body as { readonly reason?: string };
  return reason !== undefined && reason.trim() !== '';
}

/** Returns the labels of `key:value` texts; throws `request.malformed`. */
export function labelsOf(
  texts: readonly string[] | undefined,
): readonly { readonly key: string; readonly value: string }[] {
  return (texts ?? []).map((text) => {
    const at = text.indexOf(':');
    if (at <= 0) {
      throw new Failure('request.malformed', `the label \`${text}\` is not \`key:value\``);
    }
    return { key: text.slice(0, at), value: text.slice(at + 1) };
  });
}
