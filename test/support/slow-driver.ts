/** A driver on a disk whose flushes take a while, and hold up their thread as long. */
import { type Driver, openDriver } from '../../src/adapters/sqlite/open-store.ts';

/** How long a flush takes. */
export const slowFlushMs = 60;

function holdUp(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, slowFlushMs);
}

/** Opens the driver of a slow disk. */
export function slowDriver(path: string, busyTimeoutMs: number): Driver {
  const driver = openDriver(path, busyTimeoutMs);
  return {
    exec: (sql) => driver.exec(sql),
    close: () => driver.close(),
    get isTransaction() {
      return driver.isTransaction;
    },
    prepare(sql) {
      const statement = driver.prepare(sql);
      if (sql !== 'COMMIT') return statement;
      return {
        run: (...values) => {
          holdUp();
          return statement.run(...values);
        },
        get: (...values) => statement.get(...values),
        all: (...values) => statement.all(...values),
      };
    },
  };
}
