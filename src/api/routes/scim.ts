/**
 * SCIM 2.0: a directory brings users and groups, and takes them away. It is let in by the token of a
 * service account for the action `provision`, and works in the tenant of that account.
 *
 * INVARIANT: a user who is made inactive has no session and no token from that answer on; no role comes
 * by this way, only membership in groups whose roles people have set here.
 */
import { z } from 'zod';
import { Failure } from '../../core/failure/index.ts';
import type { Group, Identity, Kept, User } from '../../runtime/identity/index.ts';
import {
  type Access,
  type Answer,
  noContent,
  type Route,
  type RouteRequest,
} from '../server/index.ts';
import { route } from './define-route.ts';
import {
  patched,
  scimGroup,
  scimGroupSchema,
  scimName,
  scimRefusal,
  scimPatchSchema,
  scimSchemas,
  scimTag,
  scimUser,
  scimUserSchema,
  userFrom,
} from './scim-documents.ts';
import { scimFilter } from './scim-filter.ts';

const mediaType = 'application/scim+json';
const pageMax = 200;
const provision = (resource: 'Account' | 'Group'): Access => ({
  kind: 'asked',
  action: 'provision',
  resource,
  isOfCaller: true,
});

const document = z.record(z.string(), z.unknown());
const found = { 200: { description: 'A SCIM document', schema: document, mediaType } };
const made = { 201: { description: 'A SCIM document', schema: document, mediaType } };
const gone = { 204: { description: 'It is gone' } };

const attributeNames = z
  .string()
  .max(1_000)
  .transform(
    (text) => new Set(text.split(',').map((one) => scimName(one.trim()).split('.')[0] ?? '')),
  );
/** Which attributes are wanted; asked with every answer that holds a user or a group. */
const oneQuery = z.strictObject({
  attributes: attributeNames.optional(),
  excludedAttributes: attributeNames.optional(),
});
const listQuery = z.strictObject({
  ...oneQuery.shape,
  filter: z.string().max(1_000).optional(),
  startIndex: z.coerce.number().int().optional(),
  count: z.coerce.number().int().optional(),
});
type Wanted = z.output<typeof oneQuery>;

/** Returns a document with the attributes that are wanted, and those that are always there. */
function selected(
  document: Readonly<Record<string, unknown>>,
  { attributes, excludedAttributes }: Wanted,
): Record<string, unknown> {
  const isWanted = (name: string): boolean =>
    name === 'id' ||
    name === 'schemas' ||
    ((attributes === undefined || attributes.has(name)) && excludedAttributes?.has(name) !== true);
  return Object.fromEntries(Object.entries(document).filter(([name]) => isWanted(name)));
}

const idParams = z.strictObject({ id: z.string().regex(/^(?:user|group):\w{1,60}$/, 'is no id') });

function sent(body: unknown, status = 200): Answer {
  return { status, body, mediaType };
}

function listed(
  all: readonly Record<string, unknown>[],
  query: z.output<typeof listQuery>,
): Answer {
  const isWanted = scimFilter(query.filter);
  const matching = all.filter(isWanted);
  const start = Math.max(1, query.startIndex ?? 1);
  const count = Math.min(pageMax, Math.max(0, query.count ?? pageMax));
  const page = matching.slice(start - 1, start - 1 + count).map((one) => selected(one, query));
  return sent({
    schemas: [scimSchemas.list],
    totalResults: matching.length,
    startIndex: start,
    itemsPerPage: page.length,
    Resources: page,
  });
}

/** Returns what `act` gives; a member that is not there is no missing group. */
async function withMembers<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'identity.not-found') throw error;
    throw scimRefusal('a member is no user of this tenant');
  }
}

/** What a change of one needs of its request. */
type ChangeRequest = Pick<RouteRequest, 'view' | 'principal' | 'header'> & {
  readonly query: Wanted;
};

/** Returns the answer that shows a user or a group. */
function shown(
  document: Readonly<Record<string, unknown>>,
  version: number,
  query: Wanted,
  status: number,
): Answer {
  const { location } = document['meta'] as { readonly location: string };
  return {
    ...sent(selected(document, query), status),
    headers: { etag: scimTag(version), ...(status === 201 && { location }) },
  };
}

function assertUnchanged(request: Pick<RouteRequest, 'header'>, version: number): void {
  const tag = request.header('if-match');
  if (tag === undefined || tag === '*' || tag === scimTag(version)) return;
  throw new Failure('request.precondition-failed', 'it has changed since it was read');
}

/** Returns the same, read by a schema, or throws `request.malformed`. */
function readAs<T>(schema: z.ZodType<T>, value: unknown): T {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  throw new Failure('request.malformed', 'SCIM: what would come of it is not valid');
}

/** The path of everything SCIM. */
const at = (rest: string): string => `/scim/v2${rest}`;

function aboutRoutes(): readonly Route[] {
  const attribute = (name: string, more: object = {}) => ({
    name,
    type: 'string',
    multiValued: false,
    required: false,
    mutability: 'readWrite',
    returned: 'default',
    uniqueness: 'none',
    ...more,
  });
  const members = attribute('members', { type: 'complex', multiValued: true });
  const schemas = [
    {
      schemas: [scimSchemas.schema],
      id: scimSchemas.user,
      name: 'User',
      attributes: [
        attribute('userName', { required: true, uniqueness: 'server' }),
        attribute('displayName'),
        attribute('emails', { type: 'complex', multiValued: true }),
        attribute('active', { type: 'boolean' }),
        attribute('groups', { type: 'complex', multiValued: true, mutability: 'readOnly' }),
      ],
    },
    {
      schemas: [scimSchemas.schema],
      id: scimSchemas.group,
      name: 'Group',
      attributes: [attribute('displayName', { required: true, uniqueness: 'server' }), members],
    },
  ];
  const types = (['User', 'Group'] as const).map((name) => ({
    schemas: [scimSchemas.resourceType],
    id: name,
    name,
    endpoint: `/${name}s`,
    schema: name === 'User' ? scimSchemas.user : scimSchemas.group,
  }));
  const supported = { supported: true };
  const unsupported = { supported: false };
  const configuration = {
    schemas: [scimSchemas.configuration],
    patch: supported,
    bulk: { ...unsupported, maxOperations: 0, maxPayloadSize: 0 },
    filter: { ...supported, maxResults: pageMax },
    changePassword: unsupported,
    sort: unsupported,
    etag: supported,
    authenticationSchemes: [
      { type: 'oauthbearertoken', name: 'API token', description: 'A token for `provision`' },
    ],
  };
  const list = (all: readonly object[]) => ({
    schemas: [scimSchemas.list],
    totalResults: all.length,
    startIndex: 1,
    itemsPerPage: all.length,
    Resources: all,
  });
  const about = [
    [
      'getScimConfiguration',
      '/ServiceProviderConfig',
      'Tells what this server does of SCIM.',
      configuration,
    ],
    ['listScimResourceTypes', '/ResourceTypes', 'Lists what SCIM is about here.', list(types)],
    ['listScimSchemas', '/Schemas', 'Lists the SCIM schemas.', list(schemas)],
  ] as const;
  return about.map(([id, path, summary, body]) =>
    route({
      id,
      method: 'GET',
      path: at(path),
      tag: 'SCIM',
      summary,
      access: provision('Account'),
      answers: found,
      handle: async () => sent(body),
    }),
  );
}

/** Returns the routes of SCIM. */
export function scimRoutes(identity: Identity): readonly Route[] {
  const { users } = identity;
  const userOf = async (view: { tenant: string }, id: string): Promise<Kept<User>> => {
    const user = await users.find(id, view.tenant);
    if (user !== undefined) return user;
    throw new Failure('identity.not-found', 'there is no such user');
  };
  const groupOf = async (view: { tenant: string }, id: string): Promise<Kept<Group>> => {
    const group = await users.group(id, view.tenant);
    if (group !== undefined) return group;
    throw new Failure('identity.not-found', 'there is no such group');
  };
  const shownUser = (user: Kept<User>, query: Wanted, status = 200): Answer =>
    shown(scimUser(user, identity.url()), user.version, query, status);
  const shownGroup = (group: Kept<Group>, query: Wanted, status = 200): Answer =>
    shown(scimGroup(group, identity.url()), group.version, query, status);

  const setUser = async (
    request: ChangeRequest,
    id: string,
    after: (user: Kept<User>) => z.output<typeof scimUserSchema>,
  ): Promise<Answer> => {
    const { isDisabled: wasDisabled } = (await userOf(request.view, id)).content;
    let type = 'user-changed';
    await users.change(
      id,
      () => ({ type, actor: request.principal.id }),
      (content, version) => {
        assertUnchanged(request, version);
        const wanted = userFrom(after({ id, version, content }), content);
        if (wanted.isDisabled !== wasDisabled) {
          type = wanted.isDisabled ? 'user-disabled' : 'user-enabled';
        }
        return { ...wanted, authority: content.authority + 1 };
      },
    );
    return shownUser(await userOf(request.view, id), request.query);
  };
  const setGroup = async (
    request: ChangeRequest,
    id: string,
    after: (group: Kept<Group>) => z.output<typeof scimGroupSchema>,
  ): Promise<Answer> => {
    await groupOf(request.view, id);
    await withMembers(() =>
      users.changeGroup(id, request.principal.id, (content, version) => {
        assertUnchanged(request, version);
        const { displayName: name, externalId, members } = after({ id, version, content });
        return {
          name,
          externalId: externalId ?? null,
          members: (members ?? []).map((one) => one.value),
        };
      }),
    );
    return shownGroup(await groupOf(request.view, id), request.query);
  };

  return [
    ...aboutRoutes(),
    route({
      id: 'listScimUsers',
      method: 'GET',
      path: at('/Users'),
      tag: 'SCIM',
      summary: 'Lists users that pass a filter.',
      access: provision('Account'),
      query: listQuery,
      answers: found,
      handle: async ({ view, query }) =>
        listed(
          (await users.list(view.tenant)).map((one) => scimUser(one, identity.url())),
          query,
        ),
    }),
    route({
      id: 'createScimUser',
      method: 'POST',
      path: at('/Users'),
      tag: 'SCIM',
      summary: 'Creates a user.',
      access: provision('Account'),
      body: { kind: 'json', schema: scimUserSchema },
      answers: made,
      handle: async ({ view, principal, body }) => {
        const draft = { ...userFrom(body), tenant: view.tenant };
        const id = await users.create(draft, principal.id, 'user-provisioned');
        return shownUser(await userOf(view, id), {}, 201);
      },
    }),
    route({
      id: 'getScimUser',
      method: 'GET',
      path: at('/Users/{id}'),
      tag: 'SCIM',
      summary: 'Returns a user.',
      access: provision('Account'),
      params: idParams,
      answers: found,
      query: oneQuery,
      handle: async ({ view, params, query }) => shownUser(await userOf(view, params.id), query),
    }),
    route({
      id: 'replaceScimUser',
      method: 'PUT',
      path: at('/Users/{id}'),
      tag: 'SCIM',
      summary: 'Replaces what is known of a user.',
      access: provision('Account'),
      params: idParams,
      body: { kind: 'json', schema: scimUserSchema },
      answers: found,
      query: oneQuery,
      handle: async (request) => setUser(request, request.params.id, () => request.body),
    }),
    route({
      id: 'changeScimUser',
      method: 'PATCH',
      path: at('/Users/{id}'),
      tag: 'SCIM',
      summary: 'Changes a user.',
      access: provision('Account'),
      params: idParams,
      body: { kind: 'json', schema: scimPatchSchema },
      answers: found,
      query: oneQuery,
      handle: async (request) =>
        setUser(request, request.params.id, (user) =>
          readAs(scimUserSchema, patched(scimUser(user, ''), request.body.Operations)),
        ),
    }),
    route({
      id: 'removeScimUser',
      method: 'DELETE',
      path: at('/Users/{id}'),
      tag: 'SCIM',
      summary: 'Removes a user.',
      access: provision('Account'),
      params: idParams,
      answers: gone,
      handle: async (request) => {
        const user = await userOf(request.view, request.params.id);
        assertUnchanged(request, user.version);
        await users.remove(user.id, request.principal.id);
        return noContent();
      },
    }),
    route({
      id: 'listScimGroups',
      method: 'GET',
      path: at('/Groups'),
      tag: 'SCIM',
      summary: 'Lists groups that pass a filter.',
      access: provision('Group'),
      query: listQuery,
      answers: found,
      handle: async ({ view, query }) =>
        listed(
          (await users.groups(view.tenant)).map((one) => scimGroup(one, identity.url())),
          query,
        ),
    }),
    route({
      id: 'createScimGroup',
      method: 'POST',
      path: at('/Groups'),
      tag: 'SCIM',
      summary: 'Creates a group.',
      access: provision('Group'),
      body: { kind: 'json', schema: scimGroupSchema },
      answers: made,
      handle: async ({ view, principal, body }) => {
        const { displayName: name, externalId = null } = body;
        const members = (body.members ?? []).map((one) => one.value);
        const draft = { tenant: view.tenant, name, externalId, members };
        const id = await withMembers(() => users.createGroup(draft, principal.id));
        return shownGroup(await groupOf(view, id), {}, 201);
      },
    }),
    route({
      id: 'getScimGroup',
      method: 'GET',
      path: at('/Groups/{id}'),
      tag: 'SCIM',
      summary: 'Returns a group.',
      access: provision('Group'),
      params: idParams,
      answers: found,
      query: oneQuery,
      handle: async ({ view, params, query }) => shownGroup(await groupOf(view, params.id), query),
    }),
    route({
      id: 'replaceScimGroup',
      method: 'PUT',
      path: at('/Groups/{id}'),
      tag: 'SCIM',
      summary: 'Replaces what is known of a group.',
      access: provision('Group'),
      params: idParams,
      body: { kind: 'json', schema: scimGroupSchema },
      answers: found,
      query: oneQuery,
      handle: async (request) => setGroup(request, request.params.id, () => request.body),
    }),
    route({
      id: 'changeScimGroup',
      method: 'PATCH',
      path: at('/Groups/{id}'),
      tag: 'SCIM',
      summary: 'Changes a group.',
      access: provision('Group'),
      params: idParams,
      body: { kind: 'json', schema: scimPatchSchema },
      answers: found,
      query: oneQuery,
      handle: async (request) =>
        setGroup(request, request.params.id, (group) =>
          readAs(scimGroupSchema, patched(scimGroup(group, ''), request.body.Operations)),
        ),
    }),
    route({
      id: 'removeScimGroup',
      method: 'DELETE',
      path: at('/Groups/{id}'),
      tag: 'SCIM',
      summary: 'Removes a group.',
      access: provision('Group'),
      params: idParams,
      answers: gone,
      handle: async (request) => {
        const group = await groupOf(request.view, request.params.id);
        assertUnchanged(request, group.version);
        await users.removeGroup(group.id, request.principal.id);
        return noContent();
      },
    }),
  ];
}
