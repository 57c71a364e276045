/** Passwords: which are refused, how they are kept. */
import { expect, test } from 'vitest';
import { checkPassword, isKeptWeakly, isPassword, keepPassword } from './passwords.ts';

const about = ['ada', 'Ada Lovelace', 'ada.lovelace@example.org'];

test.each([
  'short',
  'elevenchars',
  'aaaaaaaaaaaaaaaa',
  'abababababababab',
  'password1234!',
  'P@ssw0rd2024!!',
  'qwertyuiop123',
  'qwertzuiopasdfgh',
  '1qaz2wsx3edc4rfv',
  '123456789012',
  'abcdefghijklmnop',
  'poiuytrewq9876',
  'summer2026summer',
  'iloveyou12345',
  'Sluice-Sluice-1',
  'adalovelace1815',
  'lovelace-example',
  'adminadminadmin',
  'letmein-welcome1',
])('refuses `%s`', (password) => {
  expect(() => checkPassword(password, about)).toThrow(/^the password /);
});

test.each([
  'a lighthouse in june',
  'correct horse battery staple',
  'Тихий вечер у реки',
  '静かな夜に川を渡る舟の灯り',
  '🐘 walks over the hill',
  'x9$Kq!vT2#mZp',
  `${'a long walk '.repeat(3)}and then ${'z'.repeat(3)}ebra`,
])('takes `%s`', (password) => {
  expect(() => checkPassword(password, about)).not.toThrow();
});

test('keeps nothing that leads back, and cuts nothing off', async () => {
  const long = `${'river and stone '.repeat(20)}x`;
  const kept = await keepPassword(long);
  expect(kept).toMatch(/^\$argon2id\$v=19\$m=47104,t=1,p=1\$/);
  expect(kept).not.toContain('river');
  expect(await isPassword(long, kept)).toBe(true);
  expect(await isPassword(`${long.slice(0, -1)}y`, kept)).toBe(false);
  expect(await isPassword(long, null)).toBe(false);
  expect(await isPassword(long, 'plain')).toBe(false);
  expect(await keepPassword(long)).not.toBe(kept);
  expect(isKeptWeakly(kept)).toBe(false);
  expect(isKeptWeakly(kept.replace('m=47104', 'm=1024'))).toBe(true);
});
