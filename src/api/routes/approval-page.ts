/**
 * The page that links in mails lead to: it holds nothing of an approval, asks for it as whoever is signed
 * in, and writes what it gets as text. Opening it decides nothing; deciding is a request of its own, about
 * exactly the edition and the digest that are on the page.
 */
import { createHash } from 'node:crypto';
import type { Answer } from '../server/index.ts';

const style =
  'body{font:16px/1.5 system-ui;max-width:52rem;margin:2rem auto;padding:0 1rem}pre{background:#f4f4f4;padding:.75rem;overflow:auto;white-space:pre-wrap;overflow-wrap:anywhere}textarea{display:block;width:100%;box-sizing:border-box}button{padding:.5rem 1rem;margin:.5rem .5rem 0 0}dt{font-weight:600}dd{margin:0 0 .5rem}';

const script = `const [,,tenant,,id]=location.pathname.split('/');
const base='/api/v1/'+tenant+'/approvals/'+id;
const told=document.querySelector('output');
const shown=document.querySelector('#shown');
const add=(name,text)=>{const [dt,dd]=[document.createElement('dt'),document.createElement('dd')];dt.textContent=name;dd.textContent=text;shown.append(dt,dd)};
const block=(name,value)=>{const [dt,dd,pre]=['dt','dd','pre'].map((one)=>document.createElement(one));dt.textContent=name;pre.textContent=typeof value==='string'?value:JSON.stringify(value,null,2);dd.append(pre);shown.append(dt,dd)};
let seen;
const load=async()=>{
const answer=await fetch(base);
const said=await answer.json();
shown.replaceChildren();
if(answer.status===401){told.textContent='Sign in first, then open this page again.';const link=document.querySelector('a');link.href='/login?to='+encodeURIComponent(location.pathname);link.hidden=false;return}
if(!answer.ok){told.textContent=said.message;return}
seen={etag:answer.headers.get('etag'),digest:said.digest};
add('What',said.title+', revision '+said.revision);
add('State',said.state);
add('Asked by',said.requester);
if(said.deciders.length)add('Who decides',said.deciders.join(', ')+', '+said.missing+' missing');
if(said.deadlineAt)add('Until',new Date(said.deadlineAt).toISOString());
for(const one of said.shown.reasons)add('Why',one);
for(const [name,value] of Object.entries(said.shown.arguments))block(name,value);
for(const [name,value] of Object.entries(said.shown.preview))block(name,value);
if(said.shown.form)block('The values of the form',said.shown.form);
if(said.shown.replaces)block('In place of',said.shown.replaces);
for(const vote of said.votes)add('Said',vote.by+': '+vote.verdict+(vote.reason?': '+vote.reason:''));
add('Digest',said.digest);
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

function digestOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

/** Returns the page of any approval: the same for all of them. */
export function approvalPage(): Answer {
  const form =
    '<form hidden><label>Why; stands in the ledger<textarea name="reason" rows="3" maxlength="2000"></textarea></label><button value="approve">Approve exactly this</button><button value="reject">Reject</button><button value="send-back">Send back</button></form>';
  return {
    status: 200,
    mediaType: 'text/html; charset=utf-8',
    headers: {
      'content-security-policy': `default-src 'none'; style-src ${digestOf(style)}; script-src ${digestOf(script)}; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'`,
    },
    body: `<!doctype html><html lang="en"><meta charset="utf-8"><title>Sluice: approval</title><style>${style}</style><h1>Approval</h1><dl id="shown"></dl>${form}<p><output></output> <a href="/login" hidden>Sign in</a></p><script>${script}</script></html>`,
  };
}
