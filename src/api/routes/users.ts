/**
 * Users and groups of a tenant, as those who administer them see and change them. A role is given by a
 * route of its own, whose question names who would hold it: nobody gives one to themselves.
 */
import { z } from 'zod';
import { Failure } from '../../core/failure/index.ts';
import type { Identity } from '../../runtime/identity/index.ts';
import { answer, noContent, type ReadRequest, type Route, type Target } from '../server/index.ts';
import { asked, route, tenant, tenantParams } from './define-route.ts';
import {
  groupSchema,
  roleSchema,
  sessionSchema,
  shownGroup,
  shownSession,
  shownUser,
  userSchema,
} from './identity-shapes.ts';

const userId = z.string().regex(/^user:\w{1,60}$/, 'is no id of a user');
const groupId = z.string().regex(/^group:\w{1,60}$/, 'is no id of a group');
const userParams = z.strictObject({ tenant, id: userId });
const groupParams = z.strictObject({ tenant, id: groupId });
const username = z.string().regex(/^[^\s:\p{C}]{1,100}$/u, 'has a space or a colon');
const displayName = z.string().min(1).max(200);
const mail = z.email().max(300).nullable();
const rolesSchema = z.strictObject({ roles: z.array(roleSchema).max(100) });

/** Returns whom a change of roles is about; the namespace stays that of the whole tenant. */
function involvedOf({ params }: ReadRequest): Target {
  return { facts: { involved: [String(params['id'])] } };
}

function membersOf({ body }: ReadRequest): Target {
  const { members } = body as { members?: readonly string[] };
  return { facts: { involved: [...(members ?? [])] } };
}

const linkSchema = z.object({
  url: z.string().describe('Works once; whoever has it sets the password'),
});

/** Returns the routes of users and groups. */
export function userRoutes(identity: Identity): readonly Route[] {
  const { users, sessions, signIn } = identity;
  const found = async <T>(what: Promise<T | undefined>): Promise<T> => {
    const thing = await what;
    if (thing !== undefined) return thing;
    throw new Failure('identity.not-found', 'there is nobody of that id');
  };
  const linkUrl = (secret: string): string => `${identity.url()}/invite#${secret}`;
  const oneUser = { 200: { description: 'The user', schema: userSchema } };
  const oneGroup = { 200: { description: 'The group', schema: groupSchema } };
  return [
    route({
      id: 'listUsers',
      method: 'GET',
      path: '/api/v1/{tenant}/users',
      tag: 'Users',
      summary: 'Lists the users.',
      access: asked('view', 'Account'),
      params: tenantParams,
      answers: { 200: { description: 'The users', schema: z.array(userSchema) } },
      handle: async ({ view }) => answer((await users.list(view.tenant)).map(shownUser)),
    }),
    route({
      id: 'createUser',
      method: 'POST',
      path: '/api/v1/{tenant}/users',
      tag: 'Users',
      summary: 'Creates a user and gives the link that invites them.',
      access: asked('administer-users', 'Account'),
      params: tenantParams,
      body: {
        kind: 'json',
        schema: z.strictObject({
          username,
          displayName: displayName.optional(),
          mail: mail.optional(),
        }),
      },
      answers: {
        201: {
          description: 'The user, with the link',
          schema: z.object({ user: userSchema, url: z.string() }),
        },
      },
      handle: async ({ view, body, principal }) => {
        const id = await users.create(
          {
            tenant: view.tenant,
            name: body.username,
            ...(body.displayName !== undefined && { displayName: body.displayName }),
            ...(body.mail !== undefined && { mail: body.mail }),
          },
          principal.id,
        );
        const secret = await signIn.makeLink(id, 'invitation', principal.id);
        const user = shownUser(await found(users.find(id, view.tenant)));
        return answer({ user, url: linkUrl(secret) }, 201);
      },
    }),
    route({
      id: 'getUser',
      method: 'GET',
      path: '/api/v1/{tenant}/users/{id}',
      tag: 'Users',
      summary: 'Returns a user.',
      access: asked('view', 'Account'),
      params: userParams,
      answers: oneUser,
      handle: async ({ view, params }) =>
        answer(shownUser(await found(users.find(params.id, view.tenant)))),
    }),
    route({
      id: 'changeUser',
      method: 'PATCH',
      path: '/api/v1/{tenant}/users/{id}',
      tag: 'Users',
      summary: 'Changes a user; disabling one ends their sessions and tokens at once.',
      access: asked('administer-users', 'Account'),
      params: userParams,
      body: {
        kind: 'json',
        schema: z.strictObject({
          username: username.optional(),
          displayName: displayName.optional(),
          mail: mail.optional(),
          isDisabled: z.boolean().optional(),
        }),
      },
      answers: oneUser,
      handle: async ({ view, params, body, principal }) => {
        await found(users.find(params.id, view.tenant));
        const { username: name, displayName: title, mail: to, isDisabled } = body;
        const type =
          isDisabled === undefined ? 'user-changed' : isDisabled ? 'user-disabled' : 'user-enabled';
        await users.change(params.id, { type, actor: principal.id }, (user) => ({
          ...(name !== undefined && { name }),
          ...(title !== undefined && { displayName: title }),
          ...(to !== undefined && { mail: to }),
          ...(isDisabled !== undefined && { isDisabled }),
          authority: user.authority + 1,
        }));
        return answer(shownUser(await found(users.find(params.id, view.tenant))));
      },
    }),
    route({
      id: 'removeUser',
      method: 'DELETE',
      path: '/api/v1/{tenant}/users/{id}',
      tag: 'Users',
      summary: 'Removes a user; what they did stays in the ledger under their handle.',
      access: asked('administer-users', 'Account'),
      params: userParams,
      answers: { 204: { description: 'They are removed' } },
      handle: async ({ view, params, principal }) => {
        await found(users.find(params.id, view.tenant));
        await users.remove(params.id, principal.id);
        return noContent();
      },
    }),
    route({
      id: 'setUserRoles',
      method: 'PUT',
      path: '/api/v1/{tenant}/users/{id}/roles',
      tag: 'Users',
      summary: 'Sets the roles of a user in this tenant.',
      access: asked('grant-role', 'Account', involvedOf),
      params: userParams,
      body: { kind: 'json', schema: rolesSchema },
      answers: oneUser,
      handle: async ({ view, params, body, principal }) => {
        await found(users.find(params.id, view.tenant));
        const roles = body.roles.map((one) => ({ ...one, tenant: view.tenant }));
        const event = { type: 'user-roles-set', actor: principal.id, payload: { roles } };
        await users.change(params.id, event, (user) => ({
          roles: [...user.roles.filter((one) => one.tenant !== view.tenant), ...roles],
          authority: user.authority + 1,
        }));
        return answer(shownUser(await found(users.find(params.id, view.tenant))));
      },
    }),
    route({
      id: 'makeUserLink',
      method: 'POST',
      path: '/api/v1/{tenant}/users/{id}/links',
      tag: 'Users',
      summary: 'Makes a link by which a user sets their password, once.',
      access: asked('administer-users', 'Account'),
      params: userParams,
      body: {
        kind: 'json',
        schema: z.strictObject({ purpose: z.enum(['invitation', 'reset']) }),
      },
      answers: { 201: { description: 'The link', schema: linkSchema } },
      handle: async ({ view, params, body, principal }) => {
        await found(users.find(params.id, view.tenant));
        const secret = await signIn.makeLink(params.id, body.purpose, principal.id);
        return answer({ url: linkUrl(secret) }, 201);
      },
    }),
    route({
      id: 'listUserSessions',
      method: 'GET',
      path: '/api/v1/{tenant}/users/{id}/sessions',
      tag: 'Users',
      summary: 'Lists the sessions of a user.',
      access: asked('view', 'Account'),
      params: userParams,
      answers: { 200: { description: 'The sessions', schema: z.array(sessionSchema) } },
      handle: async ({ view, params, credential }) => {
        await found(users.find(params.id, view.tenant));
        const all = await sessions.list(params.id);
        return answer(all.map((one) => shownSession(one, credential?.id ?? '')));
      },
    }),
    route({
      id: 'endUserSessions',
      method: 'DELETE',
      path: '/api/v1/{tenant}/users/{id}/sessions',
      tag: 'Users',
      summary: 'Ends all sessions of a user.',
      access: asked('administer-users', 'Account'),
      params: userParams,
      answers: { 204: { description: 'They have ended' } },
      handle: async ({ view, params, principal }) => {
        await found(users.find(params.id, view.tenant));
        await sessions.end(params.id, principal.id);
        return noContent();
      },
    }),
    route({
      id: 'listGroups',
      method: 'GET',
      path: '/api/v1/{tenant}/groups',
      tag: 'Groups',
      summary: 'Lists the groups.',
      access: asked('view', 'Group'),
      params: tenantParams,
      answers: { 200: { description: 'The groups', schema: z.array(groupSchema) } },
      handle: async ({ view }) => answer((await users.groups(view.tenant)).map(shownGroup)),
    }),
    route({
      id: 'createGroup',
      method: 'POST',
      path: '/api/v1/{tenant}/groups',
      tag: 'Groups',
      summary: 'Creates a group.',
      access: asked('administer-users', 'Group'),
      params: tenantParams,
      body: {
        kind: 'json',
        schema: z.strictObject({ name: z.string().min(1).max(200) }),
      },
      answers: { 201: { description: 'The group', schema: groupSchema } },
      handle: async ({ view, body, principal }) => {
        const id = await users.createGroup({ tenant: view.tenant, name: body.name }, principal.id);
        return answer(shownGroup(await found(users.group(id, view.tenant))), 201);
      },
    }),
    route({
      id: 'setGroupMembers',
      method: 'PUT',
      path: '/api/v1/{tenant}/groups/{id}/members',
      tag: 'Groups',
      summary: 'Sets who is in a group; they hold its roles.',
      access: asked('grant-role', 'Group', membersOf),
      params: groupParams,
      body: {
        kind: 'json',
        schema: z.strictObject({ members: z.array(userId).max(10_000) }),
      },
      answers: oneGroup,
      handle: async ({ view, params, body, principal }) => {
        await found(users.group(params.id, view.tenant));
        await users.changeGroup(params.id, principal.id, () => ({ members: body.members }));
        return answer(shownGroup(await found(users.group(params.id, view.tenant))));
      },
    }),
    route({
      id: 'setGroupRoles',
      method: 'PUT',
      path: '/api/v1/{tenant}/groups/{id}/roles',
      tag: 'Groups',
      summary: 'Sets the roles of a group.',
      access: asked('grant-role', 'Group', involvedOf),
      params: groupParams,
      body: { kind: 'json', schema: rolesSchema },
      answers: oneGroup,
      handle: async ({ view, params, body, principal }) => {
        const group = await found(users.group(params.id, view.tenant));
        // The door knows the group by its id only; who is in it decides here.
        if (group.content.members.includes(principal.id)) {
          throw new Failure('access.denied', 'roles of a group are given by somebody outside it');
        }
        const roles = body.roles.map((one) => ({ ...one, tenant: view.tenant }));
        await users.changeGroup(params.id, principal.id, () => ({ roles }));
        return answer(shownGroup(await found(users.group(params.id, view.tenant))));
      },
    }),
    route({
      id: 'removeGroup',
      method: 'DELETE',
      path: '/api/v1/{tenant}/groups/{id}',
      tag: 'Groups',
      summary: 'Removes a group.',
      access: asked('administer-users', 'Group'),
      params: groupParams,
      answers: { 204: { description: 'It is removed' } },
      handle: async ({ view, params, principal }) => {
        await found(users.group(params.id, view.tenant));
        await users.removeGroup(params.id, principal.id);
        return noContent();
      },
    }),
  ];
}
