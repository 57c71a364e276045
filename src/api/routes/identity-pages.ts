/**
 * The pages of identity: set-up, sign-in, invitation, and one's own account. A secret of a link stays behind
 * the `#`, which browsers send to nobody.
 *
 * INVARIANT: scripts and styles are allowed by their digests alone, and text is never HTML.
 */
import type { Answer } from '../server/index.ts';
import { brand, contentHash, generatedPart } from './page-style.ts';

const alsoRunsField =
  '<label class="check"><input id="also-runs" name="alsoRuns" type="checkbox" checked><span>I build and run flows here too<span class="hint">Gives you the roles builder and operator. What needs an approval still waits for somebody else.</span></span></label>';

/** The style and script of all pages, read when the first one is asked for. */
let sources:
  | { readonly style: string; readonly script: string; readonly rules: string }
  | undefined;

function pageSources() {
  if (sources !== undefined) return sources;
  const style = generatedPart('identity-pages.css');
  const script = generatedPart('identity-pages.js').replaceAll('</', '<\\/');
  const rules = [
    "default-src 'none'",
    `style-src ${contentHash(style)}`,
    `script-src ${contentHash(script)}`,
    "connect-src 'self'",
    'img-src data:',
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ];
  sources = { style, script, rules: rules.join('; ') };
  return sources;
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (one) => `&#${one.codePointAt(0) ?? 0};`);
}

interface Page {
  readonly kind: 'set-up' | 'sign-in' | 'invitation' | 'account' | 'notice';
  readonly title: string;
  readonly content: string;
  readonly tenant?: string;
  readonly status?: number;
}

function page({ kind, title, content, tenant, status = 200 }: Page): Answer {
  const { style, script, rules } = pageSources();
  const place = tenant === undefined ? '' : ` data-tenant="${escaped(tenant)}"`;
  return {
    status,
    mediaType: 'text/html; charset=utf-8',
    headers: { 'content-security-policy': rules },
    body: `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Sluice</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body data-page="${kind}"${place}>
<main>${brand}
${content}
</main>
<script>${script}</script>
</body>
</html>
`,
  };
}

function toldOf(problem?: string): string {
  return problem === undefined
    ? '<p id="told" role="alert" hidden></p>'
    : `<p id="told" role="alert" class="problem">${escaped(problem)}</p>`;
}

const needsScript =
  '<noscript><p class="hint">This page needs JavaScript: the secret of the link stays in your browser until you send it.</p></noscript>';

const chosenFields = `<label>Password<input id="password" name="password" type="password" autocomplete="new-password" minlength="12" maxlength="1000" required><span class="hint">At least 12 characters; a few words that only you would put together are good.</span></label>
<label>The same again<input id="again" name="again" type="password" autocomplete="new-password" maxlength="1000" required></label>`;

const nameField =
  '<label>Name<input id="username" name="username" autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="100" required></label>';

/** Returns the page of the set-up link; without the form when there is an administrator already. */
export function setupPage(isSetUp: boolean): Answer {
  const done = `<div class="card"><h1>Set up already</h1><p class="lead">This server has an administrator.</p><p class="stack"><a class="button" href="/login">Sign in</a></p></div>`;
  if (isSetUp) return page({ kind: 'notice', title: 'Set up', content: done });
  return page({
    kind: 'set-up',
    title: 'The first administrator',
    content: `<div class="card"><h1>The first administrator</h1><p class="lead">Nobody may sign in yet. Whoever you name here administers this server.</p>${toldOf()}${needsScript}
<form id="form" novalidate>${nameField}${chosenFields}${alsoRunsField}<button type="submit">Make the administrator</button></form></div>`,
  });
}

/** Returns the page of an invitation or a reset link. */
export function invitationPage(): Answer {
  return page({
    kind: 'invitation',
    title: 'Choose a password',
    content: `<div class="card"><h1>Choose a password</h1><p class="lead">The link works once. Sign in with your name and this password afterwards.</p>${toldOf()}${needsScript}
<form id="form" novalidate>${chosenFields}<button type="submit">Set the password</button></form></div>`,
  });
}

/** What the page to sign in shows. */
export interface SignInView {
  readonly providers: readonly { readonly id: string; readonly title: string }[];
  /** Where to go afterwards, on this server. */
  readonly to?: string | undefined;
  /** What was wrong with the attempt before, and the status that says so. */
  readonly problem?: { readonly text: string; readonly status: number };
}

/** Returns the page to sign in. */
export function signInPage({ providers, to, problem }: SignInView): Answer {
  const query = to === undefined ? '' : `?to=${encodeURIComponent(to)}`;
  const ways = providers
    .map(
      ({ id, title }) =>
        `<a class="button" href="/api/v1/login/${escaped(id)}${query}">${escaped(title)}</a>`,
    )
    .join('');
  const others = ways === '' ? '' : `<div class="stack">${ways}</div><p class="or">or</p>`;
  return page({
    kind: 'sign-in',
    title: 'Sign in',
    ...(problem !== undefined && { status: problem.status }),
    content: `<div class="card"><h1>Sign in</h1>${toldOf(problem?.text)}${others}
<form id="form" method="post" action="/login" enctype="multipart/form-data" novalidate><input type="hidden" id="to" name="to" value="${escaped(to ?? '')}">
<div id="first">${nameField}<label>Password<input id="password" name="password" type="password" autocomplete="current-password" required></label>
<details><summary>Another tenant</summary><label>Tenant<input id="tenant" name="tenant" autocapitalize="none" spellcheck="false" placeholder="main"></label></details></div>
<div id="second"><label>Code<input id="code" name="code" autocomplete="one-time-code" inputmode="text" autocapitalize="characters" spellcheck="false" maxlength="100"><span class="hint">Of your authenticator app, or a recovery code; empty where you have neither.</span></label></div>
<button type="submit">Sign in</button>
<button type="button" class="plain" id="passkey" hidden>Use a passkey</button></form></div>`,
  });
}

/** Returns the page of somebody's own account. */
export function accountPage(tenant: string): Answer {
  return page({
    kind: 'account',
    title: 'Your account',
    tenant,
    content: `<h1>Your account</h1>${toldOf()}<noscript><p class="hint">This page needs JavaScript; the same is under <code>/api/v1/${escaped(tenant)}/me</code>.</p></noscript>
<div id="account">
<section aria-labelledby="you"><h2 id="you">You</h2>
<dl><dt>Name</dt><dd id="who"></dd><dt>Tenant</dt><dd id="tenant"></dd><dt>Roles</dt><dd id="roles"></dd><dt>Signed in with</dt><dd id="proof"></dd></dl>
<button type="button" class="plain" id="sign-out">Sign out</button></section>
<section aria-labelledby="factor"><h2 id="factor">Second factor</h2>
<p id="no-factor" class="warn">You have none. Whoever learns your password can be you, and administering needs one.</p>
<div id="has-app" class="row" hidden><p>An authenticator app is in use.</p><button type="button" class="plain" id="remove-app">Remove it</button></div>
<ul id="passkeys"></ul>
<div class="row"><button type="button" id="add-app">Add an authenticator app</button><button type="button" class="plain" id="new-codes" hidden>Make recovery codes</button></div>
<form id="enrol" hidden novalidate><p>Add this to your app, by <a id="app-link">its link</a> on this device or by typing it in:</p><p id="app-secret" class="mono"></p>
<label>First code of the app<input id="first-code" autocomplete="one-time-code" inputmode="numeric" maxlength="10" required></label><button type="submit">Take it into use</button></form>
<div class="row"><label>Name of a passkey<input id="passkey-title" maxlength="100" placeholder="Laptop"></label><button type="button" class="plain" id="add-passkey" hidden>Add a passkey</button></div>
<p id="no-passkeys-here" class="hint" hidden>This browser has no passkeys at this address. They need a name: https, or http://localhost.</p>
<div id="codes" hidden><h2>Recovery codes</h2><p>Each works once, in place of the app. They are shown this once: print them, or put them where you keep passwords.</p><pre id="code-list"></pre></div></section>
<section aria-labelledby="where"><h2 id="where">Sessions</h2><ul id="sessions"></ul><button type="button" class="plain" id="end-all">End all, this one too</button></section>
<section aria-labelledby="keys"><h2 id="keys">API tokens</h2><p id="no-tokens" class="hint">You have none.</p><ul id="tokens"></ul></section>
</div>
<dialog id="prove" aria-labelledby="prove-title"><h2 id="prove-title">Prove that it is you</h2><p class="lead">This needs a proof of just now.</p>
<form id="prove-form" novalidate><p id="prove-told" role="alert"></p><input id="prove-name" autocomplete="username" hidden>
<label id="prove-password-part">Password<input id="prove-password" type="password" autocomplete="current-password"></label>
<label id="prove-code-part">Code<input id="prove-code" autocomplete="one-time-code" maxlength="100"><span class="hint">Of your authenticator app, or a recovery code.</span></label>
<button type="submit">Go on</button><button type="button" class="plain" id="prove-passkey" hidden>Use a passkey</button><button type="button" class="plain" id="prove-cancel">Leave it</button></form></dialog>`,
  });
}
