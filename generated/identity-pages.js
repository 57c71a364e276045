'use strict';
// console/identity-pages/passkeys.ts
const module_console_identity_pages_passkeys = (() => {
/**
 * Passkeys in the browser: what the server sends as text becomes what the browser takes, and back.
 *
 * INVARIANT: nothing is decided here; the server checks every answer.
 */

/** Options as the server sends them: bytes are base64url. */

function bytesOf(text        )                          {
  const plain = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(plain, (one) => one.codePointAt(0) ?? 0);
}

function textOf(buffer                    )         {
  const plain = String.fromCodePoint(...new Uint8Array(buffer ?? new ArrayBuffer(0)));
  return btoa(plain).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function described(all                       = [])                                  {
  return all.map((one) => ({ ...one, id: bytesOf(one.id) }));
}

/** Tells whether this browser has passkeys at this address. */
function hasPasskeys()          {
  return 'PublicKeyCredential' in globalThis && !/^[\d.]+$|^\[/.test(location.hostname);
}

/** Makes a passkey; gives what the server wants to see of it. */
async function makePasskey(sent             )                                   {
  const publicKey = {
    ...sent,
    challenge: bytesOf(sent.challenge),
    user: { ...sent.user, id: bytesOf(sent.user?.id ?? '') },
    excludeCredentials: described(sent.excludeCredentials),
  }                                                 ;
  const made = (await navigator.credentials.create({ publicKey }))                       ;
  const response = made.response                                    ;
  return {
    id: made.id,
    rawId: textOf(made.rawId),
    type: made.type,
    clientExtensionResults: made.getClientExtensionResults(),
    response: {
      clientDataJSON: textOf(response.clientDataJSON),
      attestationObject: textOf(response.attestationObject),
      transports: response.getTransports(),
    },
  };
}

/** Signs a challenge with a passkey; gives what the server wants to see of it. */
async function usePasskey(sent             )                                   {
  const publicKey = {
    ...sent,
    challenge: bytesOf(sent.challenge),
    allowCredentials: described(sent.allowCredentials),
  }                                     ;
  const used = (await navigator.credentials.get({ publicKey }))                       ;
  const response = used.response                                  ;
  return {
    id: used.id,
    rawId: textOf(used.rawId),
    type: used.type,
    clientExtensionResults: used.getClientExtensionResults(),
    response: {
      clientDataJSON: textOf(response.clientDataJSON),
      authenticatorData: textOf(response.authenticatorData),
      signature: textOf(response.signature),
      ...(response.userHandle !== null && { userHandle: textOf(response.userHandle) }),
    },
  };
}
return { hasPasskeys, makePasskey, usePasskey };
})();

// console/identity-pages/page-parts.ts
const module_console_identity_pages_page_parts = (() => {
/**
 * What the pages of identity share: elements by their id, requests to this server, and what went wrong in
 * words for people.
 *
 * INVARIANT: text from the server becomes text of the page, never HTML.
 */

/** An answer of the server. */

/** Returns the element of an id; the page has it. */
function part                                     (id        )    {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page lacks ${id}`);
  return found     ;
}

/** Returns what stands in a field. */
function valueOf(id        )         {
  return part                  (id).value;
}

/** Says something to the person, in the place for it. */
function tell(kind                    , text        )       {
  const told = part('told');
  told.className = kind;
  told.textContent = text;
  told.hidden = text === '';
}

/** Marks the field that is wrong and goes there; without one, marks none. */
function pointAt(id         )       {
  for (const field of document.querySelectorAll('[aria-invalid]')) {
    field.removeAttribute('aria-invalid');
    field.removeAttribute('aria-describedby');
  }
  if (id === undefined) return;
  const field = part(id);
  field.setAttribute('aria-invalid', 'true');
  field.setAttribute('aria-describedby', 'told');
  field.focus();
}

/** Sends JSON to this server; an answer that does not come is an answer too. */
async function send(method        , path        , body         )                {
  try {
    const answered = await fetch(path, {
      method,
      ...(body !== undefined && {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    });
    const text = await answered.text();
    const isJson = answered.headers.get('content-type')?.includes('json') === true;
    const document = isJson && text !== '' ? JSON.parse(text) : {};
    return { isGood: answered.ok, status: answered.status, document };
  } catch {
    return { isGood: false, status: 0, document: {} };
  }
}

const sentences                                   = {
  'identity.wrong': 'The name, the password or the code is wrong.',
  'identity.setup-refused':
    'This link is wrong, older than a day, or was used. Start the server again: it prints another one.',
  'identity.link-refused':
    'This link is wrong, too old, or was used. Ask whoever sent it for another one.',
  'identity.proof-refused': 'This is not right. Use the code that the app shows just now.',
  'identity.name-taken': 'This name is taken. Choose another one.',
  'identity.name-invalid': 'A name has up to 100 characters, no spaces and no colon.',
};

function textIn(document                  , name        )         {
  const value = document[name];
  return typeof value === 'string' ? value : '';
}

/** Returns what went wrong, in a sentence. */
function sentenceOf({ status, document }      )         {
  if (status === 0) return 'The server does not answer. Try again in a moment.';
  const code = textIn(document, 'code');
  const known = sentences[code];
  if (known !== undefined) return known;
  if (status === 429) {
    const seconds = Math.ceil(Number(document['retryAfterMs'] ?? 1_000) / 1_000);
    const wait = seconds > 90 ? `${Math.ceil(seconds / 60)} minutes` : `${seconds} seconds`;
    return `Too many attempts failed. Try again in ${wait}.`;
  }
  const message = textIn(document, 'message') || 'something went wrong';
  return `${message.charAt(0).toUpperCase()}${message.slice(1)}.`;
}

/** Has a form do `act`, once at a time, instead of being sent. */
function onSubmit(form                 , act                     )       {
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void once(form, act);
  });
}

/** Does `act` with all buttons of a place at rest meanwhile. */
async function once(place             , act                     )                {
  const buttons = [...place.querySelectorAll('button')];
  if (place.getAttribute('aria-busy') === 'true') return;
  place.setAttribute('aria-busy', 'true');
  for (const button of buttons) button.disabled = true;
  try {
    tell('problem', '');
    pointAt();
    await act();
  } catch {
    // A passkey that the person put away, or a browser that does not let them.
    tell('problem', 'This was not completed. Try again, or use another way.');
  } finally {
    place.removeAttribute('aria-busy');
    for (const button of buttons) button.disabled = false;
  }
}
return { part, valueOf, tell, pointAt, send, sentenceOf, onSubmit, once };
})();

// console/identity-pages/account.ts
const module_console_identity_pages_account = (() => {
/**
 * What somebody does with their own account: a second factor, sessions, tokens, signing out. What a thief
 * could use needs a proof of just now; the page asks for it and then goes on with what was wanted.
 */
const { hasPasskeys, makePasskey, usePasskey } = module_console_identity_pages_passkeys;
const { once, onSubmit, part, pointAt, send, sentenceOf, tell, valueOf } = module_console_identity_pages_page_parts;

const ways                                   = {
  password: 'a password',
  totp: 'an authenticator app',
  'recovery-code': 'a recovery code',
  passkey: 'a passkey',
  oidc: 'your organisation',
  mfa: 'a second factor there',
};

/** Returns a browser as people name it, from `chrome/linux`. */
function browserName(text        )         {
  const [name = '', system = ''] = text.split('/');
  const spelled = (word        )         => word.charAt(0).toUpperCase() + word.slice(1);
  return system === '' || system === 'other'
    ? spelled(name)
    : `${spelled(name)} on ${spelled(system)}`;
}

function time(iso               )         {
  return iso === null ? 'never' : new Date(iso).toLocaleString();
}

/** Shows rows in a list, each with a button that does `act`; a sentence where there are none. */
function fill   (
  id        ,
  all              ,
  row                                                                                       ,
  act                           ,
)       {
  const list = part(id);
  list.replaceChildren(
    ...all.map((one) => {
      const { text, more, button } = row(one);
      const item = document.createElement('li');
      const words = document.createElement('span');
      const small = document.createElement('small');
      const press = document.createElement('button');
      words.textContent = text;
      small.textContent = more;
      press.type = 'button';
      press.className = 'plain';
      press.textContent = button;
      press.setAttribute('aria-label', `${button}: ${text}`);
      press.addEventListener('click', () => void once(list, () => act(one)));
      words.append(small);
      item.append(words, press);
      return item;
    }),
  );
  const none = document.getElementById(`no-${id}`);
  if (none !== null) none.hidden = all.length > 0;
}

/** Shows the account of whoever is signed in. */
async function showAccount()                {
  const tenant = encodeURIComponent(document.body.dataset['tenant'] ?? 'main');
  const own = `/api/v1/${tenant}/me`;
  let me                ;

  /** Asks the person to prove who they are; true when they did. */
  const prove = ()                   =>
    new Promise((resolve) => {
      const dialog = part                   ('prove');
      const form = part                 ('prove-form');
      const withCode = me?.hasAuthenticator === true;
      part('prove-code-part').hidden = !withCode;
      part('prove-password-part').hidden = me?.hasSecondFactor === true;
      const passkey = part                   ('prove-passkey');
      passkey.hidden = !hasPasskeys() || (me?.passkeys.length ?? 0) === 0;
      part('prove-told').textContent = '';
      part                  ('prove-name').value = me?.username ?? '';
      const settle = (isProven         )       => {
        form.reset();
        dialog.close();
        resolve(isProven);
      };
      const attempt = async (proof        )                => {
        const told = await send('POST', '/api/v1/step-up', proof);
        if (told.isGood) settle(true);
        else part('prove-told').textContent = sentenceOf(told);
      };
      form.onsubmit = (event) => {
        event.preventDefault();
        const code = valueOf('prove-code').trim();
        void attempt(withCode ? { code } : { password: valueOf('prove-password') });
      };
      passkey.onclick = () => {
        void (async () => {
          const { document: begun } = await send('POST', '/api/v1/step-up/passkey/challenge');
          const response = await usePasskey(begun['options']               );
          await attempt({ passkey: { attempt: begun['attempt'], response } });
        })().catch(() => {
          part('prove-told').textContent = 'The passkey was not used.';
        });
      };
      part('prove-cancel').onclick = () => settle(false);
      dialog.oncancel = () => settle(false);
      dialog.showModal();
    });

  /** Sends what may need a proof of just now; asks for it once. Tells what went wrong. */
  const ask = async (method        , path        , body         )                            => {
    let told = await send(method, path, body);
    if (told.document['code'] === 'identity.step-up-needed') {
      if (!(await prove())) return undefined;
      told = await send(method, path, body);
    }
    if (told.isGood) return told;
    if (told.status === 401 && told.document['code'] !== 'identity.step-up-needed') {
      location.assign('/login?to=/account');
      return undefined;
    }
    tell('problem', sentenceOf(told));
    return undefined;
  };

  const showCodes = (codes                   )       => {
    part('codes').hidden = false;
    part('code-list').textContent = codes.join('\n');
    part('codes').scrollIntoView({ block: 'nearest' });
  };

  const load = async ()                => {
    const told = await ask('GET', own);
    if (told === undefined) return;
    me = told.document                 ;
    const { username, displayName, roles, factors, hasSecondFactor, hasAuthenticator } = me;
    part('who').textContent =
      displayName === username ? (username ?? '') : `${displayName} (${username})`;
    part('tenant').textContent = me.tenant;
    part('roles').textContent =
      roles
        .map((one) => (one.namespace === '*' ? one.role : `${one.role} in ${one.namespace}`))
        .join(', ') || 'none yet: ask an administrator';
    part('proof').textContent = factors.map((one) => ways[one] ?? one).join(', ');
    part('no-factor').hidden = hasSecondFactor;
    part('has-app').hidden = !hasAuthenticator;
    part('add-app').hidden = hasAuthenticator;
    part('new-codes').hidden = !hasSecondFactor;
    part('add-passkey').hidden = !hasPasskeys();
    part('no-passkeys-here').hidden = hasPasskeys();
    fill(
      'passkeys',
      me.passkeys,
      (one) => ({ text: one.title, more: 'passkey', button: 'Remove' }),
      async (one) => {
        await ask('DELETE', `${own}/passkeys/${encodeURIComponent(one.id)}`);
        await load();
      },
    );
    const sessions = await ask('GET', `${own}/sessions`);
    fill(
      'sessions',
      (sessions?.document ?? [])                                 ,
      (one) => ({
        text: one.isThis ? `${browserName(one.browser)} (this one)` : browserName(one.browser),
        more: `network ${one.network}, last seen ${time(one.seenAt)}`,
        button: 'End',
      }),
      async (one) => {
        await ask('DELETE', `${own}/sessions/${encodeURIComponent(one.id)}`);
        await load();
      },
    );
    const tokens = await ask('GET', `${own}/tokens`);
    fill(
      'tokens',
      (tokens?.document ?? [])                               ,
      (one) => ({
        text: one.name,
        more: `until ${time(one.expiresAt)}, last used ${time(one.usedAt)}`,
        button: 'Revoke',
      }),
      async (one) => {
        await ask('DELETE', `${own}/tokens/${encodeURIComponent(one.id)}`);
        await load();
      },
    );
  };

  const press = (id        , act                     )       => {
    part(id).addEventListener('click', () => void once(part('account'), act));
  };
  press('add-app', async () => {
    const begun = await ask('POST', `${own}/totp`);
    if (begun === undefined) return;
    part('enrol').hidden = false;
    part('app-secret').textContent = String(begun.document['secret'])
      .replaceAll(/(.{4})/g, '$1 ')
      .trim();
    part                   ('app-link').href = String(begun.document['uri']);
    part('first-code').focus();
  });
  onSubmit(part                 ('enrol'), async () => {
    const told = await ask('PUT', `${own}/totp`, { code: valueOf('first-code').trim() });
    if (told === undefined) {
      pointAt('first-code');
      return;
    }
    part('enrol').hidden = true;
    showCodes(told.document['recoveryCodes']                     );
    await load();
    tell('done', 'The authenticator app is in use from the next sign-in on.');
  });
  press('remove-app', async () => {
    await ask('DELETE', `${own}/totp`);
    await load();
  });
  press('add-passkey', async () => {
    const begun = await ask('POST', `${own}/passkeys/challenge`);
    if (begun === undefined) return;
    const { attempt, options } = begun.document;
    const response = await makePasskey(options               );
    const title = valueOf('passkey-title').trim() || 'Passkey';
    if ((await ask('POST', `${own}/passkeys`, { attempt, title, response })) === undefined) return;
    await load();
    tell('done', 'The passkey is added.');
  });
  press('new-codes', async () => {
    const told = await ask('POST', `${own}/recovery-codes`);
    if (told !== undefined) showCodes(told.document['recoveryCodes']                     );
  });
  press('end-all', async () => {
    if ((await ask('DELETE', `${own}/sessions`)) !== undefined) location.assign('/login');
  });
  press('sign-out', async () => {
    const told = await ask('POST', '/api/v1/logout');
    if (told === undefined) return;
    const there = told.document['providerUrl'];
    location.assign(typeof there === 'string' ? there : '/login');
  });
  await load();
}
return { showAccount };
})();

// console/identity-pages/choose-password.ts
const module_console_identity_pages_choose_password = (() => {
/** The pages of a link that lets somebody choose a password: the first administrator's, and an invitation. */
const { onSubmit, part, pointAt, send, sentenceOf, tell, valueOf } = module_console_identity_pages_page_parts;

const lengthMin = 12;

/** Lets somebody choose a password; `path` is where it goes, `username` whether they choose a name too. */
function choosePassword(path        , hasName         )       {
  const form = part                 ('form');
  const secret = location.hash.slice(1);
  if (secret === '') {
    form.hidden = true;
    tell('problem', 'The address of this page is not complete: open the whole link, `#` included.');
    return;
  }
  onSubmit(form, async () => {
    const password = valueOf('password');
    if (Array.from(password).length < lengthMin) {
      tell('problem', `The password has to have at least ${lengthMin} characters.`);
      pointAt('password');
      return;
    }
    if (password !== valueOf('again')) {
      tell('problem', 'The two passwords differ.');
      pointAt('again');
      return;
    }
    const name = hasName ? { username: valueOf('username') } : {};
    const more = hasName ? { alsoRuns: part                  ('also-runs').checked } : {};
    const told = await send('POST', path, { secret, password, ...name, ...more });
    if (!told.isGood) {
      tell('problem', sentenceOf(told));
      const isName = String(told.document['code']).startsWith('identity.name-');
      if (told.document['code'] === 'identity.password-weak') pointAt('password');
      else if (isName) pointAt('username');
      return;
    }
    form.hidden = true;
    if (hasName) {
      const entered = await send('POST', '/api/v1/login', { ...name, password });
      if (entered.isGood) {
        location.assign('/account');
        return;
      }
    }
    tell('done', 'The password is set.');
    location.assign('/login');
  });
}
return { choosePassword };
})();

// console/identity-pages/sign-in.ts
const module_console_identity_pages_sign_in = (() => {
/**
 * The page to sign in: name and password, and only where somebody has one, the second factor; or a passkey
 * alone. Without scripts the same form is sent as it is.
 */
const { hasPasskeys, usePasskey } = module_console_identity_pages_passkeys;
const { once, onSubmit, part, pointAt, send, sentenceOf, tell, valueOf } = module_console_identity_pages_page_parts;

/** Lets somebody sign in. */
function signIn()       {
  const form = part                 ('form');
  const passkey = part                   ('passkey');
  const second = part('second');
  second.hidden = true;
  passkey.hidden = !hasPasskeys();
  let needs                     = [];

  const enter = (told      )       => {
    if (told.isGood) {
      location.assign(valueOf('to') || '/account');
      return;
    }
    if (told.document['code'] === 'identity.factor-needed') {
      needs = told.document['needs']                      ;
      const hasCode = needs.includes('totp') || needs.includes('recovery-code');
      second.hidden = !hasCode;
      part('first').hidden = true;
      const way = hasCode ? 'Enter the code of your authenticator app.' : 'Use your passkey.';
      tell('done', `The password is right. ${way}`);
      if (hasCode) part('code').focus();
      else passkey.focus();
      return;
    }
    tell('problem', sentenceOf(told));
    pointAt(second.hidden ? 'password' : 'code');
  };
  const shown = () => ({
    tenant: valueOf('tenant') || 'main',
    username: valueOf('username'),
    password: valueOf('password'),
  });

  onSubmit(form, async () => {
    const code = valueOf('code').trim();
    enter(await send('POST', '/api/v1/login', { ...shown(), ...(code !== '' && { code }) }));
  });
  passkey.addEventListener('click', () => {
    void once(form, async () => {
      const begun = await send('POST', '/api/v1/login/passkey/challenge');
      if (!begun.isGood) {
        enter(begun);
        return;
      }
      const { attempt, options } = begun.document;
      const proof = { attempt, response: await usePasskey(options               ) };
      const isSecond = needs.includes('passkey');
      enter(
        isSecond
          ? await send('POST', '/api/v1/login', { ...shown(), passkey: proof })
          : await send('POST', '/api/v1/login/passkey', proof),
      );
    });
  });
}
return { signIn };
})();

// console/identity-pages/page.ts
const module_console_identity_pages_page = (() => {
/** The pages of identity: which one this is stands on its body; each has code of its own. */
const { showAccount } = module_console_identity_pages_account;
const { choosePassword } = module_console_identity_pages_choose_password;
const { signIn } = module_console_identity_pages_sign_in;

switch (document.body.dataset['page']) {
  case 'set-up':
    choosePassword('/api/v1/setup', true);
    break;
  case 'invitation':
    choosePassword('/api/v1/invitations', false);
    break;
  case 'sign-in':
    signIn();
    break;
  case 'account':
    void showAccount();
    break;
  default:
}
return {  };
})();
