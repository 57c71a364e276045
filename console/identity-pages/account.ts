/**
 * What somebody does with their own account: a second factor, sessions, tokens, signing out. What a thief
 * could use needs a proof of just now; the page asks for it and then goes on with what was wanted.
 */
import { hasPasskeys, makePasskey, type SentOptions, usePasskey } from './passkeys.ts';
import {
  once,
  onSubmit,
  part,
  pointAt,
  send,
  sentenceOf,
  tell,
  type Told,
  valueOf,
} from './page-parts.ts';

interface Me {
  readonly username: string | null;
  readonly displayName: string | null;
  readonly tenant: string;
  readonly roles: readonly { readonly role: string; readonly namespace: string }[];
  readonly factors: readonly string[];
  readonly hasSecondFactor: boolean;
  readonly hasAuthenticator: boolean;
  readonly hasPassword: boolean;
  readonly passkeys: readonly { readonly id: string; readonly title: string }[];
}
interface Session {
  readonly id: string;
  readonly browser: string;
  readonly network: string;
  readonly seenAt: string;
  readonly isThis: boolean;
}
interface Token {
  readonly id: string;
  readonly name: string;
  readonly expiresAt: string;
  readonly usedAt: string | null;
}

const ways: Readonly<Record<string, string>> = {
  password: 'a password',
  totp: 'an authenticator app',
  'recovery-code': 'a recovery code',
  passkey: 'a passkey',
  oidc: 'your organisation',
  mfa: 'a second factor there',
};

/** Returns a browser as people name it, from `chrome/linux`. */
function browserName(text: string): string {
  const [name = '', system = ''] = text.split('/');
  const spelled = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
  return system === '' || system === 'other'
    ? spelled(name)
    : `${spelled(name)} on ${spelled(system)}`;
}

function time(iso: string | null): string {
  return iso === null ? 'never' : new Date(iso).toLocaleString();
}

/** Shows rows in a list, each with a button that does `act`; a sentence where there are none. */
function fill<T>(
  id: string,
  all: readonly T[],
  row: (one: T) => { readonly text: string; readonly more: string; readonly button: string },
  act: (one: T) => Promise<void>,
): void {
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
export async function showAccount(): Promise<void> {
  const tenant = encodeURIComponent(document.body.dataset['tenant'] ?? 'main');
  const own = `/api/v1/${tenant}/me`;
  let me: Me | undefined;

  /** Asks the person to prove who they are; true when they did. */
  const prove = (): Promise<boolean> =>
    new Promise((resolve) => {
      const dialog = part<HTMLDialogElement>('prove');
      const form = part<HTMLFormElement>('prove-form');
      const withCode = me?.hasAuthenticator === true;
      part('prove-code-part').hidden = !withCode;
      part('prove-password-part').hidden = me?.hasSecondFactor === true;
      const passkey = part<HTMLButtonElement>('prove-passkey');
      passkey.hidden = !hasPasskeys() || (me?.passkeys.length ?? 0) === 0;
      part('prove-told').textContent = '';
      part<HTMLInputElement>('prove-name').value = me?.username ?? '';
      const settle = (isProven: boolean): void => {
        form.reset();
        dialog.close();
        resolve(isProven);
      };
      const attempt = async (proof: object): Promise<void> => {
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
          const response = await usePasskey(begun['options'] as SentOptions);
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
  const ask = async (method: string, path: string, body?: object): Promise<Told | undefined> => {
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

  const showCodes = (codes: readonly string[]): void => {
    part('codes').hidden = false;
    part('code-list').textContent = codes.join('\n');
    part('codes').scrollIntoView({ block: 'nearest' });
  };

  const load = async (): Promise<void> => {
    const told = await ask('GET', own);
    if (told === undefined) return;
    me = told.document as unknown as Me;
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
      (sessions?.document ?? []) as unknown as readonly Session[],
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
      (tokens?.document ?? []) as unknown as readonly Token[],
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

  const press = (id: string, act: () => Promise<void>): void => {
    part(id).addEventListener('click', () => void once(part('account'), act));
  };
  press('add-app', async () => {
    const begun = await ask('POST', `${own}/totp`);
    if (begun === undefined) return;
    part('enrol').hidden = false;
    part('app-secret').textContent = String(begun.document['secret'])
      .replaceAll(/(.{4})/g, '$1 ')
      .trim();
    part<HTMLAnchorElement>('app-link').href = String(begun.document['uri']);
    part('first-code').focus();
  });
  onSubmit(part<HTMLFormElement>('enrol'), async () => {
    const told = await ask('PUT', `${own}/totp`, { code: valueOf('first-code').trim() });
    if (told === undefined) {
      pointAt('first-code');
      return;
    }
    part('enrol').hidden = true;
    showCodes(told.document['recoveryCodes'] as readonly string[]);
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
    const response = await makePasskey(options as SentOptions);
    const title = valueOf('passkey-title').trim() || 'Passkey';
    if ((await ask('POST', `${own}/passkeys`, { attempt, title, response })) === undefined) return;
    await load();
    tell('done', 'The passkey is added.');
  });
  press('new-codes', async () => {
    const told = await ask('POST', `${own}/recovery-codes`);
    if (told !== undefined) showCodes(told.document['recoveryCodes'] as readonly string[]);
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
