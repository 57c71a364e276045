/** The pages of identity: which one this is stands on its body; each has code of its own. */
import { showAccount } from './account.ts';
import { choosePassword } from './choose-password.ts';
import { signIn } from './sign-in.ts';

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
