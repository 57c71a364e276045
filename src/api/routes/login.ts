/**
 * Signing in and out, and proving it again. What is answered is JSON; the session itself travels in a
 * cookie that scripts cannot read.
 */
import { z } from 'zod';
import { Failure } from '../../core/failure/index.ts';
import {
  forgeryToken,
  type Identity,
  mayUseCookies,
  readCookie,
  setCookie,
  type SignedIn,
} from '../../runtime/identity/index.ts';
import {
  type Answer,
  answer,
  noContent,
  problemOf,
  type Route,
  type RouteRequest,
} from '../server/index.ts';
import { open, own, route, tenant } from './define-route.ts';
import { accountPage, invitationPage, setupPage, signInPage } from './identity-pages.ts';

const username = z.string().min(1).max(200);
const secret = z.string().min(1).max(200);
const password = z.string().max(2_000);
const code = z.string().max(100);
const passkey = z.strictObject({
  attempt: z.string().max(100),
  response: z.record(z.string(), z.unknown()),
});

const signedIn = z.object({
  user: z.string(),
  tenant: z.string(),
  factors: z.array(z.string()),
  forgeryToken: z
    .string()
    .describe('Goes into `X-Forgery-Token` where no browser says which page sends'),
});

const challenge = {
  description: 'What the browser needs for the passkey',
  schema: z.object({ attempt: z.string(), options: z.unknown() }),
};

const loginMs = 10 * 60_000;

/** An address of a page on this server; never that of another, however it is written. */
const localPath = z
  .string()
  .max(500)
  .regex(/^\/(?![/\\])[^\\\s\p{C}]*$/u, 'is no path on this server')
  .refine((path) => !/^\/(?:api|scim|login)(?:[/?#]|$)/i.test(path), 'is no page to go to');
const firstPage = '/account';

/** Tells whether a browser shows what is answered, so that it has to be a page. */
function wantsPage({ header }: Pick<RouteRequest, 'header'>): boolean {
  return header('accept')?.includes('text/html') === true;
}

type Sender = Pick<RouteRequest, 'header' | 'remoteAddress'>;

function originOf(request: Sender) {
  return {
    userAgent: request.header('user-agent') ?? '',
    remoteAddress: request.remoteAddress,
  };
}

const sentForm = z.strictObject({
  tenant: tenant.default('main'),
  username,
  password: password.default(''),
  code: code.optional(),
  to: localPath.optional(),
});

/** Returns the status of a refusal, and a sentence for people. */
function problemForPeople(error: Failure): { readonly status: number; readonly text: string } {
  const { status, document } = problemOf(error, '');
  const text = `${error.message.charAt(0).toUpperCase()}${error.message.slice(1)}.`;
  const isSecond = document.code === 'identity.factor-needed';
  return { status, text: isSecond ? 'Enter the code of your authenticator app too.' : text };
}

/** Returns the session that a request came with. */
async function sessionOf(identity: Identity, { credential }: RouteRequest) {
  const session =
    credential?.kind === 'session' ? await identity.sessions.find(credential.id) : undefined;
  if (session !== undefined) return session;
  throw new Failure(
    'access.denied',
    'this needs a session: sign in with a browser or `/api/v1/login`',
  );
}

/** Returns the routes of signing in. */
export function loginRoutes(identity: Identity): readonly Route[] {
  const { signIn } = identity;
  const browserOf = (request: Sender) => ({
    ...originOf(request),
    session: readCookie('session', identity.url(), request.header('cookie')),
  });
  const started = (made: SignedIn): Answer => {
    const url = identity.url();
    return answer(
      {
        user: made.user,
        tenant: made.tenant,
        factors: made.factors,
        forgeryToken: forgeryToken(made.secret),
      },
      200,
      { 'set-cookie': setCookie('session', url, made.secret, identity.sessionMs) },
    );
  };
  const assertSafe = (): void => {
    if (mayUseCookies(identity.url())) return;
    throw new Failure('access.denied', 'sessions need https: what is sent here others can read', {
      help: 'set `server.url` to the https address that people use',
    });
  };
  const success = { 200: { description: 'A session began; its cookie is set', schema: signedIn } };
  return [
    route({
      id: 'showSetup',
      method: 'GET',
      path: '/setup',
      tag: 'Identity',
      summary: 'Shows the form that makes the first administrator.',
      access: open,
      answers: { 200: { description: 'A page', mediaType: 'text/html' } },
      handle: async () => setupPage(await identity.isSetUp()),
    }),
    route({
      id: 'showSignIn',
      method: 'GET',
      path: '/login',
      tag: 'Identity',
      summary: 'Shows the form to sign in.',
      access: open,
      query: z.strictObject({ to: localPath.optional().describe('Where to go afterwards') }),
      answers: { 200: { description: 'A page', mediaType: 'text/html' } },
      handle: async ({ query }) => signInPage({ providers: identity.providers, to: query.to }),
    }),
    route({
      id: 'sendSignIn',
      method: 'POST',
      path: '/login',
      tag: 'Identity',
      summary: 'Signs in by the form of the page, as a browser without scripts sends it.',
      access: open,
      body: { kind: 'form' },
      answers: {
        200: { description: 'The page again, with what was wrong', mediaType: 'text/html' },
        303: { description: 'Signed in; on to the page that was wanted' },
      },
      handle: async (request) => {
        assertSafe();
        const fields = request.form.fields;
        const read = sentForm.safeParse(
          Object.fromEntries([...fields].filter(([, text]) => text !== '')),
        );
        if (!read.success)
          throw new Failure('request.malformed', 'the form is not that of the page');
        const { tenant: home, username: name, to = firstPage, ...shown } = read.data;
        const view = { providers: identity.providers, to: read.data.to };
        try {
          const made = await signIn.byPassword({ tenant: home, name }, shown, browserOf(request));
          return { status: 303, headers: { ...started(made).headers, location: to } };
        } catch (error) {
          if (!(error instanceof Failure)) throw error;
          const { status, text } = problemForPeople(error);
          return signInPage({ ...view, problem: { status, text } });
        }
      },
    }),
    route({
      id: 'showAccount',
      method: 'GET',
      path: '/account',
      tag: 'Identity',
      summary: 'Shows the page of one’s own account.',
      access: own,
      answers: { 200: { description: 'A page', mediaType: 'text/html' } },
      handle: async ({ view }) => accountPage(view.tenant),
    }),
    route({
      id: 'showInvitation',
      method: 'GET',
      path: '/invite',
      tag: 'Identity',
      summary: 'Shows the form behind an invitation or a reset link.',
      access: open,
      answers: { 200: { description: 'A page', mediaType: 'text/html' } },
      handle: async () => invitationPage(),
    }),
    route({
      id: 'setUp',
      method: 'POST',
      path: '/api/v1/setup',
      tag: 'Identity',
      summary: 'Makes the first administrator, with the secret of the printed link.',
      access: open,
      body: {
        kind: 'json',
        schema: z.strictObject({
          secret,
          username: z.string().regex(/^[^\s:]{1,100}$/, 'has a space or a colon'),
          password,
          alsoRuns: z
            .boolean()
            .optional()
            .describe('They hold the roles builder and operator too, until somebody else does'),
        }),
      },
      answers: { 204: { description: 'The administrator may sign in' } },
      handle: async ({ body }) => {
        const { username: name, password: chosen, alsoRuns = false } = body;
        await identity.setUp(body.secret, { name, password: chosen, alsoRuns });
        return noContent();
      },
    }),
    route({
      id: 'useLink',
      method: 'POST',
      path: '/api/v1/invitations',
      tag: 'Identity',
      summary: 'Sets the password of whoever has an invitation or a reset link.',
      access: open,
      body: { kind: 'json', schema: z.strictObject({ secret, password }) },
      answers: { 204: { description: 'The password is set' } },
      handle: async ({ body }) => {
        await signIn.useLink(body.secret, body.password);
        return noContent();
      },
    }),
    route({
      id: 'listLoginProviders',
      method: 'GET',
      path: '/api/v1/login/providers',
      tag: 'Identity',
      summary: 'Lists the providers that people may sign in with.',
      access: open,
      answers: {
        200: {
          description: 'The providers',
          schema: z.array(z.object({ id: z.string(), title: z.string() })),
        },
      },
      handle: async () => answer(identity.providers),
    }),
    route({
      id: 'logIn',
      method: 'POST',
      path: '/api/v1/login',
      tag: 'Identity',
      summary: 'Signs in with name and password, and a second factor where there is one.',
      access: open,
      body: {
        kind: 'json',
        schema: z.strictObject({
          tenant: tenant.default('main'),
          username,
          password,
          code: code.optional().describe('Of the authenticator app, or a recovery code'),
          passkey: passkey.optional(),
        }),
      },
      answers: success,
      handle: async (request) => {
        assertSafe();
        const { tenant: home, username: name, ...shown } = request.body;
        return started(await signIn.byPassword({ tenant: home, name }, shown, browserOf(request)));
      },
    }),
    route({
      id: 'beginPasskeyLogIn',
      method: 'POST',
      path: '/api/v1/login/passkey/challenge',
      tag: 'Identity',
      summary: 'Gives the challenge that a passkey signs.',
      access: open,
      answers: { 200: challenge },
      handle: async () => answer(await signIn.beginPasskey()),
    }),
    route({
      id: 'logInWithPasskey',
      method: 'POST',
      path: '/api/v1/login/passkey',
      tag: 'Identity',
      summary: 'Signs in with a passkey.',
      access: open,
      body: { kind: 'json', schema: passkey },
      answers: success,
      handle: async (request) => {
        assertSafe();
        return started(await signIn.byPasskey(request.body, browserOf(request)));
      },
    }),
    route({
      id: 'beginProviderLogIn',
      method: 'GET',
      path: '/api/v1/login/{provider}',
      tag: 'Identity',
      summary: 'Sends the browser to a login provider.',
      access: open,
      params: z.strictObject({ provider: z.string().max(50) }),
      query: z.strictObject({
        fresh: z.enum(['true', 'false']).optional().describe('Have the person prove it anew'),
        to: localPath.optional().describe('Where to go afterwards'),
      }),
      answers: { 302: { description: 'On to the provider' } },
      handle: async ({ params, query }) => {
        assertSafe();
        const options = { isStepUp: query.fresh === 'true', to: query.to };
        const { url, browser } = await signIn.beginProvider(params.provider, options);
        return {
          status: 302,
          headers: {
            location: url,
            'set-cookie': setCookie('login', identity.url(), browser, loginMs),
          },
        };
      },
    }),
    route({
      id: 'endProviderLogIn',
      method: 'GET',
      path: '/api/v1/login/{provider}/callback',
      tag: 'Identity',
      summary: 'Takes the browser back from a login provider.',
      access: open,
      params: z.strictObject({ provider: z.string().max(50) }),
      query: z.record(z.string(), z.unknown()),
      answers: { 302: { description: 'Signed in; on to the first page' } },
      handle: async (request) => {
        assertSafe();
        const url = identity.url();
        const back = new URL(
          `/api/v1/login/${encodeURIComponent(request.params.provider)}/callback`,
          url,
        );
        for (const [name, value] of Object.entries(request.query)) {
          if (typeof value === 'string') back.searchParams.set(name, value);
        }
        const browser = readCookie('login', url, request.header('cookie'));
        const { provider } = request.params;
        const used = setCookie('login', url, '');
        try {
          const made = await signIn.byProvider(provider, back.href, browser, browserOf(request));
          const cookies = [setCookie('session', url, made.secret, identity.sessionMs), used];
          return {
            status: 302,
            headers: { 'set-cookie': cookies, location: made.to ?? firstPage },
          };
        } catch (error) {
          if (!(error instanceof Failure) || !wantsPage(request)) throw error;
          const { status } = problemForPeople(error);
          const text = 'Signing in there did not work. Try again, or ask an administrator.';
          const shown = signInPage({ providers: identity.providers, problem: { status, text } });
          return { ...shown, headers: { ...shown.headers, 'set-cookie': used } };
        }
      },
    }),
    route({
      id: 'stepUp',
      method: 'POST',
      path: '/api/v1/step-up',
      tag: 'Identity',
      summary: 'Proves again who somebody is; the session goes on under another cookie.',
      access: own,
      body: {
        kind: 'json',
        schema: z.strictObject({
          password: password.optional(),
          code: code.optional(),
          passkey: passkey.optional(),
        }),
      },
      answers: success,
      handle: async (request) => {
        const session = await sessionOf(identity, request);
        return started(await signIn.stepUp(session, request.body, originOf(request)));
      },
    }),
    route({
      id: 'beginStepUpPasskey',
      method: 'POST',
      path: '/api/v1/step-up/passkey/challenge',
      tag: 'Identity',
      summary: 'Gives the challenge that a passkey of whoever asks signs.',
      access: own,
      answers: { 200: challenge },
      handle: async ({ principal }) => answer(await signIn.beginPasskey(principal.id)),
    }),
    route({
      id: 'logOut',
      method: 'POST',
      path: '/api/v1/logout',
      tag: 'Identity',
      summary: 'Ends the session.',
      access: own,
      answers: {
        200: {
          description: 'The session has ended',
          schema: z.object({
            providerUrl: z.string().nullable().describe('Where to sign out at the provider'),
          }),
        },
      },
      handle: async (request) => {
        const { content } = await sessionOf(identity, request);
        // Whether the provider answers or not, the session is over first.
        await identity.sessions.end(content.user, content.user, content);
        const providerUrl = (await identity.endUrl(content)) ?? null;
        return answer({ providerUrl }, 200, {
          'set-cookie': setCookie('session', identity.url(), ''),
        });
      },
    }),
  ];
}
