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

/** Some directories send truth as text. */
function truth(value: unknown): unknown {
  return typeof value === 'string' && /^(?:true|false)$/i.test(value)
    ? value.toLowerCase() === 'true'
    : value;
}

const flag = z.preprocess(truth, z.boolean());

/** A user as a directory sends it; what is not kept here is taken and left. */
export const scimUserSchema = z.looseObject({
  schemas: z.array(text).optional(),
  userName: z.string().min(1).max(100),
  externalId: text.nullish(),
  displayName: text.nullish(),
  name: z
    .looseObject({
      formatted: text.nullish(),
      givenName: text.nullish(),
      familyName: text.nullish(),
    })
    .nullish(),
  emails: z.array(z.looseObject({ value: text, primary: flag.optional() })).nullish(),
  active: flag.optional(),
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
        value: z.unknown().optional(),
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

/** Returns what a user shall be, as a directory sends it; what it says nothing of stays as in `before`. */
export function userFrom(
  sent: z.output<typeof scimUserSchema>,
  before?: Pick<User, 'isDisabled'>,
): Pick<User, 'name' | 'displayName' | 'mail' | 'externalId' | 'isDisabled'> {
  const emails = sent.emails ?? [];
  const mail = (emails.find((one) => one.primary === true) ?? emails[0])?.value ?? null;
  const { formatted, givenName, familyName } = sent.name ?? {};
  const whole = [givenName, familyName].filter(Boolean).join(' ');
  const wanted = [sent.displayName, formatted, whole].find((one) => (one ?? '') !== '');
  return {
    name: sent.userName,
    displayName: wanted ?? sent.userName,
    mail: mail === '' ? null : mail,
    externalId: sent.externalId ?? null,
    isDisabled: sent.active === undefined ? (before?.isDisabled ?? false) : !sent.active,
  };
}

/** Returns the refusal of something that a directory asks for. */
export function scimRefusal(what: string): Failure {
  return new Failure('request.malformed', `SCIM: ${what}`);
}

const kept = [
  'userName',
  'displayName',
  'externalId',
  'active',
  'emails',
  'members',
  'name',
  'name.formatted',
  'name.givenName',
  'name.familyName',
  'id',
];
/** Attributes of the core schema that are taken and left. */
const left = [
  'nickName',
  'profileUrl',
  'title',
  'userType',
  'preferredLanguage',
  'locale',
  'timezone',
  'password',
  'phoneNumbers',
  'ims',
  'photos',
  'addresses',
  'groups',
  'entitlements',
  'roles',
  'x509Certificates',
  'name.middleName',
  'name.honorificPrefix',
  'name.honorificSuffix',
  'meta',
  'schemas',
];
const spelling = new Map([...kept, ...left].map((name) => [name.toLowerCase(), name]));
const corePrefix = /^urn:ietf:params:scim:schemas:core:2\.0:(?:User|Group):/i;
const extension = /^urn:[\w.:-]{1,200}$/i;

/** Returns the name of an attribute as the schema spells it. */
export function scimName(path: string): string {
  const plain = path.replace(corePrefix, '');
  return spelling.get(plain.toLowerCase()) ?? plain;
}

type Document = Record<string, unknown>;
type Members = readonly { readonly value: string }[];

function changeMembers(document: Document, op: ScimOperation['op'], value: unknown): void {
  const before = (document['members'] ?? []) as Members;
  const given = z
    .array(z.looseObject({ value: text }))
    .safeParse(value === undefined || value === null ? [] : [value].flat());
  if (!given.success) throw scimRefusal('`members` is no list of members');
  const ids = new Set(given.data.map((one) => one.value));
  const others = before.filter((one) => !ids.has(one.value));
  if (op === 'replace') document['members'] = given.data;
  else if (op === 'add') document['members'] = [...others, ...given.data];
  else document['members'] = ids.size === 0 ? [] : others;
}

/** Does one operation to an attribute, by its plain name. */
function changeAttribute(
  document: Document,
  op: ScimOperation['op'],
  name: string,
  value: unknown,
): void {
  if (name === 'id') {
    // Directories send the id along with what they change; it may say nothing else.
    if (op === 'remove' || value !== document['id']) throw scimRefusal('`id` is read-only');
    return;
  }
  if (name === 'members') {
    changeMembers(document, op, value);
    return;
  }
  if (name === 'name' || name.startsWith('name.')) {
    // Of a name only the whole is kept; parts alone would lose the rest.
    const parts = name === 'name' ? value : { [name.slice(5)]: value };
    const formatted = (parts as Document | null | undefined)?.['formatted'];
    if (op !== 'remove' && formatted !== undefined) document['displayName'] = formatted;
    return;
  }
  if (op === 'remove') delete document[name];
  else document[name] = value;
}

/** Does one operation to what a path names: an attribute, or those of a list that pass a filter. */
function changeAt(document: Document, op: ScimOperation['op'], path: string, value: unknown): void {
  const member = /^members\[\s*value\s+eq\s+"([^"]{1,200})"\s*\]$/i.exec(path);
  if (member !== null) {
    if (op !== 'remove') throw scimRefusal(`\`${op}\` of one member is not supported`);
    changeMembers(document, 'remove', [{ value: member[1] }]);
    return;
  }
  const part = /^([a-z0-9]{1,50})\[[^\][]{1,200}\](?:\.\w{1,50})?$/i.exec(
    path.replace(corePrefix, ''),
  );
  const name = scimName(part?.[1] ?? path);
  if (name === 'emails' && part !== null) {
    if (/\.value$/i.test(path)) {
      const mail = op === 'remove' ? undefined : [{ value, primary: true }];
      changeAttribute(document, op, 'emails', mail);
    }
    return;
  }
  if (kept.includes(name) && part === null) {
    changeAttribute(document, op, name, value);
    return;
  }
  if (left.includes(name) || left.includes(name.split('.')[0] ?? '') || extension.test(name))
    return;
  throw scimRefusal(`there is no attribute \`${path}\``);
}

/** Returns `document` with `operations` done to it, in order. */
export function patched(
  document: Readonly<Record<string, unknown>>,
  operations: readonly ScimOperation[],
): Record<string, unknown> {
  const result: Document = { ...document };
  for (const { op, path, value } of operations) {
    if (path !== undefined && path !== '') {
      changeAt(result, op, path, value);
      continue;
    }
    if (op === 'remove') throw scimRefusal('`remove` needs a path');
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw scimRefusal('without a path the value is an object');
    }
    // Names stand there as paths do, filters included.
    for (const [name, one] of Object.entries(value)) changeAt(result, op, name, one);
  }
  return result;
}
