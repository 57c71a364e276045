/** Opens the application of a call for as long as the call needs it. */
import type { Application } from '../app/application.ts';
import type { Call, Surroundings } from './command.ts';
import { dataFolder } from './data-folder.ts';

/** Calls `use` with the application of the data folder of `call`, and closes it after. */
export async function withApplication<T>(
  call: Call,
  surroundings: Surroundings,
  use: (application: Application) => Promise<T>,
): Promise<T> {
  const application = await surroundings.openApplication({
    dataFolder: dataFolder(call, surroundings),
  });
  try {
    const result = await use(application);
    await application.restPromoted();
    return result;
  } finally {
    await application.close();
  }
}
