/**
 * Signing in at a provider by OpenID Connect: authorization code with PKCE, state and nonce, one exact
 * address to come back to.
 *
 * INVARIANT: an ID token counts when its signature, issuer, audience, authorized party, nonce and times
 * are right and its algorithm is on the list; whatever is not is a plain no.
 */
import type * as Client from 'openid-client';
import { Failure } from '../../core/failure/index.ts';
import type { LoginChecks, LoginProvider, ProvenClaims } from '../../ports/login-provider.ts';

/** How a provider is asked. */
export interface OidcSettings {
  readonly id: string;
  readonly title: string;
  /** Its issuer; the metadata are found below it. */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string | undefined;
  /** Beyond `openid`. */
  readonly scopes: readonly string[];
  /** Claims that are asked for by another request when the ID token lacks them. */
  readonly neededClaims: readonly string[];
  /** Where the provider sends people back to. */
  readonly redirectUri: () => string;
  /** Where it sends them after they signed out. */
  readonly afterUri: () => string;
}

/** Signatures that the holder of no secret can make; never `none`, never a shared secret. */
const algorithms = ['RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519'];
const skewSeconds = 30;
const loadAgainMs = 3_600_000;
const timeoutSeconds = 10;
/** How long ago somebody may have proven at the provider who they are: a day of work. */
const ageSeconds = String(12 * 3_600);
/** What a subject may be at most (OpenID Connect Core, 2). */
const subjectForm = /^[^\p{C}]{1,255}$/u;
/** Values of `amr` (RFC 8176) by what they prove: something known, something had, something one is. */
const methodKinds: readonly (readonly string[])[] = [
  ['pwd', 'pin', 'kba'],
  ['otp', 'hwk', 'swk', 'sms', 'tel', 'sc', 'pop'],
  ['fpt', 'face', 'iris', 'retina', 'vbm'],
];

function isLoopback({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');
}

/** Tells whether the header of a token is that of an ID token; it is read only to refuse. */
function isIdTokenHeader(token: string): boolean {
  try {
    const { alg, typ } = JSON.parse(
      Buffer.from(token.split('.')[0] ?? '', 'base64url').toString('utf8'),
    ) as { alg?: unknown; typ?: unknown };
    // A token for another use (`at+jwt`, `logout+jwt`) is none, whoever signed it.
    const isPlain = typ === undefined || (typeof typ === 'string' && /^jwt$/i.test(typ));
    return isPlain && typeof alg === 'string' && algorithms.includes(alg);
  } catch {
    return false;
  }
}

/** Tells whether a provider says that it asked for more than one kind of proof. */
function isManyFactors(methods: unknown): boolean {
  if (!Array.isArray(methods)) return false;
  if (methods.includes('mfa')) return true;
  return methodKinds.filter((kind) => kind.some((one) => methods.includes(one))).length > 1;
}

/** Returns a provider; it is asked for its metadata when it is first needed. */
export function createOidcLoginProvider(settings: OidcSettings): LoginProvider {
  let loaded: { readonly at: number; readonly config: Promise<Client.Configuration> } | undefined;

  const configure = async (): Promise<Client.Configuration> => {
    const client = await import('openid-client');
    const issuer = new URL(settings.issuer);
    const isInsecure = issuer.protocol === 'http:' && isLoopback(issuer);
    const authentication =
      settings.clientSecret === undefined
        ? client.None()
        : client.ClientSecretBasic(settings.clientSecret);
    try {
      const config = await client.discovery(
        issuer,
        settings.clientId,
        { [client.clockTolerance]: skewSeconds },
        authentication,
        {
          timeout: timeoutSeconds,
          ...(isInsecure && { execute: [client.allowInsecureRequests] }),
        },
      );
      // Even a token that came from the provider itself has to carry its signature.
      client.enableNonRepudiationChecks(config);
      return config;
    } catch (cause) {
      throw new Failure(
        'identity.provider-unreachable',
        `the login provider \`${settings.id}\` does not answer as one`,
        { cause },
      );
    }
  };
  const load = async (): Promise<Client.Configuration> => {
    if (loaded === undefined || Date.now() - loaded.at > loadAgainMs) {
      loaded = { at: Date.now(), config: configure() };
    }
    try {
      return await loaded.config;
    } catch (error) {
      loaded = undefined;
      throw error;
    }
  };

  const check = async (
    config: Client.Configuration,
    address: string,
    checks: LoginChecks,
  ): Promise<ProvenClaims | undefined> => {
    const client = await import('openid-client');
    const back = new URL(address);
    const wanted = new URL(settings.redirectUri());
    if (back.origin !== wanted.origin || back.pathname !== wanted.pathname) return undefined;
    // A provider that says who answers (RFC 9207) has to be the one that was asked.
    const said = back.searchParams.get('iss');
    if (said !== null && said !== config.serverMetadata().issuer) return undefined;
    const tokens = await client.authorizationCodeGrant(config, back, {
      expectedState: checks.state,
      expectedNonce: checks.nonce,
      pkceCodeVerifier: checks.verifier,
      idTokenExpected: true,
    });
    const own = tokens.claims();
    const idToken = tokens.id_token;
    if (own === undefined || idToken === undefined) return undefined;
    if (!isIdTokenHeader(idToken) || !subjectForm.test(own.sub)) return undefined;
    if (own.iat * 1000 > Date.now() + skewSeconds * 1000) return undefined;
    const audiences = [own.aud].flat();
    const party = own['azp'];
    if (audiences.length > 1 && party !== settings.clientId) return undefined;
    if (party !== undefined && party !== settings.clientId) return undefined;
    const authenticatedAt = (own.auth_time ?? 0) * 1000;
    const { freshSince } = checks;
    if (freshSince !== undefined && authenticatedAt < freshSince - skewSeconds * 1000) {
      return undefined;
    }
    const isLacking = settings.neededClaims.some((name) => !Object.hasOwn(own, name));
    const canAsk = config.serverMetadata().userinfo_endpoint !== undefined;
    // Many providers tell groups there only. What cannot be had is a no: roles would vanish silently.
    const more =
      isLacking && canAsk
        ? await client.fetchUserInfo(config, tokens.access_token, own.sub)
        : undefined;
    return {
      issuer: own.iss,
      subject: own.sub,
      claims: { ...more, ...own },
      idToken,
      authenticatedAt,
      isManyFactors: isManyFactors(own['amr']),
    };
  };

  return {
    id: settings.id,
    title: settings.title,
    async begin(options = {}) {
      const client = await import('openid-client');
      const config = await load();
      const checks: LoginChecks = {
        state: client.randomState(),
        nonce: client.randomNonce(),
        verifier: client.randomPKCECodeVerifier(),
        ...(options.isStepUp === true && { freshSince: Date.now() }),
      };
      const url = client.buildAuthorizationUrl(config, {
        redirect_uri: settings.redirectUri(),
        scope: ['openid', ...settings.scopes].join(' '),
        response_type: 'code',
        state: checks.state,
        nonce: checks.nonce,
        code_challenge: await client.calculatePKCECodeChallenge(checks.verifier),
        code_challenge_method: 'S256',
        // A provider that is asked for an age has to tell when the person proved who they are.
        max_age: options.isStepUp === true ? '0' : ageSeconds,
        ...(options.isStepUp === true && { prompt: 'login' }),
      });
      return { url: url.href, checks };
    },
    async complete(address, checks) {
      const config = await load();
      try {
        return await check(config, address, checks);
      } catch (error) {
        // The library throws for every way in which an answer or a token can be wrong.
        if (error instanceof Error) return undefined;
        throw error;
      }
    },
    async endUrl(idToken) {
      const client = await import('openid-client');
      const config = await load();
      if (config.serverMetadata().end_session_endpoint === undefined) return undefined;
      return client.buildEndSessionUrl(config, {
        id_token_hint: idToken,
        post_logout_redirect_uri: settings.afterUri(),
      }).href;
    },
  };
}
