/**
 * Users and groups: made, named, given roles, locked. Each is a record found by an opaque handle; a login
 * name or the subject of a provider is a record of its own, so that nobody gets one that is taken.
 *
 * INVARIANT: whoever is disabled has no session and no token from that write on.
 */
import { Failure } from '../../core/failure/index.ts';
import type { RoleBinding } from '../../core/policy/index.ts';
import type { IdentityParts } from './identity-parts.ts';
import {
  type Change,
  type Event,
  hashOf,
  type Kept,
  type Records,
  untilUncontested,
} from './records.ts';
import { createTurns } from './turns.ts';
import type { Passkey } from '../../ports/passkeys.ts';

/** A role, where it holds, and in which tenant. */
export interface TenantRole extends RoleBinding {
  /** `*` for all: only the first administrator has it. */
  readonly tenant: string;
}

/** A user as they are kept. */
export interface User {
  readonly tenant: string;
  /** What they sign in with. */
  readonly name: string;
  readonly displayName: string;
  readonly mail: string | null;
  /** As the directory names them. */
  readonly externalId: string | null;
  readonly subjects: readonly { readonly issuer: string; readonly subject: string }[];
  readonly password: string | null;
  /** Encrypted secret of the authenticator app, and the last step that was used. */
  readonly totp: { readonly secret: string; readonly lastStep: number } | null;
  /** A secret that waits for its first code. */
  readonly pendingTotp: string | null;
  readonly recoveryCodes: readonly string[];
  readonly passkeys: readonly (Passkey & { readonly title: string; readonly at: number })[];
  readonly roles: readonly TenantRole[];
  /** What a provider's claims gave at the last sign-in there. */
  readonly claimRoles: readonly TenantRole[];
  readonly groups: readonly string[];
  readonly isDisabled: boolean;
  /** Grows whenever what they may do changes; sessions follow. */
  readonly authority: number;
  readonly createdAt: number;
  readonly changedAt: number;
}

/** A group of users. */
export interface Group {
  readonly tenant: string;
  readonly name: string;
  readonly externalId: string | null;
  readonly members: readonly string[];
  readonly roles: readonly TenantRole[];
  readonly createdAt: number;
  readonly changedAt: number;
}

/** What a user is made from. */
export interface UserDraft {
  readonly tenant: string;
  readonly name: string;
  readonly displayName?: string;
  readonly mail?: string | null;
  readonly externalId?: string | null;
  readonly password?: string | null;
  readonly roles?: readonly TenantRole[];
  readonly claimRoles?: readonly TenantRole[];
  readonly subject?: { readonly issuer: string; readonly subject: string };
  readonly isDisabled?: boolean;
}

/** What a change of a user is called in the ledger, and who makes it. */
type ChangeEvent = Pick<Event, 'type' | 'actor'> & { readonly payload?: Event['payload'] };

/** Users and groups. */
export interface Users {
  create(draft: UserDraft, actor: string, type?: string, also?: readonly Change[]): Promise<string>;
  /** Returns a user of a tenant; of any where none is named. */
  find(id: string, tenant?: string): Promise<Kept<User> | undefined>;
  byName(tenant: string, name: string): Promise<Kept<User> | undefined>;
  bySubject(tenant: string, issuer: string, subject: string): Promise<Kept<User> | undefined>;
  /** Returns whom a directory calls so. */
  byExternalId(tenant: string, externalId: string): Promise<readonly Kept<User>[]>;
  /** Has a user sign in as a subject of a provider from here on. */
  addSubject(
    id: string,
    subject: { readonly issuer: string; readonly subject: string },
  ): Promise<void>;
  list(tenant: string): Promise<readonly Kept<User>[]>;
  /** Changes a user; `change` may look at who they are, and says with `event` what it is. Throws `identity.not-found`. */
  change(
    id: string,
    event: ChangeEvent | (() => ChangeEvent),
    change: (user: User, version: number) => Partial<User>,
    also?: (user: Kept<User>) => Promise<readonly Change[]>,
  ): Promise<User>;
  /** Removes a user with their name, groups, sessions and tokens. */
  remove(id: string, actor: string): Promise<void>;

  createGroup(
    draft: Pick<Group, 'tenant' | 'name'> & Partial<Group>,
    actor: string,
  ): Promise<string>;
  group(id: string, tenant?: string): Promise<Kept<Group> | undefined>;
  groups(tenant: string): Promise<readonly Kept<Group>[]>;
  /** Changes a group; new and former members change with it. Throws `identity.not-found`. */
  changeGroup(
    id: string,
    actor: string,
    change: (
      group: Group,
      version: number,
    ) => Partial<Pick<Group, 'name' | 'externalId' | 'members' | 'roles'>>,
  ): Promise<Group>;
  removeGroup(id: string, actor: string): Promise<void>;
}

/** Returns a name as it is compared. */
export function foldName(name: string): string {
  return name.normalize('NFKC').toLowerCase();
}

function nameId(tenant: string, name: string): string {
  return hashOf(JSON.stringify([tenant, foldName(name)]));
}

function subjectId(tenant: string, issuer: string, subject: string): string {
  return hashOf(JSON.stringify([tenant, issuer, subject]));
}

/** Returns what a user is found by. */
function userKeys(user: User): Record<string, string> {
  return { tenant: user.tenant, ...(user.externalId !== null && { external: user.externalId }) };
}

/** Throws `identity.name-invalid` for a name nobody can sign in with. */
function checkName(name: string): void {
  if (/^[^\s:\p{C}]{1,100}$/u.test(name)) return;
  throw new Failure(
    'identity.name-invalid',
    'a login name has 1 to 100 characters, no space and no colon',
  );
}

/** Returns the removal of everything that somebody is signed in with. */
export async function endAll(records: Records, principal: string): Promise<readonly Change[]> {
  const sessions = await records.list('session', 'user', principal);
  const tokens = await records.list('token', 'owner', principal);
  const links = await records.list('one-time-link', 'user', principal);
  return [
    ...sessions.map(({ id }) => ({ kind: 'session', id, isRemoved: true }) as const),
    ...tokens.map(({ id }) => ({ kind: 'token', id, isRemoved: true }) as const),
    ...links.map(({ id }) => ({ kind: 'one-time-link', id, isRemoved: true }) as const),
  ];
}

/** Returns the removal of tokens of agents that act for somebody. */
async function endAgents(
  records: Records,
  tenant: string,
  user: string,
): Promise<readonly Change[]> {
  const accounts = await records.list<{ kind: string; owners: readonly string[] }>(
    'account',
    'tenant',
    tenant,
  );
  const agents = accounts.filter(
    ({ content }) => content.kind === 'agent' && content.owners.includes(user),
  );
  return (await Promise.all(agents.map(({ id }) => endAll(records, id)))).flat();
}

/** Returns users and groups. */
export function createUsers(parts: IdentityParts, records: Records): Users {
  const { clock, random } = parts;
  // Directories change one group many times at once; only other processes are left to contest a write.
  const turns = createTurns();
  const missing = (what: string): Failure =>
    new Failure('identity.not-found', `there is no such ${what}`);
  const taken = (name: string): Failure =>
    new Failure('identity.name-taken', `the name \`${name}\` is taken`);

  const find: Users['find'] = async (id, tenant) => {
    const user = await records.find<User>('user', id);
    return user === undefined || (tenant !== undefined && user.content.tenant !== tenant)
      ? undefined
      : user;
  };
  const throughName = async (kind: 'user-name' | 'user-subject', id: string) => {
    const name = await records.find<{ user: string }>(kind, id);
    return name === undefined ? undefined : find(name.content.user);
  };
  const put = (kept: Pick<Kept<User>, 'id' | 'version'>, content: User): Change => ({
    kind: 'user',
    id: kept.id,
    version: kept.version,
    content,
    keys: userKeys(content),
  });
  const putGroup = (kept: Pick<Kept<Group>, 'id' | 'version'>, content: Group): Change => ({
    kind: 'group',
    id: kept.id,
    version: kept.version,
    content,
    keys: {
      tenant: content.tenant,
      name: foldName(content.name),
      ...(content.externalId !== null && { external: content.externalId }),
    },
  });
  const withGroup = async (
    ids: readonly string[],
    change: (groups: readonly string[]) => readonly string[],
  ): Promise<readonly Change[]> => {
    const changes: Change[] = [];
    for (const id of new Set(ids)) {
      const user = await find(id);
      if (user === undefined) continue;
      const { groups, authority } = user.content;
      changes.push(
        put(user, { ...user.content, groups: change(groups), authority: authority + 1 }),
      );
    }
    return changes;
  };
  /** Returns what gives a group another name; throws `identity.name-taken`. */
  const renaming = async (
    { tenant, name }: Group,
    wanted: string,
    group: string,
  ): Promise<readonly Change[]> => {
    if (foldName(wanted) === foldName(name)) return [];
    const id = nameId(tenant, wanted);
    if ((await records.find('group-name', id)) !== undefined) throw taken(wanted);
    return [
      { kind: 'group-name', id: nameId(tenant, name), isRemoved: true },
      { kind: 'group-name', id, version: 0, content: { group } },
    ];
  };
  const membersOf = async (tenant: string, ids: readonly string[]): Promise<readonly string[]> => {
    const found: string[] = [];
    for (const id of new Set(ids)) {
      if ((await find(id, tenant)) === undefined) throw missing('user');
      found.push(id);
    }
    return found;
  };

  const inTurn = <T>(id: string, act: () => Promise<T>): Promise<T> =>
    turns(id, () => untilUncontested(act));

  const users: Users = {
    async create(draft, actor, type = 'user-created', also = []) {
      checkName(draft.name);
      const id = `user:${random.id()}`;
      const at = clock.now();
      const { tenant, name, subject } = draft;
      const user: User = {
        tenant,
        name,
        displayName: draft.displayName ?? name,
        mail: draft.mail ?? null,
        externalId: draft.externalId ?? null,
        subjects: subject === undefined ? [] : [subject],
        password: draft.password ?? null,
        totp: null,
        pendingTotp: null,
        recoveryCodes: [],
        passkeys: [],
        roles: draft.roles ?? [],
        claimRoles: draft.claimRoles ?? [],
        groups: [],
        isDisabled: draft.isDisabled ?? false,
        authority: 1,
        createdAt: at,
        changedAt: at,
      };
      const names: Change[] = [
        { kind: 'user-name', id: nameId(tenant, name), version: 0, content: { user: id } },
      ];
      if (subject !== undefined) {
        const of = subjectId(tenant, subject.issuer, subject.subject);
        names.push({ kind: 'user-subject', id: of, version: 0, content: { user: id } });
      }
      const by = actor === '' ? id : actor;
      const payload = { user: id, roles: [...user.roles, ...user.claimRoles] };
      try {
        await records.write(
          [{ type, tenant, actor: by, payload }],
          [...names, put({ id, version: 0 }, user), ...also],
        );
      } catch (error) {
        if (!(error instanceof Failure) || error.code !== 'store.conflict') throw error;
        if ((await users.byName(tenant, name)) !== undefined) throw taken(name);
        throw error;
      }
      return id;
    },
    find,
    byName: (tenant, name) => throughName('user-name', nameId(tenant, name)),
    bySubject: (tenant, issuer, subject) =>
      throughName('user-subject', subjectId(tenant, issuer, subject)),
    byExternalId: async (tenant, externalId) =>
      (await records.list<User>('user', 'external', externalId)).filter(
        ({ content }) => content.tenant === tenant,
      ),
    async addSubject(id, { issuer, subject }) {
      const event = { type: 'user-linked', actor: id };
      await users.change(
        id,
        event,
        ({ subjects }) => ({ subjects: [...subjects, { issuer, subject }] }),
        async ({ content: { tenant } }) => [
          {
            kind: 'user-subject',
            id: subjectId(tenant, issuer, subject),
            version: 0,
            content: { user: id },
          },
        ],
      );
    },
    list: (tenant) => records.list<User>('user', 'tenant', tenant),
    change: (id, event, change, also) =>
      inTurn(id, async () => {
        const user = await find(id);
        if (user === undefined) throw missing('user');
        const before = user.content;
        const changed = change(before, user.version);
        const after: User = { ...before, ...changed, changedAt: clock.now() };
        const changes: Change[] = [put(user, after), ...((await also?.(user)) ?? [])];
        if (foldName(after.name) !== foldName(before.name)) {
          checkName(after.name);
          const { tenant } = before;
          if ((await users.byName(tenant, after.name)) !== undefined) throw taken(after.name);
          changes.push(
            { kind: 'user-name', id: nameId(tenant, before.name), isRemoved: true },
            {
              kind: 'user-name',
              id: nameId(tenant, after.name),
              version: 0,
              content: { user: id },
            },
          );
        }
        if (after.isDisabled && !before.isDisabled) {
          changes.push(...(await endAll(records, id)));
          changes.push(...(await endAgents(records, before.tenant, id)));
        }
        const { type, actor, payload } = typeof event === 'function' ? event() : event;
        await records.write(
          [{ type, tenant: before.tenant, actor, payload: { user: id, ...payload } }],
          changes,
        );
        return after;
      }),
    remove: (id, actor) =>
      untilUncontested(async () => {
        const user = await find(id);
        if (user === undefined) throw missing('user');
        const { tenant, name, subjects, groups } = user.content;
        const changes: Change[] = [
          { kind: 'user', id, isRemoved: true },
          { kind: 'user-name', id: nameId(tenant, name), isRemoved: true },
          ...subjects.map(({ issuer, subject }) => {
            const of = subjectId(tenant, issuer, subject);
            return { kind: 'user-subject', id: of, isRemoved: true } as const;
          }),
          ...(await endAll(records, id)),
          ...(await endAgents(records, tenant, id)),
        ];
        for (const groupId of groups) {
          const group = await records.find<Group>('group', groupId);
          if (group === undefined) continue;
          const members = group.content.members.filter((one) => one !== id);
          changes.push(putGroup(group, { ...group.content, members }));
        }
        await records.write(
          [{ type: 'user-removed', tenant, actor, payload: { user: id } }],
          changes,
        );
      }),

    async createGroup(draft, actor) {
      const id = `group:${random.id()}`;
      const at = clock.now();
      const { tenant, name } = draft;
      const members = await membersOf(tenant, draft.members ?? []);
      const group: Group = {
        tenant,
        name,
        externalId: draft.externalId ?? null,
        members,
        roles: draft.roles ?? [],
        createdAt: at,
        changedAt: at,
      };
      const payload = { group: id, members, roles: group.roles };
      const nameOf = nameId(tenant, name);
      return untilUncontested(async () => {
        if ((await records.find('group-name', nameOf)) !== undefined) throw taken(name);
        await records.write(
          [{ type: 'group-created', tenant, actor, payload }],
          [
            putGroup({ id, version: 0 }, group),
            { kind: 'group-name', id: nameOf, version: 0, content: { group: id } },
            ...(await withGroup(members, (groups) => [...groups, id])),
          ],
        );
        return id;
      });
    },
    async group(id, tenant) {
      const group = await records.find<Group>('group', id);
      return group === undefined || (tenant !== undefined && group.content.tenant !== tenant)
        ? undefined
        : group;
    },
    groups: (tenant) => records.list<Group>('group', 'tenant', tenant),
    changeGroup: (id, actor, change) =>
      inTurn(id, async () => {
        const group = await records.find<Group>('group', id);
        if (group === undefined) throw missing('group');
        const before = group.content;
        const { members: wanted, ...rest } = change(before, group.version);
        const members =
          wanted === undefined ? before.members : await membersOf(before.tenant, wanted);
        const after: Group = { ...before, ...rest, members, changedAt: clock.now() };
        const joined = members.filter((one) => !before.members.includes(one));
        const left = before.members.filter((one) => !members.includes(one));
        const stayed =
          rest.roles === undefined ? [] : members.filter((one) => !joined.includes(one));
        const renamed = await renaming(before, after.name, id);
        await records.write(
          [
            {
              type: 'group-changed',
              tenant: before.tenant,
              actor,
              payload: { group: id, joined, left, roles: after.roles },
            },
          ],
          [
            putGroup(group, after),
            ...renamed,
            ...(await withGroup(joined, (groups) => [...groups, id])),
            ...(await withGroup(left, (groups) => groups.filter((one) => one !== id))),
            ...(await withGroup(stayed, (groups) => groups)),
          ],
        );
        return after;
      }),
    removeGroup: (id, actor) =>
      untilUncontested(async () => {
        const group = await records.find<Group>('group', id);
        if (group === undefined) throw missing('group');
        const { tenant, name, members } = group.content;
        await records.write(
          [{ type: 'group-removed', tenant, actor, payload: { group: id } }],
          [
            { kind: 'group', id, isRemoved: true },
            { kind: 'group-name', id: nameId(tenant, name), isRemoved: true },
            ...(await withGroup(members, (groups) => groups.filter((one) => one !== id))),
          ],
        );
      }),
  };
  return users;
}
