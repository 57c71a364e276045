/**
 * One buffer for what is hashed and then forgotten, and its beginnings by length: making a view for
 * each hash costs a tenth of the hash, and most entries have one of few lengths.
 */

/** Lengths above this get a view of their own each time; the others are few and small. */
const keptMax = 4096;

/** A buffer that grows, and is handed out again and again. */
export class ReusedBuffer {
  bytes = new Uint8Array(keptMax);
  private readonly beginnings = new Map<number, Uint8Array>();

  /** Makes room for `size` bytes; returns whether the buffer is another one than before. */
  reserve(size: number): boolean {
    if (size <= this.bytes.length) return false;
    this.bytes = new Uint8Array(2 * size);
    this.beginnings.clear();
    return true;
  }

  /** Returns the first `size` bytes. */
  beginning(size: number): Uint8Array {
    if (size > keptMax) return this.bytes.subarray(0, size);
    let view = this.beginnings.get(size);
    if (view === undefined) {
      view = this.bytes.subarray(0, size);
      this.beginnings.set(size, view);
    }
    return view;
  }
}
