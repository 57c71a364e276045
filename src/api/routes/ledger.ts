/**
 * The ledger over the API: searched, verified, proven, followed.
 *
 * INVARIANT: a tenant sees its own entries and no others, though all stand in one tree.
 */
import { z } from 'zod';
import { Failure } from '../../core/failure/index.ts';
import { encodeBase64 } from '../../core/ledger/index.ts';
import { decodeValue, toPlain } from '../../core/value/index.ts';
import type { TenantView } from '../../app/application.ts';
import type { Entry, SealedEntry } from '../../ports/store.ts';
import { answer, type Route } from '../server/index.ts';
import { asked, executionParams, moment, route, tenant, tenantParams } from './define-route.ts';
import { followEntries } from './follow-execution.ts';

const entrySchema = z
  .object({
    seq: z.int(),
    tenant: z.string(),
    at: z.string(),
    stream: z.string(),
    type: z.string(),
    actor: z.string(),
    payload: z.unknown(),
  })
  .describe('An entry of the ledger');

function entryAnswer({ seq, at, stream, type, actor, payload, ...entry }: Entry) {
  return {
    seq,
    tenant: entry.tenant,
    at: new Date(at).toISOString(),
    stream,
    type,
    actor,
    payload: payload === '' ? null : toPlain(decodeValue(payload)),
  };
}

const place = z.coerce.number().int().min(1);
const seqParams = z.strictObject({ tenant, seq: place });

/** Returns an entry of the tenant; those of others are hidden, not denied. */
async function ownEntry(view: TenantView, seq: number): Promise<SealedEntry> {
  const entry = await view.ledger.entry(seq);
  if (entry.tenant === view.tenant) return entry;
  throw new Failure('ledger.entry-not-found', `the ledger has no entry \`${seq}\``);
}

/** The routes of the ledger. */
export const ledgerRoutes: readonly Route[] = [
  route({
    id: 'searchEntries',
    method: 'GET',
    path: '/api/v1/{tenant}/ledger/entries',
    tag: 'Ledger',
    summary:
      'Finds entries, the newest first; `before` is the place of the last one of the page before.',
    access: asked('view', 'Ledger'),
    params: tenantParams,
    query: z.strictObject({
      actor: z.string().max(200).optional(),
      type: z.string().max(100).optional(),
      stream: z.string().max(300).optional(),
      text: z.string().max(200).optional(),
      from: moment.optional(),
      to: moment.optional(),
      before: z.coerce.number().int().min(1).optional(),
      limit: z.coerce.number().int().min(1).max(1_000).default(25),
    }),
    answers: {
      200: {
        description: 'Entries, and the cursor of the next page',
        schema: z.object({ results: z.array(entrySchema), next: z.int().optional() }),
      },
    },
    handle: async ({ view, query }) => {
      const given = Object.fromEntries(
        Object.entries(query).filter(([, value]) => value !== undefined),
      );
      const { limit } = query;
      const page = await view.ledger.search({ ...given, limit });
      const next = page.length === limit ? page.at(-1)?.seq : undefined;
      return answer({ results: page.map(entryAnswer), ...(next !== undefined && { next }) });
    },
  }),
  route({
    id: 'getEntry',
    method: 'GET',
    path: '/api/v1/{tenant}/ledger/entries/{seq}',
    tag: 'Ledger',
    summary: 'Returns an entry with its header.',
    access: asked('view', 'Ledger'),
    params: seqParams,
    answers: {
      200: { description: 'The entry', schema: entrySchema.extend({ header: z.string() }) },
    },
    handle: async ({ view, params }) => {
      const {
        payload,
        header,
        salt: _salt,
        groups: _groups,
        ...entry
      } = await ownEntry(view, params.seq);
      const text = new TextDecoder().decode(payload);
      return answer({ ...entryAnswer({ ...entry, payload: text }), header: encodeBase64(header) });
    },
  }),
  route({
    id: 'proveEntry',
    method: 'GET',
    path: '/api/v1/{tenant}/ledger/entries/{seq}/proof',
    tag: 'Ledger',
    summary: 'Returns a proof that an entry is in the ledger (c2sp.org/tlog-proof).',
    access: asked('view', 'Ledger'),
    params: seqParams,
    answers: { 200: { description: 'The proof', mediaType: 'text/plain' } },
    handle: async ({ view, params }) => {
      await ownEntry(view, params.seq);
      return {
        status: 200,
        mediaType: 'text/plain; charset=utf-8',
        body: await view.ledger.prove(params.seq),
      };
    },
  }),
  route({
    id: 'getReceipt',
    method: 'GET',
    path: '/api/v1/{tenant}/ledger/entries/{seq}/receipt',
    tag: 'Ledger',
    summary:
      'Returns a receipt: a proof that carries the entry’s header and the keys of the ledger.',
    access: asked('view', 'Ledger'),
    params: seqParams,
    answers: { 200: { description: 'The receipt', mediaType: 'text/plain' } },
    handle: async ({ view, params }) => {
      await ownEntry(view, params.seq);
      const { text } = await view.ledger.receipt(params.seq);
      return { status: 200, mediaType: 'text/plain; charset=utf-8', body: text };
    },
  }),
  route({
    id: 'exportEntries',
    method: 'GET',
    path: '/api/v1/{tenant}/ledger/export',
    tag: 'Ledger',
    summary:
      'Sends a part of the ledger as lines: the signed statement, then each entry with its proof.',
    access: asked('export-ledger', 'Ledger'),
    params: tenantParams,
    query: z.strictObject({
      from: place.optional().describe('The first entry'),
      to: place.optional().describe('The last entry'),
      stream: z.string().max(300).optional(),
    }),
    answers: { 200: { description: 'JSON lines', mediaType: 'application/x-ndjson' } },
    handle: async ({ view, query: { from, to, stream } }) => {
      const { lines } = await view.ledger.export({
        tenant: view.tenant,
        ...(from !== undefined && { from }),
        ...(to !== undefined && { to }),
        ...(stream !== undefined && { stream }),
      });
      return {
        status: 200,
        mediaType: 'application/x-ndjson',
        headers: { 'content-disposition': 'attachment; filename="ledger.jsonl"' },
        chunks: lines,
      };
    },
  }),
  route({
    id: 'verifyLedger',
    method: 'POST',
    path: '/api/v1/{tenant}/ledger/verify',
    tag: 'Ledger',
    summary: 'Verifies that nothing in the ledger was changed or removed.',
    access: asked('verify-ledger', 'Ledger'),
    params: tenantParams,
    body: {
      kind: 'json',
      schema: z.strictObject({
        notes: z.array(z.string().max(10_000)).max(20).optional(),
        verifierKeys: z.array(z.string().max(500)).max(20).optional(),
      }),
      isOptional: true,
    },
    answers: {
      200: { description: 'The verdict', schema: z.object({ verdict: z.string() }).loose() },
    },
    handle: async ({ view, body }) => {
      const { notes, verifierKeys } = body ?? {};
      const verdict = await view.ledger.verify({
        ...(notes !== undefined && { notes }),
        ...(verifierKeys !== undefined && { verifierKeys }),
      });
      return answer(
        verdict.verdict === 'broken' ? verdict : { ...verdict, root: encodeBase64(verdict.root) },
      );
    },
  }),
  route({
    id: 'makeCheckpoint',
    method: 'POST',
    path: '/api/v1/{tenant}/ledger/checkpoints',
    tag: 'Ledger',
    summary: 'Signs how the ledger looks now.',
    access: asked('verify-ledger', 'Ledger'),
    params: tenantParams,
    answers: {
      201: {
        description: 'The signed note, and the key that verifies it',
        schema: z.object({ size: z.int(), note: z.string(), verifierKey: z.string() }),
      },
    },
    handle: async ({ view }) => answer(await view.ledger.checkpoint(), 201),
  }),
  route({
    id: 'followEntries',
    method: 'GET',
    path: '/api/v1/{tenant}/executions/{executionId}/entries',
    tag: 'Ledger',
    summary: 'Sends the entries of an execution as they come; `Last-Event-ID` goes on behind one.',
    access: asked('view', 'Ledger'),
    params: executionParams,
    answers: {
      200: { description: 'Events named by their type', mediaType: 'text/event-stream' },
    },
    handle: async (request) => ({ status: 200, events: followEntries(request) }),
  }),
];
