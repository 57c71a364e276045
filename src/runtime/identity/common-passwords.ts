/**
 * What people put into passwords and guessing programs try first: words of the published lists of common
 * passwords, names of months and seasons, rows of keyboards. A compact list of our own making: it stands
 * for the families of such passwords, not for every leaked one.
 */

/** Words that make nobody's password stronger. */
export const commonWords: readonly string[] = [
  'password passwort passwd motdepasse contrasena parola wachtwoord senha',
  'admin administrator root guest user login welcome willkommen bienvenue letmein changeme',
  'secret default master access system server test testing demo sample temp temporary',
  'iloveyou lovely loveme princess princesa sunshine dragon monkey shadow superman batman',
  'football baseball basketball soccer hockey liverpool chelsea arsenal barcelona juventus',
  'michael jennifer jessica ashley charlie daniel thomas andrew jordan hunter harley ranger',
  'buster tigger pepper ginger cookie summer winter spring autumn herbst sommer fruehling',
  'january february march april june july august september october november december',
  'monday tuesday wednesday thursday friday saturday sunday',
  'computer internet samsung google facebook instagram linkedin microsoft windows apple',
  'starwars pokemon naruto minecraft fortnite whatever trustno freedom killer flower',
  'mustang corvette ferrari mercedes porsche yamaha company business office hello qazwsx',
  'zaqwsx asdf asdfgh zxcvbn azerty qwerty qwertz uiop love angel babygirl anthony',
  'sluice kestra workflow',
].flatMap((line) => line.split(' '));

/** Rows of keyboards and of the alphabet; parts of them are tried in both directions. */
export const rows: readonly string[] = [
  '01234567890',
  'abcdefghijklmnopqrstuvwxyz',
  'qwertyuiop',
  'qwertzuiop',
  'azertyuiop',
  'asdfghjkl',
  'qsdfghjklm',
  'zxcvbnm',
  'yxcvbnm',
  'wxcvbn',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p',
  '!@#$%^&*()',
];
