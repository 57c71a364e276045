/** Backups over the API: made into the folder that the configuration names, and listed. Nobody chooses a path. */
import { z } from 'zod';
import type { BackupShelf } from '../../app/backup/list-backups.ts';
import { answer, type Route } from '../server/index.ts';
import { asked, route } from './define-route.ts';

const backupSchema = z
  .object({
    name: z.string(),
    at: z.string(),
    by: z.string(),
    ledgerSize: z.int(),
    files: z.int(),
    bytes: z.int(),
    hasKeys: z.boolean(),
  })
  .describe('A backup of the data folder');

/** Returns the routes of backups. */
export function backupRoutes(shelf: BackupShelf): readonly Route[] {
  return [
    route({
      id: 'listBackups',
      method: 'GET',
      path: '/api/v1/backups',
      tag: 'Backups',
      summary: 'Lists the backups in the folder of the server, the newest first.',
      access: asked('back-up', 'Installation'),
      answers: {
        200: { description: 'The backups', schema: z.object({ results: z.array(backupSchema) }) },
      },
      handle: async () => answer({ results: await shelf.list() }),
    }),
    route({
      id: 'makeBackup',
      method: 'POST',
      path: '/api/v1/backups',
      tag: 'Backups',
      summary: 'Makes a backup of everything, in the folder of the server.',
      access: asked('back-up', 'Installation'),
      body: {
        kind: 'json',
        isOptional: true,
        schema: z.strictObject({
          withKeys: z.boolean().default(false).describe('Also the keys; whoever has it reads all'),
        }),
      },
      answers: { 201: { description: 'The backup', schema: backupSchema } },
      handle: async ({ view, body }) =>
        answer(await shelf.make(view, body?.withKeys ?? false), 201),
    }),
  ];
}
