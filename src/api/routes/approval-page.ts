/**
 * The page that links in mails lead to: it holds nothing of an approval, asks for it as whoever is signed
 * in, and writes what it gets as text. Opening it decides nothing; deciding is a request of its own, about
 * exactly the edition and the digest that are on the page.
 */
import type { Answer } from '../server/index.ts';
import { brand, contentHash, generatedPart } from './page-style.ts';

const ownStyle =
  'main{max-width:44rem;padding-top:2.5rem}pre{columns:1;white-space:pre-wrap;margin:.25rem 0 0}dl{grid-template-columns:10rem 1fr;gap:.6rem 1rem}dl:empty{display:none}.wide{grid-column:1/-1}dd.wide{margin-bottom:.35rem}textarea{font:inherit;color:var(--ink);background:var(--field);border:1px solid var(--line);border-radius:8px;padding:.55rem .75rem;width:100%}code{white-space:pre-wrap;font-family:ui-monospace,monospace;font-size:.95rem}.choices{display:flex;flex-wrap:wrap;gap:.75rem}output{display:block;margin-top:1rem;overflow-wrap:anywhere}output:empty{display:none}@media(max-width:30rem){dl{grid-template-columns:1fr;gap:0}.choices button{flex:1 1 100%}}';

const script = `const [,,tenant,,id]=location.pathname.split('/');
const base='/api/v1/'+tenant+'/approvals/'+id;
const told=document.querySelector('output');
const shown=document.querySelector('#shown');
const effect=document.querySelector('#effect');
const row=(list,name,part,isWide)=>{const dt=document.createElement('dt');const dd=document.createElement('dd');dt.textContent=name;dd.append(part);if(isWide){dt.className='wide';dd.className='wide'}list.append(dt,dd)};
const add=(name,text)=>row(shown,name,text);
const block=(name,value)=>{const text=typeof value==='string'?value:JSON.stringify(value,null,2);const isShort=text.length<40&&!/\\s\\s|\\n/.test(text);const part=document.createElement(isShort?'code':'pre');part.textContent=text;row(effect,name,part,!isShort)};
let seen;
const load=async()=>{
const answer=await fetch(base);
const said=await answer.json();
shown.replaceChildren();
effect.replaceChildren();
if(answer.status===401){told.textContent='Sign in first, then open this page again.';const link=document.querySelector('a');link.href='/login?to='+encodeURIComponent(location.pathname);link.hidden=false;return}
if(!answer.ok){told.textContent=said.message;return}
seen={etag:answer.headers.get('etag'),digest:said.digest};
add('What',said.title+', revision '+said.revision);
add('State',said.state);
add('Asked by',said.requester);
for(const one of said.shown.reasons)add('Why it waits',one);
if(said.deciders.length)add('Who decides',said.deciders.join(' or ')+'; still '+said.missing+' to agree');
if(said.deadlineAt)add('Until',new Date(said.deadlineAt).toLocaleString());
for(const vote of said.votes)add('Said',vote.by+': '+vote.verdict+(vote.reason?': '+vote.reason:''));
for(const [name,value] of Object.entries(said.shown.arguments))block(name,value);
for(const [name,value] of Object.entries(said.shown.preview))block(name+', as the flow says it',value);
if(said.shown.form)block('The values of the form',said.shown.form);
if(said.shown.replaces)block('In place of',said.shown.replaces);
block('Digest of all of it',said.digest);
document.querySelector('section').hidden=false;
document.querySelector('form').hidden=said.state!=='open'};
document.querySelector('form').addEventListener('submit',async(event)=>{
event.preventDefault();
const verb=event.submitter.value;
const reason=document.querySelector('textarea').value;
const body=verb==='approve'?{reason,digest:seen.digest}:{reason};
const answer=await fetch(base+'/'+verb,{method:'POST',headers:{'content-type':'application/json','if-match':seen.etag},body:JSON.stringify(body)});
const said=await answer.json();
told.textContent=answer.ok?'It is '+said.approval.state+'. Receipt '+said.receipt.seq+'.':said.message;
await load()});
load();`;

let style: string | undefined;

/** Returns the page of any approval: the same for all of them. */
export function approvalPage(): Answer {
  style ??= generatedPart('identity-pages.css') + ownStyle;
  const form =
    '<form hidden><label>Why<textarea name="reason" rows="3" maxlength="2000"></textarea><span class="hint">Stands in the ledger; a no needs it.</span></label><div class="choices"><button value="approve">Approve exactly this</button><button class="plain" value="reject">Reject</button><button class="plain" value="send-back">Send back</button></div></form>';
  return {
    status: 200,
    mediaType: 'text/html; charset=utf-8',
    headers: {
      'content-security-policy': `default-src 'none'; style-src ${contentHash(style)}; script-src ${contentHash(script)}; connect-src 'self'; img-src data:; form-action 'none'; base-uri 'none'; frame-ancestors 'none'`,
    },
    body: `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Sluice: approval</title><link rel="icon" href="data:,"><style>${style}</style></head><body><main>${brand}<h1>Approval</h1><p><output></output> <a href="/login" hidden>Sign in</a></p><dl id="shown"></dl><section hidden><h2>What will be done, exactly</h2><dl id="effect"></dl>${form}</section></main><script>${script}</script></body></html>`,
  };
}
