/** The page behind the set-up link: a form for a name and a password. The secret stays behind the `#`. */
import { createHash } from 'node:crypto';
import type { Answer } from '../server/index.ts';

const style =
  'body{font:16px/1.5 system-ui;max-width:26rem;margin:4rem auto;padding:0 1rem}label{display:block;margin:1rem 0}input{display:block;width:100%;padding:.5rem;box-sizing:border-box}button{padding:.5rem 1rem}';

const script = `document.querySelector('form').addEventListener('submit',async(event)=>{
event.preventDefault();
const told=document.querySelector('output');
const field=(name)=>document.querySelector('[name='+name+']').value;
if(field('password')!==field('again')){told.textContent='The passwords differ.';return}
const answer=await fetch('/api/v1/setup',{method:'POST',headers:{'content-type':'application/json'},
body:JSON.stringify({secret:location.hash.slice(1),username:field('username'),password:field('password')})});
told.textContent=answer.ok?'Done. Sign in with this name and password.':(await answer.json()).message;
if(answer.ok)event.target.hidden=true});`;

const form = `<form><label>Name<input name="username" autocomplete="username" required></label>
<label>Password, at least 12 characters<input name="password" type="password" autocomplete="new-password" required></label>
<label>The same again<input name="again" type="password" autocomplete="new-password" required></label>
<button>Set up</button></form><script>${script}</script>`;

function hash(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

/** Returns the page; without the form when there is an administrator already. */
export function setupPage(isSetUp: boolean): Answer {
  const content = isSetUp ? '<p>This server is set up already.</p>' : form;
  return {
    status: 200,
    mediaType: 'text/html; charset=utf-8',
    headers: {
      'content-security-policy': `default-src 'none'; style-src ${hash(style)}; script-src ${hash(script)}; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'`,
    },
    body: `<!doctype html><html lang="en"><meta charset="utf-8"><title>Sluice: set up</title><style>${style}</style><h1>The first administrator</h1>${content}<p><output></output></p></html>`,
  };
}
