/** Types of every operation of the API. Generated from the routes by `npm run generate`; not edited. */
/** Problem, as the API answers it. */
export type Problem = { readonly "type": string; readonly "title": string; readonly "status": number; readonly "code": string; readonly "detail": string; readonly "message": string; readonly "help": string; readonly "instance": string; readonly "isRetryable": boolean; readonly "diagnostics"?: readonly ({ readonly "severity": "error" | "warning"; readonly "code": string; readonly "file": string; readonly "line": number; readonly "column": number; readonly "path"?: string; readonly "message": string; readonly "help": string } & Readonly<Record<string, unknown>>)[]; readonly "problems"?: readonly ({ readonly "path"?: string; readonly "message": string } & Readonly<Record<string, unknown>>)[]; readonly "allowed"?: readonly (string)[]; readonly "retryAfterMs"?: number; readonly "approval"?: string; readonly "needs"?: readonly (string)[] };
/** Execution, as the API answers it. */
export type Execution = { readonly "id": string; readonly "tenantId": string; readonly "namespace": string; readonly "flowId": string; readonly "flowRevision": number; readonly "state": State; readonly "inputs": Readonly<Record<string, unknown>>; readonly "outputs": Readonly<Record<string, unknown>>; readonly "labels": readonly ({ readonly "key": string; readonly "value": string })[]; readonly "variables"?: Readonly<Record<string, unknown>>; readonly "trigger"?: Readonly<Record<string, unknown>>; readonly "originalId": string; readonly "parentId"?: string; readonly "deleted": boolean; readonly "metadata"?: { readonly "attemptNumber": number }; readonly "taskRunList": readonly (TaskRun)[]; readonly "url"?: string; readonly "error"?: { readonly "message": string; readonly "taskId"?: string; readonly "code"?: string } };
/** TaskRun, as the API answers it. */
export type TaskRun = { readonly "id": string; readonly "tenantId": string; readonly "executionId": string; readonly "namespace": string; readonly "flowId": string; readonly "taskId": string; readonly "parentTaskRunId"?: string; readonly "value"?: string; readonly "iteration"?: number; readonly "state": State; readonly "attempts": readonly ({ readonly "state": State; readonly "logFile"?: string })[]; readonly "outputs": Readonly<Record<string, unknown>> };
/** State, as the API answers it. */
export type State = { readonly "current": string; readonly "histories": readonly ({ readonly "state": string; readonly "date": string })[]; readonly "startDate"?: string; readonly "endDate"?: string; readonly "duration"?: string };
/** Flow, as the API answers it. */
export type Flow = { readonly "id": string; readonly "namespace": string; readonly "revision": number; readonly "tenantId": string; readonly "disabled": boolean; readonly "deleted": boolean; readonly "description"?: string; readonly "labels": readonly ({ readonly "key": string; readonly "value": string })[]; readonly "tasks": readonly (Readonly<Record<string, unknown>>)[]; readonly "source"?: string; readonly "updated"?: string } & Readonly<Record<string, unknown>>;
/** FlowGraph, as the API answers it. */
export type FlowGraph = { readonly "nodes": readonly (Readonly<Record<string, unknown>>)[]; readonly "edges": readonly (Readonly<Record<string, unknown>>)[]; readonly "clusters": readonly (Readonly<Record<string, unknown>>)[]; readonly "flowables": readonly (string)[] };
/** LogEntry, as the API answers it. */
export type LogEntry = { readonly "namespace": string; readonly "flowId": string; readonly "tenantId": string; readonly "executionId": string; readonly "taskId"?: string; readonly "taskRunId"?: string; readonly "attemptNumber": number; readonly "timestamp": string; readonly "level": string; readonly "message": string; readonly "deleted": boolean };
/** MetricEntry, as the API answers it. */
export type MetricEntry = { readonly "namespace": string; readonly "flowId": string; readonly "tenantId": string; readonly "executionId": string; readonly "taskId": string; readonly "taskRunId": string; readonly "type": string; readonly "name": string; readonly "value": number; readonly "timestamp": string; readonly "tags": Readonly<Record<string, string>>; readonly "deleted": boolean };
/** Trigger, as the API answers it. */
export type Trigger = { readonly "tenantId": string; readonly "namespace": string; readonly "flowId": string; readonly "triggerId": string; readonly "type": string; readonly "date": string; readonly "nextExecutionDate"?: string; readonly "executionId"?: string; readonly "disabled": boolean };
/** Violation, as the API answers it. */
export type Violation = { readonly "index": number; readonly "flow"?: string; readonly "namespace"?: string; readonly "constraints"?: string; readonly "outdated": boolean; readonly "deprecationPaths": readonly (string)[]; readonly "warnings": readonly (string)[]; readonly "infos": readonly (string)[] } & Readonly<Record<string, unknown>>;
/** KeyEntry, as the API answers it. */
export type KeyEntry = { readonly "namespace": string; readonly "key": string; readonly "type": string; readonly "description"?: string; readonly "creationDate": string; readonly "updateDate": string; readonly "expirationDate"?: string };
/** FileAttributes, as the API answers it. */
export type FileAttributes = { readonly "type": "File" | "Directory"; readonly "fileName": string; readonly "size": number; readonly "lastModifiedTime": number; readonly "creationTime": number; readonly "uri"?: string };
/** Namespace, as the API answers it. */
export type Namespace = { readonly "id": string; readonly "deleted": boolean; readonly "disabled"?: boolean } & Readonly<Record<string, unknown>>;
/** BulkResult, as the API answers it. */
export type BulkResult = { readonly "count": number; readonly "failed"?: readonly ({ readonly "id": string; readonly "message": string })[] };
/** Diagnostic, as the API answers it. */
export type Diagnostic = { readonly "severity": "error" | "warning"; readonly "code": string; readonly "file": string; readonly "line": number; readonly "column": number; readonly "path": string; readonly "message": string; readonly "help": string };
/** What each operation takes and gives. */
export interface Operations {
  /** Tells that the process lives. */
  readonly getHealth: {
    readonly method: 'GET';
    readonly path: '/health';
    readonly takes: {  };
    readonly gives: { readonly "status": "UP" | "DOWN"; readonly "version": string };
  };
  /** Tells whether requests are answered. */
  readonly getReadiness: {
    readonly method: 'GET';
    readonly path: '/health/readiness';
    readonly takes: {  };
    readonly gives: { readonly "status": "UP" | "DOWN"; readonly "troubles": readonly (string)[] };
  };
  /** Returns the numbers of the process as Prometheus reads them. */
  readonly getMetrics: {
    readonly method: 'GET';
    readonly path: '/metrics';
    readonly takes: {  };
    readonly gives: string;
  };
  /** Returns the description of this API. */
  readonly getOpenApi: {
    readonly method: 'GET';
    readonly path: '/openapi.json';
    readonly takes: {  };
    readonly gives: Readonly<Record<string, unknown>>;
  };
  /** Returns what clients have to know before they sign in. */
  readonly getConfiguration: {
    readonly method: 'GET';
    readonly path: '/api/v1/configs';
    readonly takes: {  };
    readonly gives: Readonly<Record<string, unknown>>;
  };
  /** Counts flows and executions. */
  readonly getUsages: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/usages/all';
    readonly takes: { readonly "tenant": string };
    readonly gives: Readonly<Record<string, unknown>>;
  };
  /** Lists the tenants. */
  readonly listTenants: {
    readonly method: 'GET';
    readonly path: '/api/v1/tenants';
    readonly takes: {  };
    readonly gives: readonly ({ readonly "id": string })[];
  };
  /** Adds a tenant: a world of flows and executions of its own. */
  readonly createTenant: {
    readonly method: 'POST';
    readonly path: '/api/v1/tenants';
    readonly takes: { readonly body: { readonly "id": string } };
    readonly gives: { readonly "id": string };
  };
  /** Shows the form that makes the first administrator. */
  readonly showSetup: {
    readonly method: 'GET';
    readonly path: '/setup';
    readonly takes: {  };
    readonly gives: string;
  };
  /** Shows the form to sign in. */
  readonly showSignIn: {
    readonly method: 'GET';
    readonly path: '/login';
    readonly takes: { readonly "to"?: string };
    readonly gives: string;
  };
  /** Signs in by the form of the page, as a browser without scripts sends it. */
  readonly sendSignIn: {
    readonly method: 'POST';
    readonly path: '/login';
    readonly takes: { readonly body?: Readonly<Record<string, unknown>> };
    readonly gives: string;
  };
  /** Shows the page of one’s own account. */
  readonly showAccount: {
    readonly method: 'GET';
    readonly path: '/account';
    readonly takes: {  };
    readonly gives: string;
  };
  /** Shows the form behind an invitation or a reset link. */
  readonly showInvitation: {
    readonly method: 'GET';
    readonly path: '/invite';
    readonly takes: {  };
    readonly gives: string;
  };
  /** Makes the first administrator, with the secret of the printed link. */
  readonly setUp: {
    readonly method: 'POST';
    readonly path: '/api/v1/setup';
    readonly takes: { readonly body: { readonly "secret": string; readonly "username": string; readonly "password": string; readonly "alsoRuns"?: boolean } };
    readonly gives: undefined;
  };
  /** Sets the password of whoever has an invitation or a reset link. */
  readonly useLink: {
    readonly method: 'POST';
    readonly path: '/api/v1/invitations';
    readonly takes: { readonly body: { readonly "secret": string; readonly "password": string } };
    readonly gives: undefined;
  };
  /** Lists the providers that people may sign in with. */
  readonly listLoginProviders: {
    readonly method: 'GET';
    readonly path: '/api/v1/login/providers';
    readonly takes: {  };
    readonly gives: readonly ({ readonly "id": string; readonly "title": string })[];
  };
  /** Signs in with name and password, and a second factor where there is one. */
  readonly logIn: {
    readonly method: 'POST';
    readonly path: '/api/v1/login';
    readonly takes: { readonly body: { readonly "tenant"?: string; readonly "username": string; readonly "password": string; readonly "code"?: string; readonly "passkey"?: { readonly "attempt": string; readonly "response": Readonly<Record<string, unknown>> } } };
    readonly gives: { readonly "user": string; readonly "tenant": string; readonly "factors": readonly (string)[]; readonly "forgeryToken": string };
  };
  /** Gives the challenge that a passkey signs. */
  readonly beginPasskeyLogIn: {
    readonly method: 'POST';
    readonly path: '/api/v1/login/passkey/challenge';
    readonly takes: {  };
    readonly gives: { readonly "attempt": string; readonly "options": unknown };
  };
  /** Signs in with a passkey. */
  readonly logInWithPasskey: {
    readonly method: 'POST';
    readonly path: '/api/v1/login/passkey';
    readonly takes: { readonly body: { readonly "attempt": string; readonly "response": Readonly<Record<string, unknown>> } };
    readonly gives: { readonly "user": string; readonly "tenant": string; readonly "factors": readonly (string)[]; readonly "forgeryToken": string };
  };
  /** Sends the browser to a login provider. */
  readonly beginProviderLogIn: {
    readonly method: 'GET';
    readonly path: '/api/v1/login/{provider}';
    readonly takes: { readonly "provider": string; readonly "fresh"?: "true" | "false"; readonly "to"?: string };
    readonly gives: undefined;
  };
  /** Takes the browser back from a login provider. */
  readonly endProviderLogIn: {
    readonly method: 'GET';
    readonly path: '/api/v1/login/{provider}/callback';
    readonly takes: { readonly "provider": string };
    readonly gives: undefined;
  };
  /** Proves again who somebody is; the session goes on under another cookie. */
  readonly stepUp: {
    readonly method: 'POST';
    readonly path: '/api/v1/step-up';
    readonly takes: { readonly body: { readonly "password"?: string; readonly "code"?: string; readonly "passkey"?: { readonly "attempt": string; readonly "response": Readonly<Record<string, unknown>> } } };
    readonly gives: { readonly "user": string; readonly "tenant": string; readonly "factors": readonly (string)[]; readonly "forgeryToken": string };
  };
  /** Gives the challenge that a passkey of whoever asks signs. */
  readonly beginStepUpPasskey: {
    readonly method: 'POST';
    readonly path: '/api/v1/step-up/passkey/challenge';
    readonly takes: {  };
    readonly gives: { readonly "attempt": string; readonly "options": unknown };
  };
  /** Ends the session. */
  readonly logOut: {
    readonly method: 'POST';
    readonly path: '/api/v1/logout';
    readonly takes: {  };
    readonly gives: { readonly "providerUrl": unknown };
  };
  /** Tells who one is, with which roles, proven how. */
  readonly getMe: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/me';
    readonly takes: { readonly "tenant": string };
    readonly gives: { readonly "id": string; readonly "kind": string; readonly "tenant": string; readonly "username": unknown; readonly "displayName": unknown; readonly "roles": readonly ({ readonly "role": string; readonly "namespace": string })[]; readonly "groups": readonly (string)[]; readonly "factors": readonly (string)[]; readonly "freshness": string; readonly "hasSecondFactor": boolean; readonly "hasAuthenticator": boolean; readonly "hasPassword": boolean; readonly "passkeys": readonly ({ readonly "id": string; readonly "title": string })[]; readonly "forgeryToken": unknown };
  };
  /** Changes one’s password. */
  readonly changePassword: {
    readonly method: 'PUT';
    readonly path: '/api/v1/{tenant}/me/password';
    readonly takes: { readonly "tenant": string; readonly body: { readonly "current": string; readonly "password": string } };
    readonly gives: undefined;
  };
  /** Begins an authenticator app; its secret is shown this once. */
  readonly beginTotp: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/me/totp';
    readonly takes: { readonly "tenant": string };
    readonly gives: { readonly "secret": string; readonly "uri": string };
  };
  /** Takes an authenticator app into use with its first code. */
  readonly confirmTotp: {
    readonly method: 'PUT';
    readonly path: '/api/v1/{tenant}/me/totp';
    readonly takes: { readonly "tenant": string; readonly body: { readonly "code": string } };
    readonly gives: { readonly "recoveryCodes": readonly (string)[] };
  };
  /** Removes one’s authenticator app. */
  readonly removeTotp: {
    readonly method: 'DELETE';
    readonly path: '/api/v1/{tenant}/me/totp';
    readonly takes: { readonly "tenant": string };
    readonly gives: undefined;
  };
  /** Makes recovery codes; those of before are worth nothing any more. */
  readonly makeRecoveryCodes: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/me/recovery-codes';
    readonly takes: { readonly "tenant": string };
    readonly gives: { readonly "recoveryCodes": readonly (string)[] };
  };
  /** Gives what the browser needs to make a passkey. */
  readonly beginPasskey: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/me/passkeys/challenge';
    readonly takes: { readonly "tenant": string };
    readonly gives: { readonly "attempt": string; readonly "options": unknown };
  };
  /** Adds the passkey that the browser made. */
  readonly addPasskey: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/me/passkeys';
    readonly takes: { readonly "tenant": string; readonly body: { readonly "attempt": string; readonly "title": string; readonly "response": Readonly<Record<string, unknown>> } };
    readonly gives: { readonly "id": string };
  };
  /** Removes a passkey. */
  readonly removePasskey: {
    readonly method: 'DELETE';
    readonly path: '/api/v1/{tenant}/me/passkeys/{id}';
    readonly takes: { readonly "tenant": string; readonly "id": string };
    readonly gives: undefined;
  };
  /** Lists one’s sessions. */
  readonly listMySessions: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/me/sessions';
    readonly takes: { readonly "tenant": string };
    readonly gives: readonly ({ readonly "id": string; readonly "browser": string; readonly "network": string; readonly "factors": readonly (string)[]; readonly "startedAt": string; readonly "seenAt": string; readonly "endsAt": string; readonly "isThis": boolean })[];
  };
  /** Ends all of one’s sessions, this one included. */
  readonly endMySessions: {
    readonly method: 'DELETE';
    readonly path: '/api/v1/{tenant}/me/sessions';
    readonly takes: { readonly "tenant": string };
    readonly gives: undefined;
  };
  /** Ends one of one’s sessions. */
  readonly endMySession: {
    readonly method: 'DELETE';
    readonly path: '/api/v1/{tenant}/me/sessions/{id}';
    readonly takes: { readonly "tenant": string; readonly "id": string };
    readonly gives: undefined;
  };
  /** Lists one’s tokens, without their secrets. */
  readonly listMyTokens: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/me/tokens';
    readonly takes: { readonly "tenant": string };
    readonly gives: readonly ({ readonly "id": string; readonly "name": string; readonly "owner": string; readonly "scopes": readonly ({ readonly "actions": readonly (string)[]; readonly "namespaces": readonly (("*" | string))[] })[]; readonly "createdAt": string; readonly "expiresAt": string; readonly "usedAt": (string | null) })[];
  };
  /** Revokes one of one’s tokens; a token may revoke itself. */
  readonly revokeMyToken: {
    readonly method: 'DELETE';
    readonly path: '/api/v1/{tenant}/me/tokens/{id}';
    readonly takes: { readonly "tenant": string; readonly "id": string };
    readonly gives: undefined;
  };
  /** Lists the users. */
  readonly listUsers: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/users';
    readonly takes: { readonly "tenant": string };
    readonly gives: readonly ({ readonly "id": string; readonly "username": string; readonly "displayName": string; readonly "mail": unknown; readonly "isDisabled": boolean; readonly "roles": readonly ({ readonly "role": string; readonly "namespace": ("*" | string) })[]; readonly "groups": readonly (string)[]; readonly "factors": readonly (string)[]; readonly "createdAt": string })[];
  };
  /** Creates a user and gives the link that invites them. */
  readonly createUser: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/users';
    readonly takes: { readonly "tenant": string; readonly body: { readonly "username": string; readonly "displayName"?: string; readonly "mail"?: (string | null) } };
    readonly gives: { readonly "user": { readonly "id": string; readonly "username": string; readonly "displayName": string; readonly "mail": unknown; readonly "isDisabled": boolean; readonly "roles": readonly ({ readonly "role": string; readonly "namespace": ("*" | string) })[]; readonly "groups": readonly (string)[]; readonly "factors": readonly (string)[]; readonly "createdAt": string }; readonly "url": string };
  };
  /** Returns a user. */
  readonly getUser: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/users/{id}';
    readonly takes: { readonly "tenant": string; readonly "id": string };
    readonly gives: { readonly "id": string; readonly "username": string; readonly "displayName": string; readonly "mail": unknown; readonly "isDisabled": boolean; readonly "roles": readonly ({ readonly "role": string; readonly "namespace": ("*" | string) })[]; readonly "groups": readonly (string)[]; readonly "factors": readonly (string)[]; readonly "createdAt": string };
  };
  /** Changes a user; disabling one ends their sessions and tokens at once. */
  readonly changeUser: {
    readonly method: 'PATCH';
    readonly path: '/api/v1/{tenant}/users/{id}';
    readonly takes: { readonly "tenant": string; readonly "id": string; readonly body: { readonly "username"?: string; readonly "displayName"?: string; readonly "mail"?: (string | null); readonly "isDisabled"?: boolean } };
    readonly gives: { readonly "id": string; readonly "username": string; readonly "displayName": string; readonly "mail": unknown; readonly "isDisabled": boolean; readonly "roles": readonly ({ readonly "role": string; readonly "namespace": ("*" | string) })[]; readonly "groups": readonly (string)[]; readonly "factors": readonly (string)[]; readonly "createdAt": string };
  };
  /** Removes a user; what they did stays in the ledger under their handle. */
  readonly removeUser: {
    readonly method: 'DELETE';
    readonly path: '/api/v1/{tenant}/users/{id}';
    readonly takes: { readonly "tenant": string; readonly "id": string };
    readonly gives: undefined;
  };
  /** Sets the roles of a user in this tenant. */
  readonly setUserRoles: {
    readonly method: 'PUT';
    readonly path: '/api/v1/{tenant}/users/{id}/roles';
    readonly takes: { readonly "tenant": string; readonly "id": string; readonly body: { readonly "roles": readonly ({ readonly "role": string; readonly "namespace"?: ("*" | string) })[] } };
    readonly gives: { readonly "id": string; readonly "username": string; readonly "displayName": string; readonly "mail": unknown; readonly "isDisabled": boolean; readonly "roles": readonly ({ readonly "role": string; readonly "namespace": ("*" | string) })[]; readonly "groups": readonly (string)[]; readonly "factors": readonly (string)[]; readonly "createdAt": string };
  };
  /** Makes a link by which a user sets their password, once. */
  readonly makeUserLink: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/users/{id}/links';
    readonly takes: { readonly "tenant": string; readonly "id": string; readonly body: { readonly "purpose": "invitation" | "reset" } };
    readonly gives: { readonly "url": string };
  };
  /** Lists the sessions of a user. */
  readonly listUserSessions: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/users/{id}/sessions';
    readonly takes: { readonly "tenant": string; readonly "id": string };
    readonly gives: readonly ({ readonly "id": string; readonly "browser": string; readonly "network": string; readonly "factors": readonly (string)[]; readonly "startedAt": string; readonly "seenAt": string; readonly "endsAt": string; readonly "isThis": boolean })[];
  };
  /** Ends all sessions of a user. */
  readonly endUserSessions: {
    readonly method: 'DELETE';
    readonly path: '/api/v1/{tenant}/users/{id}/sessions';
    readonly takes: { readonly "tenant": string; readonly "id": string };
    readonly gives: undefined;
  };
  /** Lists the groups. */
  readonly listGroups: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/groups';
    readonly takes: { readonly "tenant": string };
    readonly gives: readonly ({ readonly "id": string; readonly "name": string; readonly "members": readonly (string)[]; readonly "roles": readonly ({ readonly "role": string; readonly "namespace": ("*" | string) })[] })[];
  };
  /** Creates a group. */
  readonly createGroup: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/groups';
    readonly takes: { readonly "tenant": string; readonly body: { readonly "name": string } };
    readonly gives: { readonly "id": string; readonly "name": string; readonly "members": readonly (string)[]; readonly "roles": readonly ({ readonly "role": string; readonly "namespace": ("*" | string) })[] };
  };
  /** Sets who is in a group; they hold its roles. */
  readonly setGroupMembers: {
    readonly method: 'PUT';
    readonly path: '/api/v1/{tenant}/groups/{id}/members';
    readonly takes: { readonly "tenant": string; readonly "id": string; readonly body: { readonly "members": readonly (string)[] } };
    readonly gives: { readonly "id": string; readonly "name": string; readonly "members": readonly (string)[]; readonly "roles": readonly ({ readonly "role": string; readonly "namespace": ("*" | string) })[] };
  };
  /** Sets the roles of a group. */
  readonly setGroupRoles: {
    readonly method: 'PUT';
    readonly path: '/api/v1/{tenant}/groups/{id}/roles';
    readonly takes: { readonly "tenant": string; readonly "id": string; readonly body: { readonly "roles": readonly ({ readonly "role": string; readonly "namespace"?: ("*" | string) })[] } };
    readonly gives: { readonly "id": string; readonly "name": string; readonly "members": readonly (string)[]; readonly "roles": readonly ({ readonly "role": string; readonly "namespace": ("*" | string) })[] };
  };
  /** Removes a group. */
  readonly removeGroup: {
    readonly method: 'DELETE';
    readonly path: '/api/v1/{tenant}/groups/{id}';
    readonly takes: { readonly "tenant": string; readonly "id": string };
    readonly gives: undefined;
  };
  /** Lists service accounts and agents. */
  readonly listAccounts: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/service-accounts';
    readonly takes: { readonly "tenant": string };
    readonly gives: readonly ({ readonly "id": string; readonly "kind": string; readonly "name": string; readonly "owners": readonly (string)[]; readonly "roles": readonly ({ readonly "role": string; readonly "namespace": ("*" | string) })[]; readonly "isDisabled": boolean; readonly "createdAt": string })[];
  };
  /** Creates a service account, or an agent that acts for a person. */
  readonly createAccount: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/service-accounts';
    readonly takes: { readonly "tenant": string; readonly body: { readonly "name": string; readonly "kind"?: "service-account" | "agent"; readonly "owners"?: readonly (string)[] } };
    readonly gives: { readonly "id": string; readonly "kind": string; readonly "name": string; readonly "owners": readonly (string)[]; readonly "roles": readonly ({ readonly "role": string; readonly "namespace": ("*" | string) })[]; readonly "isDisabled": boolean; readonly "createdAt": string };
  };
  /** Sets the roles of a service account or agent. */
  readonly setAccountRoles: {
    readonly method: 'PUT';
    readonly path: '/api/v1/{tenant}/service-accounts/{id}/roles';
    readonly takes: { readonly "tenant": string; readonly "id": string; readonly body: { readonly "roles": readonly ({ readonly "role": string; readonly "namespace"?: ("*" | string) })[] } };
    readonly gives: { readonly "id": string; readonly "kind": string; readonly "name": string; readonly "owners": readonly (string)[]; readonly "roles": readonly ({ readonly "role": string; readonly "namespace": ("*" | string) })[]; readonly "isDisabled": boolean; readonly "createdAt": string };
  };
  /** Changes an account; disabling it ends its tokens at once. */
  readonly changeAccount: {
    readonly method: 'PATCH';
    readonly path: '/api/v1/{tenant}/service-accounts/{id}';
    readonly takes: { readonly "tenant": string; readonly "id": string; readonly body: { readonly "isDisabled": boolean } };
    readonly gives: { readonly "id": string; readonly "kind": string; readonly "name": string; readonly "owners": readonly (string)[]; readonly "roles": readonly ({ readonly "role": string; readonly "namespace": ("*" | string) })[]; readonly "isDisabled": boolean; readonly "createdAt": string };
  };
  /** Issues an API token; its secret is shown this once. */
  readonly issueToken: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/tokens';
    readonly takes: { readonly "tenant": string; readonly body: { readonly "name": string; readonly "owner"?: string; readonly "scopes"?: readonly ({ readonly "actions": readonly (string)[]; readonly "namespaces"?: readonly (("*" | string))[] })[]; readonly "lifetime"?: string } };
    readonly gives: { readonly "id": string; readonly "name": string; readonly "owner": string; readonly "scopes": readonly ({ readonly "actions": readonly (string)[]; readonly "namespaces": readonly (("*" | string))[] })[]; readonly "createdAt": string; readonly "expiresAt": string; readonly "usedAt": (string | null); readonly "secret": string };
  };
  /** Lists the API tokens of the tenant, without their secrets. */
  readonly listTokens: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/tokens';
    readonly takes: { readonly "tenant": string };
    readonly gives: readonly ({ readonly "id": string; readonly "name": string; readonly "owner": string; readonly "scopes": readonly ({ readonly "actions": readonly (string)[]; readonly "namespaces": readonly (("*" | string))[] })[]; readonly "createdAt": string; readonly "expiresAt": string; readonly "usedAt": (string | null) })[];
  };
  /** Issues another token with the same scopes; the old one stays good for a while. */
  readonly rotateToken: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/tokens/{id}/rotations';
    readonly takes: { readonly "tenant": string; readonly "id": string; readonly body: { readonly "overlap"?: string; readonly "lifetime"?: string } };
    readonly gives: { readonly "id": string; readonly "name": string; readonly "owner": string; readonly "scopes": readonly ({ readonly "actions": readonly (string)[]; readonly "namespaces": readonly (("*" | string))[] })[]; readonly "createdAt": string; readonly "expiresAt": string; readonly "usedAt": (string | null); readonly "secret": string };
  };
  /** Revokes an API token. */
  readonly revokeToken: {
    readonly method: 'DELETE';
    readonly path: '/api/v1/{tenant}/tokens/{id}';
    readonly takes: { readonly "tenant": string; readonly "id": string };
    readonly gives: undefined;
  };
  /** Tells what this server does of SCIM. */
  readonly getScimConfiguration: {
    readonly method: 'GET';
    readonly path: '/scim/v2/ServiceProviderConfig';
    readonly takes: {  };
    readonly gives: string;
  };
  /** Lists what SCIM is about here. */
  readonly listScimResourceTypes: {
    readonly method: 'GET';
    readonly path: '/scim/v2/ResourceTypes';
    readonly takes: {  };
    readonly gives: string;
  };
  /** Lists the SCIM schemas. */
  readonly listScimSchemas: {
    readonly method: 'GET';
    readonly path: '/scim/v2/Schemas';
    readonly takes: {  };
    readonly gives: string;
  };
  /** Lists users that pass a filter. */
  readonly listScimUsers: {
    readonly method: 'GET';
    readonly path: '/scim/v2/Users';
    readonly takes: { readonly "attributes"?: string; readonly "excludedAttributes"?: string; readonly "filter"?: string; readonly "startIndex"?: number; readonly "count"?: number };
    readonly gives: string;
  };
  /** Creates a user. */
  readonly createScimUser: {
    readonly method: 'POST';
    readonly path: '/scim/v2/Users';
    readonly takes: { readonly body: { readonly "schemas"?: readonly (string)[]; readonly "userName": string; readonly "externalId"?: (string | null); readonly "displayName"?: (string | null); readonly "name"?: ({ readonly "formatted"?: (string | null); readonly "givenName"?: (string | null); readonly "familyName"?: (string | null) } & Readonly<Record<string, unknown>> | null); readonly "emails"?: (readonly ({ readonly "value": string; readonly "primary"?: boolean } & Readonly<Record<string, unknown>>)[] | null); readonly "active"?: boolean } & Readonly<Record<string, unknown>> };
    readonly gives: string;
  };
  /** Returns a user. */
  readonly getScimUser: {
    readonly method: 'GET';
    readonly path: '/scim/v2/Users/{id}';
    readonly takes: { readonly "id": string; readonly "attributes"?: string; readonly "excludedAttributes"?: string };
    readonly gives: string;
  };
  /** Replaces what is known of a user. */
  readonly replaceScimUser: {
    readonly method: 'PUT';
    readonly path: '/scim/v2/Users/{id}';
    readonly takes: { readonly "id": string; readonly "attributes"?: string; readonly "excludedAttributes"?: string; readonly body: { readonly "schemas"?: readonly (string)[]; readonly "userName": string; readonly "externalId"?: (string | null); readonly "displayName"?: (string | null); readonly "name"?: ({ readonly "formatted"?: (string | null); readonly "givenName"?: (string | null); readonly "familyName"?: (string | null) } & Readonly<Record<string, unknown>> | null); readonly "emails"?: (readonly ({ readonly "value": string; readonly "primary"?: boolean } & Readonly<Record<string, unknown>>)[] | null); readonly "active"?: boolean } & Readonly<Record<string, unknown>> };
    readonly gives: string;
  };
  /** Changes a user. */
  readonly changeScimUser: {
    readonly method: 'PATCH';
    readonly path: '/scim/v2/Users/{id}';
    readonly takes: { readonly "id": string; readonly "attributes"?: string; readonly "excludedAttributes"?: string; readonly body: { readonly "Operations": readonly ({ readonly "op": string; readonly "path"?: string; readonly "value"?: unknown } & Readonly<Record<string, unknown>>)[] } & Readonly<Record<string, unknown>> };
    readonly gives: string;
  };
  /** Removes a user. */
  readonly removeScimUser: {
    readonly method: 'DELETE';
    readonly path: '/scim/v2/Users/{id}';
    readonly takes: { readonly "id": string };
    readonly gives: undefined;
  };
  /** Lists groups that pass a filter. */
  readonly listScimGroups: {
    readonly method: 'GET';
    readonly path: '/scim/v2/Groups';
    readonly takes: { readonly "attributes"?: string; readonly "excludedAttributes"?: string; readonly "filter"?: string; readonly "startIndex"?: number; readonly "count"?: number };
    readonly gives: string;
  };
  /** Creates a group. */
  readonly createScimGroup: {
    readonly method: 'POST';
    readonly path: '/scim/v2/Groups';
    readonly takes: { readonly body: { readonly "schemas"?: readonly (string)[]; readonly "displayName": string; readonly "externalId"?: (string | null); readonly "members"?: (readonly ({ readonly "value": string } & Readonly<Record<string, unknown>>)[] | null) } & Readonly<Record<string, unknown>> };
    readonly gives: string;
  };
  /** Returns a group. */
  readonly getScimGroup: {
    readonly method: 'GET';
    readonly path: '/scim/v2/Groups/{id}';
    readonly takes: { readonly "id": string; readonly "attributes"?: string; readonly "excludedAttributes"?: string };
    readonly gives: string;
  };
  /** Replaces what is known of a group. */
  readonly replaceScimGroup: {
    readonly method: 'PUT';
    readonly path: '/scim/v2/Groups/{id}';
    readonly takes: { readonly "id": string; readonly "attributes"?: string; readonly "excludedAttributes"?: string; readonly body: { readonly "schemas"?: readonly (string)[]; readonly "displayName": string; readonly "externalId"?: (string | null); readonly "members"?: (readonly ({ readonly "value": string } & Readonly<Record<string, unknown>>)[] | null) } & Readonly<Record<string, unknown>> };
    readonly gives: string;
  };
  /** Changes a group. */
  readonly changeScimGroup: {
    readonly method: 'PATCH';
    readonly path: '/scim/v2/Groups/{id}';
    readonly takes: { readonly "id": string; readonly "attributes"?: string; readonly "excludedAttributes"?: string; readonly body: { readonly "Operations": readonly ({ readonly "op": string; readonly "path"?: string; readonly "value"?: unknown } & Readonly<Record<string, unknown>>)[] } & Readonly<Record<string, unknown>> };
    readonly gives: string;
  };
  /** Removes a group. */
  readonly removeScimGroup: {
    readonly method: 'DELETE';
    readonly path: '/scim/v2/Groups/{id}';
    readonly takes: { readonly "id": string };
    readonly gives: undefined;
  };
  /** Starts an execution; the key in the address says who may. */
  readonly triggerExecutionByGetWebhook: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/executions/webhook/{namespace}/{flowId}/{key}';
    readonly takes: { readonly "tenant": string; readonly "namespace": string; readonly "flowId": string; readonly "key": string };
    readonly gives: Execution;
  };
  /** Starts an execution; the key in the address says who may. */
  readonly triggerExecutionByPostWebhook: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/executions/webhook/{namespace}/{flowId}/{key}';
    readonly takes: { readonly "tenant": string; readonly "namespace": string; readonly "flowId": string; readonly "key": string; readonly body: unknown };
    readonly gives: Execution;
  };
  /** Starts an execution; the key in the address says who may. */
  readonly triggerExecutionByPutWebhook: {
    readonly method: 'PUT';
    readonly path: '/api/v1/{tenant}/executions/webhook/{namespace}/{flowId}/{key}';
    readonly takes: { readonly "tenant": string; readonly "namespace": string; readonly "flowId": string; readonly "key": string; readonly body: unknown };
    readonly gives: Execution;
  };
  /** Lists triggers and how they stand. */
  readonly searchTriggers: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/triggers/search';
    readonly takes: { readonly "tenant": string; readonly "page"?: number; readonly "size"?: number; readonly "sort"?: (string | readonly (string)[]); readonly "q"?: string; readonly "namespace"?: string; readonly "flowId"?: string; readonly "workerId"?: string; readonly "filters"?: readonly ({ readonly "field": string; readonly "operation": string; readonly "value": (string | readonly (string)[]) })[] };
    readonly gives: { readonly "results": readonly ({ readonly "tenantId": string; readonly "namespace": string; readonly "flowId": string; readonly "triggerId": string; readonly "type": string; readonly "date": string; readonly "nextExecutionDate"?: string; readonly "executionId"?: string; readonly "disabled": boolean } & Readonly<Record<string, unknown>>)[]; readonly "total": number; readonly "isPartial"?: boolean };
  };
  /** Lists the triggers of a flow. */
  readonly searchTriggersForFlow: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/triggers/{namespace}/{flowId}';
    readonly takes: { readonly "tenant": string; readonly "namespace": string; readonly "flowId": string; readonly "page"?: number; readonly "size"?: number; readonly "sort"?: (string | readonly (string)[]); readonly "q"?: string };
    readonly gives: { readonly "results": readonly ({ readonly "tenantId": string; readonly "namespace": string; readonly "flowId": string; readonly "triggerId": string; readonly "type": string; readonly "date": string; readonly "nextExecutionDate"?: string; readonly "executionId"?: string; readonly "disabled": boolean } & Readonly<Record<string, unknown>>)[]; readonly "total": number; readonly "isPartial"?: boolean };
  };
  /** Switches a trigger off or on, or has it walk through past dates. */
  readonly updateTrigger: {
    readonly method: 'PUT';
    readonly path: '/api/v1/{tenant}/triggers';
    readonly takes: { readonly "tenant": string; readonly body: { readonly "namespace": string; readonly "flowId": string; readonly "triggerId": string; readonly "disabled"?: boolean; readonly "backfill"?: ({ readonly "start": string; readonly "end"?: (string | null); readonly "inputs"?: (Readonly<Record<string, unknown>> | null); readonly "labels"?: ((readonly ({ readonly "key": string; readonly "value": string })[] | Readonly<Record<string, string>>) | null) } | null) } & Readonly<Record<string, unknown>> };
    readonly gives: { readonly "tenantId": string; readonly "namespace": string; readonly "flowId": string; readonly "triggerId": string; readonly "type": string; readonly "date": string; readonly "nextExecutionDate"?: string; readonly "executionId"?: string; readonly "disabled": boolean } & Readonly<Record<string, unknown>>;
  };
  /** Switches triggers that are named off or on. */
  readonly setTriggersDisabledByIds: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/triggers/set-disabled/by-triggers';
    readonly takes: { readonly "tenant": string; readonly body: { readonly "triggers": readonly ({ readonly "namespace": string; readonly "flowId": string; readonly "triggerId": string } & Readonly<Record<string, unknown>>)[]; readonly "disabled"?: boolean } };
    readonly gives: BulkResult;
  };
  /** Switches triggers that a query means off or on. */
  readonly setTriggersDisabledByQuery: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/triggers/set-disabled/by-query';
    readonly takes: { readonly "tenant": string; readonly "q"?: string; readonly "namespace"?: string; readonly "flowId"?: string; readonly "workerId"?: string; readonly "filters"?: readonly ({ readonly "field": string; readonly "operation": string; readonly "value": (string | readonly (string)[]) })[]; readonly "disabled"?: "true" | "false" | ""; readonly body?: { readonly "filters"?: (readonly ({ readonly "field": string; readonly "operation": string; readonly "value": (string | readonly (string)[]) })[] | null) } & Readonly<Record<string, unknown>> };
    readonly gives: BulkResult;
  };
  /** Lets a trigger fire although what it started has not ended. */
  readonly unlockTrigger: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/triggers/{namespace}/{flowId}/{triggerId}/unlock';
    readonly takes: { readonly "tenant": string; readonly "namespace": string; readonly "flowId": string; readonly "triggerId": string };
    readonly gives: { readonly "tenantId": string; readonly "namespace": string; readonly "flowId": string; readonly "triggerId": string; readonly "type": string; readonly "date": string; readonly "nextExecutionDate"?: string; readonly "executionId"?: string; readonly "disabled": boolean } & Readonly<Record<string, unknown>>;
  };
  /** Lets a trigger begin anew: what it waits for and what went wrong is forgotten. */
  readonly restartTrigger: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/triggers/{namespace}/{flowId}/{triggerId}/restart';
    readonly takes: { readonly "tenant": string; readonly "namespace": string; readonly "flowId": string; readonly "triggerId": string };
    readonly gives: { readonly "tenantId": string; readonly "namespace": string; readonly "flowId": string; readonly "triggerId": string; readonly "type": string; readonly "date": string; readonly "nextExecutionDate"?: string; readonly "executionId"?: string; readonly "disabled": boolean } & Readonly<Record<string, unknown>>;
  };
  /** Forgets how a trigger stands; while its flow has it, it begins anew. */
  readonly deleteTrigger: {
    readonly method: 'DELETE';
    readonly path: '/api/v1/{tenant}/triggers/{namespace}/{flowId}/{triggerId}';
    readonly takes: { readonly "tenant": string; readonly "namespace": string; readonly "flowId": string; readonly "triggerId": string };
    readonly gives: undefined;
  };
  /** Holds a backfill. */
  readonly pauseBackfill: {
    readonly method: 'PUT';
    readonly path: '/api/v1/{tenant}/triggers/backfill/pause';
    readonly takes: { readonly "tenant": string; readonly body: { readonly "namespace": string; readonly "flowId": string; readonly "triggerId": string } & Readonly<Record<string, unknown>> };
    readonly gives: { readonly "tenantId": string; readonly "namespace": string; readonly "flowId": string; readonly "triggerId": string; readonly "type": string; readonly "date": string; readonly "nextExecutionDate"?: string; readonly "executionId"?: string; readonly "disabled": boolean } & Readonly<Record<string, unknown>>;
  };
  /** Lets a backfill go on. */
  readonly unpauseBackfill: {
    readonly method: 'PUT';
    readonly path: '/api/v1/{tenant}/triggers/backfill/unpause';
    readonly takes: { readonly "tenant": string; readonly body: { readonly "namespace": string; readonly "flowId": string; readonly "triggerId": string } & Readonly<Record<string, unknown>> };
    readonly gives: { readonly "tenantId": string; readonly "namespace": string; readonly "flowId": string; readonly "triggerId": string; readonly "type": string; readonly "date": string; readonly "nextExecutionDate"?: string; readonly "executionId"?: string; readonly "disabled": boolean } & Readonly<Record<string, unknown>>;
  };
  /** Ends a backfill where it is. */
  readonly deleteBackfill: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/triggers/backfill/delete';
    readonly takes: { readonly "tenant": string; readonly body: { readonly "namespace": string; readonly "flowId": string; readonly "triggerId": string } & Readonly<Record<string, unknown>> };
    readonly gives: { readonly "tenantId": string; readonly "namespace": string; readonly "flowId": string; readonly "triggerId": string; readonly "type": string; readonly "date": string; readonly "nextExecutionDate"?: string; readonly "executionId"?: string; readonly "disabled": boolean } & Readonly<Record<string, unknown>>;
  };
  /** Lets triggers fire although what they started has not ended, those that are named. */
  readonly unlockTriggersByIds: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/triggers/unlock/by-triggers';
    readonly takes: { readonly "tenant": string; readonly body: readonly ({ readonly "namespace": string; readonly "flowId": string; readonly "triggerId": string } & Readonly<Record<string, unknown>>)[] };
    readonly gives: BulkResult;
  };
  /** Lets triggers fire although what they started has not ended, those that a query means; a query without a filter means all. */
  readonly unlockTriggersByQuery: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/triggers/unlock/by-query';
    readonly takes: { readonly "tenant": string; readonly "q"?: string; readonly "namespace"?: string; readonly "flowId"?: string; readonly "workerId"?: string; readonly "filters"?: readonly ({ readonly "field": string; readonly "operation": string; readonly "value": (string | readonly (string)[]) })[]; readonly body?: { readonly "filters"?: (readonly ({ readonly "field": string; readonly "operation": string; readonly "value": (string | readonly (string)[]) })[] | null) } & Readonly<Record<string, unknown>> };
    readonly gives: BulkResult;
  };
  /** Holds backfills, those that are named. */
  readonly pauseBackfillsByIds: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/triggers/backfill/pause/by-triggers';
    readonly takes: { readonly "tenant": string; readonly body: readonly ({ readonly "namespace": string; readonly "flowId": string; readonly "triggerId": string } & Readonly<Record<string, unknown>>)[] };
    readonly gives: BulkResult;
  };
  /** Holds backfills, those that a query means; a query without a filter means all. */
  readonly pauseBackfillsByQuery: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/triggers/backfill/pause/by-query';
    readonly takes: { readonly "tenant": string; readonly "q"?: string; readonly "namespace"?: string; readonly "flowId"?: string; readonly "workerId"?: string; readonly "filters"?: readonly ({ readonly "field": string; readonly "operation": string; readonly "value": (string | readonly (string)[]) })[]; readonly body?: { readonly "filters"?: (readonly ({ readonly "field": string; readonly "operation": string; readonly "value": (string | readonly (string)[]) })[] | null) } & Readonly<Record<string, unknown>> };
    readonly gives: BulkResult;
  };
  /** Lets backfills go on, those that are named. */
  readonly unpauseBackfillsByIds: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/triggers/backfill/unpause/by-triggers';
    readonly takes: { readonly "tenant": string; readonly body: readonly ({ readonly "namespace": string; readonly "flowId": string; readonly "triggerId": string } & Readonly<Record<string, unknown>>)[] };
    readonly gives: BulkResult;
  };
  /** Lets backfills go on, those that a query means; a query without a filter means all. */
  readonly unpauseBackfillsByQuery: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/triggers/backfill/unpause/by-query';
    readonly takes: { readonly "tenant": string; readonly "q"?: string; readonly "namespace"?: string; readonly "flowId"?: string; readonly "workerId"?: string; readonly "filters"?: readonly ({ readonly "field": string; readonly "operation": string; readonly "value": (string | readonly (string)[]) })[]; readonly body?: { readonly "filters"?: (readonly ({ readonly "field": string; readonly "operation": string; readonly "value": (string | readonly (string)[]) })[] | null) } & Readonly<Record<string, unknown>> };
    readonly gives: BulkResult;
  };
  /** Ends backfills where they are, those that are named. */
  readonly deleteBackfillsByIds: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/triggers/backfill/delete/by-triggers';
    readonly takes: { readonly "tenant": string; readonly body: readonly ({ readonly "namespace": string; readonly "flowId": string; readonly "triggerId": string } & Readonly<Record<string, unknown>>)[] };
    readonly gives: BulkResult;
  };
  /** Ends backfills where they are, those that a query means; a query without a filter means all. */
  readonly deleteBackfillsByQuery: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/triggers/backfill/delete/by-query';
    readonly takes: { readonly "tenant": string; readonly "q"?: string; readonly "namespace"?: string; readonly "flowId"?: string; readonly "workerId"?: string; readonly "filters"?: readonly ({ readonly "field": string; readonly "operation": string; readonly "value": (string | readonly (string)[]) })[]; readonly body?: { readonly "filters"?: (readonly ({ readonly "field": string; readonly "operation": string; readonly "value": (string | readonly (string)[]) })[] | null) } & Readonly<Record<string, unknown>> };
    readonly gives: BulkResult;
  };
  /** Forgets how triggers stand, those that are named. */
  readonly forgetTriggersByIds: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/triggers/delete/by-triggers';
    readonly takes: { readonly "tenant": string; readonly body: readonly ({ readonly "namespace": string; readonly "flowId": string; readonly "triggerId": string } & Readonly<Record<string, unknown>>)[] };
    readonly gives: BulkResult;
  };
  /** Forgets how triggers stand, those that a query means; a query without a filter means all. */
  readonly forgetTriggersByQuery: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/triggers/delete/by-query';
    readonly takes: { readonly "tenant": string; readonly "q"?: string; readonly "namespace"?: string; readonly "flowId"?: string; readonly "workerId"?: string; readonly "filters"?: readonly ({ readonly "field": string; readonly "operation": string; readonly "value": (string | readonly (string)[]) })[]; readonly body?: { readonly "filters"?: (readonly ({ readonly "field": string; readonly "operation": string; readonly "value": (string | readonly (string)[]) })[] | null) } & Readonly<Record<string, unknown>> };
    readonly gives: BulkResult;
  };
  /** Saves a flow; an unchanged one makes no revision. */
  readonly createFlow: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/flows';
    readonly takes: { readonly "tenant": string; readonly body: string };
    readonly gives: Flow;
  };
  /** Tells what is wrong with flows, without saving them. */
  readonly validateFlows: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/flows/validate';
    readonly takes: { readonly "tenant": string; readonly body: string };
    readonly gives: readonly (Violation)[];
  };
  /** Lists flows. */
  readonly searchFlows: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/flows/search';
    readonly takes: { readonly "tenant": string; readonly "page"?: number; readonly "size"?: number; readonly "sort"?: (string | readonly (string)[]); readonly "q"?: string; readonly "namespace"?: string; readonly "labels"?: (string | readonly (string)[]); readonly "scope"?: (string | readonly (string)[]); readonly "filters"?: readonly ({ readonly "field": string; readonly "operation": string; readonly "value": (string | readonly (string)[]) })[] };
    readonly gives: { readonly "results": readonly (Flow)[]; readonly "total": number; readonly "isPartial"?: boolean };
  };
  /** Finds flows whose source holds a text. */
  readonly searchFlowsBySourceCode: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/flows/source';
    readonly takes: { readonly "tenant": string; readonly "page"?: number; readonly "size"?: number; readonly "sort"?: (string | readonly (string)[]); readonly "q"?: string; readonly "namespace"?: string };
    readonly gives: { readonly "results": readonly ({ readonly "model": Flow; readonly "fragments": readonly (string)[] })[]; readonly "total": number; readonly "isPartial"?: boolean };
  };
  /** Lists the namespaces of flows. */
  readonly listDistinctNamespaces: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/flows/distinct-namespaces';
    readonly takes: { readonly "tenant": string; readonly "q"?: string };
    readonly gives: readonly (string)[];
  };
  /** Saves several flows of one text; none of them when one is invalid. */
  readonly bulkUpdateFlows: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/flows/bulk';
    readonly takes: { readonly "tenant": string; readonly "delete"?: "true" | "false" | ""; readonly "namespace"?: string; readonly "allowNamespaceChild"?: "true" | "false" | ""; readonly body?: string };
    readonly gives: readonly (Flow)[];
  };
  /** Makes the flows of a namespace those of one text. */
  readonly updateFlowsInNamespace: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/flows/{namespace}';
    readonly takes: { readonly "tenant": string; readonly "namespace": string; readonly "delete"?: "true" | "false" | ""; readonly body?: string };
    readonly gives: readonly (Flow)[];
  };
  /** Lists the flows of a namespace. */
  readonly listFlowsByNamespace: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/flows/{namespace}';
    readonly takes: { readonly "tenant": string; readonly "namespace": string };
    readonly gives: readonly (Flow)[];
  };
  /** Returns a flow. */
  readonly getFlow: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/flows/{namespace}/{id}';
    readonly takes: { readonly "tenant": string; readonly "namespace": string; readonly "id": string; readonly "source"?: "true" | "false" | ""; readonly "revision"?: number; readonly "allowDeleted"?: "true" | "false" | "" };
    readonly gives: Flow;
  };
  /** Saves a revision of a flow; with `If-Match` only when nobody did meanwhile. */
  readonly updateFlow: {
    readonly method: 'PUT';
    readonly path: '/api/v1/{tenant}/flows/{namespace}/{id}';
    readonly takes: { readonly "tenant": string; readonly "namespace": string; readonly "id": string; readonly body: string };
    readonly gives: Flow;
  };
  /** Deletes a flow; its revisions stay readable. */
  readonly deleteFlow: {
    readonly method: 'DELETE';
    readonly path: '/api/v1/{tenant}/flows/{namespace}/{id}';
    readonly takes: { readonly "tenant": string; readonly "namespace": string; readonly "id": string };
    readonly gives: undefined;
  };
  /** Lists the revisions of a flow, the first one first. */
  readonly listFlowRevisions: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/flows/{namespace}/{id}/revisions';
    readonly takes: { readonly "tenant": string; readonly "namespace": string; readonly "id": string };
    readonly gives: readonly (Flow)[];
  };
  /** Returns the graph of a flow that is not saved. */
  readonly graphOfSource: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/flows/graph';
    readonly takes: { readonly "tenant": string; readonly "subflows"?: (string | readonly (string)[]); readonly body: string };
    readonly gives: FlowGraph;
  };
  /** Returns the graph of a flow. */
  readonly generateFlowGraph: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/flows/{namespace}/{id}/graph';
    readonly takes: { readonly "tenant": string; readonly "namespace": string; readonly "id": string; readonly "revision"?: number; readonly "subflows"?: (string | readonly (string)[]) };
    readonly gives: FlowGraph;
  };
  /** Returns one task of a flow, with its properties as they are read. */
  readonly getTaskFromFlow: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/flows/{namespace}/{id}/tasks/{taskId}';
    readonly takes: { readonly "tenant": string; readonly "namespace": string; readonly "id": string; readonly "taskId": string; readonly "revision"?: number };
    readonly gives: Readonly<Record<string, unknown>>;
  };
  /** Returns which flows a flow starts, and which start it. */
  readonly getFlowDependencies: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/flows/{namespace}/{id}/dependencies';
    readonly takes: { readonly "tenant": string; readonly "namespace": string; readonly "id": string; readonly "destinationOnly"?: "true" | "false" | ""; readonly "expandAll"?: "true" | "false" | "" };
    readonly gives: { readonly "nodes": readonly ({ readonly "uid": string; readonly "namespace": string; readonly "id": string })[]; readonly "edges": readonly ({ readonly "source": string; readonly "target": string; readonly "relation": string })[] };
  };
  /** Returns an archive of the flows that a query means. */
  readonly exportFlowsByQuery: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/flows/export/by-query';
    readonly takes: { readonly "tenant": string; readonly "q"?: string; readonly "scope"?: (string | readonly (string)[]); readonly "namespace"?: string; readonly "labels"?: (string | readonly (string)[]); readonly "filters"?: readonly ({ readonly "field": string; readonly "operation": string; readonly "value": (string | readonly (string)[]) })[] };
    readonly gives: string;
  };
  /** Returns an archive of flows that are named. */
  readonly exportFlowsByIds: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/flows/export/by-ids';
    readonly takes: { readonly "tenant": string; readonly body: readonly ({ readonly "namespace": string; readonly "id": string })[] };
    readonly gives: string;
  };
  /** Saves the flows of an archive or of a text; none of them when one may not be or is invalid. */
  readonly importFlows: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/flows/import';
    readonly takes: { readonly "tenant": string; readonly body?: Readonly<Record<string, unknown>> };
    readonly gives: readonly (string)[];
  };
  /** Deletes flows that are named. */
  readonly deleteFlowsByIds: {
    readonly method: 'DELETE';
    readonly path: '/api/v1/{tenant}/flows/delete/by-ids';
    readonly takes: { readonly "tenant": string; readonly body: readonly ({ readonly "namespace": string; readonly "id": string })[] };
    readonly gives: BulkResult;
  };
  /** Deletes flows that a query means; a query without a filter means all. */
  readonly deleteFlowsByQuery: {
    readonly method: 'DELETE';
    readonly path: '/api/v1/{tenant}/flows/delete/by-query';
    readonly takes: { readonly "tenant": string; readonly "q"?: string; readonly "scope"?: (string | readonly (string)[]); readonly "namespace"?: string; readonly "labels"?: (string | readonly (string)[]); readonly "filters"?: readonly ({ readonly "field": string; readonly "operation": string; readonly "value": (string | readonly (string)[]) })[]; readonly body?: { readonly "filters"?: (readonly ({ readonly "field": string; readonly "operation": string; readonly "value": (string | readonly (string)[]) })[] | null) } };
    readonly gives: BulkResult;
  };
  /** Switches flows off that are named. */
  readonly disableFlowsByIds: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/flows/disable/by-ids';
    readonly takes: { readonly "tenant": string; readonly body: readonly ({ readonly "namespace": string; readonly "id": string })[] };
    readonly gives: BulkResult;
  };
  /** Switches flows off that a query means; a query without a filter means all. */
  readonly disableFlowsByQuery: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/flows/disable/by-query';
    readonly takes: { readonly "tenant": string; readonly "q"?: string; readonly "scope"?: (string | readonly (string)[]); readonly "namespace"?: string; readonly "labels"?: (string | readonly (string)[]); readonly "filters"?: readonly ({ readonly "field": string; readonly "operation": string; readonly "value": (string | readonly (string)[]) })[]; readonly body?: { readonly "filters"?: (readonly ({ readonly "field": string; readonly "operation": string; readonly "value": (string | readonly (string)[]) })[] | null) } };
    readonly gives: BulkResult;
  };
  /** Switches flows on that are named. */
  readonly enableFlowsByIds: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/flows/enable/by-ids';
    readonly takes: { readonly "tenant": string; readonly body: readonly ({ readonly "namespace": string; readonly "id": string })[] };
    readonly gives: BulkResult;
  };
  /** Switches flows on that a query means; a query without a filter means all. */
  readonly enableFlowsByQuery: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/flows/enable/by-query';
    readonly takes: { readonly "tenant": string; readonly "q"?: string; readonly "scope"?: (string | readonly (string)[]); readonly "namespace"?: string; readonly "labels"?: (string | readonly (string)[]); readonly "filters"?: readonly ({ readonly "field": string; readonly "operation": string; readonly "value": (string | readonly (string)[]) })[]; readonly body?: { readonly "filters"?: (readonly ({ readonly "field": string; readonly "operation": string; readonly "value": (string | readonly (string)[]) })[] | null) } };
    readonly gives: BulkResult;
  };
  /** Starts an execution; parts of the form are inputs. */
  readonly createExecution: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/executions/{namespace}/{id}';
    readonly takes: { readonly "tenant": string; readonly "namespace": string; readonly "id": string; readonly "labels"?: (string | readonly (string)[]); readonly "wait"?: "true" | "false" | ""; readonly "revision"?: number; readonly "scheduleDate"?: string; readonly "kind"?: "NORMAL"; readonly body?: Readonly<Record<string, unknown>> };
    readonly gives: Execution;
  };
  /** Starts an execution; the older address. */
  readonly triggerExecution: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/executions/trigger/{namespace}/{id}';
    readonly takes: { readonly "tenant": string; readonly "namespace": string; readonly "id": string; readonly "labels"?: (string | readonly (string)[]); readonly "wait"?: "true" | "false" | ""; readonly "revision"?: number; readonly "scheduleDate"?: string; readonly "kind"?: "NORMAL"; readonly body?: Readonly<Record<string, unknown>> };
    readonly gives: Execution;
  };
  /** Lists executions, the newest first. */
  readonly searchExecutions: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/executions/search';
    readonly takes: { readonly "tenant": string; readonly "page"?: number; readonly "size"?: number; readonly "sort"?: (string | readonly (string)[]); readonly "q"?: string; readonly "scope"?: (string | readonly (string)[]); readonly "namespace"?: string; readonly "flowId"?: string; readonly "startDate"?: string; readonly "endDate"?: string; readonly "timeRange"?: string; readonly "state"?: (string | readonly (string)[]); readonly "labels"?: (string | readonly (string)[]); readonly "triggerExecutionId"?: string; readonly "childFilter"?: "CHILD" | "MAIN"; readonly "filters"?: readonly ({ readonly "field": string; readonly "operation": string; readonly "value": (string | readonly (string)[]) })[] };
    readonly gives: { readonly "results": readonly (Execution)[]; readonly "total": number; readonly "isPartial"?: boolean };
  };
  /** Lists the executions of a flow, the newest first. */
  readonly searchExecutionsByFlowId: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/executions';
    readonly takes: { readonly "tenant": string; readonly "page"?: number; readonly "size"?: number; readonly "namespace": string; readonly "flowId": string };
    readonly gives: { readonly "results": readonly (Execution)[]; readonly "total": number; readonly "isPartial"?: boolean };
  };
  /** Returns the newest execution of each flow that is asked for. */
  readonly getLatestExecutions: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/executions/latest';
    readonly takes: { readonly "tenant": string; readonly body: readonly ({ readonly "namespace": string; readonly "id": string })[] };
    readonly gives: readonly ({ readonly "id": string; readonly "namespace": string; readonly "flowId": string; readonly "startDate": string; readonly "status": string })[];
  };
  /** Returns an execution. */
  readonly getExecution: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/executions/{executionId}';
    readonly takes: { readonly "tenant": string; readonly "executionId": string };
    readonly gives: Execution;
  };
  /** Deletes an ended execution; the ledger keeps its entries. */
  readonly deleteExecution: {
    readonly method: 'DELETE';
    readonly path: '/api/v1/{tenant}/executions/{executionId}';
    readonly takes: { readonly "tenant": string; readonly "executionId": string; readonly "deleteLogs"?: "true" | "false" | ""; readonly "deleteMetrics"?: "true" | "false" | ""; readonly "deleteStorage"?: "true" | "false" | "" };
    readonly gives: undefined;
  };
  /** Sends the execution whenever it changes, until it rests at its end. */
  readonly followExecution: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/executions/{executionId}/follow';
    readonly takes: { readonly "tenant": string; readonly "executionId": string };
    readonly gives: string;
  };
  /** Lets a paused execution go on; parts of the form are the values of its pause. */
  readonly resumeExecution: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/executions/{executionId}/resume';
    readonly takes: { readonly "tenant": string; readonly "executionId": string; readonly body?: Readonly<Record<string, unknown>> };
    readonly gives: undefined;
  };
  /** Holds a running execution until it is resumed. */
  readonly pauseExecution: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/executions/{executionId}/pause';
    readonly takes: { readonly "tenant": string; readonly "executionId": string };
    readonly gives: undefined;
  };
  /** Stops an execution and those it caused. */
  readonly killExecution: {
    readonly method: 'DELETE';
    readonly path: '/api/v1/{tenant}/executions/{executionId}/kill';
    readonly takes: { readonly "tenant": string; readonly "executionId": string; readonly "isOnKillCascade"?: "true" | "false" | "" };
    readonly gives: { readonly "id": string };
  };
  /** Lets an execution go on from what failed. */
  readonly restartExecution: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/executions/{executionId}/restart';
    readonly takes: { readonly "tenant": string; readonly "executionId": string; readonly "revision"?: number };
    readonly gives: Execution;
  };
  /** Starts another execution that takes over what came before a task run. */
  readonly replayExecution: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/executions/{executionId}/replay';
    readonly takes: { readonly "tenant": string; readonly "executionId": string; readonly "taskRunId"?: string; readonly "revision"?: number };
    readonly gives: Execution;
  };
  /** Replays an execution with other inputs. */
  readonly replayExecutionWithInputs: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/executions/{executionId}/replay-with-inputs';
    readonly takes: { readonly "tenant": string; readonly "executionId": string; readonly "taskRunId"?: string; readonly "revision"?: number; readonly body?: Readonly<Record<string, unknown>> };
    readonly gives: Execution;
  };
  /** Adds labels to an ended execution; an equal key is replaced. */
  readonly setLabelsOnTerminatedExecution: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/executions/{executionId}/labels';
    readonly takes: { readonly "tenant": string; readonly "executionId": string; readonly body: readonly ({ readonly "key": string; readonly "value": string })[] };
    readonly gives: Execution;
  };
  /** Returns the revision of the flow that an execution runs. */
  readonly getFlowFromExecutionById: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/executions/{executionId}/flow';
    readonly takes: { readonly "tenant": string; readonly "executionId": string };
    readonly gives: Flow;
  };
  /** Lists the namespaces that have a flow. */
  readonly listExecutableNamespaces: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/executions/namespaces';
    readonly takes: { readonly "tenant": string };
    readonly gives: readonly (string)[];
  };
  /** Lists the flows of a namespace that can be executed. */
  readonly listFlowsOfNamespaceForExecution: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/executions/namespaces/{namespace}/flows';
    readonly takes: { readonly "tenant": string; readonly "namespace": string };
    readonly gives: readonly (Flow)[];
  };
  /** Returns a flow for somebody who wants to execute it. */
  readonly getFlowForExecution: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/executions/flows/{namespace}/{flowId}';
    readonly takes: { readonly "tenant": string; readonly "namespace": string; readonly "flowId": string; readonly "revision"?: number };
    readonly gives: Flow;
  };
  /** Sets the state of a task run of an ended execution, which goes on from there. */
  readonly updateTaskRunState: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/executions/{executionId}/state';
    readonly takes: { readonly "tenant": string; readonly "executionId": string; readonly body: { readonly "taskRunId": string; readonly "state": "SUCCESS" | "WARNING" | "FAILED"; readonly "reason"?: string } };
    readonly gives: Execution;
  };
  /** Sets the state of an ended execution; nothing of it goes on. */
  readonly updateExecutionStatus: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/executions/{executionId}/change-status';
    readonly takes: { readonly "tenant": string; readonly "executionId": string; readonly "status": "SUCCESS" | "WARNING" | "FAILED" | "KILLED" | "CANCELLED" };
    readonly gives: Execution;
  };
  /** Sets the state of ended executions that are named. */
  readonly updateExecutionsStatusByIds: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/executions/change-status/by-ids';
    readonly takes: { readonly "tenant": string; readonly "newStatus": "SUCCESS" | "WARNING" | "FAILED" | "KILLED" | "CANCELLED"; readonly body: readonly (string)[] };
    readonly gives: BulkResult;
  };
  /** Sets the state of ended executions that a query means. */
  readonly updateExecutionsStatusByQuery: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/executions/change-status/by-query';
    readonly takes: { readonly "tenant": string; readonly "q"?: string; readonly "scope"?: (string | readonly (string)[]); readonly "namespace"?: string; readonly "flowId"?: string; readonly "startDate"?: string; readonly "endDate"?: string; readonly "timeRange"?: string; readonly "state"?: (string | readonly (string)[]); readonly "labels"?: (string | readonly (string)[]); readonly "triggerExecutionId"?: string; readonly "childFilter"?: "CHILD" | "MAIN"; readonly "filters"?: readonly ({ readonly "field": string; readonly "operation": string; readonly "value": (string | readonly (string)[]) })[]; readonly "includeNonTerminated"?: "true" | "false" | ""; readonly "deleteLogs"?: "true" | "false" | ""; readonly "deleteMetrics"?: "true" | "false" | ""; readonly "deleteStorage"?: "true" | "false" | ""; readonly "latestRevision"?: "true" | "false" | ""; readonly "newStatus": "SUCCESS" | "WARNING" | "FAILED" | "KILLED" | "CANCELLED"; readonly body?: { readonly "filters"?: (readonly ({ readonly "field": string; readonly "operation": string; readonly "value": (string | readonly (string)[]) })[] | null) } };
    readonly gives: BulkResult;
  };
  /** Lets an execution run that waits for a slot of its flow. */
  readonly unqueueExecution: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/executions/{executionId}/unqueue';
    readonly takes: { readonly "tenant": string; readonly "executionId": string; readonly "state"?: "RUNNING" };
    readonly gives: Execution;
  };
  /** Lets an execution run whatever holds it back: its date, a limit, a pause. */
  readonly forceRunExecution: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/executions/{executionId}/force-run';
    readonly takes: { readonly "tenant": string; readonly "executionId": string; readonly "state"?: "RUNNING" };
    readonly gives: Execution;
  };
  /** Says what became of an effect that may or may not have taken place. */
  readonly answerExecution: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/executions/{executionId}/answer';
    readonly takes: { readonly "tenant": string; readonly "executionId": string; readonly body: { readonly "answer": "happened" | "retry" | "fail"; readonly "outputs"?: Readonly<Record<string, unknown>>; readonly "taskRunId"?: string } };
    readonly gives: undefined;
  };
  /** Returns what an expression gives in a task run; secrets as stars. */
  readonly evalTaskRunExpression: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/executions/{executionId}/eval/{taskRunId}';
    readonly takes: { readonly "tenant": string; readonly "executionId": string; readonly "taskRunId": string; readonly body: unknown };
    readonly gives: { readonly "result"?: string; readonly "error"?: string };
  };
  /** Tells what is wrong with inputs, without starting anything. */
  readonly validateNewExecutionInputs: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/executions/{namespace}/{id}/validate';
    readonly takes: { readonly "tenant": string; readonly "namespace": string; readonly "id": string; readonly "labels"?: (string | readonly (string)[]); readonly "revision"?: number; readonly body?: Readonly<Record<string, unknown>> };
    readonly gives: { readonly "id": string; readonly "namespace": string; readonly "inputs": readonly (Readonly<Record<string, unknown>>)[] };
  };
  /** Returns the outputs of an execution. */
  readonly getOutputs: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/outputs/{executionId}';
    readonly takes: { readonly "tenant": string; readonly "executionId": string };
    readonly gives: Readonly<Record<string, unknown>>;
  };
  /** Returns the outputs of a task run. */
  readonly getTaskRunOutputs: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/outputs/{executionId}/{taskRunId}';
    readonly takes: { readonly "tenant": string; readonly "executionId": string; readonly "taskRunId": string };
    readonly gives: Readonly<Record<string, unknown>>;
  };
  /** Deletes ended executions that are named. */
  readonly deleteExecutionsByIds: {
    readonly method: 'DELETE';
    readonly path: '/api/v1/{tenant}/executions/by-ids';
    readonly takes: { readonly "tenant": string; readonly "includeNonTerminated"?: "true" | "false" | ""; readonly "deleteLogs"?: "true" | "false" | ""; readonly "deleteMetrics"?: "true" | "false" | ""; readonly "deleteStorage"?: "true" | "false" | ""; readonly "latestRevision"?: "true" | "false" | ""; readonly body: readonly (string)[] };
    readonly gives: BulkResult;
  };
  /** Deletes ended executions that a query means; a query without a filter means all. */
  readonly deleteExecutionsByQuery: {
    readonly method: 'DELETE';
    readonly path: '/api/v1/{tenant}/executions/by-query';
    readonly takes: { readonly "tenant": string; readonly "q"?: string; readonly "scope"?: (string | readonly (string)[]); readonly "namespace"?: string; readonly "flowId"?: string; readonly "startDate"?: string; readonly "endDate"?: string; readonly "timeRange"?: string; readonly "state"?: (string | readonly (string)[]); readonly "labels"?: (string | readonly (string)[]); readonly "triggerExecutionId"?: string; readonly "childFilter"?: "CHILD" | "MAIN"; readonly "filters"?: readonly ({ readonly "field": string; readonly "operation": string; readonly "value": (string | readonly (string)[]) })[]; readonly "includeNonTerminated"?: "true" | "false" | ""; readonly "deleteLogs"?: "true" | "false" | ""; readonly "deleteMetrics"?: "true" | "false" | ""; readonly "deleteStorage"?: "true" | "false" | ""; readonly "latestRevision"?: "true" | "false" | ""; readonly body?: { readonly "filters"?: (readonly ({ readonly "field": string; readonly "operation": string; readonly "value": (string | readonly (string)[]) })[] | null) } };
    readonly gives: BulkResult;
  };
  /** Stops executions that are named. */
  readonly killExecutionsByIds: {
    readonly method: 'DELETE';
    readonly path: '/api/v1/{tenant}/executions/kill/by-ids';
    readonly takes: { readonly "tenant": string; readonly "includeNonTerminated"?: "true" | "false" | ""; readonly "deleteLogs"?: "true" | "false" | ""; readonly "deleteMetrics"?: "true" | "false" | ""; readonly "deleteStorage"?: "true" | "false" | ""; readonly "latestRevision"?: "true" | "false" | ""; readonly body: readonly (string)[] };
    readonly gives: BulkResult;
  };
  /** Stops executions that a query means; a query without a filter means all. */
  readonly killExecutionsByQuery: {
    readonly method: 'DELETE';
    readonly path: '/api/v1/{tenant}/executions/kill/by-query';
    readonly takes: { readonly "tenant": string; readonly "q"?: string; readonly "scope"?: (string | readonly (string)[]); readonly "namespace"?: string; readonly "flowId"?: string; readonly "startDate"?: string; readonly "endDate"?: string; readonly "timeRange"?: string; readonly "state"?: (string | readonly (string)[]); readonly "labels"?: (string | readonly (string)[]); readonly "triggerExecutionId"?: string; readonly "childFilter"?: "CHILD" | "MAIN"; readonly "filters"?: readonly ({ readonly "field": string; readonly "operation": string; readonly "value": (string | readonly (string)[]) })[]; readonly "includeNonTerminated"?: "true" | "false" | ""; readonly "deleteLogs"?: "true" | "false" | ""; readonly "deleteMetrics"?: "true" | "false" | ""; readonly "deleteStorage"?: "true" | "false" | ""; readonly "latestRevision"?: "true" | "false" | ""; readonly body?: { readonly "filters"?: (readonly ({ readonly "field": string; readonly "operation": string; readonly "value": (string | readonly (string)[]) })[] | null) } };
    readonly gives: BulkResult;
  };
  /** Holds running executions that are named. */
  readonly pauseExecutionsByIds: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/executions/pause/by-ids';
    readonly takes: { readonly "tenant": string; readonly "includeNonTerminated"?: "true" | "false" | ""; readonly "deleteLogs"?: "true" | "false" | ""; readonly "deleteMetrics"?: "true" | "false" | ""; readonly "deleteStorage"?: "true" | "false" | ""; readonly "latestRevision"?: "true" | "false" | ""; readonly body: readonly (string)[] };
    readonly gives: BulkResult;
  };
  /** Holds running executions that a query means; a query without a filter means all. */
  readonly pauseExecutionsByQuery: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/executions/pause/by-query';
    readonly takes: { readonly "tenant": string; readonly "q"?: string; readonly "scope"?: (string | readonly (string)[]); readonly "namespace"?: string; readonly "flowId"?: string; readonly "startDate"?: string; readonly "endDate"?: string; readonly "timeRange"?: string; readonly "state"?: (string | readonly (string)[]); readonly "labels"?: (string | readonly (string)[]); readonly "triggerExecutionId"?: string; readonly "childFilter"?: "CHILD" | "MAIN"; readonly "filters"?: readonly ({ readonly "field": string; readonly "operation": string; readonly "value": (string | readonly (string)[]) })[]; readonly "includeNonTerminated"?: "true" | "false" | ""; readonly "deleteLogs"?: "true" | "false" | ""; readonly "deleteMetrics"?: "true" | "false" | ""; readonly "deleteStorage"?: "true" | "false" | ""; readonly "latestRevision"?: "true" | "false" | ""; readonly body?: { readonly "filters"?: (readonly ({ readonly "field": string; readonly "operation": string; readonly "value": (string | readonly (string)[]) })[] | null) } };
    readonly gives: BulkResult;
  };
  /** Lets paused executions go on that are named. */
  readonly resumeExecutionsByIds: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/executions/resume/by-ids';
    readonly takes: { readonly "tenant": string; readonly "includeNonTerminated"?: "true" | "false" | ""; readonly "deleteLogs"?: "true" | "false" | ""; readonly "deleteMetrics"?: "true" | "false" | ""; readonly "deleteStorage"?: "true" | "false" | ""; readonly "latestRevision"?: "true" | "false" | ""; readonly body: readonly (string)[] };
    readonly gives: BulkResult;
  };
  /** Lets paused executions go on that a query means; a query without a filter means all. */
  readonly resumeExecutionsByQuery: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/executions/resume/by-query';
    readonly takes: { readonly "tenant": string; readonly "q"?: string; readonly "scope"?: (string | readonly (string)[]); readonly "namespace"?: string; readonly "flowId"?: string; readonly "startDate"?: string; readonly "endDate"?: string; readonly "timeRange"?: string; readonly "state"?: (string | readonly (string)[]); readonly "labels"?: (string | readonly (string)[]); readonly "triggerExecutionId"?: string; readonly "childFilter"?: "CHILD" | "MAIN"; readonly "filters"?: readonly ({ readonly "field": string; readonly "operation": string; readonly "value": (string | readonly (string)[]) })[]; readonly "includeNonTerminated"?: "true" | "false" | ""; readonly "deleteLogs"?: "true" | "false" | ""; readonly "deleteMetrics"?: "true" | "false" | ""; readonly "deleteStorage"?: "true" | "false" | ""; readonly "latestRevision"?: "true" | "false" | ""; readonly body?: { readonly "filters"?: (readonly ({ readonly "field": string; readonly "operation": string; readonly "value": (string | readonly (string)[]) })[] | null) } };
    readonly gives: BulkResult;
  };
  /** Lets executions go on from what failed that are named. */
  readonly restartExecutionsByIds: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/executions/restart/by-ids';
    readonly takes: { readonly "tenant": string; readonly "includeNonTerminated"?: "true" | "false" | ""; readonly "deleteLogs"?: "true" | "false" | ""; readonly "deleteMetrics"?: "true" | "false" | ""; readonly "deleteStorage"?: "true" | "false" | ""; readonly "latestRevision"?: "true" | "false" | ""; readonly body: readonly (string)[] };
    readonly gives: BulkResult;
  };
  /** Lets executions go on from what failed that a query means; a query without a filter means all. */
  readonly restartExecutionsByQuery: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/executions/restart/by-query';
    readonly takes: { readonly "tenant": string; readonly "q"?: string; readonly "scope"?: (string | readonly (string)[]); readonly "namespace"?: string; readonly "flowId"?: string; readonly "startDate"?: string; readonly "endDate"?: string; readonly "timeRange"?: string; readonly "state"?: (string | readonly (string)[]); readonly "labels"?: (string | readonly (string)[]); readonly "triggerExecutionId"?: string; readonly "childFilter"?: "CHILD" | "MAIN"; readonly "filters"?: readonly ({ readonly "field": string; readonly "operation": string; readonly "value": (string | readonly (string)[]) })[]; readonly "includeNonTerminated"?: "true" | "false" | ""; readonly "deleteLogs"?: "true" | "false" | ""; readonly "deleteMetrics"?: "true" | "false" | ""; readonly "deleteStorage"?: "true" | "false" | ""; readonly "latestRevision"?: "true" | "false" | ""; readonly body?: { readonly "filters"?: (readonly ({ readonly "field": string; readonly "operation": string; readonly "value": (string | readonly (string)[]) })[] | null) } };
    readonly gives: BulkResult;
  };
  /** Lets executions run that wait for a slot of their flow that are named. */
  readonly unqueueExecutionsByIds: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/executions/unqueue/by-ids';
    readonly takes: { readonly "tenant": string; readonly "includeNonTerminated"?: "true" | "false" | ""; readonly "deleteLogs"?: "true" | "false" | ""; readonly "deleteMetrics"?: "true" | "false" | ""; readonly "deleteStorage"?: "true" | "false" | ""; readonly "latestRevision"?: "true" | "false" | ""; readonly body: readonly (string)[] };
    readonly gives: BulkResult;
  };
  /** Lets executions run that wait for a slot of their flow that a query means; a query without a filter means all. */
  readonly unqueueExecutionsByQuery: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/executions/unqueue/by-query';
    readonly takes: { readonly "tenant": string; readonly "q"?: string; readonly "scope"?: (string | readonly (string)[]); readonly "namespace"?: string; readonly "flowId"?: string; readonly "startDate"?: string; readonly "endDate"?: string; readonly "timeRange"?: string; readonly "state"?: (string | readonly (string)[]); readonly "labels"?: (string | readonly (string)[]); readonly "triggerExecutionId"?: string; readonly "childFilter"?: "CHILD" | "MAIN"; readonly "filters"?: readonly ({ readonly "field": string; readonly "operation": string; readonly "value": (string | readonly (string)[]) })[]; readonly "includeNonTerminated"?: "true" | "false" | ""; readonly "deleteLogs"?: "true" | "false" | ""; readonly "deleteMetrics"?: "true" | "false" | ""; readonly "deleteStorage"?: "true" | "false" | ""; readonly "latestRevision"?: "true" | "false" | ""; readonly body?: { readonly "filters"?: (readonly ({ readonly "field": string; readonly "operation": string; readonly "value": (string | readonly (string)[]) })[] | null) } };
    readonly gives: BulkResult;
  };
  /** Lets executions run whatever holds them back that are named. */
  readonly forceRunExecutionsByIds: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/executions/force-run/by-ids';
    readonly takes: { readonly "tenant": string; readonly "includeNonTerminated"?: "true" | "false" | ""; readonly "deleteLogs"?: "true" | "false" | ""; readonly "deleteMetrics"?: "true" | "false" | ""; readonly "deleteStorage"?: "true" | "false" | ""; readonly "latestRevision"?: "true" | "false" | ""; readonly body: readonly (string)[] };
    readonly gives: BulkResult;
  };
  /** Lets executions run whatever holds them back that a query means; a query without a filter means all. */
  readonly forceRunExecutionsByQuery: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/executions/force-run/by-query';
    readonly takes: { readonly "tenant": string; readonly "q"?: string; readonly "scope"?: (string | readonly (string)[]); readonly "namespace"?: string; readonly "flowId"?: string; readonly "startDate"?: string; readonly "endDate"?: string; readonly "timeRange"?: string; readonly "state"?: (string | readonly (string)[]); readonly "labels"?: (string | readonly (string)[]); readonly "triggerExecutionId"?: string; readonly "childFilter"?: "CHILD" | "MAIN"; readonly "filters"?: readonly ({ readonly "field": string; readonly "operation": string; readonly "value": (string | readonly (string)[]) })[]; readonly "includeNonTerminated"?: "true" | "false" | ""; readonly "deleteLogs"?: "true" | "false" | ""; readonly "deleteMetrics"?: "true" | "false" | ""; readonly "deleteStorage"?: "true" | "false" | ""; readonly "latestRevision"?: "true" | "false" | ""; readonly body?: { readonly "filters"?: (readonly ({ readonly "field": string; readonly "operation": string; readonly "value": (string | readonly (string)[]) })[] | null) } };
    readonly gives: BulkResult;
  };
  /** Replays executions from their start that are named. */
  readonly replayExecutionsByIds: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/executions/replay/by-ids';
    readonly takes: { readonly "tenant": string; readonly "includeNonTerminated"?: "true" | "false" | ""; readonly "deleteLogs"?: "true" | "false" | ""; readonly "deleteMetrics"?: "true" | "false" | ""; readonly "deleteStorage"?: "true" | "false" | ""; readonly "latestRevision"?: "true" | "false" | ""; readonly body: readonly (string)[] };
    readonly gives: BulkResult;
  };
  /** Replays executions from their start that a query means; a query without a filter means all. */
  readonly replayExecutionsByQuery: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/executions/replay/by-query';
    readonly takes: { readonly "tenant": string; readonly "q"?: string; readonly "scope"?: (string | readonly (string)[]); readonly "namespace"?: string; readonly "flowId"?: string; readonly "startDate"?: string; readonly "endDate"?: string; readonly "timeRange"?: string; readonly "state"?: (string | readonly (string)[]); readonly "labels"?: (string | readonly (string)[]); readonly "triggerExecutionId"?: string; readonly "childFilter"?: "CHILD" | "MAIN"; readonly "filters"?: readonly ({ readonly "field": string; readonly "operation": string; readonly "value": (string | readonly (string)[]) })[]; readonly "includeNonTerminated"?: "true" | "false" | ""; readonly "deleteLogs"?: "true" | "false" | ""; readonly "deleteMetrics"?: "true" | "false" | ""; readonly "deleteStorage"?: "true" | "false" | ""; readonly "latestRevision"?: "true" | "false" | ""; readonly body?: { readonly "filters"?: (readonly ({ readonly "field": string; readonly "operation": string; readonly "value": (string | readonly (string)[]) })[] | null) } };
    readonly gives: BulkResult;
  };
  /** Adds labels to ended executions that are named. */
  readonly setLabelsOnTerminatedExecutionsByIds: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/executions/labels/by-ids';
    readonly takes: { readonly "tenant": string; readonly body: { readonly "executionsId": readonly (string)[]; readonly "executionLabels": readonly ({ readonly "key": string; readonly "value": string })[] } };
    readonly gives: BulkResult;
  };
  /** Adds labels to ended executions that a query means. */
  readonly setLabelsOnTerminatedExecutionsByQuery: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/executions/labels/by-query';
    readonly takes: { readonly "tenant": string; readonly "q"?: string; readonly "scope"?: (string | readonly (string)[]); readonly "namespace"?: string; readonly "flowId"?: string; readonly "startDate"?: string; readonly "endDate"?: string; readonly "timeRange"?: string; readonly "state"?: (string | readonly (string)[]); readonly "labels"?: (string | readonly (string)[]); readonly "triggerExecutionId"?: string; readonly "childFilter"?: "CHILD" | "MAIN"; readonly "filters"?: readonly ({ readonly "field": string; readonly "operation": string; readonly "value": (string | readonly (string)[]) })[]; readonly "includeNonTerminated"?: "true" | "false" | ""; readonly "deleteLogs"?: "true" | "false" | ""; readonly "deleteMetrics"?: "true" | "false" | ""; readonly "deleteStorage"?: "true" | "false" | ""; readonly "latestRevision"?: "true" | "false" | ""; readonly body: readonly ({ readonly "key": string; readonly "value": string })[] };
    readonly gives: BulkResult;
  };
  /** Returns the content of a file of an execution. */
  readonly downloadFileFromExecution: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/executions/{executionId}/file';
    readonly takes: { readonly "tenant": string; readonly "executionId": string; readonly "path": string };
    readonly gives: string;
  };
  /** Returns how large a file of an execution is. */
  readonly getFileMetadatasFromExecution: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/executions/{executionId}/file/metas';
    readonly takes: { readonly "tenant": string; readonly "executionId": string; readonly "path": string };
    readonly gives: { readonly "size": number };
  };
  /** Returns the first lines of a file of an execution. */
  readonly previewFileFromExecution: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/executions/{executionId}/file/preview';
    readonly takes: { readonly "tenant": string; readonly "executionId": string; readonly "path": string; readonly "maxRows"?: number; readonly "encoding"?: "UTF-8" | "utf-8" | "ISO-8859-1" | "iso-8859-1" };
    readonly gives: { readonly "extension": string; readonly "type": "LIST" | "TEXT"; readonly "content": unknown; readonly "maxLine": number; readonly "truncated": boolean };
  };
  /** Returns the graph of the flow that an execution runs. */
  readonly getExecutionFlowGraph: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/executions/{executionId}/graph';
    readonly takes: { readonly "tenant": string; readonly "executionId": string; readonly "subflows"?: (string | readonly (string)[]) };
    readonly gives: FlowGraph;
  };
  /** Returns the page that links in notices lead to. It holds nothing, and decides nothing. */
  readonly approvalPage: {
    readonly method: 'GET';
    readonly path: '/ui/{tenant}/approvals/{approvalId}';
    readonly takes: { readonly "tenant": string; readonly "approvalId": string };
    readonly gives: string;
  };
  /** Lists approvals; those that wait when nothing is said. */
  readonly listApprovals: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/approvals';
    readonly takes: { readonly "tenant": string; readonly "state"?: "open" | "granted" | "used" | "rejected" | "returned" | "withdrawn" | "expired" | "voided" | "all"; readonly "executionId"?: string; readonly "namespace"?: string; readonly "mine"?: "true" | "false" | ""; readonly "unexamined"?: "true" | "false" | ""; readonly "after"?: string; readonly "limit"?: number };
    readonly gives: { readonly "results": readonly ({ readonly "id": string; readonly "state": string; readonly "executionId": string; readonly "taskId": string; readonly "digest": string; readonly "edition": number; readonly "deciders": readonly (string)[]; readonly "missing": number } & Readonly<Record<string, unknown>>)[]; readonly "total": number; readonly "next": unknown };
  };
  /** Returns an approval with the effect as it was shown. Decides nothing. */
  readonly getApproval: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/approvals/{approvalId}';
    readonly takes: { readonly "tenant": string; readonly "approvalId": string };
    readonly gives: { readonly "id": string; readonly "state": string; readonly "executionId": string; readonly "taskId": string; readonly "digest": string; readonly "edition": number; readonly "deciders": readonly (string)[]; readonly "missing": number } & Readonly<Record<string, unknown>>;
  };
  /** Agrees to exactly the effect that is shown; `inputs` are the values of its form. */
  readonly approveApproval: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/approvals/{approvalId}/approve';
    readonly takes: { readonly "tenant": string; readonly "approvalId": string; readonly body: { readonly "reason"?: string; readonly "inputs"?: Readonly<Record<string, unknown>>; readonly "digest"?: string } };
    readonly gives: { readonly "approval": { readonly "id": string; readonly "state": string; readonly "executionId": string; readonly "taskId": string; readonly "digest": string; readonly "edition": number; readonly "deciders": readonly (string)[]; readonly "missing": number } & Readonly<Record<string, unknown>>; readonly "receipt": { readonly "seq": number } & Readonly<Record<string, unknown>> };
  };
  /** Refuses the effect; its task fails. */
  readonly rejectApproval: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/approvals/{approvalId}/reject';
    readonly takes: { readonly "tenant": string; readonly "approvalId": string; readonly body: { readonly "reason": string } };
    readonly gives: { readonly "approval": { readonly "id": string; readonly "state": string; readonly "executionId": string; readonly "taskId": string; readonly "digest": string; readonly "edition": number; readonly "deciders": readonly (string)[]; readonly "missing": number } & Readonly<Record<string, unknown>>; readonly "receipt": { readonly "seq": number } & Readonly<Record<string, unknown>> };
  };
  /** Sends the effect back to be mended; its task fails. */
  readonly sendBackApproval: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/approvals/{approvalId}/send-back';
    readonly takes: { readonly "tenant": string; readonly "approvalId": string; readonly body: { readonly "reason": string } };
    readonly gives: { readonly "approval": { readonly "id": string; readonly "state": string; readonly "executionId": string; readonly "taskId": string; readonly "digest": string; readonly "edition": number; readonly "deciders": readonly (string)[]; readonly "missing": number } & Readonly<Record<string, unknown>>; readonly "receipt": { readonly "seq": number } & Readonly<Record<string, unknown>> };
  };
  /** Takes back what whoever asks had part in asking for; its task fails. */
  readonly withdrawApproval: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/approvals/{approvalId}/withdraw';
    readonly takes: { readonly "tenant": string; readonly "approvalId": string; readonly body: { readonly "reason": string } };
    readonly gives: { readonly "approval": { readonly "id": string; readonly "state": string; readonly "executionId": string; readonly "taskId": string; readonly "digest": string; readonly "edition": number; readonly "deciders": readonly (string)[]; readonly "missing": number } & Readonly<Record<string, unknown>>; readonly "receipt": { readonly "seq": number } & Readonly<Record<string, unknown>> };
  };
  /** Vouches for the values of some arguments; what asked for the approval is asked again. */
  readonly endorseValues: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/approvals/{approvalId}/endorse';
    readonly takes: { readonly "tenant": string; readonly "approvalId": string; readonly body: { readonly "arguments": readonly (string)[]; readonly "reason": string } };
    readonly gives: { readonly "approval": { readonly "id": string; readonly "state": string; readonly "executionId": string; readonly "taskId": string; readonly "digest": string; readonly "edition": number; readonly "deciders": readonly (string)[]; readonly "missing": number } & Readonly<Record<string, unknown>>; readonly "receipt": { readonly "seq": number } & Readonly<Record<string, unknown>> };
  };
  /** Goes on without the approvers, who examine it afterwards. */
  readonly breakGlass: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/approvals/{approvalId}/break-glass';
    readonly takes: { readonly "tenant": string; readonly "approvalId": string; readonly body: { readonly "reason": string } };
    readonly gives: { readonly "approval": { readonly "id": string; readonly "state": string; readonly "executionId": string; readonly "taskId": string; readonly "digest": string; readonly "edition": number; readonly "deciders": readonly (string)[]; readonly "missing": number } & Readonly<Record<string, unknown>>; readonly "receipt": { readonly "seq": number } & Readonly<Record<string, unknown>> };
  };
  /** Notes what a second person found who examined it. */
  readonly examineBrokenGlass: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/approvals/{approvalId}/examine';
    readonly takes: { readonly "tenant": string; readonly "approvalId": string; readonly body: { readonly "isAccepted": boolean; readonly "note": string } };
    readonly gives: { readonly "approval": { readonly "id": string; readonly "state": string; readonly "executionId": string; readonly "taskId": string; readonly "digest": string; readonly "edition": number; readonly "deciders": readonly (string)[]; readonly "missing": number } & Readonly<Record<string, unknown>>; readonly "receipt": { readonly "seq": number } & Readonly<Record<string, unknown>> };
  };
  /** Takes an approval on, so that others leave it. */
  readonly claimApproval: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/approvals/{approvalId}/claim';
    readonly takes: { readonly "tenant": string; readonly "approvalId": string };
    readonly gives: { readonly "id": string; readonly "state": string; readonly "executionId": string; readonly "taskId": string; readonly "digest": string; readonly "edition": number; readonly "deciders": readonly (string)[]; readonly "missing": number } & Readonly<Record<string, unknown>>;
  };
  /** Gives an approval back that was taken on. */
  readonly unclaimApproval: {
    readonly method: 'DELETE';
    readonly path: '/api/v1/{tenant}/approvals/{approvalId}/claim';
    readonly takes: { readonly "tenant": string; readonly "approvalId": string };
    readonly gives: { readonly "id": string; readonly "state": string; readonly "executionId": string; readonly "taskId": string; readonly "digest": string; readonly "edition": number; readonly "deciders": readonly (string)[]; readonly "missing": number } & Readonly<Record<string, unknown>>;
  };
  /** Lists who decides for whom at present. */
  readonly listDelegations: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/delegations';
    readonly takes: { readonly "tenant": string };
    readonly gives: { readonly "results": readonly ({ readonly "id": string; readonly "from": string; readonly "to": string; readonly "until": string } & Readonly<Record<string, unknown>>)[] };
  };
  /** Lets somebody else decide in the place of whoever asks, until a moment. */
  readonly delegateApprovals: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/delegations';
    readonly takes: { readonly "tenant": string; readonly body: { readonly "to": string; readonly "until": string; readonly "reason": string } };
    readonly gives: { readonly "id": string; readonly "from": string; readonly "to": string; readonly "until": string } & Readonly<Record<string, unknown>>;
  };
  /** Ends a delegation of whoever asks. */
  readonly endDelegation: {
    readonly method: 'DELETE';
    readonly path: '/api/v1/{tenant}/delegations/{delegationId}';
    readonly takes: { readonly "tenant": string; readonly "delegationId": string };
    readonly gives: undefined;
  };
  /** Lists log lines; of more than ten thousand the oldest. */
  readonly searchLogs: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/logs/search';
    readonly takes: { readonly "tenant": string; readonly "page"?: number; readonly "size"?: number; readonly "sort"?: (string | readonly (string)[]); readonly "q"?: string; readonly "namespace"?: string; readonly "flowId"?: string; readonly "triggerId"?: string; readonly "minLevel"?: "TRACE" | "DEBUG" | "INFO" | "WARN" | "ERROR"; readonly "startDate"?: string; readonly "endDate"?: string; readonly "filters"?: readonly ({ readonly "field": string; readonly "operation": string; readonly "value": (string | readonly (string)[]) })[] };
    readonly gives: { readonly "results": readonly (LogEntry)[]; readonly "total": number; readonly "isPartial"?: boolean };
  };
  /** Lists the lines of an execution, the oldest first. */
  readonly listLogsFromExecution: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/logs/{executionId}';
    readonly takes: { readonly "tenant": string; readonly "executionId": string; readonly "minLevel"?: "TRACE" | "DEBUG" | "INFO" | "WARN" | "ERROR"; readonly "taskRunId"?: string; readonly "taskId"?: string; readonly "attempt"?: number };
    readonly gives: readonly (LogEntry)[];
  };
  /** Deletes lines of an execution. */
  readonly deleteLogsFromExecution: {
    readonly method: 'DELETE';
    readonly path: '/api/v1/{tenant}/logs/{executionId}';
    readonly takes: { readonly "tenant": string; readonly "executionId": string; readonly "minLevel"?: "TRACE" | "DEBUG" | "INFO" | "WARN" | "ERROR"; readonly "taskRunId"?: string; readonly "taskId"?: string; readonly "attempt"?: number };
    readonly gives: undefined;
  };
  /** Returns the lines of an execution as text. */
  readonly downloadLogsFromExecution: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/logs/{executionId}/download';
    readonly takes: { readonly "tenant": string; readonly "executionId": string; readonly "minLevel"?: "TRACE" | "DEBUG" | "INFO" | "WARN" | "ERROR"; readonly "taskRunId"?: string; readonly "taskId"?: string; readonly "attempt"?: number };
    readonly gives: string;
  };
  /** Sends the lines of an execution as they come, until it has ended. */
  readonly followLogsFromExecution: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/logs/{executionId}/follow';
    readonly takes: { readonly "tenant": string; readonly "executionId": string; readonly "minLevel"?: "TRACE" | "DEBUG" | "INFO" | "WARN" | "ERROR" };
    readonly gives: string;
  };
  /** Deletes the lines of all executions of a flow. */
  readonly deleteLogsFromFlow: {
    readonly method: 'DELETE';
    readonly path: '/api/v1/{tenant}/logs/{namespace}/{flowId}';
    readonly takes: { readonly "tenant": string; readonly "namespace": string; readonly "flowId": string };
    readonly gives: undefined;
  };
  /** Lists the numbers that tasks of an execution kept. */
  readonly searchMetricsByExecution: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/metrics/{executionId}';
    readonly takes: { readonly "tenant": string; readonly "executionId": string; readonly "page"?: number; readonly "size"?: number; readonly "sort"?: (string | readonly (string)[]); readonly "taskRunId"?: string; readonly "taskId"?: string };
    readonly gives: { readonly "results": readonly (MetricEntry)[]; readonly "total": number; readonly "isPartial"?: boolean };
  };
  /** Lists the names of the numbers that executions of a flow kept. */
  readonly listFlowMetrics: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/metrics/names/{namespace}/{flowId}';
    readonly takes: { readonly "tenant": string; readonly "namespace": string; readonly "flowId": string };
    readonly gives: readonly (string)[];
  };
  /** Lists the names of the numbers that a task of a flow kept. */
  readonly listTaskMetrics: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/metrics/names/{namespace}/{flowId}/{taskId}';
    readonly takes: { readonly "tenant": string; readonly "namespace": string; readonly "flowId": string; readonly "taskId": string };
    readonly gives: readonly (string)[];
  };
  /** Lists the tasks of a flow that kept numbers. */
  readonly listTasksWithMetrics: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/metrics/tasks/{namespace}/{flowId}';
    readonly takes: { readonly "tenant": string; readonly "namespace": string; readonly "flowId": string };
    readonly gives: readonly (string)[];
  };
  /** Returns a number over time, of the executions of a flow. */
  readonly aggregateMetricsFromFlow: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/metrics/aggregates/{namespace}/{flowId}/{metric}';
    readonly takes: { readonly "tenant": string; readonly "namespace": string; readonly "flowId": string; readonly "metric": string; readonly "startDate"?: string; readonly "endDate"?: string; readonly "aggregation"?: "sum" | "avg" | "min" | "max" };
    readonly gives: { readonly "groupBy": "minute" | "hour" | "day" | "month"; readonly "aggregations": readonly ({ readonly "date": string; readonly "value": number })[] };
  };
  /** Returns a number over time, of one task of a flow. */
  readonly aggregateMetricsFromTask: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/metrics/aggregates/{namespace}/{flowId}/{taskId}/{metric}';
    readonly takes: { readonly "tenant": string; readonly "namespace": string; readonly "flowId": string; readonly "taskId": string; readonly "metric": string; readonly "startDate"?: string; readonly "endDate"?: string; readonly "aggregation"?: "sum" | "avg" | "min" | "max" };
    readonly gives: { readonly "groupBy": "minute" | "hour" | "day" | "month"; readonly "aggregations": readonly ({ readonly "date": string; readonly "value": number })[] };
  };
  /** Lists the blueprints that come with the product. */
  readonly searchBlueprints: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/blueprints/community/{kind}';
    readonly takes: { readonly "tenant": string; readonly "kind": "flow" | "flows"; readonly "page"?: number; readonly "size"?: number; readonly "sort"?: (string | readonly (string)[]); readonly "q"?: string; readonly "tags"?: (string | readonly (string)[]) };
    readonly gives: { readonly "results": readonly ({ readonly "id": string; readonly "title": string; readonly "description": string; readonly "tags": readonly (string)[]; readonly "includedTasks": readonly (string)[]; readonly "kind": string; readonly "template": { readonly "templateArguments": readonly (Readonly<Record<string, unknown>>)[] } })[]; readonly "total": number; readonly "isPartial"?: boolean };
  };
  /** Lists the tags of blueprints. */
  readonly listBlueprintTags: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/blueprints/community/{kind}/tags';
    readonly takes: { readonly "tenant": string; readonly "kind": "flow" | "flows" };
    readonly gives: readonly ({ readonly "id": string; readonly "name": string })[];
  };
  /** Returns a blueprint. */
  readonly getBlueprint: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/blueprints/community/{kind}/{id}';
    readonly takes: { readonly "tenant": string; readonly "kind": "flow" | "flows"; readonly "id": string };
    readonly gives: { readonly "id": string; readonly "title": string; readonly "description": string; readonly "tags": readonly (string)[]; readonly "includedTasks": readonly (string)[]; readonly "kind": string; readonly "template": { readonly "templateArguments": readonly (Readonly<Record<string, unknown>>)[] }; readonly "source": string };
  };
  /** Returns the text of a blueprint. */
  readonly getBlueprintSource: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/blueprints/community/{kind}/{id}/source';
    readonly takes: { readonly "tenant": string; readonly "kind": "flow" | "flows"; readonly "id": string };
    readonly gives: string;
  };
  /** Returns the graph of a blueprint with its usual arguments. */
  readonly getBlueprintGraph: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/blueprints/community/{kind}/{id}/graph';
    readonly takes: { readonly "tenant": string; readonly "kind": "flow" | "flows"; readonly "id": string };
    readonly gives: FlowGraph;
  };
  /** Returns the source of a flow: a blueprint with arguments. Saves nothing. */
  readonly useBlueprintTemplate: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/blueprints/flows/{id}/use-template';
    readonly takes: { readonly "tenant": string; readonly "id": string; readonly body: { readonly "templateArgumentsInputs"?: Readonly<Record<string, unknown>> } };
    readonly gives: { readonly "generatedFlowSource": string };
  };
  /** Lists blueprints of one’s own; there are none. */
  readonly searchInternalBlueprints: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/blueprints/custom';
    readonly takes: { readonly "tenant": string; readonly "page"?: number; readonly "size"?: number; readonly "sort"?: (string | readonly (string)[]); readonly "q"?: string; readonly "tags"?: (string | readonly (string)[]) };
    readonly gives: { readonly "results": readonly ({ readonly "id": string; readonly "title": string; readonly "description": string; readonly "tags": readonly (string)[]; readonly "includedTasks": readonly (string)[]; readonly "kind": string; readonly "template": { readonly "templateArguments": readonly (Readonly<Record<string, unknown>>)[] } })[]; readonly "total": number; readonly "isPartial"?: boolean };
  };
  /** Lists dashboards, the one that comes with the product first. */
  readonly searchDashboards: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/dashboards';
    readonly takes: { readonly "tenant": string; readonly "page"?: number; readonly "size"?: number; readonly "sort"?: (string | readonly (string)[]); readonly "q"?: string };
    readonly gives: { readonly "results": readonly ({ readonly "id": string; readonly "tenantId": string; readonly "title": string; readonly "description"?: string; readonly "charts": readonly ({ readonly "id": string; readonly "type": string } & Readonly<Record<string, unknown>>)[]; readonly "deleted": boolean; readonly "created"?: string; readonly "updated"?: string; readonly "sourceCode"?: string } & Readonly<Record<string, unknown>>)[]; readonly "total": number; readonly "isPartial"?: boolean };
  };
  /** Saves a dashboard. */
  readonly createDashboard: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/dashboards';
    readonly takes: { readonly "tenant": string; readonly body: string };
    readonly gives: { readonly "id": string; readonly "tenantId": string; readonly "title": string; readonly "description"?: string; readonly "charts": readonly ({ readonly "id": string; readonly "type": string } & Readonly<Record<string, unknown>>)[]; readonly "deleted": boolean; readonly "created"?: string; readonly "updated"?: string; readonly "sourceCode"?: string } & Readonly<Record<string, unknown>>;
  };
  /** Tells what is wrong with a dashboard, without saving it. */
  readonly validateDashboard: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/dashboards/validate';
    readonly takes: { readonly "tenant": string; readonly body: string };
    readonly gives: Violation;
  };
  /** Tells what is wrong with one chart. */
  readonly validateChart: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/dashboards/validate/chart';
    readonly takes: { readonly "tenant": string; readonly body: string };
    readonly gives: Violation;
  };
  /** Returns what a chart draws that is not saved. */
  readonly previewChart: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/dashboards/charts/preview';
    readonly takes: { readonly "tenant": string; readonly body: { readonly "chart": string; readonly "globalFilter"?: ({ readonly "startDate"?: unknown; readonly "endDate"?: unknown; readonly "namespace"?: (string | null); readonly "labels"?: (Readonly<Record<string, string>> | null); readonly "filters"?: (readonly ({ readonly "field": string; readonly "operation": string; readonly "value": (string | readonly (string)[]) })[] | null); readonly "pageNumber"?: (number | null); readonly "pageSize"?: (number | null) } | null) } };
    readonly gives: { readonly "results": readonly (Readonly<Record<string, unknown>>)[]; readonly "total": number; readonly "isPartial"?: boolean };
  };
  /** Returns a dashboard with its text. */
  readonly getDashboard: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/dashboards/{id}';
    readonly takes: { readonly "tenant": string; readonly "id": string };
    readonly gives: { readonly "id": string; readonly "tenantId": string; readonly "title": string; readonly "description"?: string; readonly "charts": readonly ({ readonly "id": string; readonly "type": string } & Readonly<Record<string, unknown>>)[]; readonly "deleted": boolean; readonly "created"?: string; readonly "updated"?: string; readonly "sourceCode"?: string } & Readonly<Record<string, unknown>>;
  };
  /** Saves another text of a dashboard. */
  readonly updateDashboard: {
    readonly method: 'PUT';
    readonly path: '/api/v1/{tenant}/dashboards/{id}';
    readonly takes: { readonly "tenant": string; readonly "id": string; readonly body: string };
    readonly gives: { readonly "id": string; readonly "tenantId": string; readonly "title": string; readonly "description"?: string; readonly "charts": readonly ({ readonly "id": string; readonly "type": string } & Readonly<Record<string, unknown>>)[]; readonly "deleted": boolean; readonly "created"?: string; readonly "updated"?: string; readonly "sourceCode"?: string } & Readonly<Record<string, unknown>>;
  };
  /** Removes a dashboard. */
  readonly deleteDashboard: {
    readonly method: 'DELETE';
    readonly path: '/api/v1/{tenant}/dashboards/{id}';
    readonly takes: { readonly "tenant": string; readonly "id": string };
    readonly gives: undefined;
  };
  /** Returns what a chart of a dashboard draws. */
  readonly getDashboardChartData: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/dashboards/{id}/charts/{chartId}';
    readonly takes: { readonly "tenant": string; readonly "id": string; readonly "chartId": string; readonly body?: { readonly "startDate"?: unknown; readonly "endDate"?: unknown; readonly "namespace"?: (string | null); readonly "labels"?: (Readonly<Record<string, string>> | null); readonly "filters"?: (readonly ({ readonly "field": string; readonly "operation": string; readonly "value": (string | readonly (string)[]) })[] | null); readonly "pageNumber"?: (number | null); readonly "pageSize"?: (number | null) } };
    readonly gives: { readonly "results": readonly (Readonly<Record<string, unknown>>)[]; readonly "total": number; readonly "isPartial"?: boolean };
  };
  /** Lists the keys of a namespace. */
  readonly listKeys: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/namespaces/{namespace}/kv';
    readonly takes: { readonly "tenant": string; readonly "namespace": string };
    readonly gives: readonly (KeyEntry)[];
  };
  /** Deletes several keys; tells which were there. */
  readonly deleteKeyValues: {
    readonly method: 'DELETE';
    readonly path: '/api/v1/{tenant}/namespaces/{namespace}/kv';
    readonly takes: { readonly "tenant": string; readonly "namespace": string; readonly body: { readonly "keys": readonly (string)[] } };
    readonly gives: { readonly "keys": readonly (string)[] };
  };
  /** Returns the value of a key. */
  readonly getKeyValue: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/namespaces/{namespace}/kv/{key}';
    readonly takes: { readonly "tenant": string; readonly "namespace": string; readonly "key": string };
    readonly gives: { readonly "type": string; readonly "value": unknown };
  };
  /** Sets a key; the headers `ttl` and `description` go with it. */
  readonly setKeyValue: {
    readonly method: 'PUT';
    readonly path: '/api/v1/{tenant}/namespaces/{namespace}/kv/{key}';
    readonly takes: { readonly "tenant": string; readonly "namespace": string; readonly "key": string; readonly body: unknown };
    readonly gives: undefined;
  };
  /** Deletes a key; tells whether it was there. */
  readonly deleteKeyValue: {
    readonly method: 'DELETE';
    readonly path: '/api/v1/{tenant}/namespaces/{namespace}/kv/{key}';
    readonly takes: { readonly "tenant": string; readonly "namespace": string; readonly "key": string };
    readonly gives: boolean;
  };
  /** Returns what is known of a key without its value. */
  readonly getKeyDetail: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/namespaces/{namespace}/kv/{key}/detail';
    readonly takes: { readonly "tenant": string; readonly "namespace": string; readonly "key": string };
    readonly gives: KeyEntry;
  };
  /** Lists namespaces. */
  readonly searchNamespaces: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/namespaces/search';
    readonly takes: { readonly "tenant": string; readonly "page"?: number; readonly "size"?: number; readonly "sort"?: (string | readonly (string)[]); readonly "q"?: string; readonly "existing"?: "true" | "false" | "" };
    readonly gives: { readonly "results": readonly (Namespace)[]; readonly "total": number; readonly "isPartial"?: boolean };
  };
  /** Lists the namespaces whose name holds a text. */
  readonly autocompleteNamespaces: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/namespaces/autocomplete';
    readonly takes: { readonly "tenant": string; readonly body: { readonly "q"?: string; readonly "ids"?: readonly (string)[]; readonly "existingOnly"?: boolean } };
    readonly gives: readonly (string)[];
  };
  /** Returns a namespace. */
  readonly getNamespace: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/namespaces/{id}';
    readonly takes: { readonly "tenant": string; readonly "id": string };
    readonly gives: Namespace;
  };
  /** Returns the content of a file. */
  readonly getFileContent: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/namespaces/{namespace}/files';
    readonly takes: { readonly "tenant": string; readonly "namespace": string; readonly "path": string };
    readonly gives: string;
  };
  /** Stores a file; with `If-Match` only over the one that is named. */
  readonly createNamespaceFile: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/namespaces/{namespace}/files';
    readonly takes: { readonly "tenant": string; readonly "namespace": string; readonly "path": string; readonly body?: Readonly<Record<string, unknown>> };
    readonly gives: undefined;
  };
  /** Gives a file, or all files of a folder, another path. */
  readonly moveFileDirectory: {
    readonly method: 'PUT';
    readonly path: '/api/v1/{tenant}/namespaces/{namespace}/files';
    readonly takes: { readonly "tenant": string; readonly "namespace": string; readonly "from": string; readonly "to": string };
    readonly gives: undefined;
  };
  /** Deletes a file, or all files of a folder. */
  readonly deleteFileDirectory: {
    readonly method: 'DELETE';
    readonly path: '/api/v1/{tenant}/namespaces/{namespace}/files';
    readonly takes: { readonly "tenant": string; readonly "namespace": string; readonly "path": string };
    readonly gives: undefined;
  };
  /** Finds files by a part of their path. */
  readonly searchNamespaceFiles: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/namespaces/{namespace}/files/search';
    readonly takes: { readonly "tenant": string; readonly "namespace": string; readonly "q"?: string };
    readonly gives: readonly (string)[];
  };
  /** Returns what is known of a file or folder. */
  readonly getFileMetadatas: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/namespaces/{namespace}/files/stats';
    readonly takes: { readonly "tenant": string; readonly "namespace": string; readonly "path"?: string };
    readonly gives: FileAttributes;
  };
  /** Lists what is directly in a folder. */
  readonly listNamespaceDirectoryFiles: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/namespaces/{namespace}/files/directory';
    readonly takes: { readonly "tenant": string; readonly "namespace": string; readonly "path"?: string };
    readonly gives: readonly (FileAttributes)[];
  };
  /** Lists the types by group. */
  readonly listPlugins: {
    readonly method: 'GET';
    readonly path: '/api/v1/plugins';
    readonly takes: {  };
    readonly gives: readonly (Readonly<Record<string, unknown>>)[];
  };
  /** Lists the types by group; the same. */
  readonly getPluginBySubgroups: {
    readonly method: 'GET';
    readonly path: '/api/v1/plugins/groups/subgroups';
    readonly takes: { readonly "includeDeprecated"?: "true" | "false" | "" };
    readonly gives: readonly (Readonly<Record<string, unknown>>)[];
  };
  /** Returns the icons of types; there are none. */
  readonly getPluginIcons: {
    readonly method: 'GET';
    readonly path: '/api/v1/plugins/icons';
    readonly takes: {  };
    readonly gives: Readonly<Record<string, unknown>>;
  };
  /** Lists the types of inputs. */
  readonly getAllInputTypes: {
    readonly method: 'GET';
    readonly path: '/api/v1/plugins/inputs';
    readonly takes: {  };
    readonly gives: readonly ({ readonly "type": string; readonly "cls": string })[];
  };
  /** Returns the JSON Schema of flows (`flow`), or of one type. */
  readonly getSchemasFromType: {
    readonly method: 'GET';
    readonly path: '/api/v1/plugins/schemas/{type}';
    readonly takes: { readonly "type": string; readonly "arrayOf"?: "true" | "false" | "" };
    readonly gives: Readonly<Record<string, unknown>>;
  };
  /** Returns what a type is for, its properties and its outputs. */
  readonly getPluginDocumentation: {
    readonly method: 'GET';
    readonly path: '/api/v1/plugins/{cls}';
    readonly takes: { readonly "cls": string; readonly "all"?: "true" | "false" | "" };
    readonly gives: { readonly "markdown": string; readonly "schema": Readonly<Record<string, unknown>> };
  };
  /** Finds entries, the newest first; `before` is the place of the last one of the page before. */
  readonly searchEntries: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/ledger/entries';
    readonly takes: { readonly "tenant": string; readonly "actor"?: string; readonly "type"?: string; readonly "stream"?: string; readonly "text"?: string; readonly "from"?: string; readonly "to"?: string; readonly "before"?: number; readonly "limit"?: number };
    readonly gives: { readonly "results": readonly ({ readonly "seq": number; readonly "tenant": string; readonly "at": string; readonly "stream": string; readonly "type": string; readonly "actor": string; readonly "payload": unknown })[]; readonly "next"?: number };
  };
  /** Returns an entry with its header. */
  readonly getEntry: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/ledger/entries/{seq}';
    readonly takes: { readonly "tenant": string; readonly "seq": number };
    readonly gives: { readonly "seq": number; readonly "tenant": string; readonly "at": string; readonly "stream": string; readonly "type": string; readonly "actor": string; readonly "payload": unknown; readonly "header": string };
  };
  /** Returns a proof that an entry is in the ledger (c2sp.org/tlog-proof). */
  readonly proveEntry: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/ledger/entries/{seq}/proof';
    readonly takes: { readonly "tenant": string; readonly "seq": number };
    readonly gives: string;
  };
  /** Returns a receipt: a proof that carries the entry’s header and the keys of the ledger. */
  readonly getReceipt: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/ledger/entries/{seq}/receipt';
    readonly takes: { readonly "tenant": string; readonly "seq": number };
    readonly gives: string;
  };
  /** Sends a part of the ledger as lines: the signed statement, then each entry with its proof. */
  readonly exportEntries: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/ledger/export';
    readonly takes: { readonly "tenant": string; readonly "from"?: number; readonly "to"?: number; readonly "stream"?: string };
    readonly gives: string;
  };
  /** Verifies that nothing in the ledger was changed or removed. */
  readonly verifyLedger: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/ledger/verify';
    readonly takes: { readonly "tenant": string; readonly body?: { readonly "notes"?: readonly (string)[]; readonly "verifierKeys"?: readonly (string)[] } };
    readonly gives: { readonly "verdict": string } & Readonly<Record<string, unknown>>;
  };
  /** Signs how the ledger looks now. */
  readonly makeCheckpoint: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/ledger/checkpoints';
    readonly takes: { readonly "tenant": string };
    readonly gives: { readonly "size": number; readonly "note": string; readonly "verifierKey": string };
  };
  /** Sends the entries of an execution as they come; `Last-Event-ID` goes on behind one. */
  readonly followEntries: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/executions/{executionId}/entries';
    readonly takes: { readonly "tenant": string; readonly "executionId": string };
    readonly gives: string;
  };
  /** Lists the policies in force. */
  readonly searchPolicies: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/policies';
    readonly takes: { readonly "tenant": string; readonly "page"?: number; readonly "size"?: number; readonly "sort"?: (string | readonly (string)[]); readonly "q"?: string; readonly "filters"?: readonly ({ readonly "field": string; readonly "operation": string; readonly "value": (string | readonly (string)[]) })[] };
    readonly gives: { readonly "results": readonly ({ readonly "id": string; readonly "pack": string; readonly "title": string; readonly "reason": string; readonly "control"?: string; readonly "effect": "permit" | "forbid"; readonly "mode": "enforce" | "observe"; readonly "obligations": readonly ({ readonly "kind": string } & Readonly<Record<string, unknown>>)[]; readonly "file": string; readonly "line": number; readonly "text": string; readonly "actions": readonly (string)[]; readonly "resources": readonly (string)[]; readonly "reads": readonly (string)[] })[]; readonly "total": number; readonly "isPartial"?: boolean };
  };
  /** Returns the Cedar schema that policies are checked against. */
  readonly getPolicySchema: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/policies/schema';
    readonly takes: { readonly "tenant": string };
    readonly gives: string;
  };
  /** Lists what was proposed, the newest first, and what became of it. */
  readonly listPolicyVersions: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/policies/versions';
    readonly takes: { readonly "tenant": string; readonly "page"?: number; readonly "size"?: number; readonly "sort"?: (string | readonly (string)[]) };
    readonly gives: { readonly "results": readonly ({ readonly "version": string; readonly "isActive": boolean; readonly "packs": readonly ({ readonly "id": string; readonly "title": string; readonly "version": string })[]; readonly "author": string; readonly "proposedAt": string; readonly "reason": string; readonly "tests": { readonly "cases": number; readonly "passed": boolean }; readonly "reviews": readonly ({ readonly "by": string; readonly "at": string; readonly "note": string })[]; readonly "replay": ({ readonly "at": string; readonly "decisions": number; readonly "changed": number } | null); readonly "activations": readonly ({ readonly "by": string; readonly "at": string; readonly "isRollback": boolean })[] })[]; readonly "total": number; readonly "isPartial"?: boolean };
  };
  /** Proposes policies; the same set again is the same proposal. */
  readonly proposePolicies: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/policies/versions';
    readonly takes: { readonly "tenant": string; readonly body: { readonly "packs": readonly ({ readonly "id": string; readonly "title": string; readonly "description"?: string; readonly "owner": string; readonly "version": string; readonly "mode"?: "enforce" | "observe"; readonly "policies": readonly ({ readonly "path": string; readonly "text": string })[]; readonly "tests"?: readonly ({ readonly "path": string; readonly "text": string })[] })[]; readonly "reason"?: string } };
    readonly gives: { readonly "version": string; readonly "isActive": boolean; readonly "packs": readonly ({ readonly "id": string; readonly "title": string; readonly "version": string })[]; readonly "author": string; readonly "proposedAt": string; readonly "reason": string; readonly "tests": { readonly "cases": number; readonly "passed": boolean }; readonly "reviews": readonly ({ readonly "by": string; readonly "at": string; readonly "note": string })[]; readonly "replay": ({ readonly "at": string; readonly "decisions": number; readonly "changed": number } | null); readonly "activations": readonly ({ readonly "by": string; readonly "at": string; readonly "isRollback": boolean })[]; readonly "report": { readonly "passed": boolean; readonly "results": readonly ({ readonly "title": string; readonly "file": string; readonly "line": number; readonly "verdict": "allow" | "deny" | "obliged"; readonly "reasons": readonly (string)[]; readonly "complaint"?: string })[]; readonly "unshown": readonly (string)[]; readonly "neverMissing": readonly (string)[] } };
  };
  /** Returns a version with its files and policies. */
  readonly getPolicyVersion: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/policies/versions/{version}';
    readonly takes: { readonly "tenant": string; readonly "version": string };
    readonly gives: { readonly "version": string; readonly "isActive": boolean; readonly "packs": readonly ({ readonly "id": string } & Readonly<Record<string, unknown>>)[]; readonly "author": string; readonly "proposedAt": string; readonly "reason": string; readonly "tests": { readonly "cases": number; readonly "passed": boolean }; readonly "reviews": readonly ({ readonly "by": string; readonly "at": string; readonly "note": string })[]; readonly "replay": ({ readonly "at": string; readonly "decisions": number; readonly "changed": number } | null); readonly "activations": readonly ({ readonly "by": string; readonly "at": string; readonly "isRollback": boolean })[]; readonly "policies": readonly ({ readonly "id": string; readonly "pack": string; readonly "title": string; readonly "reason": string; readonly "control"?: string; readonly "effect": "permit" | "forbid"; readonly "mode": "enforce" | "observe"; readonly "obligations": readonly ({ readonly "kind": string } & Readonly<Record<string, unknown>>)[]; readonly "file": string; readonly "line": number; readonly "text": string; readonly "actions": readonly (string)[]; readonly "resources": readonly (string)[]; readonly "reads": readonly (string)[] })[]; readonly "diagnostics": readonly ({ readonly "severity": "error" | "warning"; readonly "code": string; readonly "file": string; readonly "line": number; readonly "column": number; readonly "message": string; readonly "help": string })[] };
  };
  /** Reports what the policies in force leave open. */
  readonly coverPolicies: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/policies/coverage';
    readonly takes: { readonly "tenant": string; readonly "from"?: string; readonly "to"?: string; readonly "days"?: number };
    readonly gives: { readonly "actions": readonly ({ readonly "action": string; readonly "permits": number; readonly "forbids": number; readonly "tiers": readonly (string)[] })[]; readonly "neverPermitted": readonly (string)[]; readonly "neverForbidden": readonly (string)[]; readonly "neverMatched": readonly (string)[]; readonly "decisions": number };
  };
  /** Checks policies; keeps nothing. */
  readonly validatePolicies: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/policies/validate';
    readonly takes: { readonly "tenant": string; readonly body: { readonly "packs": readonly ({ readonly "id": string; readonly "title": string; readonly "description"?: string; readonly "owner": string; readonly "version": string; readonly "mode"?: "enforce" | "observe"; readonly "policies": readonly ({ readonly "path": string; readonly "text": string })[]; readonly "tests"?: readonly ({ readonly "path": string; readonly "text": string })[] })[] } };
    readonly gives: { readonly "isValid": boolean; readonly "diagnostics": readonly ({ readonly "severity": "error" | "warning"; readonly "code": string; readonly "file": string; readonly "line": number; readonly "column": number; readonly "message": string; readonly "help": string })[]; readonly "policies": readonly ({ readonly "id": string; readonly "pack": string; readonly "title": string; readonly "reason": string; readonly "control"?: string; readonly "effect": "permit" | "forbid"; readonly "mode": "enforce" | "observe"; readonly "obligations": readonly ({ readonly "kind": string } & Readonly<Record<string, unknown>>)[]; readonly "file": string; readonly "line": number; readonly "text": string; readonly "actions": readonly (string)[]; readonly "resources": readonly (string)[]; readonly "reads": readonly (string)[] })[] };
  };
  /** Asks policies, or those in force where none are sent, what test cases ask. */
  readonly testPolicies: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/policies/test';
    readonly takes: { readonly "tenant": string; readonly body: { readonly "packs"?: readonly ({ readonly "id": string; readonly "title": string; readonly "description"?: string; readonly "owner": string; readonly "version": string; readonly "mode"?: "enforce" | "observe"; readonly "policies": readonly ({ readonly "path": string; readonly "text": string })[]; readonly "tests"?: readonly ({ readonly "path": string; readonly "text": string })[] })[]; readonly "cases"?: readonly ({ readonly "path": string; readonly "text": string })[] } };
    readonly gives: { readonly "passed": boolean; readonly "results": readonly ({ readonly "title": string; readonly "file": string; readonly "line": number; readonly "verdict": "allow" | "deny" | "obliged"; readonly "reasons": readonly (string)[]; readonly "complaint"?: string })[]; readonly "unshown": readonly (string)[]; readonly "neverMissing": readonly (string)[] };
  };
  /** Asks the policies in force one question, written as in test cases; keeps nothing. */
  readonly explainPolicy: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/policies/explain';
    readonly takes: { readonly "tenant": string; readonly body: { readonly "principal"?: unknown; readonly "action": string; readonly "resource"?: unknown; readonly "facts"?: unknown; readonly "arguments"?: unknown; readonly "control"?: unknown } };
    readonly gives: { readonly "verdict": "allow" | "deny" | "obliged"; readonly "reasons": readonly (string)[]; readonly "policies": readonly ({ readonly "id": string } & Readonly<Record<string, unknown>>)[]; readonly "obligations": readonly ({ readonly "kind": string } & Readonly<Record<string, unknown>>)[]; readonly "version": string } & Readonly<Record<string, unknown>>;
  };
  /** Enters that a proposal was reviewed and found good. */
  readonly reviewPolicies: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/policies/versions/{version}/review';
    readonly takes: { readonly "tenant": string; readonly "version": string; readonly body: { readonly "note"?: string } };
    readonly gives: { readonly "version": string; readonly "isActive": boolean; readonly "packs": readonly ({ readonly "id": string; readonly "title": string; readonly "version": string })[]; readonly "author": string; readonly "proposedAt": string; readonly "reason": string; readonly "tests": { readonly "cases": number; readonly "passed": boolean }; readonly "reviews": readonly ({ readonly "by": string; readonly "at": string; readonly "note": string })[]; readonly "replay": ({ readonly "at": string; readonly "decisions": number; readonly "changed": number } | null); readonly "activations": readonly ({ readonly "by": string; readonly "at": string; readonly "isRollback": boolean })[] };
  };
  /** Asks a proposal what was decided in a period, and tells which verdicts change. */
  readonly replayPolicies: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/policies/versions/{version}/replay';
    readonly takes: { readonly "tenant": string; readonly "version": string; readonly "from"?: string; readonly "to"?: string; readonly "days"?: number };
    readonly gives: { readonly "version": string; readonly "decisions": number; readonly "questions": number; readonly "unknown": number; readonly "changed": number; readonly "groups": readonly ({ readonly "action": string; readonly "resource": string; readonly "before": string; readonly "after": string; readonly "policies": readonly (string)[]; readonly "count": number; readonly "questions": number; readonly "examples": readonly ({ readonly "principal": string; readonly "resource": string })[] })[] };
  };
  /** Puts a version in force; one that was in force before is a way back. */
  readonly activatePolicies: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/policies/versions/{version}/activate';
    readonly takes: { readonly "tenant": string; readonly "version": string };
    readonly gives: { readonly "version": string; readonly "isActive": boolean; readonly "packs": readonly ({ readonly "id": string; readonly "title": string; readonly "version": string })[]; readonly "author": string; readonly "proposedAt": string; readonly "reason": string; readonly "tests": { readonly "cases": number; readonly "passed": boolean }; readonly "reviews": readonly ({ readonly "by": string; readonly "at": string; readonly "note": string })[]; readonly "replay": ({ readonly "at": string; readonly "decisions": number; readonly "changed": number } | null); readonly "activations": readonly ({ readonly "by": string; readonly "at": string; readonly "isRollback": boolean })[] };
  };
  /** Lists who is known, by handle; `after` is `next` of the page before. */
  readonly listSubjects: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/subjects';
    readonly takes: { readonly "tenant": string; readonly "after"?: string; readonly "limit"?: number };
    readonly gives: { readonly "results": readonly ({ readonly "handle": string; readonly "createdAt": string; readonly "isErasing": boolean })[]; readonly "next"?: string };
  };
  /** Finds who has an id outside, such as `customer:812`. */
  readonly findSubject: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/subjects/find';
    readonly takes: { readonly "tenant": string; readonly body: { readonly "name": string } };
    readonly gives: { readonly "handle": string; readonly "createdAt": string; readonly "isErasing": boolean };
  };
  /** Returns somebody with the id outside, and what is known where. */
  readonly getSubject: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/subjects/{handle}';
    readonly takes: { readonly "tenant": string; readonly "handle": string };
    readonly gives: { readonly "handle": string; readonly "createdAt": string; readonly "isErasing": boolean; readonly "name": unknown; readonly "counts": { readonly "entries": number; readonly "groups": number; readonly "executions": number; readonly "pairs": number; readonly "files": number; readonly "caches": number }; readonly "many": { readonly "entries": number; readonly "groups": number; readonly "executions": number; readonly "pairs": number; readonly "files": number; readonly "caches": number }; readonly "executions": readonly (string)[] };
  };
  /** Erases what is about somebody and gives the certificate. */
  readonly eraseSubject: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/subjects/{handle}/erasure';
    readonly takes: { readonly "tenant": string; readonly "handle": string; readonly body: { readonly "reason": string; readonly "basis"?: string; readonly "isForced"?: boolean; readonly "withMany"?: boolean } };
    readonly gives: { readonly "form": string; readonly "handle"?: string; readonly "reason": string; readonly "by": string; readonly "at": string; readonly "counts": { readonly "entries": number; readonly "groups": number; readonly "executions": number; readonly "pairs": number; readonly "files": number; readonly "caches": number }; readonly "proof": string; readonly "verifierKey": string; readonly "note": string } & Readonly<Record<string, unknown>>;
  };
  /** Lists the legal holds in force. */
  readonly listHolds: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/holds';
    readonly takes: { readonly "tenant": string };
    readonly gives: { readonly "results": readonly ({ readonly "kind": "subject" | "execution" | "namespace"; readonly "id": string; readonly "reason": string; readonly "setBy": string; readonly "setAt": string })[] };
  };
  /** Keeps something from being erased. */
  readonly setHold: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/holds/set';
    readonly takes: { readonly "tenant": string; readonly body: { readonly "kind": "subject" | "execution" | "namespace"; readonly "id": string; readonly "reason": string } };
    readonly gives: undefined;
  };
  /** Ends a hold; erasing may go on. */
  readonly releaseHold: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/holds/release';
    readonly takes: { readonly "tenant": string; readonly body: { readonly "kind": "subject" | "execution" | "namespace"; readonly "id": string; readonly "reason": string } };
    readonly gives: undefined;
  };
  /** Lists how long values are kept. */
  readonly listRetentionRules: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/retention/rules';
    readonly takes: { readonly "tenant": string };
    readonly gives: { readonly "results": readonly ({ readonly "dataClass": string; readonly "namespace": ("*" | string); readonly "period": string; readonly "atLeast": (string | null) })[] };
  };
  /** Sets a rule in place of the one for the same class and namespace. */
  readonly setRetentionRule: {
    readonly method: 'PUT';
    readonly path: '/api/v1/{tenant}/retention/rules';
    readonly takes: { readonly "tenant": string; readonly body: { readonly "dataClass": string; readonly "namespace": ("*" | string); readonly "period": string; readonly "atLeast"?: (string | null) } };
    readonly gives: { readonly "dataClass": string; readonly "namespace": ("*" | string); readonly "period": string; readonly "atLeast": (string | null) };
  };
  /** Removes a rule. */
  readonly removeRetentionRule: {
    readonly method: 'DELETE';
    readonly path: '/api/v1/{tenant}/retention/rules';
    readonly takes: { readonly "tenant": string; readonly "dataClass": string; readonly "namespace": ("*" | string) };
    readonly gives: undefined;
  };
  /** Erases what has had its time, or with `dryRun` tells what would go. */
  readonly runRetention: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/retention/run';
    readonly takes: { readonly "tenant": string; readonly "dryRun"?: "true" | "false" | "" };
    readonly gives: { readonly "certificates": readonly ({ readonly "form": string; readonly "handle"?: string; readonly "reason": string; readonly "by": string; readonly "at": string; readonly "counts": { readonly "entries": number; readonly "groups": number; readonly "executions": number; readonly "pairs": number; readonly "files": number; readonly "caches": number }; readonly "proof": string; readonly "verifierKey": string; readonly "note": string } & Readonly<Record<string, unknown>>)[] } & Readonly<Record<string, unknown>>;
  };
  /** Lists the backups in the folder of the server, the newest first. */
  readonly listBackups: {
    readonly method: 'GET';
    readonly path: '/api/v1/backups';
    readonly takes: {  };
    readonly gives: { readonly "results": readonly ({ readonly "name": string; readonly "at": string; readonly "by": string; readonly "ledgerSize": number; readonly "files": number; readonly "bytes": number; readonly "hasKeys": boolean })[] };
  };
  /** Makes a backup of everything, in the folder of the server. */
  readonly makeBackup: {
    readonly method: 'POST';
    readonly path: '/api/v1/backups';
    readonly takes: { readonly body?: { readonly "withKeys"?: boolean } };
    readonly gives: { readonly "name": string; readonly "at": string; readonly "by": string; readonly "ledgerSize": number; readonly "files": number; readonly "bytes": number; readonly "hasKeys": boolean };
  };
  /** Lists the budgets and how they stand in the present period. */
  readonly listBudgets: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/budgets';
    readonly takes: { readonly "tenant": string };
    readonly gives: readonly ({ readonly "id": string; readonly "unit": "money" | "messages" | "tokens" | "price-changes"; readonly "currency"?: string; readonly "scope": { readonly "kind": "everything" | "namespace" | "flow" | "principal" | "subject"; readonly "id": string }; readonly "cap": number; readonly "period": "hour" | "day" | "week" | "month" | "year" | "total"; readonly "timeZone": string; readonly "owner"?: string; readonly "present": { readonly "name": string; readonly "endsAt": unknown }; readonly "standings": readonly ({ readonly "name": string; readonly "settled": number; readonly "reserved": number; readonly "left": number })[] })[];
  };
  /** Returns a budget and how it stands. */
  readonly getBudget: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/budgets/{id}';
    readonly takes: { readonly "tenant": string; readonly "id": string };
    readonly gives: { readonly "id": string; readonly "unit": "money" | "messages" | "tokens" | "price-changes"; readonly "currency"?: string; readonly "scope": { readonly "kind": "everything" | "namespace" | "flow" | "principal" | "subject"; readonly "id": string }; readonly "cap": number; readonly "period": "hour" | "day" | "week" | "month" | "year" | "total"; readonly "timeZone": string; readonly "owner"?: string; readonly "present": { readonly "name": string; readonly "endsAt": unknown }; readonly "standings": readonly ({ readonly "name": string; readonly "settled": number; readonly "reserved": number; readonly "left": number })[] };
  };
  /** Sets a budget, in place of one with the same id. */
  readonly setBudget: {
    readonly method: 'PUT';
    readonly path: '/api/v1/{tenant}/budgets/{id}';
    readonly takes: { readonly "tenant": string; readonly "id": string; readonly body: { readonly "unit": "money" | "messages" | "tokens" | "price-changes"; readonly "currency"?: string; readonly "scope": { readonly "kind": "everything" | "namespace" | "flow" | "principal" | "subject"; readonly "id"?: string }; readonly "cap": number; readonly "period": "hour" | "day" | "week" | "month" | "year" | "total"; readonly "timeZone"?: string; readonly "owner"?: string } };
    readonly gives: { readonly "id": string; readonly "unit": "money" | "messages" | "tokens" | "price-changes"; readonly "currency"?: string; readonly "scope": { readonly "kind": "everything" | "namespace" | "flow" | "principal" | "subject"; readonly "id": string }; readonly "cap": number; readonly "period": "hour" | "day" | "week" | "month" | "year" | "total"; readonly "timeZone": string; readonly "owner"?: string; readonly "present": { readonly "name": string; readonly "endsAt": unknown }; readonly "standings": readonly ({ readonly "name": string; readonly "settled": number; readonly "reserved": number; readonly "left": number })[] };
  };
  /** Removes a budget. */
  readonly removeBudget: {
    readonly method: 'DELETE';
    readonly path: '/api/v1/{tenant}/budgets/{id}';
    readonly takes: { readonly "tenant": string; readonly "id": string };
    readonly gives: undefined;
  };
  /** Lists exceptions; what is over is closed. */
  readonly listExceptions: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/exceptions';
    readonly takes: { readonly "tenant": string };
    readonly gives: readonly ({ readonly "id": string; readonly "control": string; readonly "scope": { readonly "kind": "everything" | "namespace" | "flow" | "principal" | "subject"; readonly "id": string }; readonly "reason": string; readonly "owner": string; readonly "countMax": number; readonly "endsAt": number; readonly "grantedBy": string; readonly "grantedAt": number; readonly "used": number; readonly "closed"?: { readonly "because": "used-up" | "ended" | "withdrawn"; readonly "at": number; readonly "by": string } })[];
  };
  /** Exempts something from a control, for a time and a number of uses. */
  readonly grantException: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/exceptions';
    readonly takes: { readonly "tenant": string; readonly body: { readonly "id": string; readonly "control": string; readonly "scope": { readonly "kind": "everything" | "namespace" | "flow" | "principal" | "subject"; readonly "id"?: string }; readonly "reason": string; readonly "owner": string; readonly "countMax": number; readonly "endsAt": string } };
    readonly gives: { readonly "id": string; readonly "control": string; readonly "scope": { readonly "kind": "everything" | "namespace" | "flow" | "principal" | "subject"; readonly "id": string }; readonly "reason": string; readonly "owner": string; readonly "countMax": number; readonly "endsAt": number; readonly "grantedBy": string; readonly "grantedAt": number; readonly "used": number; readonly "closed"?: { readonly "because": "used-up" | "ended" | "withdrawn"; readonly "at": number; readonly "by": string } };
  };
  /** Closes an exception before its time. */
  readonly withdrawException: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/exceptions/{id}/withdraw';
    readonly takes: { readonly "tenant": string; readonly "id": string; readonly body: { readonly "reason": string } };
    readonly gives: { readonly "id": string; readonly "control": string; readonly "scope": { readonly "kind": "everything" | "namespace" | "flow" | "principal" | "subject"; readonly "id": string }; readonly "reason": string; readonly "owner": string; readonly "countMax": number; readonly "endsAt": number; readonly "grantedBy": string; readonly "grantedAt": number; readonly "used": number; readonly "closed"?: { readonly "because": "used-up" | "ended" | "withdrawn"; readonly "at": number; readonly "by": string } };
  };
  /** Returns the questionnaire. */
  readonly getIntakeQuestions: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/intakes/questions';
    readonly takes: { readonly "tenant": string };
    readonly gives: readonly ({ readonly "id": string; readonly "text": string; readonly "choices": readonly ({ readonly "id": string; readonly "text": string; readonly "tier": "minimal" | "limited" | "high" | "prohibited"; readonly "controls": readonly (string)[] })[] })[];
  };
  /** Lists what was entered, in order of the queues. */
  readonly listIntakes: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/intakes';
    readonly takes: { readonly "tenant": string };
    readonly gives: readonly ({ readonly "id": string; readonly "title": string; readonly "owner": string; readonly "purpose": string; readonly "answers": Readonly<Record<string, string>>; readonly "tier": "minimal" | "limited" | "high" | "prohibited"; readonly "reasons": readonly ({ readonly "tier": "minimal" | "limited" | "high" | "prohibited"; readonly "reason": string })[]; readonly "controls": readonly (string)[]; readonly "open": readonly (string)[]; readonly "queue": "committee" | "standard" | "refused"; readonly "position": number; readonly "submittedBy": string; readonly "submittedAt": number })[];
  };
  /** Enters an idea; a question without an answer counts as its gravest. */
  readonly submitIntake: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/intakes';
    readonly takes: { readonly "tenant": string; readonly body: { readonly "title": string; readonly "owner": string; readonly "purpose"?: string; readonly "answers": Readonly<Record<string, string>> } };
    readonly gives: { readonly "id": string; readonly "title": string; readonly "owner": string; readonly "purpose": string; readonly "answers": Readonly<Record<string, string>>; readonly "tier": "minimal" | "limited" | "high" | "prohibited"; readonly "reasons": readonly ({ readonly "tier": "minimal" | "limited" | "high" | "prohibited"; readonly "reason": string })[]; readonly "controls": readonly (string)[]; readonly "open": readonly (string)[]; readonly "queue": "committee" | "standard" | "refused"; readonly "position": number; readonly "submittedBy": string; readonly "submittedAt": number };
  };
  /** Returns an intake. */
  readonly getIntake: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/intakes/{id}';
    readonly takes: { readonly "tenant": string; readonly "id": string };
    readonly gives: { readonly "id": string; readonly "title": string; readonly "owner": string; readonly "purpose": string; readonly "answers": Readonly<Record<string, string>>; readonly "tier": "minimal" | "limited" | "high" | "prohibited"; readonly "reasons": readonly ({ readonly "tier": "minimal" | "limited" | "high" | "prohibited"; readonly "reason": string })[]; readonly "controls": readonly (string)[]; readonly "open": readonly (string)[]; readonly "queue": "committee" | "standard" | "refused"; readonly "position": number; readonly "submittedBy": string; readonly "submittedAt": number };
  };
  /** Lists flows with stage, risk tier, owner and gates. */
  readonly listRegisteredFlows: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/registers/flows';
    readonly takes: { readonly "tenant": string; readonly "namespace"?: string };
    readonly gives: readonly ({ readonly "namespace": string; readonly "flowId": string; readonly "revision": number; readonly "author": unknown; readonly "stage": "design" | "development" | "testing" | "deployment" | "monitoring" | "retirement"; readonly "liveRevision": unknown; readonly "owner": unknown; readonly "sponsor": unknown; readonly "purpose": unknown; readonly "riskTier": "minimal" | "limited" | "high" | "prohibited"; readonly "reasons": readonly ({ readonly "tier": "minimal" | "limited" | "high" | "prohibited"; readonly "reason": string })[]; readonly "dataClasses": readonly (string)[]; readonly "models": readonly (string)[]; readonly "vendors": readonly (string)[]; readonly "effects": readonly (string)[]; readonly "autonomy": string; readonly "controls": readonly (string)[]; readonly "reviewDate": unknown; readonly "isReviewDue": boolean; readonly "gates": Readonly<Record<string, { readonly "holds": boolean; readonly "reason": string }>>; readonly "moves": readonly ({ readonly "from": "design" | "development" | "testing" | "deployment" | "monitoring" | "retirement"; readonly "to": "design" | "development" | "testing" | "deployment" | "monitoring" | "retirement"; readonly "by": string; readonly "at": number; readonly "revision": number; readonly "reason": string })[]; readonly "reviews": readonly ({ readonly "revision": number; readonly "by": string; readonly "at": number; readonly "note": string })[]; readonly "deployments": readonly ({ readonly "revision": number; readonly "by": string; readonly "at": number; readonly "reason": string })[]; readonly "reports": readonly ({ readonly "kind": "bias" | "quality"; readonly "digest": string; readonly "name": string; readonly "revision": number; readonly "models": readonly (string)[]; readonly "dataClasses": readonly (string)[]; readonly "by": string; readonly "at": number; readonly "validUntil": number })[] })[];
  };
  /** Returns what a flow is to governance. */
  readonly getRegisteredFlow: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/registers/flows/{namespace}/{id}';
    readonly takes: { readonly "tenant": string; readonly "namespace": string; readonly "id": string; readonly "revision"?: number };
    readonly gives: { readonly "namespace": string; readonly "flowId": string; readonly "revision": number; readonly "author": unknown; readonly "stage": "design" | "development" | "testing" | "deployment" | "monitoring" | "retirement"; readonly "liveRevision": unknown; readonly "owner": unknown; readonly "sponsor": unknown; readonly "purpose": unknown; readonly "riskTier": "minimal" | "limited" | "high" | "prohibited"; readonly "reasons": readonly ({ readonly "tier": "minimal" | "limited" | "high" | "prohibited"; readonly "reason": string })[]; readonly "dataClasses": readonly (string)[]; readonly "models": readonly (string)[]; readonly "vendors": readonly (string)[]; readonly "effects": readonly (string)[]; readonly "autonomy": string; readonly "controls": readonly (string)[]; readonly "reviewDate": unknown; readonly "isReviewDue": boolean; readonly "gates": Readonly<Record<string, { readonly "holds": boolean; readonly "reason": string }>>; readonly "moves": readonly ({ readonly "from": "design" | "development" | "testing" | "deployment" | "monitoring" | "retirement"; readonly "to": "design" | "development" | "testing" | "deployment" | "monitoring" | "retirement"; readonly "by": string; readonly "at": number; readonly "revision": number; readonly "reason": string })[]; readonly "reviews": readonly ({ readonly "revision": number; readonly "by": string; readonly "at": number; readonly "note": string })[]; readonly "deployments": readonly ({ readonly "revision": number; readonly "by": string; readonly "at": number; readonly "reason": string })[]; readonly "reports": readonly ({ readonly "kind": "bias" | "quality"; readonly "digest": string; readonly "name": string; readonly "revision": number; readonly "models": readonly (string)[]; readonly "dataClasses": readonly (string)[]; readonly "by": string; readonly "at": number; readonly "validUntil": number })[] };
  };
  /** Adds to what a flow says of itself; an empty text takes an addition back. */
  readonly addToRegisteredFlow: {
    readonly method: 'PATCH';
    readonly path: '/api/v1/{tenant}/registers/flows/{namespace}/{id}';
    readonly takes: { readonly "tenant": string; readonly "namespace": string; readonly "id": string; readonly body: { readonly "owner"?: string; readonly "sponsor"?: string; readonly "purpose"?: string; readonly "riskTier"?: "minimal" | "limited" | "high" | "prohibited"; readonly "reviewDate"?: string; readonly "controls"?: readonly (string)[] } };
    readonly gives: { readonly "namespace": string; readonly "flowId": string; readonly "revision": number; readonly "author": unknown; readonly "stage": "design" | "development" | "testing" | "deployment" | "monitoring" | "retirement"; readonly "liveRevision": unknown; readonly "owner": unknown; readonly "sponsor": unknown; readonly "purpose": unknown; readonly "riskTier": "minimal" | "limited" | "high" | "prohibited"; readonly "reasons": readonly ({ readonly "tier": "minimal" | "limited" | "high" | "prohibited"; readonly "reason": string })[]; readonly "dataClasses": readonly (string)[]; readonly "models": readonly (string)[]; readonly "vendors": readonly (string)[]; readonly "effects": readonly (string)[]; readonly "autonomy": string; readonly "controls": readonly (string)[]; readonly "reviewDate": unknown; readonly "isReviewDue": boolean; readonly "gates": Readonly<Record<string, { readonly "holds": boolean; readonly "reason": string }>>; readonly "moves": readonly ({ readonly "from": "design" | "development" | "testing" | "deployment" | "monitoring" | "retirement"; readonly "to": "design" | "development" | "testing" | "deployment" | "monitoring" | "retirement"; readonly "by": string; readonly "at": number; readonly "revision": number; readonly "reason": string })[]; readonly "reviews": readonly ({ readonly "revision": number; readonly "by": string; readonly "at": number; readonly "note": string })[]; readonly "deployments": readonly ({ readonly "revision": number; readonly "by": string; readonly "at": number; readonly "reason": string })[]; readonly "reports": readonly ({ readonly "kind": "bias" | "quality"; readonly "digest": string; readonly "name": string; readonly "revision": number; readonly "models": readonly (string)[]; readonly "dataClasses": readonly (string)[]; readonly "by": string; readonly "at": number; readonly "validUntil": number })[] };
  };
  /** Enters that the newest revision was read and is agreed to. */
  readonly reviewRegisteredFlow: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/registers/flows/{namespace}/{id}/reviews';
    readonly takes: { readonly "tenant": string; readonly "namespace": string; readonly "id": string; readonly body: { readonly "note"?: string } };
    readonly gives: { readonly "namespace": string; readonly "flowId": string; readonly "revision": number; readonly "author": unknown; readonly "stage": "design" | "development" | "testing" | "deployment" | "monitoring" | "retirement"; readonly "liveRevision": unknown; readonly "owner": unknown; readonly "sponsor": unknown; readonly "purpose": unknown; readonly "riskTier": "minimal" | "limited" | "high" | "prohibited"; readonly "reasons": readonly ({ readonly "tier": "minimal" | "limited" | "high" | "prohibited"; readonly "reason": string })[]; readonly "dataClasses": readonly (string)[]; readonly "models": readonly (string)[]; readonly "vendors": readonly (string)[]; readonly "effects": readonly (string)[]; readonly "autonomy": string; readonly "controls": readonly (string)[]; readonly "reviewDate": unknown; readonly "isReviewDue": boolean; readonly "gates": Readonly<Record<string, { readonly "holds": boolean; readonly "reason": string }>>; readonly "moves": readonly ({ readonly "from": "design" | "development" | "testing" | "deployment" | "monitoring" | "retirement"; readonly "to": "design" | "development" | "testing" | "deployment" | "monitoring" | "retirement"; readonly "by": string; readonly "at": number; readonly "revision": number; readonly "reason": string })[]; readonly "reviews": readonly ({ readonly "revision": number; readonly "by": string; readonly "at": number; readonly "note": string })[]; readonly "deployments": readonly ({ readonly "revision": number; readonly "by": string; readonly "at": number; readonly "reason": string })[]; readonly "reports": readonly ({ readonly "kind": "bias" | "quality"; readonly "digest": string; readonly "name": string; readonly "revision": number; readonly "models": readonly (string)[]; readonly "dataClasses": readonly (string)[]; readonly "by": string; readonly "at": number; readonly "validUntil": number })[] };
  };
  /** Moves a flow to another stage of its life. */
  readonly changeStage: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/registers/flows/{namespace}/{id}/stage';
    readonly takes: { readonly "tenant": string; readonly "namespace": string; readonly "id": string; readonly body: { readonly "to": "design" | "development" | "testing" | "deployment" | "monitoring" | "retirement"; readonly "reason"?: string } };
    readonly gives: { readonly "namespace": string; readonly "flowId": string; readonly "revision": number; readonly "author": unknown; readonly "stage": "design" | "development" | "testing" | "deployment" | "monitoring" | "retirement"; readonly "liveRevision": unknown; readonly "owner": unknown; readonly "sponsor": unknown; readonly "purpose": unknown; readonly "riskTier": "minimal" | "limited" | "high" | "prohibited"; readonly "reasons": readonly ({ readonly "tier": "minimal" | "limited" | "high" | "prohibited"; readonly "reason": string })[]; readonly "dataClasses": readonly (string)[]; readonly "models": readonly (string)[]; readonly "vendors": readonly (string)[]; readonly "effects": readonly (string)[]; readonly "autonomy": string; readonly "controls": readonly (string)[]; readonly "reviewDate": unknown; readonly "isReviewDue": boolean; readonly "gates": Readonly<Record<string, { readonly "holds": boolean; readonly "reason": string }>>; readonly "moves": readonly ({ readonly "from": "design" | "development" | "testing" | "deployment" | "monitoring" | "retirement"; readonly "to": "design" | "development" | "testing" | "deployment" | "monitoring" | "retirement"; readonly "by": string; readonly "at": number; readonly "revision": number; readonly "reason": string })[]; readonly "reviews": readonly ({ readonly "revision": number; readonly "by": string; readonly "at": number; readonly "note": string })[]; readonly "deployments": readonly ({ readonly "revision": number; readonly "by": string; readonly "at": number; readonly "reason": string })[]; readonly "reports": readonly ({ readonly "kind": "bias" | "quality"; readonly "digest": string; readonly "name": string; readonly "revision": number; readonly "models": readonly (string)[]; readonly "dataClasses": readonly (string)[]; readonly "by": string; readonly "at": number; readonly "validUntil": number })[] };
  };
  /** Makes a revision of a live flow the one that runs. */
  readonly deployFlow: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/registers/flows/{namespace}/{id}/deployments';
    readonly takes: { readonly "tenant": string; readonly "namespace": string; readonly "id": string; readonly body: { readonly "revision"?: number; readonly "reason"?: string } };
    readonly gives: { readonly "namespace": string; readonly "flowId": string; readonly "revision": number; readonly "author": unknown; readonly "stage": "design" | "development" | "testing" | "deployment" | "monitoring" | "retirement"; readonly "liveRevision": unknown; readonly "owner": unknown; readonly "sponsor": unknown; readonly "purpose": unknown; readonly "riskTier": "minimal" | "limited" | "high" | "prohibited"; readonly "reasons": readonly ({ readonly "tier": "minimal" | "limited" | "high" | "prohibited"; readonly "reason": string })[]; readonly "dataClasses": readonly (string)[]; readonly "models": readonly (string)[]; readonly "vendors": readonly (string)[]; readonly "effects": readonly (string)[]; readonly "autonomy": string; readonly "controls": readonly (string)[]; readonly "reviewDate": unknown; readonly "isReviewDue": boolean; readonly "gates": Readonly<Record<string, { readonly "holds": boolean; readonly "reason": string }>>; readonly "moves": readonly ({ readonly "from": "design" | "development" | "testing" | "deployment" | "monitoring" | "retirement"; readonly "to": "design" | "development" | "testing" | "deployment" | "monitoring" | "retirement"; readonly "by": string; readonly "at": number; readonly "revision": number; readonly "reason": string })[]; readonly "reviews": readonly ({ readonly "revision": number; readonly "by": string; readonly "at": number; readonly "note": string })[]; readonly "deployments": readonly ({ readonly "revision": number; readonly "by": string; readonly "at": number; readonly "reason": string })[]; readonly "reports": readonly ({ readonly "kind": "bias" | "quality"; readonly "digest": string; readonly "name": string; readonly "revision": number; readonly "models": readonly (string)[]; readonly "dataClasses": readonly (string)[]; readonly "by": string; readonly "at": number; readonly "validUntil": number })[] };
  };
  /** Enters a report about the newest revision: its digest, and until when it holds. */
  readonly reportOnFlow: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/registers/flows/{namespace}/{id}/reports';
    readonly takes: { readonly "tenant": string; readonly "namespace": string; readonly "id": string; readonly body: { readonly "kind": "bias" | "quality"; readonly "digest": string; readonly "name": string; readonly "validUntil": string } };
    readonly gives: { readonly "namespace": string; readonly "flowId": string; readonly "revision": number; readonly "author": unknown; readonly "stage": "design" | "development" | "testing" | "deployment" | "monitoring" | "retirement"; readonly "liveRevision": unknown; readonly "owner": unknown; readonly "sponsor": unknown; readonly "purpose": unknown; readonly "riskTier": "minimal" | "limited" | "high" | "prohibited"; readonly "reasons": readonly ({ readonly "tier": "minimal" | "limited" | "high" | "prohibited"; readonly "reason": string })[]; readonly "dataClasses": readonly (string)[]; readonly "models": readonly (string)[]; readonly "vendors": readonly (string)[]; readonly "effects": readonly (string)[]; readonly "autonomy": string; readonly "controls": readonly (string)[]; readonly "reviewDate": unknown; readonly "isReviewDue": boolean; readonly "gates": Readonly<Record<string, { readonly "holds": boolean; readonly "reason": string }>>; readonly "moves": readonly ({ readonly "from": "design" | "development" | "testing" | "deployment" | "monitoring" | "retirement"; readonly "to": "design" | "development" | "testing" | "deployment" | "monitoring" | "retirement"; readonly "by": string; readonly "at": number; readonly "revision": number; readonly "reason": string })[]; readonly "reviews": readonly ({ readonly "revision": number; readonly "by": string; readonly "at": number; readonly "note": string })[]; readonly "deployments": readonly ({ readonly "revision": number; readonly "by": string; readonly "at": number; readonly "reason": string })[]; readonly "reports": readonly ({ readonly "kind": "bias" | "quality"; readonly "digest": string; readonly "name": string; readonly "revision": number; readonly "models": readonly (string)[]; readonly "dataClasses": readonly (string)[]; readonly "by": string; readonly "at": number; readonly "validUntil": number })[] };
  };
  /** Lists the models that somebody proposed, and whether they may be used. */
  readonly listModels: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/models';
    readonly takes: { readonly "tenant": string };
    readonly gives: readonly ({ readonly "kind": "model" | "vendor"; readonly "name": string; readonly "state": "proposed" | "allowed" | "denied" | "ended"; readonly "owner": string; readonly "reason": string; readonly "endsAt": number; readonly "proposedBy": string; readonly "proposedAt": number; readonly "decidedBy"?: string; readonly "decidedAt"?: number })[];
  };
  /** Proposes a model; it may be used once somebody else allows it. */
  readonly proposeModel: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/models';
    readonly takes: { readonly "tenant": string; readonly body: { readonly "name": string; readonly "owner": string; readonly "reason": string; readonly "endsAt": string } };
    readonly gives: { readonly "kind": "model" | "vendor"; readonly "name": string; readonly "state": "proposed" | "allowed" | "denied" | "ended"; readonly "owner": string; readonly "reason": string; readonly "endsAt": number; readonly "proposedBy": string; readonly "proposedAt": number; readonly "decidedBy"?: string; readonly "decidedAt"?: number };
  };
  /** Allows or denies a model that somebody proposed. */
  readonly decideModel: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/models/decisions';
    readonly takes: { readonly "tenant": string; readonly body: { readonly "name": string; readonly "state": "allowed" | "denied"; readonly "reason": string } };
    readonly gives: { readonly "kind": "model" | "vendor"; readonly "name": string; readonly "state": "proposed" | "allowed" | "denied" | "ended"; readonly "owner": string; readonly "reason": string; readonly "endsAt": number; readonly "proposedBy": string; readonly "proposedAt": number; readonly "decidedBy"?: string; readonly "decidedAt"?: number };
  };
  /** Lists the vendors that somebody proposed, and whether they may be used. */
  readonly listVendors: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/vendors';
    readonly takes: { readonly "tenant": string };
    readonly gives: readonly ({ readonly "kind": "model" | "vendor"; readonly "name": string; readonly "state": "proposed" | "allowed" | "denied" | "ended"; readonly "owner": string; readonly "reason": string; readonly "endsAt": number; readonly "proposedBy": string; readonly "proposedAt": number; readonly "decidedBy"?: string; readonly "decidedAt"?: number })[];
  };
  /** Proposes a vendor; it may be used once somebody else allows it. */
  readonly proposeVendor: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/vendors';
    readonly takes: { readonly "tenant": string; readonly body: { readonly "name": string; readonly "owner": string; readonly "reason": string; readonly "endsAt": string } };
    readonly gives: { readonly "kind": "model" | "vendor"; readonly "name": string; readonly "state": "proposed" | "allowed" | "denied" | "ended"; readonly "owner": string; readonly "reason": string; readonly "endsAt": number; readonly "proposedBy": string; readonly "proposedAt": number; readonly "decidedBy"?: string; readonly "decidedAt"?: number };
  };
  /** Allows or denies a vendor that somebody proposed. */
  readonly decideVendor: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/vendors/decisions';
    readonly takes: { readonly "tenant": string; readonly body: { readonly "name": string; readonly "state": "allowed" | "denied"; readonly "reason": string } };
    readonly gives: { readonly "kind": "model" | "vendor"; readonly "name": string; readonly "state": "proposed" | "allowed" | "denied" | "ended"; readonly "owner": string; readonly "reason": string; readonly "endsAt": number; readonly "proposedBy": string; readonly "proposedAt": number; readonly "decidedBy"?: string; readonly "decidedAt"?: number };
  };
  /** Saves a suite of tests; one that is there is replaced. */
  readonly createTestSuite: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/tests';
    readonly takes: { readonly "tenant": string; readonly body: string };
    readonly gives: { readonly "id": string; readonly "namespace": string; readonly "flowId": string; readonly "description"?: string; readonly "disabled": boolean; readonly "deleted": boolean; readonly "source"?: string; readonly "testCases": readonly ({ readonly "id": string; readonly "type": string; readonly "disabled": boolean } & Readonly<Record<string, unknown>>)[] };
  };
  /** Tells what is wrong with a suite of tests, without saving it. */
  readonly validateTestSuite: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/tests/validate';
    readonly takes: { readonly "tenant": string; readonly body: string };
    readonly gives: Violation;
  };
  /** Lists suites of tests. */
  readonly searchTestSuites: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/tests/search';
    readonly takes: { readonly "tenant": string; readonly "page"?: number; readonly "size"?: number; readonly "sort"?: (string | readonly (string)[]); readonly "namespace"?: string; readonly "flowId"?: string; readonly "includeChildNamespaces"?: "true" | "false" | "" };
    readonly gives: { readonly "results": readonly ({ readonly "id": string; readonly "namespace": string; readonly "flowId": string; readonly "description"?: string; readonly "disabled": boolean; readonly "deleted": boolean; readonly "source"?: string; readonly "testCases": readonly ({ readonly "id": string; readonly "type": string; readonly "disabled": boolean } & Readonly<Record<string, unknown>>)[] })[]; readonly "total": number; readonly "isPartial"?: boolean };
  };
  /** Removes suites that are named. */
  readonly deleteTestSuitesByIds: {
    readonly method: 'DELETE';
    readonly path: '/api/v1/{tenant}/tests/by-ids';
    readonly takes: { readonly "tenant": string; readonly body: { readonly "ids": readonly ({ readonly "namespace": string; readonly "id": string })[] } };
    readonly gives: BulkResult;
  };
  /** Switches suites off that are named. */
  readonly disableTestSuitesByIds: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/tests/disable/by-ids';
    readonly takes: { readonly "tenant": string; readonly body: { readonly "ids": readonly ({ readonly "namespace": string; readonly "id": string })[] } };
    readonly gives: BulkResult;
  };
  /** Switches suites on that are named. */
  readonly enableTestSuitesByIds: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/tests/enable/by-ids';
    readonly takes: { readonly "tenant": string; readonly body: { readonly "ids": readonly ({ readonly "namespace": string; readonly "id": string })[] } };
    readonly gives: BulkResult;
  };
  /** Returns what came of a run, while it is the newest of its suite. */
  readonly getTestResult: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/tests/results/{id}';
    readonly takes: { readonly "tenant": string; readonly "id": string };
    readonly gives: { readonly "id": string; readonly "testSuiteId": string; readonly "namespace": string; readonly "flowId": string; readonly "state": "SUCCESS" | "FAILED" | "ERROR" | "SKIPPED"; readonly "startDate": string; readonly "endDate": string; readonly "results": readonly ({ readonly "testId": string; readonly "testType": string; readonly "executionId"?: string; readonly "state": "SUCCESS" | "FAILED" | "ERROR" | "SKIPPED"; readonly "assertionResults": readonly ({ readonly "operator": string; readonly "expected": unknown; readonly "actual": unknown; readonly "isSuccess": boolean; readonly "taskId"?: string; readonly "description"?: string; readonly "errorMessage"?: string })[]; readonly "errors": readonly ({ readonly "message": string })[] })[] };
  };
  /** Returns the newest result of suites, or of all. */
  readonly getTestsLastResult: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/tests/results/search/last';
    readonly takes: { readonly "tenant": string; readonly body?: { readonly "testSuiteIds"?: readonly ({ readonly "namespace": string; readonly "id": string })[] } };
    readonly gives: { readonly "results": readonly ({ readonly "id": string; readonly "testSuiteId": string; readonly "namespace": string; readonly "flowId": string; readonly "state": "SUCCESS" | "FAILED" | "ERROR" | "SKIPPED"; readonly "startDate": string; readonly "endDate": string; readonly "results": readonly ({ readonly "testId": string; readonly "testType": string; readonly "executionId"?: string; readonly "state": "SUCCESS" | "FAILED" | "ERROR" | "SKIPPED"; readonly "assertionResults": readonly ({ readonly "operator": string; readonly "expected": unknown; readonly "actual": unknown; readonly "isSuccess": boolean; readonly "taskId"?: string; readonly "description"?: string; readonly "errorMessage"?: string })[]; readonly "errors": readonly ({ readonly "message": string })[] })[] })[] };
  };
  /** Returns a suite of tests. */
  readonly getTestSuite: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/tests/{namespace}/{id}';
    readonly takes: { readonly "tenant": string; readonly "namespace": string; readonly "id": string };
    readonly gives: { readonly "id": string; readonly "namespace": string; readonly "flowId": string; readonly "description"?: string; readonly "disabled": boolean; readonly "deleted": boolean; readonly "source"?: string; readonly "testCases": readonly ({ readonly "id": string; readonly "type": string; readonly "disabled": boolean } & Readonly<Record<string, unknown>>)[] };
  };
  /** Replaces a suite of tests. */
  readonly updateTestSuite: {
    readonly method: 'PUT';
    readonly path: '/api/v1/{tenant}/tests/{namespace}/{id}';
    readonly takes: { readonly "tenant": string; readonly "namespace": string; readonly "id": string; readonly body: string };
    readonly gives: { readonly "id": string; readonly "namespace": string; readonly "flowId": string; readonly "description"?: string; readonly "disabled": boolean; readonly "deleted": boolean; readonly "source"?: string; readonly "testCases": readonly ({ readonly "id": string; readonly "type": string; readonly "disabled": boolean } & Readonly<Record<string, unknown>>)[] };
  };
  /** Removes a suite of tests. */
  readonly deleteTestSuite: {
    readonly method: 'DELETE';
    readonly path: '/api/v1/{tenant}/tests/{namespace}/{id}';
    readonly takes: { readonly "tenant": string; readonly "namespace": string; readonly "id": string };
    readonly gives: undefined;
  };
  /** Runs a suite of tests on the newest revision; a run of all its cases is recorded. */
  readonly runTestSuite: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/tests/{namespace}/{id}/run';
    readonly takes: { readonly "tenant": string; readonly "namespace": string; readonly "id": string; readonly body?: { readonly "testCases"?: (readonly (string)[] | null) } };
    readonly gives: ({ readonly "id": string; readonly "testSuiteId": string; readonly "namespace": string; readonly "flowId": string; readonly "state": "SUCCESS" | "FAILED" | "ERROR" | "SKIPPED"; readonly "startDate": string; readonly "endDate": string; readonly "results": readonly ({ readonly "testId": string; readonly "testType": string; readonly "executionId"?: string; readonly "state": "SUCCESS" | "FAILED" | "ERROR" | "SKIPPED"; readonly "assertionResults": readonly ({ readonly "operator": string; readonly "expected": unknown; readonly "actual": unknown; readonly "isSuccess": boolean; readonly "taskId"?: string; readonly "description"?: string; readonly "errorMessage"?: string })[]; readonly "errors": readonly ({ readonly "message": string })[] })[] } | readonly ({ readonly "id": string; readonly "testSuiteId": string; readonly "namespace": string; readonly "flowId": string; readonly "state": "SUCCESS" | "FAILED" | "ERROR" | "SKIPPED"; readonly "startDate": string; readonly "endDate": string; readonly "results": readonly ({ readonly "testId": string; readonly "testType": string; readonly "executionId"?: string; readonly "state": "SUCCESS" | "FAILED" | "ERROR" | "SKIPPED"; readonly "assertionResults": readonly ({ readonly "operator": string; readonly "expected": unknown; readonly "actual": unknown; readonly "isSuccess": boolean; readonly "taskId"?: string; readonly "description"?: string; readonly "errorMessage"?: string })[]; readonly "errors": readonly ({ readonly "message": string })[] })[] })[]);
  };
  /** Lists what is stopped, by whom and why. */
  readonly listKillSwitches: {
    readonly method: 'GET';
    readonly path: '/api/v1/{tenant}/kill-switches';
    readonly takes: { readonly "tenant": string };
    readonly gives: readonly ({ readonly "kind": "execution" | "flow" | "namespace" | "model" | "vendor" | "everything"; readonly "id": string; readonly "mode": "kill" | "pause"; readonly "reason": string; readonly "setBy": string; readonly "setAt": number })[];
  };
  /** Stops something at once, and answers when it has stopped. */
  readonly setKillSwitch: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/kill-switches';
    readonly takes: { readonly "tenant": string; readonly body: { readonly "kind": "execution" | "flow" | "namespace" | "model" | "vendor" | "everything"; readonly "id"?: string; readonly "mode"?: "kill" | "pause"; readonly "reason": string } };
    readonly gives: { readonly "kind": "execution" | "flow" | "namespace" | "model" | "vendor" | "everything"; readonly "id": string; readonly "mode": "kill" | "pause"; readonly "reason": string; readonly "setBy": string; readonly "setAt": number; readonly "executions": number; readonly "left": readonly (string)[]; readonly "tookMs": number };
  };
  /** Lets what was stopped start again. */
  readonly releaseKillSwitch: {
    readonly method: 'POST';
    readonly path: '/api/v1/{tenant}/kill-switches/release';
    readonly takes: { readonly "tenant": string; readonly body: { readonly "kind": "execution" | "flow" | "namespace" | "model" | "vendor" | "everything"; readonly "id"?: string; readonly "reason": string } };
    readonly gives: undefined;
  };
}
