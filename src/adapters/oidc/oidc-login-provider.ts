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
/** Values of `amr` that say that more than one factor was asked for (RFC 8176). */
const strongMethods = ['mfa', 'otp', 'hwk', 'fpt', 'pop'];

function isLoopback({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\./.test(hostname);
}

/** Returns the header of a token, which is read before its signature is looked at: only to refuse. */
function algorithmOf(token: string): string {
  try {
    const header = JSON.parse(
      Buffer.from(token.split('.')[0] ?? '', 'base64url').toString('utf8'),
    ) as { alg?: unknown };
    return typeof header.alg === 'string' ? header.alg : '';
  } catch {
    return '';
  }
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
    const claims = tokens.claims();
    const idToken = tokens.id_token;
    if (claims === undefined || idToken === undefined) return undefined;
    if (!algorithms.includes(algorithmOf(idToken))) return undefined;
    const audiences = [claims.aud].flat();
    const party = claims['azp'];
    if (audiences.length > 1 && party !== settings.clientId) return undefined;
    if (party !== undefined && party !== settings.clientId) return undefined;
    const methods = Array.isArray(claims['amr']) ? claims['amr'] : [];
    const at = claims.auth_time ?? claims.iat;
    return {
      issuer: claims.iss,
      subject: claims.sub,
      claims,
      idToken,
      authenticatedAt: at * 1000,
      isManyFactors: methods.some((one) => strongMethods.includes(String(one))),
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
      };
      const url = client.buildAuthorizationUrl(config, {
        redirect_uri: settings.redirectUri(),
        scope: ['openid', ...settings.scopes].join(' '),
        response_type: 'code',
        state: checks.state,
        nonce: checks.nonce,
        code_challenge: await client.calculatePKCECodeChallenge(checks.verifier),
        code_challenge_method: 'S256',
        ...(options.isStepUp === true && { prompt: 'login', max_age: '0' }),
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
