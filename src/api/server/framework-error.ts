/** What the HTTP framework complains about, as failures of the catalogue. */
import { Failure } from '../../core/failure/index.ts';

/** Returns `error`, or the failure that an error of the framework means. */
export function mapFrameworkError(error: unknown): unknown {
  if (error instanceof Failure || !(error instanceof Error)) return error;
  const code = 'code' in error ? String(error.code) : '';
  const status = 'statusCode' in error ? Number(error.statusCode) : 500;
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE' || status === 413) {
    return new Failure('request.too-large', 'the body is too large', { cause: error });
  }
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE' || status === 415) {
    return new Failure('request.type-unsupported', 'the content type is not understood', {
      cause: error,
    });
  }
  if (status >= 400 && status < 500) {
    return new Failure('request.malformed', 'the request is not well formed', { cause: error });
  }
  return error;
}
