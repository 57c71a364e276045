/** The pages of a link that lets somebody choose a password: the first administrator's, and an invitation. */
import { onSubmit, part, pointAt, send, sentenceOf, tell, valueOf } from './page-parts.ts';

const lengthMin = 12;

/** Lets somebody choose a password; `path` is where it goes, `username` whether they choose a name too. */
export function choosePassword(path: string, hasName: boolean): void {
  const form = part<HTMLFormElement>('form');
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
    const more = hasName ? { alsoRuns: part<HTMLInputElement>('also-runs').checked } : {};
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
