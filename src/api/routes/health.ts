/** Whether the process lives, whether it is ready, and its numbers: for those who watch it, without names. */
import { z } from 'zod';
import { answer, type Route } from '../server/index.ts';
import { asked, open, route } from './define-route.ts';

/** What the routes of health ask. */
export interface HealthParts {
  /** Returns why the server is not ready; empty when it is. */
  readonly troubles: () => Promise<readonly string[]>;
  /** Returns the numbers as Prometheus reads them. */
  readonly metrics: () => string;
  readonly version: string;
}

const health = z.object({ status: z.enum(['UP', 'DOWN']), version: z.string() });
const readiness = z.object({ status: z.enum(['UP', 'DOWN']), troubles: z.array(z.string()) });

/** Returns the routes of health. */
export function healthRoutes(parts: HealthParts): readonly Route[] {
  const isReady = async () => {
    const troubles = await parts.troubles();
    const isUp = troubles.length === 0;
    return answer({ status: isUp ? 'UP' : 'DOWN', troubles }, isUp ? 200 : 503);
  };
  return [
    route({
      id: 'getHealth',
      method: 'GET',
      path: '/health',
      tag: 'Health',
      summary: 'Tells that the process lives.',
      access: open,
      answers: { 200: { description: 'It lives', schema: health } },
      handle: async () => answer({ status: 'UP', version: parts.version }),
    }),
    route({
      id: 'getReadiness',
      method: 'GET',
      path: '/health/readiness',
      tag: 'Health',
      summary: 'Tells whether requests are answered.',
      access: open,
      answers: {
        200: { description: 'It is ready', schema: readiness },
        503: { description: 'It is not, and why', schema: readiness },
      },
      handle: isReady,
    }),
    route({
      id: 'getMetrics',
      method: 'GET',
      path: '/metrics',
      tag: 'Health',
      summary: 'Returns the numbers of the process as Prometheus reads them.',
      access: asked('view', 'Installation'),
      answers: { 200: { description: 'Numbers', mediaType: 'text/plain; version=0.0.4' } },
      handle: async () => ({
        status: 200,
        mediaType: 'text/plain; version=0.0.4; charset=utf-8',
        body: parts.metrics(),
      }),
    }),
  ];
}
