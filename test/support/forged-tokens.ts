/** ID tokens that must get nobody in: each is what a provider, a proxy or a thief could send instead of the right one. */
import { type MakeToken, oidcClient } from './login-provider.ts';

const seconds = (): number => Math.floor(Date.now() / 1000);

/** ID tokens that must get nobody in, by what is wrong with them. */
export const forgedTokens: Readonly<Record<string, MakeToken>> = {
  'of another audience': (claims, pen) => pen.right({ ...claims, aud: 'somebody-else' }),
  'without an audience': (claims, pen) => pen.right({ ...claims, aud: undefined }),
  'of several audiences without a party': (claims, pen) =>
    pen.right({ ...claims, aud: [oidcClient.id, 'else'] }),
  'of several audiences and another party': (claims, pen) =>
    pen.right({ ...claims, aud: [oidcClient.id, 'else'], azp: 'else' }),
  'of an audience that is an object': (claims, pen) =>
    pen.right({ ...claims, aud: { [oidcClient.id]: true } }),
  'of another party': (claims, pen) => pen.right({ ...claims, azp: 'else' }),
  'of another issuer': (claims, pen) => pen.right({ ...claims, iss: 'https://evil.example' }),
  'of the issuer with a slash behind it': (claims, pen) =>
    pen.right({ ...claims, iss: `${String(claims['iss'])}/` }),
  'of another request': (claims, pen) => pen.right({ ...claims, nonce: 'another' }),
  'without a nonce': (claims, pen) => pen.right({ ...claims, nonce: undefined }),
  'without a subject': (claims, pen) => pen.right({ ...claims, sub: undefined }),
  'of an empty subject': (claims, pen) => pen.right({ ...claims, sub: '' }),
  'of a subject that is a number': (claims, pen) => pen.right({ ...claims, sub: 7 }),
  'of a subject longer than any': (claims, pen) => pen.right({ ...claims, sub: 's'.repeat(256) }),
  'of a subject with control characters': (claims, pen) =>
    pen.right({ ...claims, sub: 'ada\u0000admin' }),
  'of a subject with hidden characters': (claims, pen) =>
    pen.right({ ...claims, sub: 'ada\u202e-1' }),
  'that has expired': (claims, pen) =>
    pen.right({ ...claims, iat: seconds() - 900, exp: seconds() - 61 }),
  'that never expires': (claims, pen) => pen.right({ ...claims, exp: undefined }),
  'that expires at a word': (claims, pen) => pen.right({ ...claims, exp: 'never' }),
  'that is not good yet': (claims, pen) => pen.right({ ...claims, nbf: seconds() + 90 }),
  'that was issued in the future': (claims, pen) =>
    pen.right({ ...claims, iat: seconds() + 61, exp: seconds() + 400 }),
  'that was issued never': (claims, pen) => pen.right({ ...claims, iat: undefined }),
  'signed by a stranger': (claims, pen) => pen.stranger(claims),
  'signed by a stranger whose key it brings': (claims, pen) =>
    pen.stranger(claims, {
      jku: 'https://evil.example/jwks',
      jwk: { kty: 'RSA', n: 'AQ', e: 'AQ' },
    }),
  'of a key that is a path': (claims, pen) => pen.stranger(claims, { kid: '../../../../dev/null' }),
  'of a key that is a query': (claims, pen) => pen.stranger(claims, { kid: "one' OR '1'='1" }),
  'of a critical header that nobody knows': (claims, pen) =>
    pen.right(claims, { crit: ['b64'], b64: false }),
  'for another use': (claims, pen) => pen.right(claims, { typ: 'at+jwt' }),
  'for signing out': (claims, pen) => pen.right(claims, { typ: 'logout+jwt' }),
  'signed by nobody': (claims, pen) => pen.nobody(claims),
  'signed with the secret of the client': (claims, pen) => pen.shared(claims, 'client'),
  'signed with the public key as a secret': (claims, pen) => pen.shared(claims, 'public-key'),
  'whose algorithm is another than the one used': (claims, pen) =>
    pen.right(claims, { alg: 'ES256' }),
  'whose claims were changed after signing': (claims, pen) => {
    const [header = '', , signature = ''] = pen.right(claims).split('.');
    const changed = Buffer.from(JSON.stringify({ ...claims, sub: 'root' })).toString('base64url');
    return `${header}.${changed}.${signature}`;
  },
  'whose claims are a list': (_claims, pen) => pen.right([]),
  'of two parts': (claims, pen) => pen.right(claims).split('.').slice(0, 2).join('.'),
  'of five parts': (claims, pen) => `${pen.right(claims)}.x.y`,
  'that is none': () => 'nonsense',
  'that is empty': () => '',
};
