/** A store that a process loses: what a crash between two writes looks like to whoever reads it later. */
import { Failure } from '../../src/core/failure/index.ts';
import type { Store, Write } from '../../src/ports/store.ts';

/** Returns `store`, which refuses every write after the first `commits`. */
export function losingStore(store: Store, commits: number): Store {
  let left = commits;
  return new Proxy(store, {
    get(target, name) {
      if (name !== 'commit') {
        const member = Reflect.get(target, name) as unknown;
        return typeof member === 'function' ? member.bind(target) : member;
      }
      return async (writes: readonly Write[]) => {
        left -= 1;
        if (left < 0) throw new Failure('store.unreachable', 'the disk is gone');
        return target.commit(writes);
      };
    },
  });
}
