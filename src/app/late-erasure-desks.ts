/** The desks about erasing, loaded when somebody asks them: most processes never do, and start faster. */
import type { ErasureDesks } from './application.ts';

/** Returns desks that ask those that `load` gives. */
export function lateErasureDesks(load: () => Promise<ErasureDesks>): ErasureDesks {
  return {
    subjects: {
      list: async (...given) => (await load()).subjects.list(...given),
      find: async (...given) => (await load()).subjects.find(...given),
      show: async (...given) => (await load()).subjects.show(...given),
      erase: async (...given) => (await load()).subjects.erase(...given),
      resume: async () => (await load()).subjects.resume(),
    },
    holds: {
      list: async () => (await load()).holds.list(),
      set: async (...given) => (await load()).holds.set(...given),
      release: async (...given) => (await load()).holds.release(...given),
    },
    retention: {
      list: async () => (await load()).retention.list(),
      set: async (...given) => (await load()).retention.set(...given),
      remove: async (...given) => (await load()).retention.remove(...given),
      run: async (...given) => (await load()).retention.run(...given),
    },
  };
}
