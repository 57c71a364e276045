/**
 * A map whose removed values can be collected at once. A `Map` that grows or shrinks leaves its earlier
 * table behind, and that table still leads to the next one: when the first is old, everything that stood
 * in any of them while it was replaced counts as reachable until a full collection. What comes and goes
 * a thousand times a second and holds a large graph each time then fills the old generation with what is
 * long over. Here those tables lead to empty boxes only.
 */

interface Box<V> {
  value: V | undefined;
}

/** A map that lets go of what is removed. */
export class ForgetfulMap<K, V extends object> {
  readonly #boxes = new Map<K, Box<V>>();

  get size(): number {
    return this.#boxes.size;
  }

  get(key: K): V | undefined {
    return this.#boxes.get(key)?.value;
  }

  has(key: K): boolean {
    return this.#boxes.has(key);
  }

  set(key: K, value: V): void {
    const box = this.#boxes.get(key);
    if (box === undefined) this.#boxes.set(key, { value });
    else box.value = value;
  }

  delete(key: K): boolean {
    const box = this.#boxes.get(key);
    if (box !== undefined) box.value = undefined;
    return this.#boxes.delete(key);
  }

  /** Returns the values in order of their arrival. */
  *values(): Generator<V> {
    for (const { value } of this.#boxes.values()) if (value !== undefined) yield value;
  }

  *[Symbol.iterator](): Generator<[K, V]> {
    for (const [key, { value }] of this.#boxes) if (value !== undefined) yield [key, value];
  }
}
