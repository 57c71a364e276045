/** The front door of api/server: what serves routes over HTTP. */
export {
  type ApiServer,
  createServer,
  type ServedRequest,
  type ServerLimits,
  type ServerParts,
} from './create-server.ts';
export { createHappenings, type ServerEvent } from './event-stream.ts';
export { createIdempotency } from './idempotency.ts';
export { openApiOf } from './openapi.ts';
export { problemOf } from './problem.ts';
export type { ListFilter } from './read-query.ts';
export {
  type Access,
  type Answer,
  answer,
  type AnswerForm,
  type BodyForm,
  type Method,
  noContent,
  type Route,
  routeMaker,
  type ReadRequest,
  type RouteRequest,
  type Target,
  type TargetReader,
} from './route.ts';
