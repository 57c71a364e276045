/**
 * The page to sign in: name and password, and only where somebody has one, the second factor; or a passkey
 * alone. Without scripts the same form is sent as it is.
 */
import { hasPasskeys, type SentOptions, usePasskey } from './passkeys.ts';
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

/** Lets somebody sign in. */
export function signIn(): void {
  const form = part<HTMLFormElement>('form');
  const passkey = part<HTMLButtonElement>('passkey');
  const second = part('second');
  second.hidden = true;
  passkey.hidden = !hasPasskeys();
  let needs: readonly unknown[] = [];

  const enter = (told: Told): void => {
    if (told.isGood) {
      location.assign(valueOf('to') || '/account');
      return;
    }
    if (told.document['code'] === 'identity.factor-needed') {
      needs = told.document['needs'] as readonly unknown[];
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
      const proof = { attempt, response: await usePasskey(options as SentOptions) };
      const isSecond = needs.includes('passkey');
      enter(
        isSecond
          ? await send('POST', '/api/v1/login', { ...shown(), passkey: proof })
          : await send('POST', '/api/v1/login/passkey', proof),
      );
    });
  });
}
