/**
 * Users and groups in the shapes of SCIM 2.0 (RFC 7643), and the changes that a directory asks for
 * (RFC 7644): what it sends is read into what a user or group shall be.
 */
import { z } from 'zod';
import { Failure } from '../../core/failure/index.ts';
import type { Group, Kept, User } from '../../runtime/identity/index.ts';

/** The names of the schemas. */
export const scimSchemas = {
  user: 'urn:ietf:params:scim:schemas:core:2.0:User',
  group: 'urn:ietf:params:scim:schemas:core:2.0:Group',
  list: 'urn:ietf:params:scim:api:messages:2.0:ListResponse',
  patch: 'urn:ietf:params:scim:api:messages:2.0:PatchOp',
  configuration: 'urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig',
  resourceType: 'urn:ietf:params:scim:schemas:core:2.0:ResourceType',
  schema: 'urn:ietf:params:scim:schemas:core:2.0:Schema',
} as const;

const text = z.string().max(1_000);

/** A user as a directory sends it; what is not kept here is taken and left. */
export const scimUserSchema = z.looseObject({
  schemas: z.array(text).optional(),
  userName: z.string().min(1).max(100),
  externalId: text.nullish(),
  displayName: text.nullish(),
  name: z.looseObject({ formatted: text.nullish() }).nullish(),
  emails: z.array(z.looseObject({ value: text, primary: z.boolean().optional() })).nullish(),
  active: z.boolean().optional(),
});

/** A group as a directory sends it. */
export const scimGroupSchema = z.looseObject({
  schemas: z.array(text).optional(),
  displayName: z.string().min(1).max(200),
  externalId: text.nullish(),
  members: z.array(z.looseObject({ value: text })).nullish(),
});

/** A list of changes. */
export const scimPatchSchema = z.looseObject({
  Operations: z
    .array(
      z.looseObject({
        op: z.string().transform((op, context) => {
          const low = op.toLowerCase();
          if (low === 'add' || low === 'replace' || low === 'remove') return low;
          context.addIssue({ code: 'custom', message: 'is no operation' });
          return z.NEVER;
        }),
        path: z.string().max(500).optional(),
        value: z.unknown(),
      }),
    )
    .min(1)
    .max(100),
});

/** One change. */
export type ScimOperation = z.output<typeof scimPatchSchema>['Operations'][number];

/** Returns the tag of a version. */
export function scimTag(version: number): string {
  return `W/"${version}"`;
}

function metaOf(
  type: 'User' | 'Group',
  { id, version }: Kept<unknown>,
  content: { readonly createdAt: number; readonly changedAt: number },
  url: string,
) {
  return {
    resourceType: type,
    created: new Date(content.createdAt).toISOString(),
    lastModified: new Date(content.changedAt).toISOString(),
    location: `${url}/scim/v2/${type}s/${id}`,
    version: scimTag(version),
  };
}

/** Returns a user in the shape of SCIM. */
export function scimUser(user: Kept<User>, url: string): Record<string, unknown> {
  const { id, content } = user;
  return {
    schemas: [scimSchemas.user],
    id,
    ...(content.externalId !== null && { externalId: content.externalId }),
    userName: content.name,
    displayName: content.displayName,
    ...(content.mail !== null && { emails: [{ value: content.mail, primary: true }] }),
    active: !content.isDisabled,
    groups: content.groups.map((value) => ({ value })),
    meta: metaOf('User', user, content, url),
  };
}

/** Returns a group in the shape of SCIM. */
export function scimGroup(group: Kept<Group>, url: string): Record<string, unknown> {
  const { id, content } = group;
  return {
    schemas: [scimSchemas.group],
    id,
    ...(content.externalId !== null && { externalId: content.externalId }),
    displayName: content.name,
    members: content.members.map((value) => ({ value })),
    meta: metaOf('Group', group, content, url),
  };
}

/** Returns what a user shall be, as a directory sends it. */
export function userFrom(sent: z.output<typeof scimUserSchema>) {
  const emails = sent.emails ?? [];
  const mail = (emails.find((one) => one.primary === true) ?? emails[0])?.value ?? null;
  return {
    name: sent.userName,
    displayName: sent.displayName ?? sent.name?.formatted ?? sent.userName,
    mail,
    externalId: sent.externalId ?? null,
    isDisabled: sent.active === false,
  };
}

function refused(what: string): Failure {
  return new Failure('request.malformed', `SCIM: ${what}`);
}

const attributes: Readonly<Record<string, string>> = {
  username: 'userName',
  displayname: 'displayName',
  externalid: 'externalId',
  active: 'active',
  emails: 'emails',
  members: 'members',
  name: 'name',
  'name.formatted': 'name.formatted',
  id: 'id',
};

function nameOf(path: string): string {
  const plain = path.replace(/^urn:ietf:params:scim:schemas:core:2\.0:(?:User|Group):/i, '');
  return attributes[plain.toLowerCase()] ?? plain;
}

/** Some directories send truth as text. */
function truth(value: unknown): unknown {
  return typeof value === 'string' && /^(?:true|false)$/i.test(value)
    ? value.toLowerCase() === 'true'
    : value;
}

function applied(
  document: Record<string, unknown>,
  name: string,
  op: string,
  value: unknown,
): void {
  if (name === 'id' || name === 'meta' || name === 'schemas')
    throw refused(`\`${name}\` is read-only`);
  if (name === 'name.formatted') {
    document['name'] = { formatted: op === 'remove' ? null : value };
    return;
  }
  if (name !== 'members') {
    if (op === 'remove') delete document[name];
    else document[name] = name === 'active' ? truth(value) : value;
    return;
  }
  const before = (document['members'] ?? []) as readonly { value: string }[];
  const given = z
    .array(z.looseObject({ value: text }))
    .safeParse(value === undefined || value === null ? [] : [value].flat());
  if (!given.success) throw refused('`members` is no list of members');
  const ids = new Set(given.data.map((one) => one.value));
  if (op === 'replace') document['members'] = given.data;
  else if (op === 'add') {
    document['members'] = [...before.filter((one) => !ids.has(one.value)), ...given.data];
  } else {
    document['members'] = ids.size === 0 ? [] : before.filter((one) => !ids.has(one.value));
  }
}

/** Returns `document` with `operations` done to it, in order. */
export function patched(
  document: Readonly<Record<string, unknown>>,
  operations: readonly ScimOperation[],
): Record<string, unknown> {
  const result: Record<string, unknown> = { ...document };
  for (const { op, path, value } of operations) {
    if (path === undefined || path === '') {
      if (op === 'remove') throw refused('`remove` needs a path');
      if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        throw refused('without a path the value is an object');
      }
      for (const [name, one] of Object.entries(value)) applied(result, nameOf(name), op, one);
      continue;
    }
    const member = /^members\[\s*value\s+eq\s+"([^"]{1,200})"\s*\]$/i.exec(path);
    if (member !== null) {
      if (op !== 'remove') throw refused(`\`${op}\` of one member is not supported`);
      applied(result, 'members', 'remove', [{ value: member[1] }]);
      continue;
    }
    const mail = /^emails\[\s*(?:type|primary)\s+eq\s+[^\]]{1,50}\]\.value$/i.test(path);
    if (mail) {
      applied(result, 'emails', op === 'remove' ? 'remove' : 'replace', [{ value, primary: true }]);
      continue;
    }
    const name = nameOf(path);
    if (!Object.values(attributes).includes(name)) throw refused(`\`${path}\` cannot be changed`);
    applied(result, name, op, value);
  }
  return result;
}

const comparison =
  /^\s*([\w.:]+)\s+(eq|ne|co|sw|ew|pr)\s*(?:"((?:[^"\\]|\\.)*)"|(true|false))?\s*$/i;

/** Returns what tells whether a document passes a filter of comparisons joined by `and`. */
export function scimFilter(
  filter: string | undefined,
): (document: Readonly<Record<string, unknown>>) => boolean {
  if (filter === undefined || filter.trim() === '') return () => true;
  const tests = filter.split(/\s+and\s+(?=(?:[^"]*"[^"]*")*[^"]*$)/i).map((part) => {
    const match = comparison.exec(part);
    if (match === null) throw refused(`the filter \`${part.trim()}\` cannot be read`);
    const [, path = '', op = '', quoted, word] = match;
    const name = nameOf(path.replace(/\.value$/, ''));
    const wanted =
      quoted === undefined ? (word ?? '').toLowerCase() : quoted.replaceAll(/\\(.)/g, '$1');
    const isExact = name === 'id' || name === 'externalId';
    const folded = (one: string): string => (isExact ? one : one.toLowerCase());
    return (document: Readonly<Record<string, unknown>>): boolean => {
      const own = Object.hasOwn(document, name) ? document[name] : undefined;
      const values = [own]
        .flat()
        .filter((one) => one !== undefined)
        .map((one) =>
          typeof one === 'object' && one !== null
            ? String((one as { value?: unknown }).value)
            : String(one),
        )
        .map(folded);
      const text = folded(wanted);
      switch (op.toLowerCase()) {
        case 'pr':
          return values.length > 0;
        case 'eq':
          return values.includes(text);
        case 'ne':
          return !values.includes(text);
        case 'co':
          return values.some((one) => one.includes(text));
        case 'sw':
          return values.some((one) => one.startsWith(text));
        default:
          return values.some((one) => one.endsWith(text));
      }
    };
  });
  return (document) => tests.every((test) => test(document));
}
