/**
 * The pages before anybody is signed in: set-up, sign-in, invitation. A secret of a link stays behind the
 * `#`, which browsers send to nobody; scripts and styles are allowed by their digests alone.
 */
import { createHash } from 'node:crypto';
import type { Answer } from '../server/index.ts';

const style =
  'body{font:16px/1.5 system-ui;max-width:26rem;margin:4rem auto;padding:0 1rem}label{display:block;margin:1rem 0}input{display:block;width:100%;padding:.5rem;box-sizing:border-box}button{padding:.5rem 1rem}input[type=checkbox]{display:inline;width:auto}';

const tools = `const told=document.querySelector('output');
const field=(name)=>document.querySelector('[name='+name+']').value;
const send=(path,body)=>fetch(path,{method:'POST',headers:{'content-type':'application/json'},body:JSON.stringify(body)});
const onSubmit=(act)=>document.querySelector('form').addEventListener('submit',(event)=>{event.preventDefault();act(event.target)});
`;

const chosen = `${tools}const choose=(path,bodyOf)=>onSubmit(async(form)=>{
if(field('password')!==field('again')){told.textContent='The passwords differ.';return}
const answer=await send(path,bodyOf());
if(answer.ok){form.hidden=true;location.assign('/login')}else told.textContent=(await answer.json()).message});
`;

const setupScript = `${chosen}choose('/api/v1/setup',()=>({secret:location.hash.slice(1),username:field('username'),password:field('password'),alsoRuns:document.querySelector('[name=alsoRuns]').checked}));`;
const invitationScript = `${chosen}choose('/api/v1/invitations',()=>({secret:location.hash.slice(1),password:field('password')}));`;
const signInScript = `${tools}onSubmit(async(form)=>{
const code=field('code');
const answer=await send('/api/v1/login',{tenant:field('tenant')||'main',username:field('username'),password:field('password'),...(code&&{code})});
const said=await answer.json();
if(answer.ok){form.hidden=true;told.textContent='You are signed in.'}else told.textContent=said.message});`;

const nameField = '<label>Name<input name="username" autocomplete="username" required></label>';
const chosenFields = `<label>Password, at least 12 characters<input name="password" type="password" autocomplete="new-password" required></label>
<label>The same again<input name="again" type="password" autocomplete="new-password" required></label>`;

const alsoRunsField =
  '<label><input name="alsoRuns" type="checkbox" checked> I build and run flows here too. Take this away again when others do; approving stays for somebody else.</label>';

function hash(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (one) => `&#${one.codePointAt(0) ?? 0};`);
}

function page(title: string, content: string, script: string): Answer {
  return {
    status: 200,
    mediaType: 'text/html; charset=utf-8',
    headers: {
      'content-security-policy': `default-src 'none'; style-src ${hash(style)}; script-src ${hash(script)}; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'`,
    },
    body: `<!doctype html><html lang="en"><meta charset="utf-8"><title>Sluice: ${title}</title><style>${style}</style><h1>${title}</h1>${content}<p><output></output></p><script>${script}</script></html>`,
  };
}

/** Returns the page of the set-up link; without the form when there is an administrator already. */
export function setupPage(isSetUp: boolean): Answer {
  if (isSetUp) return page('Set up', '<p>This server is set up already.</p>', '');
  const form = `<form>${nameField}${chosenFields}${alsoRunsField}<button>Set up</button></form>`;
  return page('The first administrator', form, setupScript);
}

/** Returns the page of an invitation or a reset link. */
export function invitationPage(): Answer {
  const form = `<form>${chosenFields}<button>Set the password</button></form>`;
  return page('Choose a password', form, invitationScript);
}

/** Returns the page to sign in. */
export function signInPage(
  providers: readonly { readonly id: string; readonly title: string }[],
): Answer {
  const ways = providers
    .map(({ id, title }) => `<p><a href="/api/v1/login/${escaped(id)}">${escaped(title)}</a></p>`)
    .join('');
  const form = `<form>${nameField}<label>Password<input name="password" type="password" autocomplete="current-password" required></label>
<label>Code, where you have an authenticator app<input name="code" autocomplete="one-time-code" inputmode="numeric"></label>
<label>Tenant<input name="tenant" placeholder="main"></label><button>Sign in</button></form>`;
  return page('Sign in', `${ways}${form}`, signInScript);
}
