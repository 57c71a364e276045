/**
 * What a route is: data from which the server, the OpenAPI document, the tests of all routes and the
 * generated client follow, and one function that answers.
 *
 * INVARIANT: a route says who may take it (`access`); there is no route without a question at the door
 * except the few that are `open`, and those are listed in a test.
 */
import type { z } from 'zod';
import type { TenantView } from '../../app/application.ts';
import type { ActionId, Facts, Principal, ResourceType } from '../../core/policy/index.ts';
import type { Credential } from '../../ports/authenticator.ts';
import type { ServerEvent } from './event-stream.ts';
import type { Form } from './read-form.ts';

/** The methods of routes. */
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Who may take a route. */
export type Access =
  /** Anybody: there is nothing to protect, or the request proves itself. */
  | { readonly kind: 'open' }
  | {
      readonly kind: 'asked';
      readonly action: ActionId;
      readonly resource: ResourceType;
      /** What only the whole request tells; asked after it was read, about each thing it names. */
      readonly targetOf?: TargetReader;
      /** True when it is about several things: the route asks for each of them with `ask` before it acts. */
      readonly isAskedForEach?: true;
      /** True when the route asks again with all it knows, and opens the approval that the answer may need. */
      readonly opensApproval?: true;
      /** True when it is about the tenant of whoever asks, whatever the path says. */
      readonly isOfCaller?: true;
      /**
       * True when it lists what is of namespaces: who may not see those of all of them, and names none,
       * is shown what is of the namespaces where he may.
       */
      readonly isListed?: true;
      /** True when it is about nothing that is stored: who may do it in one namespace may take it. */
      readonly isAnywhere?: true;
    }
  /** Everybody who is known: it is about their own account and credentials only. */
  | { readonly kind: 'own' };

/** A request as it was read. */
export interface ReadRequest {
  readonly params: Readonly<Record<string, unknown>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: unknown;
  readonly view: TenantView;
  readonly principal: Principal;
}

/**
 * Tells what a request is about; the answer has to be yes for each. None: it is about nothing that is
 * stored, and who may do it in one namespace may.
 */
export type TargetReader = (
  request: ReadRequest,
) => Target | readonly Target[] | Promise<Target | readonly Target[]>;

/** What a request is about, as far as its path does not tell. */
export interface Target {
  /** In place of those of the route, where the request says what is done to what. */
  readonly action?: ActionId;
  readonly resource?: ResourceType;
  readonly namespace?: string | null;
  readonly resourceId?: string | null;
  readonly flowId?: string;
  readonly facts?: Facts;
}

/** What a request may carry. */
export type BodyForm =
  | { readonly kind: 'none' }
  | { readonly kind: 'json'; readonly schema: z.ZodType; readonly isOptional?: boolean }
  /** YAML text. */
  | { readonly kind: 'yaml'; readonly isOptional?: boolean }
  /** Text of any kind, JSON included, as it was sent. */
  | { readonly kind: 'text' }
  /** A form with fields and files. */
  | { readonly kind: 'form' };

/** One way in which a route answers. */
export interface AnswerForm {
  readonly description: string;
  readonly schema?: z.ZodType;
  /** `application/json` when not said. */
  readonly mediaType?: string;
}

/** An answer. */
export interface Answer {
  readonly status: number;
  /** A list where a header is sent several times. */
  readonly headers?: Readonly<Record<string, string | string[]>>;
  /** JSON, unless `mediaType` says otherwise. */
  readonly body?: unknown;
  readonly mediaType?: string;
  /** Sent as they are read, no faster than the client takes them. */
  readonly chunks?: AsyncIterable<string | Uint8Array>;
  /** Sent one by one until it ends or the client leaves. */
  readonly events?: AsyncIterable<ServerEvent>;
}

/** What a route knows of a request. */
export interface RouteRequest<P = unknown, Q = unknown, B = unknown> {
  /** Names the request in logs and problem documents. */
  readonly id: string;
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly form: Form;
  readonly principal: Principal;
  /** What the request was proven with; undefined where nobody is asked. */
  readonly credential: Credential | undefined;
  readonly remoteAddress: string;
  /** Asks the door about one of several things; throws `access.denied`. */
  readonly ask: (target: Target) => Promise<void>;
  /** The tenant of the path, as the principal acts in it; of a list, with what they may see. */
  readonly view: TenantView;
  /** Returns the tenant with what of `resource` the principal may see, whatever the route is about. */
  readonly seen: (resource: ResourceType) => Promise<TenantView>;
  /** Tells whether what is of a namespace is shown; true for all where nothing is left out. */
  readonly sees: (namespace: string) => boolean;
  /** A header, by its name in lower case. */
  readonly header: (name: string) => string | undefined;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Aborted when the client leaves or the server stops. */
  readonly signal: AbortSignal;
  /** Where the server is reached: `http://127.0.0.1:8080`. */
  readonly url: string;
  readonly method: Method;
}

/** A route. */
export interface Route {
  /** Unique; the operation of OpenAPI: `createExecution`. */
  readonly id: string;
  readonly method: Method;
  /** With parameters in braces, as OpenAPI writes them. */
  readonly path: string;
  readonly tag: string;
  /** One sentence that starts with a verb in the third person. */
  readonly summary: string;
  readonly access: Access;
  readonly params: z.ZodType;
  readonly query: z.ZodType;
  readonly body: BodyForm;
  readonly answers: Readonly<Record<number, AnswerForm>>;
  readonly handle: (request: RouteRequest) => Promise<Answer>;
}

interface RouteDraft<P extends z.ZodType, Q extends z.ZodType, B extends BodyForm>
  extends Omit<Route, 'params' | 'query' | 'body' | 'handle'> {
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  readonly handle: (
    request: RouteRequest<
      z.output<P>,
      z.output<Q>,
      B extends { kind: 'json'; schema: infer S extends z.ZodType }
        ? B extends { isOptional: true }
          ? z.output<S> | undefined
          : z.output<S>
        : B extends { kind: 'yaml' | 'text' }
          ? string
          : undefined
    >,
  ) => Promise<Answer>;
}

/** Returns what defines routes whose empty parts are `nothing`, an object without properties. */
export function routeMaker(nothing: z.ZodType) {
  return <
    P extends z.ZodType = z.ZodType<Record<string, never>>,
    Q extends z.ZodType = z.ZodType<Record<string, never>>,
    const B extends BodyForm = { readonly kind: 'none' },
  >(
    draft: RouteDraft<P, Q, B>,
  ): Route => ({
    ...draft,
    params: draft.params ?? nothing,
    query: draft.query ?? nothing,
    body: draft.body ?? { kind: 'none' },
    handle: draft.handle as Route['handle'],
  });
}

/** Returns an answer in JSON. */
export function answer(body: unknown, status = 200, headers?: Record<string, string>): Answer {
  return { status, body, ...(headers !== undefined && { headers }) };
}

/** Returns an answer without content. */
export function noContent(): Answer {
  return { status: 204 };
}
